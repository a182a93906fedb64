"""Desks and pictures for tests: what the page Explore makes of a chart, without the page."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbench.app import actions
from workbench.app.chart import Chart
from workbench.app.charts import Standing, new_id
from workbench.app.desk import Desk
from workbench.app.drawing import Drawing, Shown
from workbench.app.filters import Filters
from workbench.app.picture import Item, Picture, picture
from workbench.app.seeing import drawn, see
from workbench.app.seen import Seen
from workbench.store.types import Document
from workbench.view.view import View


def named(name: str, chart: Chart | None = None) -> Desk:
    """A desk with an empty chart of this name, or with this chart."""
    desk = Desk(Standing(new_id(), name))
    if chart is not None:
        desk.did(chart)
    return desk


def seen(desk: Desk, view: View) -> Seen:
    """What the page shows of a desk."""
    return see(desk, view)


def drawing_of(desk: Desk, view: View) -> Drawing:
    """The drawing of a desk's chart."""
    return see(desk, view).drawing


def shown_of(desk: Desk, view: View) -> Shown:
    """What filters leave of it."""
    return see(desk, view).shown


def pictured(desk: Desk, view: View) -> Picture:
    """What the canvas gets."""
    return picture(drawn(desk.chart, view, see(desk, view)))


def ties_shown(found: Picture) -> list[Item]:
    """The lines of a picture that are not left out."""
    shown = found.things.keys() - found.out
    return [tie for name, tie in found.ties.items() if name not in found.ties_out and {tie["a"], tie["b"]} <= shown]


def filtered(desk: Desk, filters: Filters) -> None:
    """Give the chart these filters."""
    actions.filter_by(desk, lambda _: filters)


def move(desk: Desk, places: dict[str, tuple[float, float]]) -> None:
    """Move entities."""
    desk.did(desk.chart.moved(places))


def hide(desk: Desk, *entities: str) -> None:
    """Hide entities."""
    desk.did(desk.chart.hiding(entities))


def reopen(desk: Desk, view: View, document: Document, own: bool = True) -> None:
    """Open a saved chart as one's own, or as another's."""
    known = str(document.body["id"])
    desk.reopen(view, Standing(known, document.name, document.at if own else ""), document.body)


def sent(desk: Desk, view: View, what: str, **more: Any) -> None:
    """What the canvas sends of one event."""
    event = {"seq": desk.wire.seen + 1, "what": what, **more}
    actions.received(desk, view, {"has": desk.wire.has, "events": [event]})


def changed(change: Callable[[Chart], Chart], desk: Desk) -> None:
    """A step that changes the chart alone."""
    desk.did(change(desk.chart))


def called(desk: Desk, name: str) -> Desk:
    """The desk with another name for its chart."""
    desk.standing = replace(desk.standing, name=name)
    return desk
