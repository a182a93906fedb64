"""The drawer on the right of the chart: what is selected, the path, and the records behind it."""

import streamlit as st

from workbench.app.context import Context
from workbench.app.desk import PATH, SELECTED, Desk
from workbench.app.panels.many import many_panel
from workbench.app.panels.path import path_panel
from workbench.app.panels.profile import profile_panel
from workbench.app.panels.records import records_panel
from workbench.app.seen import Seen
from workbench.app.ties import ties_of


def drawer(context: Context, here: Desk, seen: Seen) -> None:
    """One part at a time."""
    view = context.case.view
    parts = (SELECTED, PATH) if here.chart.start or here.chart.end else (SELECTED,)
    st.session_state["drawer-part"] = here.part if here.part in parts else SELECTED
    chosen = st.segmented_control(
        "Drawer", parts, required=True, key="drawer-part", label_visibility="collapsed", on_change=_choose, args=(here,)
    )
    if chosen == PATH:
        path_panel(here, view, seen.pathway)
    else:
        _selected(context, here, seen)


def _choose(here: Desk) -> None:
    here.part = st.session_state["drawer-part"]


def _selected(context: Context, here: Desk, seen: Seen) -> None:
    view = context.case.view
    ties = ties_of(seen.shown.lines, here.chart.units)
    lines = [ties[each] for each in here.selected if each in ties]
    entities = here.chart.unfolded(here.selected)
    if not here.selected:
        st.caption(
            "Click an entity for its profile or a line for its records; right-click for what can be done. "
            "Shift adds to the selection, Shift and drag draws a lasso; ? lists the keys."
        )
    if lines:
        records_panel(context, here, view, lines)
    if here.one:
        profile_panel(context, here)
    elif entities:
        many_panel(context, here, entities)
