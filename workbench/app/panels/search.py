"""The search form and its hits, which can be opened or made an end of the path."""

from collections.abc import Callable, Mapping

import streamlit as st

from workbench.app.desk import Desk
from workbench.app.panels.parts import button
from workbench.app.text import plain
from workbench.export.appearance import label_of, look
from workbench.model.visible import count
from workbench.view.answers import Counts, Hit, Hits
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
    chosen = {name: st.session_state.get(f"{name} of {query}", []) for name in ("types", "agencies")}
    hits = view.search(query, shown, **chosen)
    more = f"; the best {shown} are shown" if hits.total > shown else ""
    similar = f", {hits.similar} of them similar" if hits.similar else ""
    st.caption(f"{count(hits.total, 'entity', 'entities')} found{similar}{more}")
    _narrowing(query, hits, chosen)
    if hits.advice:
        st.caption(plain(hits.advice))
    for hit in hits.entities:
        _hit(desk, view, hit)
    if more:
        st.button("Show more", key="more-hits", on_click=_show_more, args=(query,), width="stretch")


def _show_more(query: str) -> None:
    st.session_state[f"pages of {query}"] += 1


def _narrowing(query: str, hits: Hits, chosen: Mapping[str, list[str]]) -> None:
    """Types and agencies of all answers, to choose from."""
    _choice("Types found", f"types of {query}", hits.types, chosen["types"], label_of)
    _choice("Agencies found", f"agencies of {query}", hits.agencies, chosen["agencies"], str)


def _choice(label: str, key: str, counts: Counts, chosen: list[str], named: Callable[[str], str]) -> None:
    numbers = {**dict(counts), **{each: 0 for each in chosen if each not in dict(counts)}}
    if len(numbers) > 1 or chosen:
        st.pills(
            label,
            [*numbers],
            selection_mode="multi",
            format_func=lambda name: f"{plain(named(name))} {numbers[name]}",
            key=key,
        )


def _hit(desk: Desk, view: View, hit: Hit) -> None:
    said = f"{label_of(hit.schema)} · {plain(', '.join(hit.datasets))} · {hit.id}"
    with st.container(key=f"hit-{hit.id}", gap="xxsmall"):
        with st.container(horizontal=True, gap="xsmall"):
            label = f"{look(hit.schema).sign} {plain(hit.caption)}"
            button(label, f"open-{hit.id}", desk, desk.open, view, hit.id, help=said)
            button("From", f"from-{hit.id}", desk, desk.path, view, start=hit.id, help="Path start")
            button("To", f"to-{hit.id}", desk, desk.path, view, end=hit.id, help="Path end")
        similar = ("similar",) if hit.similar else ()
        st.caption(plain(" · ".join((*similar, label_of(hit.schema), *hit.signs))))
