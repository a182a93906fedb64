"""The rail on the left of the chart: find, show, the chart itself, and drawing by hand."""

from collections.abc import Callable, Mapping

import streamlit as st

from workbench.app import charts
from workbench.app.context import Context, once
from workbench.app.desk import Desk
from workbench.app.panels.by_hand import by_hand_panel
from workbench.app.panels.chart import chart_panel
from workbench.app.panels.opening import open_document
from workbench.app.panels.parts import button
from workbench.app.panels.search import search_panel
from workbench.app.panels.show import show_panel
from workbench.app.seen import Seen
from workbench.app.text import plain
from workbench.view.view import View

# Nothing tells an empty store from one that has nothing for this viewer: that would tell that something is hidden.
_NOTHING = (
    "This view is empty: there is nothing in the store, or nothing that is marked for you. Load files on the page "
    "Load, or ask whoever keeps the viewers file."
)
_PANELS: Mapping[str, Callable[[Context, Desk, Seen], None]] = {
    "Find": search_panel,
    "Show": show_panel,
    "Chart": chart_panel,
    "Draw": by_hand_panel,
}


def rail(context: Context, here: Desk, seen: Seen) -> None:
    """One panel at a time."""
    st.markdown("# :small[Explore]")
    chosen = st.segmented_control(
        "Rail", list(_PANELS), default="Find", required=True, key="rail-panel", label_visibility="collapsed"
    )
    if not context.case.view.revision:
        st.info(_NOTHING)
    if context.who.demo and chosen == "Find":
        st.info(plain(context.who.demo.question))
    _PANELS[chosen or "Find"](context, here, seen)
    _going_on(here, context.case.view)


def _going_on(here: Desk, view: View) -> None:
    """Offer the analyst's newest chart, until something is done on this one."""
    if here.standing.at or here.history.past:
        return
    mine = once(view, ("newest", here.standing.id), lambda: charts.newest(view))
    if mine is not None:
        button(plain(f"Go on with “{mine.name}”"), "go-on", here, open_document, here, view, mine)
