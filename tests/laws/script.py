"""The script that Streamlit runs for `page.drawn`."""

from tests.laws import page

page.running[0]()
