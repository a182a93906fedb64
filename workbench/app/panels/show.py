"""What of the chart is shown, and what colours, sizes and widths say."""

from datetime import date

import streamlit as st

from workbench.app import actions
from workbench.app.context import Context
from workbench.app.desk import Desk
from workbench.app.filters import Filters
from workbench.app.panels.parts import button
from workbench.app.seen import Seen
from workbench.model.ontology import ontology
from workbench.model.visible import visible

_COLOURS = {"type": "type", "agency": "agency", "community": "community of this chart", "mark": "my marks"}
_SIZES = {"": "the same for all", "degree": "ties on the chart", "betweenness": "betweenness on the chart"}
_WIDTHS = {
    "count": "number of records",
    "sum": "sum of amounts",
    "weight": "how far it is believed",
    "same": "the same for all",
}
_TEXTS = frozenset({"string", "country", "gender", "topic", "language", "date", "checksum", "identifier"})


def show_panel(context: Context, here: Desk, seen: Seen) -> None:
    """Filters beside the legend's, and the look of the chart."""
    filters = here.chart.filters
    st.markdown("### :small[Filter]")
    st.caption("Types, relationships, agencies and lines: click them in the legend. Time: drag in the drawer below.")
    _days(here, filters)
    _toggle(here, "dated", "Only what has a date", "Leave out relationships without a date: no span of time does.")
    _toggle(here, "loose", "Entities without ties", "Show entities that the filters left without any tie.")
    hint = "Predicted relationships that a person accepted: assessments, never facts. No analysis reads them."
    _toggle(here, "accepted", "Accepted leads", hint)
    button("Clear filters", "clear-filters", here, actions.filter_by, here, lambda _: Filters(), off=not filters)
    st.markdown("### :small[Look]")
    _choice(here, "colour", "Colour shows", _COLOURS | _properties(seen))
    _choice(here, "size", "Size shows", _SIZES)
    _choice(here, "width", "Width of lines shows", _WIDTHS)
    st.button(
        "Communities as groups",
        key="communities",
        width="stretch",
        help="Each community of this chart's ties becomes one group, which can be opened.",
        on_click=actions.doing,
        args=(here, actions.as_communities, here, context.case.view),
    )


def _days(here: Desk, filters: Filters) -> None:
    st.session_state["filter-since"] = date.fromisoformat(filters.since) if filters.since else None
    st.session_state["filter-until"] = date.fromisoformat(filters.until) if filters.until else None
    since, until = st.columns(2)
    since.date_input("From", key="filter-since", on_change=_apply_days, args=(here,))
    until.date_input("Until", key="filter-until", on_change=_apply_days, args=(here,))


def _apply_days(here: Desk) -> None:
    since, until = (st.session_state[f"filter-{name}"] for name in ("since", "until"))
    actions.filter_by(here, lambda old: old.between(*(each.isoformat() if each else "" for each in (since, until))))


def _toggle(here: Desk, name: str, label: str, hint: str) -> None:
    key = f"filter-{name}"
    st.session_state[key] = getattr(here.chart.filters, name)
    st.toggle(label, key=key, help=hint, on_change=lambda: actions.set_filter(here, name, st.session_state[key]))


def _choice(here: Desk, name: str, label: str, options: dict[str, str]) -> None:
    key, now = f"look-{name}", getattr(here.chart.look, name)
    known = options if now in options else {**options, now: now}
    st.session_state[key] = now
    st.selectbox(
        label,
        list(known),
        format_func=lambda each: visible(known[each]),
        key=key,
        on_change=lambda: actions.look_as(here, **{name: st.session_state[key]}),
    )


def _properties(seen: Seen) -> dict[str, str]:
    """The properties of what is on the chart by which it can be coloured, the most frequent types' first."""
    found: dict[str, str] = {}
    for schema in sorted({each.schema for each in seen.drawing.entities.values()}):
        known = ontology().schemata.get(schema)
        for name in known.featured if known else ():
            each = known.properties.get(name) if known else None
            if each is not None and each.type in _TEXTS:
                found[f"property:{name}"] = f"property: {each.label.lower()}"
    return found
