"""The analyst's actions: Streamlit's callbacks and the canvas's events as plain functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from workbench.analytics.layouts import KINDS
from workbench.app.arranging import communities_of, group_name
from workbench.app.chart import MARKS, Chart, Place
from workbench.app.desk import Desk
from workbench.app.expansion import MOST_AT_ONCE
from workbench.app.filters import Filters
from workbench.app.text import said
from workbench.app.wire import Wire
from workbench.errors import UsageError, WorkbenchError
from workbench.model.visible import count
from workbench.view.asking import question
from workbench.view.view import View

Event = Mapping[str, Any]

_FARTHEST = 1e9  # beyond any canvas; NaN is not below it either
_MOST_EXPANDED = 500
MOST_SHOWN = 20_000  # entities of a view that a chart can take as a whole
_MOST_FOUND = 500
_KINDS = ("type", "tie", "agency", "certainty", "colour")


def doing(desk: Desk, act: Callable[..., Any], *args: Any, **named: Any) -> None:
    """Do one action on the desk, after what was done on the canvas before; an error is shown there."""
    done(desk, act, *args, **named)


def done(desk: Desk, act: Callable[..., Any], *args: Any, **named: Any) -> bool:
    """The same, and whether it could be done."""
    desk.catch_up()
    try:
        act(*args, **named)
    except WorkbenchError as error:
        desk.note = said(error)
        return False
    return True


def received(desk: Desk, view: View, message: Any) -> None:
    """Do what the canvas sends, each event once; ignores what has another form, which our canvas never sends."""
    if not isinstance(message, Mapping):
        return
    for event in desk.wire.took(message.get("has"), message.get("events"), message.get("token")):
        what = event.get("what")
        act = _EVENTS.get(what) if isinstance(what, str) else None
        if act is not None:
            doing(desk, act, desk, view, event)


# -- what an event names --------------------------------------------------------------------


def _texts(event: Event, name: str) -> list[str]:
    given = event.get(name)
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else []


def _text(event: Event, name: str) -> str:
    given = event.get(name)
    return given if isinstance(given, str) else ""


def _entities(desk: Desk, event: Event) -> tuple[str, ...]:
    """The entities of the chart that an event is about, also by their closed groups."""
    return desk.chart.unfolded([*_texts(event, "ids"), *([_text(event, "id")] if _text(event, "id") else [])])


def _place(at: Any) -> Place | None:
    match at:
        case [int() | float() as x, int() | float() as y] if abs(x) < _FARTHEST and abs(y) < _FARTHEST:
            return float(x), float(y)
    return None


def day(text: str) -> str:
    """An ISO day; "" for anything else."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


# -- what events do -------------------------------------------------------------------------


def _select(desk: Desk, view: View, event: Event) -> None:
    known = {*desk.chart.entities, *(each.id for each in desk.chart.groups)}
    desk.select(each for each in _texts(event, "ids") if each in known or " " in each)


def _moved(desk: Desk, view: View, event: Event) -> None:
    places = event.get("places")
    said = places.items() if isinstance(places, Mapping) else ()
    found = {entity: place for entity, at in said if isinstance(entity, str) and (place := _place(at))}
    desk.did(desk.chart.moved(desk.chart.upright(found) if desk.chart.axis else found))


def _expand(desk: Desk, view: View, event: Event) -> None:
    relationship, schema = (_text(event, name) or None for name in ("relationship", "schema"))
    limit = event.get("limit")
    most = limit if type(limit) is int and 0 < limit <= _MOST_EXPANDED else MOST_AT_ONCE
    if entities := _entities(desk, event):
        desk.expand(view, entities, relationship, schema, most)


def _hide(desk: Desk, view: View, event: Event) -> None:
    desk.did(desk.chart.hiding(_entities(desk, event)), "Hidden. Undo or “Show hidden” shows it again.")


def _only(desk: Desk, view: View, event: Event) -> None:
    if entities := _entities(desk, event):
        desk.did(desk.chart.hiding_others(entities), "The others are hidden. Undo or “Show hidden” shows them again.")


