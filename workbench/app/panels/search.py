"""Find entities in the view: by a search, or by a pasted list of names and numbers."""

from collections.abc import Callable, Mapping

import streamlit as st

from workbench.app import actions
from workbench.app.context import Context, held, hold
from workbench.app.desk import Desk
from workbench.app.panels.parts import button, table
from workbench.app.pasted import MOST_PASTED, Match, match_lines
from workbench.app.seen import Seen
from workbench.app.text import plain
from workbench.export.appearance import label_of, look
from workbench.model.visible import count
from workbench.view.answers import Counts, Hit, Hits
from workbench.view.view import View

_HITS = 8
_PASTED = "pasted"


def search_panel(context: Context, here: Desk, seen: Seen) -> None:
    """The search form with its hits, best first; below it the form for a list."""
    view = context.case.view
    with st.form("search", border=False):
        st.text_input("Search the view", key="query", placeholder="name, number, plate, account …")
        st.form_submit_button("Search", width="stretch")
    query = st.session_state["query"]
    if query:
        _hits(here, view, query)
    with st.expander("Paste a list"):
        _pasting(here, view)
    hint = "Above 5,000 entities, communities are shown as groups, which can be opened."
    button("Show the whole view", "show-all", here, actions.show_all, here, view, help=hint)


def _hits(here: Desk, view: View, query: str) -> None:
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
        _hit(here, view, hit)
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


def _hit(here: Desk, view: View, hit: Hit) -> None:
    said = f"{label_of(hit.schema)} · {plain(', '.join(hit.datasets))} · {hit.id}"
    with st.container(key=f"hit-{hit.id}", gap="xxsmall"):
        with st.container(horizontal=True, gap="xsmall"):
            label = f"{look(hit.schema).sign} {plain(hit.caption)}"
            button(label, f"open-{hit.id}", here, here.open, view, hit.id, help=said)
            button("From", f"from-{hit.id}", here, here.path, view, start=hit.id, help="Path start")
            button("To", f"to-{hit.id}", here, here.path, view, end=hit.id, help="Path end")
        on_chart = ("on the chart",) if hit.id in here.chart.entities else ()
        similar = ("similar",) if hit.similar else ()
        st.caption(plain(" · ".join((*on_chart, *similar, label_of(hit.schema), *hit.signs))))


def _pasting(here: Desk, view: View) -> None:
    """The form for a list, and what matches each of its lines."""
    with st.form("paste", border=False):
        hint = f"One name, number, plate or account on each line; at most {MOST_PASTED}."
        pasted = st.text_area("Names or numbers", key="pasted-text", help=hint)
        if st.form_submit_button("Look them up", width="stretch"):
            hold(_PASTED, match_lines(view, pasted))
    matches: tuple[Match, ...] | None = held(_PASTED)
    if not matches:
        return
    table([each.row(here.chart.entities) for each in matches], "pasted")
    sure = [each.entity for each in matches if each.is_one]
    label = f"Add the {len(sure)} that match one entity"
    button(label, "add-pasted", here, here.show, view, sure, off=not sure)
    st.caption("Where several match, search for that line and choose. A similar name is no match.")
