"""A chart: what an analyst put on the canvas, and every step that can be taken back.

Pure data; nothing here reads a store or draws. A chart holds the ids of entities, never
what is said about them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

Place = tuple[float, float]

_STEPS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a chart is shown; an empty part filters nothing.

    `agencies`, `schemata` (of entities) and `relationships` (their schemata) name what is
    kept. A record is kept if it may be dated between `since` and `until` (ISO days,
    inclusive) or has no date.
    """

    agencies: frozenset[str] = frozenset()
    schemata: frozenset[str] = frozenset()
    relationships: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""

    def __bool__(self) -> bool:
        return self != Filters()

    def keeps_entity(self, schema: str, agencies: Iterable[str]) -> bool:
        """Whether an entity that these agencies know is shown."""
        return (not self.schemata or schema in self.schemata) and (
            not self.agencies or not self.agencies.isdisjoint(agencies)
        )

    def keeps_record(self, schema: str, agency: str, day: str) -> bool:
        """Whether a relationship's record of this day ("" if unknown) is shown."""
        return (
            (not self.relationships or schema in self.relationships)
            and (not self.agencies or agency in self.agencies)
            and (not day or (day >= self.since[: len(day)] and (not self.until or day[:10] <= self.until)))
        )


@dataclass(frozen=True, slots=True)
class Lead:
    """A predicted relationship on the canvas, with the keys of the records that it rests on: never a fact."""

    a: str
    b: str
    score: float
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Entities in the order in which they came, what is hidden, and where they lie.

    `start` and `end` are the ends of the path asked for ("" where none is), walked in
    `projection`; `choice` says which of the paths found is highlighted. `records` are the keys
    of all that it rested on when things were put on it: whoever may not see one of them, may not
    know what is on it.
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
        """Entities that are not hidden."""
        return tuple(entity for entity in self.entities if entity not in self.hidden)

    def added(self, entities: Iterable[str]) -> "Chart":
        """With these entities on it, none of them hidden."""
        wanted = tuple(dict.fromkeys(entities))
        known = set(self.entities)
        fresh = tuple(entity for entity in wanted if entity not in known)
        return replace(self, entities=self.entities + fresh, hidden=self.hidden - set(wanted))

    def hiding(self, entities: Iterable[str]) -> "Chart":
        """With these of its entities hidden."""
        return replace(self, hidden=self.hidden | (set(entities) & set(self.entities)))

    def restored(self) -> "Chart":
        """With nothing hidden."""
        return replace(self, hidden=frozenset())

    def moved(self, places: Mapping[str, Place]) -> "Chart":
        """With these of its entities at these places."""
        known = {entity: place for entity, place in places.items() if entity in set(self.entities)}
        return replace(self, positions={**self.positions, **known})

    def resting_on(self, records: Iterable[str]) -> "Chart":
        """Resting on these records too."""
        return replace(self, records=self.records.union(records))

    def led(self, lead: Lead) -> "Chart":
        """With this lead, in place of any between the same two."""
        others = (each for each in self.leads if {each.a, each.b} != {lead.a, lead.b})
        return self if lead in self.leads else replace(self, leads=(*others, lead))

    def between(self, start: str, end: str) -> "Chart":
        """Asking for the path between two entities; "" for an end that is not chosen yet."""
        return replace(self, start=start, end=end, choice=0)


@dataclass(frozen=True, slots=True)
class History:
    """A chart with the steps that led to it and those that were taken back."""

    present: Chart = field(default_factory=Chart)
    past: tuple[Chart, ...] = ()
    future: tuple[Chart, ...] = ()

    def did(self, chart: Chart) -> "History":
        """A step was taken; what had been taken back is forgotten. A step that changes nothing is none."""
        if chart == self.present:
            return self
        return History(chart, (*self.past, self.present)[-_STEPS_KEPT:])

    def undo(self) -> "History":
        """One step back, if there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redo(self) -> "History":
        """One step forward again, if there is one."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:])
