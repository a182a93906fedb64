"""Filters of the chart: each can be removed by its chip, and undone like any step."""

from collections.abc import Sequence

import streamlit as st

from workbench.app import actions
from workbench.app.chart import Filters
from workbench.app.desk import Desk
from workbench.app.drawing import Drawing, agencies_of
from workbench.app.panels.parts import button
from workbench.export.appearance import label_of

_KEYS = ("agencies", "schemata", "relationships", "since", "until", "accepted")


def filter_panel(desk: Desk, whole: Drawing) -> None:
    """Filter by agency, by type of entity and relationship, and by date."""
    filters = desk.chart.filters
    for key, value in actions.widgets_of(filters).items():
        st.session_state[f"filter-{key}"] = value
    agencies = {agency for each in whole.entities for agency in agencies_of(each)} | filters.agencies
    _many("Agencies", "agencies", sorted(agencies), desk)
    schemata = {each.schema for each in whole.entities} | filters.schemata
    _many("Entities", "schemata", sorted(schemata), desk)
    _many("Relationships", "relationships", sorted({line.schema for line in whole.lines} | filters.relationships), desk)
    since, until = st.columns(2)
    since.date_input("From", key="filter-since", on_change=_apply, args=(desk,))
    until.date_input("Until", key="filter-until", on_change=_apply, args=(desk,))
    st.caption("Relationships without a date are always shown.")
    st.toggle(
        "Accepted leads",
        key="filter-accepted",
        on_change=_apply,
        args=(desk,),
        help="Predicted relationships that a person accepted: assessments, never facts. No analysis reads them.",
    )
    button("Clear filters", "clear-filters", desk, desk.filter, Filters(), off=not filters)


def _many(label: str, key: str, options: Sequence[str], desk: Desk) -> None:
    st.multiselect(
        label,
        options,
        format_func=label_of,
        key=f"filter-{key}",
        placeholder="all",
        on_change=_apply,
        args=(desk,),
    )


def _apply(desk: Desk) -> None:
    state = {key: st.session_state[f"filter-{key}"] for key in _KEYS}
    desk.filter(actions.filters_of(state))
