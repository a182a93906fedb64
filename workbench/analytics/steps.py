"""Turn a path into steps that show records, grades, dates and amounts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, Self

from workbench.analytics.finding import Row
from workbench.analytics.forms import Derivation
from workbench.analytics.forward import Crossing, Span, dues, span_of
from workbench.analytics.projection import Projection
from workbench.model.grade import Grade, weakest
from workbench.model.numbers import Place
from workbench.model.ontology import ontology
from workbench.model.record import Record
from workbench.store.types import SourcedRecord
from workbench.view.walking import Walk


@dataclass(frozen=True, slots=True)
class Step(Row):
    """A step of a path: both ends, the record shown for it, and the weakest grade of the step.

    `amount` and `currency` are the record's first values. A field is "" if the record does not say.
    """

    start: str
    end: str
    schema: str
    record: str
    grade: str
    date: str
    undated: bool
    amount: str
    currency: str

    def to_dict(self) -> dict[str, Any]:
        """The step as JSON values, with its ends as `from` and `to`."""
        said = Row.to_dict(self)
        return {"from": said.pop("start"), "to": said.pop("end"), **said}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        """The step from JSON values."""
        more = {name: value for name, value in said.items() if name not in ("from", "to")}
        return cls(start=said["from"], end=said["to"], **more)


class Said(NamedTuple):
    """One reason for a step, in keys of records: it needs every leg, and any record of a leg is enough.

    `main` is the index of the leg that defines the kind of step. If `flows`, something moves along the step, on the
    date of that leg.
    """

    legs: tuple[tuple[str, ...], ...]
    main: int = 0
    flows: bool = False

    @property
    def records(self) -> tuple[str, ...]:
        """All records of all legs."""
        return tuple(key for leg in self.legs for key in leg)


@dataclass(frozen=True, slots=True)
class Trail:
    """A path: its entities in order, and for each step all reasons for it."""

    entities: tuple[str, ...]
    steps: tuple[tuple[Said, ...], ...]

    @property
    def records(self) -> frozenset[str]:
        """The keys of all supporting records."""
        return frozenset(key for ways in self.steps for way in ways for key in way.records)


@dataclass(frozen=True, slots=True)
class Path:
    """The steps of a path, and the weakest grade on it, "" if a record has none."""

    steps: tuple[Step, ...]
    weakest: str


class _Way(NamedTuple):
    """A reason for a step, with one record chosen for each leg."""

    main: SourcedRecord
    grade: Grade | None
    span: Span  # the time in which it can have flowed
    undated: bool  # it flows, but has no date

    @property
    def text(self) -> str:
        return str(self.grade) if self.grade else ""


def trail_in(found: Projection, nodes: Sequence[Place]) -> Trail:
    """The trail along nodes of a projection; a record that is no longer visible has the key ""."""
    snapshot = found.snapshot
    derivations = [found.edges.evidence(a, b) for a, b in pairwise(nodes)]
    numbers = {snapshot.record_at(row) for ways in derivations for way in ways for row in way.rows}
    keys = snapshot.keys_of(sorted(numbers))

    def said(way: Derivation) -> Said:
        legs = tuple(tuple(keys.get(snapshot.record_at(row), "") for row in leg) for leg in way.legs)
        return Said(legs, way.main, way.flows)

    steps = tuple(tuple(said(way) for way in ways) for ways in derivations)
    return Trail(tuple(snapshot.id_at(node) for node in nodes), steps)


def trail_along(walk: Walk) -> Trail:
    """The trail of a path along ties; each tie is a reason by itself."""
    ties: dict[frozenset[str], list[str]] = defaultdict(list)
    for tie in walk.ties:
        ties[frozenset((tie.a, tie.b))].append(tie.record)
    pairs = pairwise(walk.entities)
    return Trail(walk.entities, tuple(tuple(Said(((key,),)) for key in ties[frozenset(pair)]) for pair in pairs))


def path_of(trail: Trail, records: Mapping[str, SourcedRecord], in_time: bool) -> Path:
    """The steps of a trail, with its records by key; with `in_time`, they must be passable forward in time."""
    ways = [_ways(each, records) for each in trail.steps]
    chosen = _in_time(ways) if in_time else [_strongest(each) for each in ways]
    steps = tuple(_step(a, b, way) for (a, b), way in zip(pairwise(trail.entities), chosen, strict=True))
    worst = weakest(way.grade for way in chosen)
    return Path(steps, str(worst) if worst else "")


def _ways(said: Iterable[Said], records: Mapping[str, SourcedRecord]) -> list[_Way]:
    """Each reason, with the strongest record for each leg, the earliest among equals."""
    ways = []
    for reason in said:
        legs = [_best([records[key] for key in leg]) for leg in reason.legs]
        main = legs[reason.main]
        date = when(main.record) if reason.flows else ""
        undated = reason.flows and not date
        ways.append(_Way(main, weakest(leg.record.grade for leg in legs), span_of(date), undated))
    return sorted(ways, key=lambda way: (when(way.main.record) or "9", way.main.key, way.text))


def _best(records: Sequence[SourcedRecord]) -> SourcedRecord:
    """The record with the strongest grade; among equals the earliest, then the first by key."""
    best, *others = sorted(records, key=lambda each: (when(each.record) or "9", each.key))
    for each in others:
        if _stronger(each.record.grade, best.record.grade):
            best = each
    return best


def _stronger(one: Grade | None, other: Grade | None) -> bool:
    """Whether one grade is stronger than another; any grade is stronger than none."""
    return one is not None and one != other and weakest((one, other)) == other


def _strongest(ways: Sequence[_Way]) -> _Way:
    best, *others = ways
    for way in others:
        if _stronger(way.grade, best.grade):
            best = way
    return best


def _in_time(steps: Sequence[Sequence[_Way]]) -> list[_Way]:
    """For each step a reason that does not delay the arrival: dated ones first, then the earliest."""
    chosen: list[_Way] = []
    now = ""
    for ways, due in zip(steps, dues([Crossing(way.span for way in ways) for ways in steps]), strict=True):
        fitting = [way for way in ways if way.span[1] >= now and max(now, way.span[0]) <= due]
        chosen.append(min(fitting, key=lambda way: (way.undated, max(now, way.span[0]))))
        now = max(now, chosen[-1].span[0])
    return chosen


def when(record: Record) -> str:
    """The date of a record."""
    return ontology().when(record.values())


def _step(a: str, b: str, way: _Way) -> Step:
    record = way.main.record
    values = record.values()
    return Step(
        start=a,
        end=b,
        schema=record.schema,
        record=way.main.key,
        grade=way.text,
        date=when(record),
        undated=way.undated,
        amount=_first(values, "amount"),
        currency=_first(values, "currency"),
    )


def _first(values: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(values.get(name, ())), "")