def _restore(desk: Desk, view: View, event: Event) -> None:
    desk.did(desk.chart.restored())


def _end_of(desk: Desk, event: Event) -> str | None:
    """The one entity that a path is to begin or end at."""
    entities = _entities(desk, event)
    if len(entities) > 1:
        desk.note = "A path begins and ends at one entity: open the group, and choose one."
    return entities[0] if len(entities) == 1 else None


def _start(desk: Desk, view: View, event: Event) -> None:
    if entity := _end_of(desk, event):
        desk.path(view, start=entity)


def _end(desk: Desk, view: View, event: Event) -> None:
    if entity := _end_of(desk, event):
        desk.path(view, end=entity)


def _between(desk: Desk, view: View, event: Event) -> None:
    ends = _entities(desk, event)
    if len(ends) == 2:
        desk.path(view, start=ends[0], end=ends[1])
    else:
        desk.note = "A path lies between two entities: open the groups, and select two."


def _layout(desk: Desk, view: View, event: Event) -> None:
    kind = _text(event, "kind")
    if not desk.chart.shown:
        desk.note = "There is nothing to lay out yet."
    elif kind in KINDS:
        desk.lay_out(view, kind)
        if kind == "path" and not (desk.chart.start and desk.chart.end):
            desk.note = "No path is set, so this is the organic layout: choose a start and an end first."


def _pin(desk: Desk, view: View, event: Event) -> None:
    entities = _entities(desk, event)
    desk.did(desk.chart.pinning(entities, not desk.chart.pinned.issuperset(entities)))


def _group(desk: Desk, view: View, event: Event) -> None:
    entities = _entities(desk, event)
    if len(entities) < 2:
        desk.note = "Select several to make them one group."
        return
    desk.did(desk.chart.grouping(group_name(desk.chart), entities))
    desk.selected = tuple(each.id for each in desk.chart.groups[-1:])


def _groups_in(desk: Desk, event: Event) -> list[str]:
    """The names of the groups that an event is about, by themselves or by a member."""
    ids = {*_texts(event, "ids"), _text(event, "id")}
    return [each.name for each in desk.chart.groups if each.id in ids or not each.members.isdisjoint(ids)]


def _ungroup(desk: Desk, view: View, event: Event) -> None:
    chart = desk.chart
    for name in _groups_in(desk, event):
        chart = chart.ungrouping(name)
    desk.did(chart)


def _open(desk: Desk, view: View, event: Event) -> None:
    chart = desk.chart
    for each in chart.groups:
        if each.name in _groups_in(desk, event):
            chart = chart.opening(each.name, not each.open)
    desk.did(chart)


def _mark(desk: Desk, view: View, event: Event) -> None:
    colour = _text(event, "colour")
    if colour in ("", *MARKS):
        desk.did(desk.chart.marking(_entities(desk, event), colour))


def _leave_out(desk: Desk, view: View, event: Event) -> None:
    filters = desk.chart.filters
    for each in _texts(event, "signs"):
        if each.partition(":")[0] in _KINDS:
            filters = filters.toggled(each)
    desk.did(replace(desk.chart, filters=filters))


def _only_signs(desk: Desk, view: View, event: Event) -> None:
    kind, filters = _text(event, "kind"), desk.chart.filters
    if kind in _KINDS:
        others = {each for each in filters.without if not each.startswith(f"{kind}:")}
        signs = {each for each in _texts(event, "signs") if each.startswith(f"{kind}:")}
        desk.did(replace(desk.chart, filters=replace(filters, without=frozenset(others | signs))))


def _time(desk: Desk, view: View, event: Event) -> None:
    since, until = (day(_text(event, name)) for name in ("since", "until"))
    filters = replace(desk.chart.filters, dated=event.get("dated") is True)
    desk.did(replace(desk.chart, filters=filters.between(since, until)))


def _lie_between(desk: Desk, view: View, event: Event) -> None:
    desk.lay_out(view, "organic", desk.chart.showing_between(event.get("on") is True))


