"""Where a view walks: in a snapshot of it, or in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.store.base import GraphStore
from workbench.store.columns import Columns, Int32, Numbers
from workbench.store.snapshot import Snapshot
from workbench.store.types import Scope, Tie
from workbench.store.walking import Ground, Places, Said, Shape, Steps, day_text, ranges


def ground_of(snapshot: Snapshot) -> Ground:
    """A snapshot as a ground: entities are their places in it, ties their rows."""
    csr = snapshot.csr

    def steps(places: Places) -> Steps:
        slots, of = ranges(csr.indptr[places], csr.indptr[places + 1])
        return Steps(places[of], csr.indices[slots], csr.tie[slots])

    def bridges(some: Places, others: Places) -> Steps:
        found = steps(some)
        return found.take(np.isin(found.far, others))

    def ids(places: Places) -> list[str]:
        return snapshot.columns.ids_of(snapshot.nodes[places])

    def named(steps: Steps) -> Sequence[Tie]:
        names, keys = snapshot.columns.names, snapshot.keys_of(np.unique(snapshot.record[steps.tie]).tolist())
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
            for row in steps.tie.tolist()
            if int(snapshot.record[row]) in keys  # access to it may have been taken away meanwhile
        ]

    return Ground(np.diff(csr.indptr), steps, bridges, ids, named)


# Ties that are asked for at once: a store answers several such questions side by side.
_AT_ONCE = 4_000


@dataclass(frozen=True)
class Stored:
    """A store as a ground: it tells of the ties, the view of who is one with whom.

    Entities are the view's numbers of canonical ones, ties the store's numbers of their records; `numbers` are the
    store's of its entities and records.
    """

    store: GraphStore
    scope: Scope
    columns: Columns
    canonical: Int32
    numbers: Numbers

    @cached_property
    def ground(self) -> Ground:
        """Where to walk."""
        return Ground(self._ties, self._steps, self._bridges, self.columns.ids_of, self._named)

    @cached_property
    def _own(self) -> Places:
        """How many ties stand at each entity itself."""
        return np.bincount(np.concatenate([self.columns.ties.a, self.columns.ties.b]), minlength=len(self.canonical))

    @cached_property
    def _ties(self) -> Places:
        return np.bincount(self.canonical, weights=self._own, minlength=len(self.canonical)).astype(np.int64)

    @cached_property
    def _joined(self) -> tuple[Int32, Int32]:
        """Entities whose canonical one is another, in order of that; and that."""
        joined = np.flatnonzero(self.canonical != np.arange(len(self.canonical))).astype(np.int32)
        order = np.argsort(self.canonical[joined], kind="stable")
        return joined[order], self.canonical[joined][order]

    @cached_property
    def _shapes(self) -> Mapping[int, Shape]:
        return self.store._shapes()

    def _members(self, places: Places) -> Places:
        """All that these entities stand for."""
        joined, canonical = self._joined
        found, _ = ranges(*(np.searchsorted(canonical, places, side) for side in ("left", "right")))
        return np.concatenate([places, joined[found]])

    def _steps(self, places: Places) -> Steps:
        members = self._members(places)
        parts = np.cumsum(1 + self._own[members]) // _AT_ONCE
        entities = np.split(self.numbers.entities[members], np.flatnonzero(np.diff(parts)) + 1)
        return self._seen(self.store._ties_at(self.scope, entities, self._shapes))

    def _bridges(self, some: Places, others: Places) -> Steps:
        near, far = (self.numbers.entities[self._members(places)] for places in (some, others))
        return self._seen(self.store._ties_between(self.scope, near, far, self._shapes))

    def _seen(self, found: Steps) -> Steps:
        """The same between canonical entities of the view."""
        near, far = (self.numbers.of_entities(end) for end in (found.near, found.far))
        known = (near >= 0) & (far >= 0)
        near, far = self.canonical[near[known]], self.canonical[far[known]]
        return Steps(near, far, found.tie[known]).take(near != far)

    def _named(self, steps: Steps) -> Sequence[Tie]:
        said = self.store._said_of(self.scope, np.unique(steps.tie).tolist())
        every = [(record, *tie) for record, each in said.items() for tie in each.ties if self._shapes[tie[2]].type]
        record, *ends, shape = np.array(every, dtype=np.int64).reshape(-1, 4).T
        a, b = (self.canonical[self.numbers.of_entities(end)] for end in ends)
        walked = np.isin(_each(record, a, b), _each(steps.tie, steps.near, steps.far))
        ids = (self.columns.ids_of(end[walked]) for end in (a, b))
        told = zip(record[walked].tolist(), shape[walked].tolist(), *ids, strict=True)
        return [self._tie(said[number], self._shapes[form], *between) for number, form, *between in told]

    def _tie(self, said: Said, shape: Shape, a: str, b: str) -> Tie:
        return Tie(said.key, shape.schema, a, b, shape.role_a, shape.role_b, said.day)


def _each(tie: Places, a: Places, b: Places) -> NDArray[np.void]:
    """Ties with their ends in either order, to be looked up."""
    rows = np.stack([tie, np.minimum(a, b), np.maximum(a, b)], axis=1).astype(np.int64)
    return rows.view([("", np.int64)] * 3).ravel()
