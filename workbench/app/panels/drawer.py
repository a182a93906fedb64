"""The drawer on the right of the chart: what is selected, the path, and the records behind it."""

import streamlit as st

from workbench.app.context import Context, held, hold
from workbench.app.desk import PATH, SELECTED, Desk
from workbench.app.panels.many import many_panel
from workbench.app.panels.path import path_panel
from workbench.app.panels.profile import profile_panel
from workbench.app.panels.records import records_panel
from workbench.app.seen import Seen
from workbench.app.ties import ties_of

_TURN = "turn of the drawer"


def drawer(context: Context, here: Desk, seen: Seen) -> None:
    """One part at a time."""
    view = context.case.view
    parts = (SELECTED, PATH) if here.chart.start or here.chart.end else (SELECTED,)
    part = here.part if here.part in parts else SELECTED
    key = _key(part)
    st.session_state[key] = part
    with st.container(key="drawer-part"):
        chosen = st.segmented_control(
            "Drawer", parts, required=True, key=key, label_visibility="collapsed", on_change=_choose, args=(here, key)
        )
    if chosen == PATH:
        path_panel(here, view, seen.pathway)
    else:
        _selected(context, here, seen)


def _key(part: str) -> str:
    """The key of the choice of a part: a new one whenever an action on the chart has changed it.

    The browser tells what it shows with every action, and may not have heard of the change yet.
    """
    turn, last = held(_TURN) or (0, part)
    turn += part != last
    hold(_TURN, (turn, part))
    return f"drawer-part-{turn}"


def _choose(here: Desk, key: str) -> None:
    here.part = st.session_state[key]
    turn, _ = held(_TURN)
    hold(_TURN, (turn, here.part))


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
