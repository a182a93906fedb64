"""Compare the chart with another one."""

from collections.abc import Sequence

import streamlit as st

from workbench.app import charts
from workbench.app.comparison import compared
from workbench.app.context import once
from workbench.app.desk import Desk
from workbench.app.panels.parts import button
from workbench.app.text import plain
from workbench.model.visible import count, visible
from workbench.store.types import Document
from workbench.view.asking import question
from workbench.view.view import View

_NAMED = 12


def comparing(here: Desk, view: View, kept: Sequence[Document]) -> None:
    """What only this chart has, what only the other has, and buttons to see both on this one."""
    others = [each for each in kept if each.body.get("id") != here.standing.id]
    chosen = st.selectbox("Other chart", others, index=None, format_func=_title, key="compare-with")
    if chosen is None:
        return
    other = once(view, ("reopened", chosen.name, chosen.by, chosen.at), lambda: charts.reopened(view, chosen.body))
    found = compared(here.chart, other)
    st.markdown(f"{count(len(found.both), 'entity', 'entities')} on both.")
    _side(here, view, "Only here", found.here)
    button("Select them", "select-only-here", here, here.select, found.here, off=not found.here)
    _side(here, view, "Only there", found.there)
    button("Add them here", "add-only-there", here, here.show, view, found.there, off=not found.there)


def _title(document: Document) -> str:
    return visible(f"{document.name} · {document.by}")


@question
def _side(here: Desk, view: View, title: str, entities: Sequence[str]) -> None:
    named = [each.caption for each in view.summaries(list(entities[:_NAMED]))]
    more = f" and {len(entities) - _NAMED} more" if len(entities) > _NAMED else ""
    st.caption(plain(f"{title} ({len(entities)}): {', '.join(named) or 'nothing'}{more}"))
