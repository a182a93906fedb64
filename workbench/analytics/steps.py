"""A path of nodes becomes steps that show records, grades, dates and amounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from workbench.analytics.finding import Row
from workbench.analytics.forms import Derivation
from workbench.analytics.projection import Projection
from workbench.model.grade import Grade, weakest
from workbench.model.ontology import ontology
from workbench.model.record import Record
from workbench.store.types import SourcedRecord
from workbench.store.view import View


@dataclass(frozen=True, slots=True)
class Path:
    """Steps, the weakest grade on them ("" if a record has none), and all rows they rest on."""

    steps: tuple[Row, ...]
    weakest: str
    rows: tuple[int, ...]

    def to_row(self) -> Row:
        """The path as a finding's result."""
        return {"steps": list(self.steps), "length": len(self.steps)}


class _Way(NamedTuple):
    """A derivation with a record chosen for each leg."""

    main: SourcedRecord
    grade: Grade | None
    first: str  # earliest and latest day on which it can have flowed; "" if that is not known
    last: str

    @property
    def text(self) -> str:
        return str(self.grade) if self.grade else ""


def walk(view: View, found: Projection, nodes: Sequence[int]) -> Path | None:
    """The steps along nodes; None where a flow would have to go back in time."""
    steps: list[Row] = []
    chosen: list[_Way] = []
    rows: list[int] = []
    reached = ""
    for a, b in pairwise(nodes):
        derivations = found.edges.evidence(a, b)
        ways = _ways(view, found, derivations)
        way = _next(ways, reached) if found.directed else _strongest(ways)
        if way is None:
            return None
        reached = max(reached, way.first)
        rows += [row for each in derivations for row in each.rows]
        chosen.append(way)
        steps.append(_step(found.snapshot.id_at(a), found.snapshot.id_at(b), way))
    worst = weakest(way.grade for way in chosen)
    return Path(tuple(steps), str(worst) if worst else "", tuple(rows))


def _ways(view: View, found: Projection, derivations: Iterable[Derivation]) -> list[_Way]:
    """Each derivation with the strongest record of each leg, the earlier of equals."""
    wanted = list(derivations)
    snapshot = found.snapshot
    numbers = {row: int(snapshot.record[row]) for each in wanted for row in each.rows}
    keys = snapshot.keys_of(sorted(set(numbers.values())))
    records = {each.key: each for each in view.records(sorted(keys.values()))}
    ways = []
    for each in wanted:
        legs = [_best([records[keys[numbers[row]]] for row in leg]) for leg in each.legs]
        main = legs[each.main]
        first, last = _days(when(main.record)) if each.flows else ("", "")
        ways.append(_Way(main, weakest(leg.record.grade for leg in legs), first, last))
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


def _strongest(ways: Sequence[_Way]) -> _Way | None:
    best, *others = ways
    for way in others:
        if _stronger(way.grade, best.grade):
            best = way
    return best


def _next(ways: Sequence[_Way], reached: str) -> _Way | None:
    """The earliest way that need not be before the day reached so far."""
    return next((way for way in ways if not way.last or way.last >= reached), None)


def _days(text: str) -> tuple[str, str]:
    """The first and the last day that a date can mean, as texts that compare."""
    day = text[:10]
    return (day, day if len(day) == 10 else day + "~") if day else ("", "")


def when(record: Record) -> str:
    """When a record says that it was."""
    return ontology().when(record.values())


def _step(a: str, b: str, way: _Way) -> Row:
    record = way.main.record
    amounts = record.values().get("amount", ())
    return {
        "from": a,
        "to": b,
        "schema": record.schema,
        "record": way.main.key,
        "grade": way.text,
        "date": when(record),
        "amount": amounts[0] if amounts else "",
    }
