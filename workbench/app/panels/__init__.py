"""The parts of the page *Explore*, drawn with Streamlit; what they do is in `desk`."""
