"""The dashboard: settings, marking banner, navigation. Run by Streamlit."""

from html import escape
from pathlib import Path

import streamlit as st

from workbench.app.context import Context, banner, current, switch_viewer, told
from workbench.app.text import plain
from workbench.model.marking import Level

_STYLE = Path(__file__).with_name("dashboard.css")
_COLOURS = {Level.OPEN: "#006b4f", Level.RESTRICTED: "#005a8c", Level.CONFIDENTIAL: "#8f3f00", Level.SECRET: "#9b1c1c"}
# Not "pages": Streamlit would run a script in a folder of that name by itself, without the marking.
_PAGES = Path(__file__).parent / "page_scripts"


def dashboard() -> None:
    """One run of the dashboard: viewer, marking banner, and page."""
    st.set_page_config(page_title="Joint Intelligence Workbench", page_icon="🔗", layout="wide")
    context = None
    with told():
        context = current()
    if context is None:
        st.stop()
    pages = [st.Page(_PAGES / f"{name}.py", title=name.capitalize()) for name in ("explore", "analyse", "load")]
    page = st.navigation(pages, position="top")
    with told():
        _head(context)
        page.run()


def _head(context: Context) -> None:
    st.html(f"<style>{_STYLE.read_text('utf-8')}</style>")
    level, text = banner(context.case.view)
    with st.container(key="marking"):
        st.html(f'<div class="marking" role="note" style="background: {_COLOURS[level]}">{escape(text)}</div>')
    with st.container(key="who"):
        _who(context)


def _who(context: Context) -> None:
    """Who looks and what for; in the demo, a switch."""
    viewer = context.case.viewer
    if not context.who.offered:
        st.caption(f"{plain(viewer.name)}, for {plain(context.case.view.purpose)}")
        return
    names = sorted(context.who.offered)
    st.selectbox(
        "See the case as",
        names,
        index=names.index(viewer.name),
        key="viewer-switch",
        on_change=switch_viewer,
        label_visibility="collapsed",
        format_func=lambda name: f"See the case as {name}",
    )


if __name__ == "__main__":
    dashboard()
