"""The parts of the pages, drawn with Streamlit; the actions of *Explore* are in `desk`."""
