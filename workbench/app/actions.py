"""What happens when the analyst does something: callbacks as plain functions."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from workbench.app.chart import Filters
from workbench.app.desk import Desk
from workbench.errors import WorkbenchError
from workbench.store.view import View


def doing(desk: Desk, act: Callable[..., None], *args: Any, **named: Any) -> None:
    """Do one thing on the desk; what can't be done is said there."""
    try:
        act(*args, **named)
    except WorkbenchError as error:
        desk.note = str(error)


def asked(desk: Desk, view: View, wanted: Mapping[str, Any] | None) -> None:
    """Do what was chosen in the canvas' menu; nothing for an event that says nothing."""
    if not wanted:
        return
    entity = str(wanted["id"])
    match wanted["what"]:
        case "expand":
            doing(desk, desk.expand, view, entity, wanted.get("relationship"), wanted.get("schema"))
        case "start":
            doing(desk, desk.path, view, start=entity)
        case "end":
            doing(desk, desk.path, view, end=entity)
        case "hide":
            desk.hide(entity)


def moved(desk: Desk, places: Mapping[str, Any] | None) -> None:
    """Keep where entities were dragged to."""
    desk.move({str(entity): (float(at[0]), float(at[1])) for entity, at in (places or {}).items()})


def filters_of(state: Mapping[str, Any]) -> Filters:
    """The filters that the page's widgets say."""
    return Filters(
        agencies=frozenset(state["agencies"]),
        schemata=frozenset(state["schemata"]),
        relationships=frozenset(state["relationships"]),
        since=_day(state["since"]),
        until=_day(state["until"]),
    )


def widgets_of(filters: Filters) -> dict[str, Any]:
    """What the page's widgets show for these filters; `filters_of` undoes it."""
    return {
        "agencies": sorted(filters.agencies),
        "schemata": sorted(filters.schemata),
        "relationships": sorted(filters.relationships),
        "since": date.fromisoformat(filters.since) if filters.since else None,
        "until": date.fromisoformat(filters.until) if filters.until else None,
    }


def _day(chosen: date | None) -> str:
    return chosen.isoformat() if chosen else ""
