"""The path between two entities: its steps with their records, and the agencies whose files it needs."""

from functools import partial

import streamlit as st

from workbench.app import actions
from workbench.app.chart import Chart
from workbench.app.context import once
from workbench.app.desk import Desk
from workbench.app.panels.parts import button
from workbench.app.pathtext import needs_text, no_path_text, sources_text, step_rows, step_texts
from workbench.app.pathway import Pathway, Route, needs
from workbench.app.seen import Seen
from workbench.app.text import plain
from workbench.model.record import Basis
from workbench.model.visible import count
from workbench.resolve.common import shared_by
from workbench.view.asking import question
from workbench.view.view import View

MOST_ROWS = 150  # of a path in the table below the chart
PROJECTIONS = {"all": "all ties", "persons": "person to person", "money": "money, by date"}


def path_panel(desk: Desk, view: View, found: Pathway | None) -> None:
    """The chosen ends and the paths between them; a hint if no end is chosen."""
    chart = desk.chart
    if not (chart.start or chart.end):
        st.caption("Click an entity for its profile, double-click it to expand it, right-click it to start a path.")
        return
    _ends(desk, view)
    if found is None:
        st.caption("Choose the other end of the path.")
    elif found.refused:
        st.warning(plain(found.refused))
    elif not found.routes:
        st.warning(plain(no_path_text(found.finding)))
    else:
        _routes(desk, view, found)


def _ends(desk: Desk, view: View) -> None:
    chart = desk.chart
    ends = {each.id: each.caption for each in view.summaries([end for end in (chart.start, chart.end) if end])}
    st.markdown(f"**{plain(ends.get(chart.start, '?'))}** → **{plain(ends.get(chart.end, '?'))}**")
    with st.container(horizontal=True, vertical_alignment="bottom", key="path-bar"):
        st.session_state["projection"] = chart.projection
        st.segmented_control(
            "Through",
            list(PROJECTIONS),
            format_func=PROJECTIONS.__getitem__,
            required=True,
            key="projection",
            on_change=lambda: actions.doing(desk, desk.walk_in, view, st.session_state["projection"]),
        )
        forget = partial(desk.did, chart.between_ends("", ""))
        button("Forget", "forget-path", desk, forget, help="Forget the path", width="content")


def _routes(desk: Desk, view: View, found: Pathway) -> None:
    route = found.route(desk.chart.choice)
    if len(found.routes) > 1:
        st.session_state["route"] = found.routes.index(route)
        st.segmented_control(
            "Paths found, shortest first",
            range(len(found.routes)),
            format_func=lambda n: f"{n + 1}: {count(len(found.routes[n].steps), 'step')}",
            required=True,
            key="route",
            on_change=lambda: actions.doing(desk, desk.choose, view, st.session_state["route"]),
        )
    st.markdown(
        f"{count(len(route.steps), 'step')} from records of {plain(', '.join(route.agencies))}; "
        f"weakest grade: **{plain(route.weakest)}**"
    )
    by_hand = sum(any(each.record.basis is Basis.ASSESSMENT for each in step.all) for step in route.steps)
    if by_hand:
        st.warning(f"{by_hand} of {count(len(route.steps), 'step')} rests on what somebody drew by hand.")
    if found.finding:
        st.caption(plain(found.finding.caution))
    if found.finding and found.finding.limit:
        st.warning(plain(found.finding.limit))
    captions = _captions(view, found, route)
    if found.sources:
        st.caption(plain(sources_text(found.sources, captions)))
    st.markdown("\n".join(f"1. {plain(text)}" for text in step_texts(route, captions)))
    with st.spinner("Checking whose files it needs …"):
        chart = desk.chart
        needed = once(view, ("needs", chart.start, chart.end, chart.projection), lambda: needs(view, chart))
    st.markdown(plain(needs_text(needed, len(found.routes[0].steps))))
    _set_aside(found)


@question
def path_rows(view: View, chart: Chart, seen: Seen) -> list[dict[str, str]]:
    """Every record of every step of the highlighted path, for the table below the chart."""
    route, found = seen.route(chart), seen.pathway
    if route is None or found is None:
        return []
    return step_rows(route, found.sources, _captions(view, found, route))[:MOST_ROWS]


def _captions(view: View, found: Pathway, route: Route) -> dict[str, str]:
    named = sorted({*route.entities, *(step.a for step in found.sources)})
    return {each.id: each.caption for each in view.summaries(named)}


def _set_aside(found: Pathway) -> None:
    aside = found.finding.set_aside if found.finding else ()
    values = [f"{row['value']} ({row['kind']}, shared by {shared_by(row)})" for row in aside]
    if values:
        st.caption("Set aside as common values: " + plain(", ".join(values)))
