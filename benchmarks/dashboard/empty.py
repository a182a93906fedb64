"""An empty page for comparison: a text, and a button that runs it again."""

import streamlit as st

st.write("empty")
again = st.button("again")
runs = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.write(f"run {runs}")
