"""*Explore*: search, open, expand, follow a path; everything is shown with its source."""

from dataclasses import replace

import streamlit as st

from workbench.app.chart import Filters
from workbench.app.context import current, desk, once, told
from workbench.app.drawing import draw
from workbench.app.panels.chart import canvas_panel, entities_table, lines_table, names_bar, steps_bar
from workbench.app.panels.filters import filter_panel
from workbench.app.panels.path import path_panel, steps_table
from workbench.app.panels.profile import profile_panel
from workbench.app.panels.search import search_panel
from workbench.app.text import plain
from workbench.view.view import View


@st.fragment
def explore(page: View) -> None:
    """The page below the banner, as a fragment: a click reruns only this."""
    with told():
        _explore(page)


def _explore(page: View) -> None:
    context = current()
    if context.case.view is not page:  # the banner may have changed
        st.rerun()
    view, here = context.case.view, desk(context)
    here.save(context.case.store, view)
    chart = here.chart
    pathway = here.walked(view)
    whole = once(view, ("draw", chart.shown), lambda: draw(view, replace(chart, filters=Filters())))
    drawing = draw(view, chart) if chart.filters else whole
    finding, middle, beside = st.columns([2, 5, 3], gap="medium")
    with finding:
        if not view.revision:
            st.info("This view is empty: load files on the page Load.")
        if context.who.demo:
            st.info(plain(context.who.demo.question))
        search_panel(here, view)
        with st.expander("Filter", expanded=bool(chart.filters)):
            filter_panel(here, whole)
    with middle:
        names_bar(here, view)
        steps_bar(here, view, drawing)
        canvas_panel(here, view, drawing, pathway)
    with beside:
        profile_panel(here, view)
        path_panel(here, view, pathway)
    labels = ["Steps of the path", f"Entities ({len(drawing.entities)})", f"Relationships ({len(drawing.lines)})"]
    steps, entities, lines = st.tabs(labels)
    with steps:
        steps_table(here, view, pathway)
    with entities:
        entities_table(here, drawing)
    with lines:
        lines_table(here, drawing)


explore(current().case.view)
