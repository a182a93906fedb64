"""The desk with which a browser session begins."""

from datetime import UTC, datetime

from workbench.app import charts
from workbench.app.desk import Desk
from workbench.app.history import History
from workbench.demo import Demo
from workbench.errors import NotFound
from workbench.view.asking import question
from workbench.view.view import View


def new_desk() -> Desk:
    """A desk with an empty chart, named after the current time."""
    return Desk(charts.Standing(charts.new_id(), f"Chart of {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"))


@question
def opening(view: View, demo: Demo | None) -> Desk:
    """The desk of a new browser session: the demo's question, or an empty chart."""
    desk = new_desk()
    if demo is None:
        return desk
    try:
        ends = [view.canonical(end) for end in (demo.start, demo.end)]
    except NotFound:  # this viewer may not see the entities in the question
        return desk
    desk.path(view, start=ends[0], end=ends[1])
    desk.history, desk.unsaved = History(desk.chart), False
    return desk
