"""A chart: what an analyst put on the canvas, and the steps that can be undone.

Pure data; nothing here reads a store or draws. A chart holds ids of entities, never their values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

Place = tuple[float, float]

_STEPS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a chart; an empty one filters nothing.

    `agencies`, `schemata` (of entities) and `relationships` (schemata of relationships) name what is
    shown. A record is shown if its date may be between `since` and `until` (ISO days, inclusive), or
    if it has no date. Accepted leads are shown if `accepted` says so.
    """

    agencies: frozenset[str] = frozenset()
    schemata: frozenset[str] = frozenset()
    relationships: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    accepted: bool = False

    def __bool__(self) -> bool:
        return self != Filters()

    def keeps_entity(self, schema: str, agencies: Iterable[str]) -> bool:
        """Whether an entity with this schema, known to these agencies, is shown."""
        return (not self.schemata or schema in self.schemata) and (
            not self.agencies or not self.agencies.isdisjoint(agencies)
        )

    def keeps_record(self, schema: str, agency: str, day: str) -> bool:
        """Whether a relationship record with this day ("" if unknown) is shown."""
        return (
            (not self.relationships or schema in self.relationships)
            and (not self.agencies or agency in self.agencies)
            and (not day or (day >= self.since[: len(day)] and (not self.until or day[:10] <= self.until)))
        )


@dataclass(frozen=True, slots=True)
class Lead:
    """A predicted relationship on the canvas, with the keys of its supporting records; never a fact.

    It has no probability: that rests on everything its author sees, and a chart is shown to others.
    """

    a: str
    b: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: entities in the order they were added, which of them are hidden, and their places.

    `start` and `end` are the ends of a path ("" for none) in `projection`; `choice` is the index of the
    path that is highlighted. `records` are the keys of all records that led to anything on it: only those
    who may see all of them may see the chart.
    """

    entities: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    positions: Mapping[str, Place] = field(default_factory=dict)
    start: str = ""
    end: str = ""
    projection: str = "all"
    choice: int = 0
    filters: Filters = Filters()
    leads: tuple[Lead, ...] = ()
    records: frozenset[str] = frozenset()

    @property
    def shown(self) -> tuple[str, ...]:
        """The entities that are not hidden."""
        return tuple(entity for entity in self.entities if entity not in self.hidden)

    def added(self, entities: Iterable[str]) -> "Chart":
        """The chart with these entities added and shown."""
        wanted = tuple(dict.fromkeys(entities))
        known = set(self.entities)
        fresh = tuple(entity for entity in wanted if entity not in known)
        return replace(self, entities=self.entities + fresh, hidden=self.hidden - set(wanted))

    def hiding(self, entities: Iterable[str]) -> "Chart":
        """The chart with these of its entities hidden."""
        return replace(self, hidden=self.hidden | (set(entities) & set(self.entities)))

    def restored(self) -> "Chart":
        """The chart with nothing hidden."""
        return replace(self, hidden=frozenset())

    def moved(self, places: Mapping[str, Place]) -> "Chart":
        """The chart with these of its entities at these places."""
        known = {entity: place for entity, place in places.items() if entity in set(self.entities)}
        return replace(self, positions={**self.positions, **known})

    def resting_on(self, records: Iterable[str]) -> "Chart":
        """The chart with these supporting records added."""
        return replace(self, records=self.records.union(records))

    def led(self, lead: Lead) -> "Chart":
        """The chart with this lead, which replaces any other between the same two entities."""
        others = (each for each in self.leads if {each.a, each.b} != {lead.a, lead.b})
        return self if lead in self.leads else replace(self, leads=(*others, lead))

    def between(self, start: str, end: str) -> "Chart":
        """The chart with a path between two entities; "" for an end that is not chosen yet."""
        return replace(self, start=start, end=end, choice=0)


@dataclass(frozen=True, slots=True)
class History:
    """A chart with its earlier states, and those that were undone."""

    present: Chart = field(default_factory=Chart)
    past: tuple[Chart, ...] = ()
    future: tuple[Chart, ...] = ()

    def did(self, chart: Chart) -> "History":
        """Add a step, and forget undone ones; a step that changes nothing is ignored."""
        if chart == self.present:
            return self
        return History(chart, (*self.past, self.present)[-_STEPS_KEPT:])

    def undo(self) -> "History":
        """Undo one step, if there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redo(self) -> "History":
        """Redo one undone step, if there is one."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:])