def _find(desk: Desk, view: View, event: Event) -> None:
    """Select what is on the chart and found in the view: by another name, in another script, by a number."""
    on, units = set(desk.chart.shown), desk.chart.units
    hits = view.search(_text(event, "text"), _MOST_FOUND)
    found = [each.id for each in hits.entities if each.id in on]
    among = f" among the best {_MOST_FOUND} of {hits.total:,} that the view has" if hits.total > _MOST_FOUND else ""
    desk.note = f"{len(found) or 'Nothing'} found on the chart by what the view says of it{among}."
    if found:
        desk.select(units.get(each, each) for each in found)
        desk.focus += 1


def _remove(desk: Desk, view: View, event: Event) -> None:
    entities = _entities(desk, event)
    desk.did(desk.chart.removing(entities), f"{count(len(entities), 'entity', 'entities')} taken off the chart.")
    desk.select(())


def _undo(desk: Desk, view: View, event: Event) -> None:
    desk.undo()


def _redo(desk: Desk, view: View, event: Event) -> None:
    desk.redo()


def _cancel(desk: Desk, view: View, event: Event) -> None:
    if desk.work is None:
        desk.note = "It was done before it could be given up: undo takes it back."
        return
    desk.work.give_up()
    desk.work, desk.note = None, "Given up: the chart is as it was."


def _lost(desk: Desk, view: View, event: Event) -> None:
    """The browser lacks changes: begin again with all of it; its events stay taken."""
    desk.wire = Wire(seen=desk.wire.seen)


_EVENTS: Mapping[str, Callable[[Desk, View, Event], None]] = {
    "select": _select,
    "moved": _moved,
    "expand": _expand,
    "hide": _hide,
    "only": _only,
    "restore": _restore,
    "find": _find,
    "remove": _remove,
    "start": _start,
    "end": _end,
    "between": _between,
    "layout": _layout,
    "pin": _pin,
    "group": _group,
    "ungroup": _ungroup,
    "open": _open,
    "mark": _mark,
    "leave out": _leave_out,
    "only signs": _only_signs,
    "time": _time,
    "lie between": _lie_between,
    "undo": _undo,
    "redo": _redo,
    "cancel": _cancel,
    "lost": _lost,
}


# -- what forms do --------------------------------------------------------------------------


def filter_by(desk: Desk, change: Callable[[Filters], Filters]) -> None:
    """Change the chart's filters."""
    desk.did(replace(desk.chart, filters=change(desk.chart.filters)))


def look_as(desk: Desk, **named: str) -> None:
    """Change what colours, sizes or widths show; what was left out by colour is shown again."""
    chart: Chart = replace(desk.chart, look=replace(desk.chart.look, **named))
    if "colour" in named:
        kept = frozenset(each for each in chart.filters.without if not each.startswith("colour:"))
        chart = replace(chart, filters=replace(chart.filters, without=kept))
    desk.did(chart)


def set_filter(desk: Desk, name: str, value: bool) -> None:
    """Turn one of the chart's filters on or off, by its name."""
    named: dict[str, Any] = {name: value}
    filter_by(desk, lambda old: replace(old, **named))


@question
def show_all(desk: Desk, view: View) -> None:
    """Put the whole view on the chart, if it is not too large for one."""
    ids = view.snapshot().ids
    if len(ids) > MOST_SHOWN:
        raise UsageError(f"the view has {len(ids):,} entities, a chart at most {MOST_SHOWN:,}: search, or expand")
    desk.show(view, ids)
    desk.select(())


@question
def as_communities(desk: Desk, view: View) -> None:
    """Make each community of the chart's ties a closed group, and lay these out."""
    desk.lay_out(view, "organic", communities_of(view, desk.chart))
    desk.note = "Groups of this chart's ties, not tested: see Analyse for that."


def own(desk: Desk, view: View, what: str, ids: Sequence[str]) -> None:
    """Do what an event of the canvas does, about these ids."""
    _EVENTS[what](desk, view, {"ids": list(ids)})
