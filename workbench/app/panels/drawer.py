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
    shown = here.part if here.part in parts else SELECTED
    # Buttons, as the browser tells the value of every other widget with each action, also of one that it does not
    # know to have changed.
    with st.container(horizontal=True, gap="xsmall", key="drawer-part"):
        for part in parts:
            st.button(
                f"✓ {part}" if part == shown else part,
                key=f"part-{part}",
                type="primary" if part == shown else "secondary",
                width="content",
                on_click=_choose,
                args=(here, part),
            )
    if shown == PATH:
        path_panel(here, view, seen.pathway)
    else:
        _selected(context, here, seen)


def _choose(here: Desk, part: str) -> None:
    here.part = part


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
