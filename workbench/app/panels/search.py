"""The search form and its hits, which can be opened or made an end of the path."""

import streamlit as st

from workbench.app.desk import Desk
from workbench.app.panels.parts import button
from workbench.app.text import plain
from workbench.export.appearance import label_of, look
from workbench.model.visible import count
from workbench.view.answers import Summary
from workbench.view.view import View

_HITS = 8


def search_panel(desk: Desk, view: View) -> None:
    """The search form and its hits, best first."""
    with st.form("search", border=False):
        st.text_input("Search the view", key="query", placeholder="name, number, plate, account …")
        st.form_submit_button("Search", width="stretch")
    query = st.session_state["query"]
    if not query:
        return
    shown = _HITS * st.session_state.setdefault(f"pages of {query}", 1)
    hits = view.search(query, limit=shown)
    more = f"; the best {shown} are shown" if hits.total > shown else ""
    st.caption(f"{count(hits.total, 'entity', 'entities')} found{more}")
    for hit in hits.entities:
        _hit(desk, view, hit)
    if more:
        st.button("Show more", key="more-hits", on_click=_show_more, args=(query,), width="stretch")


def _show_more(query: str) -> None:
    st.session_state[f"pages of {query}"] += 1


def _hit(desk: Desk, view: View, hit: Summary) -> None:
    said = f"{label_of(hit.schema)} · {plain(', '.join(hit.datasets))} · {hit.id}"
    with st.container(key=f"hit-{hit.id}", horizontal=True, gap="xsmall"):
        button(
            f"{look(hit.schema).sign} {plain(hit.caption)}", f"open-{hit.id}", desk, desk.open, view, hit.id, help=said
        )
        button("From", f"from-{hit.id}", desk, desk.path, view, start=hit.id, help="Path start")
        button("To", f"to-{hit.id}", desk, desk.path, view, end=hit.id, help="Path end")
