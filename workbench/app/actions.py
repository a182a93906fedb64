"""The analyst's actions: Streamlit's callbacks as plain functions."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from workbench.app.chart import Filters, Place
from workbench.app.desk import Desk
from workbench.app.text import said
from workbench.errors import WorkbenchError
from workbench.view.view import View

_FARTHEST = 1e9  # beyond any canvas; NaN is not below it either


def doing(desk: Desk, act: Callable[..., None], *args: Any, **named: Any) -> None:
    """Do one action on the desk; an error is shown there."""
    try:
        act(*args, **named)
    except WorkbenchError as error:
        desk.note = said(error)


def asked(desk: Desk, view: View, wanted: Any) -> None:
    """Do what was chosen in the canvas's menu; ignores an event of any other form, which our canvas never sends."""
    match wanted:
        case {"what": "expand", "id": str(entity)}:
            kind = [each if isinstance(each, str) else None for each in map(wanted.get, ("relationship", "schema"))]
            doing(desk, desk.expand, view, entity, *kind)
        case {"what": "start", "id": str(entity)}:
            doing(desk, desk.path, view, start=entity)
        case {"what": "end", "id": str(entity)}:
            doing(desk, desk.path, view, end=entity)
        case {"what": "hide", "id": str(entity)}:
            desk.hide(entity)


def selected(desk: Desk, entity: Any) -> None:
    """Select the entity that was clicked on; nothing if it is not an entity."""
    desk.select(entity if isinstance(entity, str) else "")


def moved(desk: Desk, places: Any) -> None:
    """Keep the places that entities were dragged to; invalid places are ignored."""
    said = places.items() if isinstance(places, Mapping) else ()
    desk.move({entity: place for entity, at in said if (place := _place(at))})


def _place(at: Any) -> Place | None:
    match at:
        case [int() | float() as x, int() | float() as y] if abs(x) < _FARTHEST and abs(y) < _FARTHEST:
            return float(x), float(y)
    return None


def filters_of(state: Mapping[str, Any]) -> Filters:
    """The filters set in the page's widgets."""
    return Filters(
        agencies=frozenset(state["agencies"]),
        schemata=frozenset(state["schemata"]),
        relationships=frozenset(state["relationships"]),
        since=_day(state["since"]),
        until=_day(state["until"]),
        accepted=state["accepted"],
    )


def widgets_of(filters: Filters) -> dict[str, Any]:
    """The state of the page's widgets for these filters: the inverse of `filters_of`."""
    return {
        "agencies": sorted(filters.agencies),
        "schemata": sorted(filters.schemata),
        "relationships": sorted(filters.relationships),
        "since": date.fromisoformat(filters.since) if filters.since else None,
        "until": date.fromisoformat(filters.until) if filters.until else None,
        "accepted": filters.accepted,
    }


def _day(chosen: date | None) -> str:
    return chosen.isoformat() if chosen else ""
