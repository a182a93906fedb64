"""A path becomes steps that show records, grades, dates and amounts."""

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
    """From whom to whom, by one record; the grade on which the step is weakest. "" where nobody says.

    `amount` and `currency` are the first that the record says.
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
        """The step as JSON can say it, `from` one `to` another."""
        said = Row.to_dict(self)
        return {"from": said.pop("start"), "to": said.pop("end"), **said}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        """The step that JSON says."""
        more = {name: value for name, value in said.items() if name not in ("from", "to")}
        return cls(start=said["from"], end=said["to"], **more)


class Said(NamedTuple):
    """One way in which a step stands, by keys of records: every leg is needed, any record of a leg will do.

    `main` is the leg that says what kind of step it is; `flows` whether something moves along it, on the day that
    this leg is dated.
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
    """A path by its entities, in order, and for each of its steps all ways in which it stands."""

    entities: tuple[str, ...]
    steps: tuple[tuple[Said, ...], ...]

    @property
    def records(self) -> frozenset[str]:
        """Keys of all records that it rests on."""
        return frozenset(key for ways in self.steps for way in ways for key in way.records)


@dataclass(frozen=True, slots=True)
class Path:
    """Steps, and the weakest grade on them ("" if a record has none)."""

    steps: tuple[Step, ...]
    weakest: str


class _Way(NamedTuple):
    """A way with a record chosen for each leg."""

    main: SourcedRecord
    grade: Grade | None
    span: Span  # when it can have flowed
    undated: bool  # it flowed, and nobody says when

    @property
    def text(self) -> str:
        return str(self.grade) if self.grade else ""


def trail_in(found: Projection, nodes: Sequence[Place]) -> Trail:
    """The trail along nodes of a projection; the key of a record that is no longer seen is ""."""
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
    """The trail of a path through all ties, each of which is a way by itself."""
    ties: dict[frozenset[str], list[str]] = defaultdict(list)
    for tie in walk.ties:
        ties[frozenset((tie.a, tie.b))].append(tie.record)
    pairs = pairwise(walk.entities)
    return Trail(walk.entities, tuple(tuple(Said(((key,),)) for key in ties[frozenset(pair)]) for pair in pairs))


def path_of(trail: Trail, records: Mapping[str, SourcedRecord], in_time: bool) -> Path:
    """The steps of a trail, whose records are given by key; `in_time`, they must be passable forward in time."""
    ways = [_ways(each, records) for each in trail.steps]
    chosen = _in_time(ways) if in_time else [_strongest(each) for each in ways]
    steps = tuple(_step(a, b, way) for (a, b), way in zip(pairwise(trail.entities), chosen, strict=True))
    worst = weakest(way.grade for way in chosen)
    return Path(steps, str(worst) if worst else "")


def _ways(said: Iterable[Said], records: Mapping[str, SourcedRecord]) -> list[_Way]:
    """Each way with the strongest record of each leg, the earlier of equals."""
    ways = []
    for each in said:
        legs = [_best([records[key] for key in leg]) for leg in each.legs]
        main = legs[each.main]
        date = when(main.record) if each.flows else ""
        undated = each.flows and not date
        ways.append(_Way(main, weakest(leg.record.grade for leg in legs), span_of(date), undated))
    return sorted(ways, key=lambda way: (when(way.main.record) or "9", way.main.key, way.text))


def _best(records: Sequence[SourcedRecord]) -> SourcedRecord:
    """The record with the strongest grade; the earliest, then the first by key, of equals."""
    best, *others = sorted(records, key=lambda each: (when(each.record) or "9", each.key))
    for each in others:
        if _stronger(each.record.grade, best.record.grade):
            best = each
    return best


def _stronger(one: Grade | None, other: Grade | None) -> bool:
    """Whether one grade is stronger than another; any is stronger than none."""
    return one is not None and one != other and weakest((one, other)) == other


def _strongest(ways: Sequence[_Way]) -> _Way:
    best, *others = ways
    for way in others:
        if _stronger(way.grade, best.grade):
            best = way
    return best


def _in_time(steps: Sequence[Sequence[_Way]]) -> list[_Way]:
    """Of each step's ways one by which the end is reached as early as can be: dated ones first, then the earliest."""
    chosen: list[_Way] = []
    now = ""
    for ways, due in zip(steps, dues([Crossing(way.span for way in ways) for ways in steps]), strict=True):
        fitting = [way for way in ways if way.span[1] >= now and max(now, way.span[0]) <= due]
        chosen.append(min(fitting, key=lambda way: (way.undated, max(now, way.span[0]))))
        now = max(now, chosen[-1].span[0])
    return chosen


def when(record: Record) -> str:
    """When a record says that it was."""
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
