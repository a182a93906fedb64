"""Who and what is within some hops of an entity in a snapshot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from workbench.store.columns import NO_DAY, Int32
from workbench.store.snapshot import Snapshot
from workbench.store.types import Tie
from workbench.store.walking import Ground, StoredTie


@dataclass(frozen=True)
class Neighbourhood:
    """Entities within some hops, and the ties by which they were reached.

    `places` index the snapshot's entities and `rows` its ties, both in order; `entities`
    and `ties` spell them out when they are asked for.
    """

    snapshot: Snapshot
    places: Int32
    rows: Int32

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """Canonical ids, in order; the entity that was asked for is among them."""
        numbers = self.snapshot.nodes[self.places]
        return tuple(each.decode("ascii") for each in self.snapshot.columns.ids[numbers].tolist())

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """The ties, ordered by record, roles and ends."""
        snapshot, names = self.snapshot, self.snapshot.columns.names
        keys = snapshot.keys_of(np.unique(snapshot.record[self.rows]).tolist())
        found = [
            Tie(
                keys[int(snapshot.record[row])],
                names[snapshot.tie_schema[row]],
                snapshot.id_at(int(snapshot.a[row])),
                snapshot.id_at(int(snapshot.b[row])),
                names[snapshot.role_a[row]],
                names[snapshot.role_b[row]],
                day_text(int(snapshot.day[row])),
            )
            for row in self.rows.tolist()
        ]
        return tuple(sorted(found, key=lambda t: (t.record, t.role_a, t.role_b, t.a, t.b)))


def neighbourhood(snapshot: Snapshot, start: int, hops: int) -> Neighbourhood:
    """What is within some hops of the entity at a place of a snapshot."""
    csr = snapshot.csr
    reached = np.zeros(len(snapshot.nodes), dtype=bool)
    reached[start] = True
    walked = np.zeros(len(snapshot.a), dtype=bool)
    frontier = np.array([start], dtype=np.int64)
    for _ in range(hops):
        counts = csr.indptr[frontier + 1] - csr.indptr[frontier]
        offsets = np.cumsum(counts) - counts
        slots = np.arange(int(counts.sum())) + np.repeat(csr.indptr[frontier] - offsets, counts)
        walked[csr.tie[slots]] = True
        fresh = np.zeros_like(reached)
        fresh[csr.indices[slots]] = True
        fresh &= ~reached
        reached |= fresh
        frontier = np.flatnonzero(fresh)
    return Neighbourhood(snapshot, np.flatnonzero(reached).astype(np.int32), np.flatnonzero(walked).astype(np.int32))


def ground_of(snapshot: Snapshot) -> Ground:
    """A snapshot to walk on step by step; its entities are canonical already."""
    names, csr = snapshot.columns.names, snapshot.csr

    def ties_at(entities: Sequence[str]) -> Iterator[StoredTie]:
        for place in (snapshot.position(each) for each in entities):
            for row in csr.tie[csr.indptr[place] : csr.indptr[place + 1]].tolist():
                yield StoredTie(
                    int(snapshot.record[row]),
                    names[snapshot.tie_schema[row]],
                    snapshot.id_at(int(snapshot.a[row])),
                    snapshot.id_at(int(snapshot.b[row])),
                    names[snapshot.role_a[row]],
                    names[snapshot.role_b[row]],
                    row,
                )

    def said_of(records: Sequence[int]) -> dict[int, tuple[str, str]]:
        rows = np.flatnonzero(np.isin(snapshot.record, np.array(records, dtype=np.int64)))
        days = dict(zip(snapshot.record[rows].tolist(), snapshot.day[rows].tolist(), strict=True))
        return {number: (key, day_text(days[number])) for number, key in snapshot.keys_of(records).items()}

    return Ground(ties_at, lambda entities: entities, list, said_of)


def day_text(day: int) -> str:
    """A tie's day as ISO text; "" where it is not known."""
    return "" if day == int(NO_DAY) else date.fromordinal(day).isoformat()
