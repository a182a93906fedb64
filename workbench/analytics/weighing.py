"""How the weight of one tie comes about: which records say it, of which sources, on which grades."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.weights import leg_weight
from workbench.errors import UsageError, naming
from workbench.model.numbers import Place
from workbench.store.types import SourcedRecord
from workbench.view.asking import question
from workbench.view.view import View


@dataclass(frozen=True, slots=True)
class Testimony:
    """A record that says a leg: its source, grade and weight, and the record whose words it repeats, "" if none.

    `counts` tells whether its source counts by it; else by another record, which weighs as much or more.
    """

    record: str
    schema: str
    source: str
    grade: str
    weight: float
    repeats: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a reason: its weight, and the records that say it, ordered by source."""

    weight: float
    said: tuple[Testimony, ...]


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weight of a tie of a projection, and the reasons for it: each needs all of its legs."""

    projection: str
    a: str
    b: str
    weight: float
    sources: tuple[str, ...]
    reasons: tuple[tuple[Leg, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """The weighing as JSON values."""
        return asdict(self)


@question
def weight(view: View, a: str, b: str, projection: str = "persons", count_common: bool = False) -> Weighing:
    """What the tie from one entity to another weighs in a projection, and why; see `workbench.analytics.weights`.

    NotFound for an entity that is not in this view; UsageError if the projection has no tie between these two.
    """
    found = positions_of(view, projection, count_common)
    with naming("a", "entity"):
        x = found.node(a)
    with naming("b", "entity"):
        y = found.node(b)
    edge = _edge(found, x, y)
    ends = (x, y) if found.directed else (min(x, y), max(x, y))
    legs = [[*dict.fromkeys(way.legs)] for way in found.edges.evidence(*ends)]
    records = found.records(row for way in legs for leg in way for row in leg)
    keys = found.snapshot.keys_of(records.astype(np.int64))
    known = {each.key: each for each in view.records(list(keys.values()))}
    reasons = tuple(tuple(_leg(found, leg, known) for leg in way) for way in legs)
    sources = sorted({each.source for way in reasons for leg in way for each in leg.said})
    names = (found.snapshot.id_at(x), found.snapshot.id_at(y))
    return Weighing(projection, *names, float(found.weights[edge]), tuple(sources), reasons)


def _edge(found: Projection, x: Place, y: Place) -> int:
    """The index of the edge between two nodes."""
    low, high = (x, y) if found.directed else (min(x, y), max(x, y))
    edges = np.flatnonzero((found.edges.a == low) & (found.edges.b == high))
    if not len(edges):
        raise UsageError(f"the projection {found.name!r} has no tie between these two", "b")
    return int(edges[0])


def _leg(found: Projection, rows: Iterable[int], known: dict[str, SourcedRecord]) -> Leg:
    records, said = found.records(rows).astype(np.int64), found.said
    keys, places = found.snapshot.keys_of(records), said.places(records)
    told = []
    for number, place in zip(records.tolist(), places.tolist(), strict=True):
        source, weight = said.names[said.source[place]], float(said.weight[place])
        told.append((source, -weight, keys[number], _origin(found, int(said.repeats[place]))))
    counted, testimonies = set[str](), []
    for source, less, key, origin in sorted(told):
        record = known[key].record
        grade = "" if record.grade is None else str(record.grade)
        testimonies.append(Testimony(key, record.schema, source, grade, -less, origin, source not in counted))
        counted.add(source)
    return Leg(leg_weight(said, places), tuple(testimonies))


def _origin(found: Projection, place: int) -> str:
    """The key of the record that another one repeats; "" for none."""
    if place < 0:
        return ""
    number = found.said.records[[place]]
    return next(iter(found.snapshot.keys_of(number).values()))
