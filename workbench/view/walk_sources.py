"""Where a view walks: in a snapshot of it, or in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.store.backend import Walks
from workbench.store.columns import Bool, Columns, Int32
from workbench.store.steps import Places, RecordTies, Shape, Steps, all_steps, day_text
from workbench.store.types import Scope
from workbench.view.adjacency import ranges
from workbench.view.answers import Tie
from workbench.view.masking import Numbers
from workbench.view.snapshot import Snapshot


@dataclass(frozen=True)
class InSnapshot:
    """A snapshot as the source of a walk: entities are their places in it, ties their rows."""

    snapshot: Snapshot

    @cached_property
    def ties(self) -> Places:
        """How many ties stand at each entity."""
        return self.snapshot.csr.ties

    def steps(self, places: Places) -> Steps:
        """All steps from some entities."""
        return self.snapshot.csr.steps(places)

    def bridges(self, some: Places, others: Places) -> Steps:
        """The steps from some entities to some others."""
        return self.snapshot.csr.bridges(some, others)

    def ids(self, places: Places) -> Sequence[str]:
        """The ids of some entities."""
        return self.snapshot.ids_at(places)

    def named(self, steps: Steps) -> Sequence[Tie]:
        """The ties behind steps."""
        snapshot = self.snapshot
        names, keys = snapshot.names, snapshot.keys_of(np.unique(snapshot.record[steps.tie]).tolist())
        return [
            Tie(
                keys[snapshot.record_at(row)],
                names[snapshot.tie_schema[row]],
                *snapshot.ends(row),
                names[snapshot.role_a[row]],
                names[snapshot.role_b[row]],
                day_text(int(snapshot.day[row])),
            )
            for row in steps.tie.tolist()
            if snapshot.record_at(row) in keys  # access to it may have been taken away meanwhile
        ]


UInt64 = NDArray[np.uint64]

# Ties that are asked for at once: a store answers several such questions side by side.
_AT_ONCE = 4_000


@dataclass(frozen=True)
class InStore:
    """A store as the source of a walk: it tells of the ties, the view of who is one with whom.

    Entities are the view's numbers of canonical ones, ties the store's numbers of their records; `numbers` are the
    store's of its entities and records. A store that is at work may tell of a tie twice or not at all: what it tells is
    compared with what the view holds, which counts where they differ.
    """

    walks: Walks
    scope: Scope
    columns: Columns
    canonical: Int32
    numbers: Numbers

    @cached_property
    def _held(self) -> Steps:
        """All ties, from `a` to `b`: what the store's answers must be."""
        ties = self.columns.ties
        return Steps(ties.a, ties.b, self.numbers.records[ties.record]).take(ties.a != ties.b)

    @cached_property
    def _own(self) -> Places:
        """How many ties stand at each entity itself."""
        return np.bincount(np.concatenate([self._held.near, self._held.far]), minlength=len(self.canonical))

    @cached_property
    def _sums(self) -> UInt64:
        """A sum over the ties at each entity itself and where they lead, which others than these do not have."""
        found = np.zeros(len(self.canonical), dtype=np.uint64)
        held = self._held
        for near, far in ((held.near, held.far), (held.far, held.near)):
            np.add.at(found, near, _marks(held.tie, far))
        return found

    @cached_property
    def ties(self) -> Places:
        """How many ties stand at all that each entity stands for."""
        return np.bincount(self.canonical, weights=self._own, minlength=len(self.canonical)).astype(np.int64)

    @cached_property
    def _joined(self) -> tuple[Int32, Int32]:
        """Entities whose canonical one is another, in order of that; and that."""
        joined = np.flatnonzero(self.canonical != np.arange(len(self.canonical))).astype(np.int32)
        order = np.argsort(self.canonical[joined], kind="stable")
        return joined[order], self.canonical[joined][order]

    @cached_property
    def _shapes(self) -> Mapping[int, Shape]:
        return self.walks.shapes()

    def _members(self, places: Places) -> Places:
        """All that these entities stand for."""
        joined, canonical = self._joined
        found, _ = ranges(*(np.searchsorted(canonical, places, side) for side in ("left", "right")))
        return np.concatenate([places, joined[found]])

    def steps(self, places: Places) -> Steps:
        """All steps from some entities."""
        members = self._members(places)
        parts = np.cumsum(1 + self._own[members]) // _AT_ONCE
        entities = np.split(self.numbers.entities[members], np.flatnonzero(np.diff(parts)) + 1)
        told = self.walks.ties_at(self.scope, entities, self._shapes)
        near, far = (self.numbers.of_entities(end) for end in (told.near, told.far))
        as_held = len(far) == self._own[members].sum() and _marks(told.tie, far).sum() == self._sums[members].sum()
        return self._joined_up(Steps(near, far, told.tie) if as_held else self._from(members))

    def bridges(self, some: Places, others: Places) -> Steps:
        """The steps from some entities to some others: no question to the store, a crowd's are gone through sooner."""
        found = self._from(self._members(some))
        return self._joined_up(found.take(self._are(self._members(others))[found.far]))

    def _from(self, members: Places) -> Steps:
        """The steps from entities themselves, as the view holds them."""
        wanted, held = self._are(members), self._held
        back = Steps(held.far, held.near, held.tie)
        return all_steps([held.take(wanted[held.near]), back.take(wanted[back.near])])

    def _are(self, members: Places) -> Bool:
        are = np.zeros(len(self.canonical), dtype=bool)
        are[members] = True
        return are

    def _joined_up(self, found: Steps) -> Steps:
        """The same between canonical entities."""
        near, far = self.canonical[found.near], self.canonical[found.far]
        return Steps(near, far, found.tie).take(near != far)

    def ids(self, places: Places) -> Sequence[str]:
        """The ids of some entities."""
        return self.columns.ids_of(places)

    def named(self, steps: Steps) -> Sequence[Tie]:
        """The ties behind steps."""
        said = self.walks.said_of(self.scope, np.unique(steps.tie).tolist())
        every = [(record, *tie) for record, each in said.items() for tie in each.ties if self._shapes[tie[2]].type]
        record, *ends, shape = np.array(every, dtype=np.int64).reshape(-1, 4).T
        a, b = (self.canonical[self.numbers.of_entities(end)] for end in ends)
        walked = np.isin(_each(record, a, b), _each(steps.tie, steps.near, steps.far))
        ids = (self.columns.ids_of(end[walked]) for end in (a, b))
        told = zip(record[walked].tolist(), shape[walked].tolist(), *ids, strict=True)
        return [self._tie(said[number], self._shapes[form], *between) for number, form, *between in told]

    def _tie(self, said: RecordTies, shape: Shape, a: str, b: str) -> Tie:
        return Tie(said.key, shape.schema, a, b, shape.role_a, shape.role_b, said.day)


def _marks(ties: Places, far: Places) -> UInt64:
    """Ties and where they lead, scattered so that a sum tells which they were (SplitMix64, Steele et al. 2014)."""
    x = ties.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + far.astype(np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _each(tie: Places, a: Places, b: Places) -> NDArray[np.void]:
    """Ties with their ends in either order, to be looked up."""
    rows = np.stack([tie, np.minimum(a, b), np.maximum(a, b)], axis=1).astype(np.int64)
    return rows.view([("", np.int64)] * 3).ravel()
