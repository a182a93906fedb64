"""What the colours and sizes of a chart's entities show."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.analytics.on_chart import communities, measured
from workbench.app.chart import Chart
from workbench.app.drawing import Drawing, agencies_of
from workbench.view.answers import Summary
from workbench.view.asking import question
from workbench.view.behind import records_behind
from workbench.view.view import View
from workbench.view.who import members_of

# Of Okabe and Ito, without vermilion, which is reserved for paths; then a grey for all that have no hue of their own.
HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#f0e442", "#8c564b")
OTHERS = "#9a9a9a"
MARK_HUES = {
    "red": "#d1242f",
    "orange": "#e69f00",
    "green": "#009e73",
    "blue": "#0072b2",
    "purple": "#8250df",
    "grey": "#767676",
}
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the legend: a value, its colour, and how many entities have it."""

    value: str
    colour: str
    n: int


@dataclass(frozen=True, slots=True)
class Colouring:
    """The legend's entries, and the value of each entity; both empty where types give the colours."""

    entries: tuple[Entry, ...] = ()
    of: Mapping[str, str] = field(default_factory=dict)


@question
def colouring(view: View, chart: Chart, drawing: Drawing) -> Colouring:
    """What gives the entities of a drawing their colours, as the chart's look says."""
    by = chart.look.colour
    if by == "mark":
        return _entries({each: chart.marks.get(each, _NONE) for each in drawing.entities}, MARK_HUES)
    if by == "agency":
        return _entries({each: _agency(found) for each, found in drawing.entities.items()})
    if by == "community":
        found = communities(list(drawing.entities), [(line.a, line.b) for line in drawing.lines])
        return _entries({each: str(found.get(each, _NONE)) for each in drawing.entities})
    if by.startswith("property:"):
        return _entries(said_of(view, tuple(drawing.entities), by))
    return Colouring()


def sizes(chart: Chart, drawing: Drawing) -> Mapping[str, float]:
    """The size of each entity, from 0 to 1, as the chart's look says; empty if all have one size."""
    if not chart.look.size or not drawing.entities:
        return {}
    return measured(chart.look.size, list(drawing.entities), [(line.a, line.b) for line in drawing.lines])


def _agency(found: Summary) -> str:
    known = agencies_of(found)
    return known[0] if len(known) == 1 else "several" if known else _NONE


def _entries(of: Mapping[str, str], hues: Mapping[str, str] | None = None) -> Colouring:
    """The most frequent values get a hue each; all others are grey."""
    sizes = Counter(of.values())
    ranked = sorted(sizes, key=lambda each: (each == _NONE, -sizes[each], each))
    given = dict(zip((each for each in ranked if each != _NONE), HUES, strict=False)) if hues is None else hues
    return Colouring(tuple(Entry(each, given.get(each, OTHERS), sizes[each]) for each in ranked), of)


@question
def said_of(view: View, entities: tuple[str, ...], by: str) -> dict[str, str]:
    """The value of `property:NAME` of each entity: the first by name where records say several."""
    name = by.removeprefix("property:")
    members = members_of(view, entities)
    canonical = {referent: entity for entity, some in members.items() for referent in some}
    said: dict[str, set[str]] = {}
    for each in view.records(sorted(records_behind(view, list(entities)))):
        entity = canonical.get(each.record.entity) if each.record.source_id else None
        if entity is not None:
            said.setdefault(entity, set()).update(each.record.values().get(name, ()))
    return {each: min(said.get(each) or {_NONE}) for each in entities}
