"""Where a view walks: in a snapshot of it, or in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workbench.store.base import GraphStore
from workbench.store.columns import Columns, Int32, Numbers
from workbench.store.snapshot import Snapshot
from workbench.store.types import Scope, Tie
from workbench.store.walking import Ground, Places, Shape, Steps, day_text


def ground_of(snapshot: Snapshot) -> Ground:
    """A snapshot as a ground: entities are their places in it; the shape of a tie is its row."""
    csr = snapshot.csr

    def steps(places: Places) -> Steps:
        counts = csr.indptr[places + 1] - csr.indptr[places]
        offsets = np.cumsum(counts) - counts
        slots = np.arange(int(counts.sum())) + np.repeat(csr.indptr[places] - offsets, counts)
        near, rows = np.repeat(places, counts), csr.tie[slots]
        return Steps(near, csr.indices[slots], snapshot.record[rows], rows, snapshot.a[rows] == near)

    def ids(places: Places) -> list[str]:
        return snapshot.columns.ids_of(snapshot.nodes[places])

    def named(steps: Steps) -> Sequence[Tie]:
        names, keys = snapshot.columns.names, snapshot.keys_of(np.unique(steps.record).tolist())
        return [
            Tie(
                keys[int(snapshot.record[row])],
                names[snapshot.tie_schema[row]],
                snapshot.id_at(int(snapshot.a[row])),
                snapshot.id_at(int(snapshot.b[row])),
                names[snapshot.role_a[row]],
                names[snapshot.role_b[row]],
                day_text(int(snapshot.day[row])),
            )
            for row in steps.shape.tolist()
            if int(snapshot.record[row]) in keys  # access to it may have been taken away meanwhile
        ]

    return Ground(np.diff(csr.indptr), steps, ids, named)


@dataclass(frozen=True)
class Stored:
    """A store as a ground: it tells of the ties, the view of who is one with whom.

    Entities are the view's numbers of canonical ones; `numbers` are the store's of its entities and records.
    """

    store: GraphStore
    scope: Scope
    columns: Columns
    canonical: Int32
    numbers: Numbers

    @cached_property
    def ground(self) -> Ground:
        """Where to walk."""
        return Ground(self._ties, self._steps, self.columns.ids_of, self._named)

    @cached_property
    def _ties(self) -> Places:
        a, b = (self.canonical[end] for end in (self.columns.ties.a, self.columns.ties.b))
        return np.bincount(np.concatenate([a, b]), minlength=len(self.canonical))

    @cached_property
    def _joined(self) -> Int32:
        """Entities whose canonical one is another."""
        return np.flatnonzero(self.canonical != np.arange(len(self.canonical))).astype(np.int32)

    @cached_property
    def _shapes(self) -> Mapping[int, Shape]:
        return self.store._shapes()

    def _steps(self, places: Places) -> Steps:
        wanted = np.zeros(len(self.canonical), dtype=bool)
        wanted[places] = True
        members = np.concatenate([places, self._joined[wanted[self.canonical[self._joined]]]])
        found = self.store._ties_at(self.scope, self.numbers.entities[members], self._shapes)
        near, far = (self.numbers.of_entities(end) for end in (found.near, found.far))
        among = Steps(near, far, found.record, found.shape, found.forward).take((near >= 0) & (far >= 0))
        near, far = self.canonical[among.near], self.canonical[among.far]
        return replace(among, near=near, far=far).take(near != far)

    def _named(self, steps: Steps) -> Sequence[Tie]:
        said = self.store._said_of(self.scope, np.unique(steps.record).tolist())
        shapes = map(self._shapes.__getitem__, steps.shape.tolist())
        ends = (self.columns.ids_of(end) for end in steps.ends)
        return [
            Tie(said[record][0], shape.schema, a, b, shape.role_a, shape.role_b, said[record][1])
            for record, shape, a, b in zip(steps.record.tolist(), shapes, *ends, strict=True)
            if record in said  # access to it may have been taken away meanwhile
        ]
