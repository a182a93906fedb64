"""See a chart in a view: what is drawn, what the filters leave, colours, sizes and paths, each computed once."""

import streamlit as st

from workbench.app.chart import Chart
from workbench.app.colouring import colouring, sizes
from workbench.app.context import once
from workbench.app.desk import Desk
from workbench.app.drawing import Read, Shown, accepted_among, draw, left_by
from workbench.app.picture import Drawn
from workbench.app.seen import Seen
from workbench.model.visible import count
from workbench.resolve.common import common_of
from workbench.view.asking import question
from workbench.view.view import View

_MANY, _AT_ONCE = 2_500, 500  # entities from which progress is shown, and that are read together


@question
def see(here: Desk, view: View) -> Seen:
    """What the page shows of the chart: its drawing, what the filters leave of it, and the path."""
    chart = here.chart
    read = once(view, "read", Read)
    _read_with_progress(here, view, read)
    drawing = once(view, ("draw", chart.entities), lambda: draw(view, chart.entities, read))
    pathway = here.walked(view)
    coloured = once(
        view, ("colours", chart.entities, chart.look.colour, tuple(sorted(chart.marks.items()))),
        lambda: colouring(view, chart, drawing),
    )  # fmt: skip
    shown = left_by(chart.filters, drawing, chart.shown, coloured.of)
    if chart.filters.accepted:
        accepted = accepted_among(view, shown.entities)
        shown = Shown(shown.entities, shown.lines, shown.filtered, accepted)
    return Seen(drawing, shown, coloured, pathway)


@question
def _read_with_progress(here: Desk, view: View, read: Read) -> None:
    """Read what is new of a large chart in parts, and show how far it is; *Cancel* takes the last step back."""
    place = st.empty()  # always, so that what comes after it on the page stays the same element
    fresh = [each for each in here.chart.entities if each not in read.summaries]
    if len(fresh) < _MANY:
        return
    with place.container(key="reading"):
        bar = st.progress(0.0, f"Reading {count(len(fresh), 'entity', 'entities')} …")
        st.button("Cancel", key="cancel-reading", on_click=here.undo, disabled=not here.history.past)
    for start in range(0, len(fresh), _AT_ONCE):
        draw(view, fresh[start : start + _AT_ONCE], read)
        bar.progress(min((start + _AT_ONCE) / len(fresh), 1.0))
    place.empty()


@question
def drawn(chart: Chart, view: View, seen: Seen) -> Drawn:
    """All that a picture of the chart is made of."""
    drawing, everything = seen.drawing, chart.entities
    big = once(view, ("sizes", everything, chart.look.size), lambda: sizes(chart, drawing))
    commons = once(
        view, ("commons", everything), lambda: {each.entity: each.shared_by for each in common_of(view, everything)}
    )
    return Drawn(chart, drawing, seen.shown, seen.colouring, big, seen.path_records(chart), commons)
