"""The sources for a view's walks: its snapshot, the store's lookups, or a store that walks by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.errors import NotFound
from workbench.model.asked import one_text, texts
from workbench.model.numbers import Place
from workbench.store.backend import Walks
from workbench.store.columns import Bool, Columns, Int32, Ties, all_rows
from workbench.store.steps import Places, RecordTies, Shape, Steps, day_text
from workbench.store.types import Scope
from workbench.view.adjacency import ranges
from workbench.view.answers import Tie
from workbench.view.common_near import schemata_of, ways_among
from workbench.view.masking import Numbers
from workbench.view.parts import Parts
from workbench.view.sharing import NOT_COMMON, Sharing, first_ways
from workbench.view.snapshot import Snapshot
from workbench.view.walking import Source


def place_in(source: Source, entity: str, field: str) -> Place:
    """The number of an entity in a source; NotFound, for the parameter that names it, if it is not in the view."""
    return places_in(source, [one_text(entity, field)], field)[0]


def places_in(source: Source, entities: Sequence[str], field: str) -> list[Place]:
    """The numbers of some entities in a source; NotFound for the first that is not in the view."""
    wanted = list(texts(entities, field))
    places = source.find(wanted).tolist()
    if -1 in places:
        raise NotFound("entity", wanted[places.index(-1)], field)
    return list(map(Place, places))


def shutting(source: Source, shut: Sequence[Place], sharings: Sequence[Sharing]) -> Callable[[Places], Bool] | None:
    """A test of entities: those in `shut`, and those that are common in one of some ways. None if nobody can be."""
    if not shut and not sharings:
        return None
    ways = source.ways(sharings)
    return lambda places: np.isin(places, shut) | (ways(places) != NOT_COMMON)


@dataclass(frozen=True)
class InSnapshot:
    """A snapshot as the source of a walk: entities are indices of its `nodes`, ties are its rows."""

    snapshot: Snapshot

    def find(self, entities: Sequence[str]) -> Places:
        """The numbers of some entities; -1 for those that are not in the view."""
        return self.snapshot.positions(entities)

    @property
    def size(self) -> int:
        """The number of entities."""
        return self.snapshot.csr.size

    def ties_of(self, places: Places) -> Places:
        """The number of ties of some entities."""
        return self.snapshot.csr.ties_of(places)

    def steps(self, places: Places) -> Steps:
        """All steps from some entities."""
        return self.snapshot.csr.steps(places)

    def bridges(self, some: Places, others: Places) -> Steps:
        """The steps from some entities to some others."""
        return self.snapshot.csr.bridges(some, others)

    def ids(self, places: Places) -> Sequence[str]:
        """The ids of some entities."""
        return self.snapshot.ids_at(places)

    def in_order(self, places: Places) -> Places:
        """These entities in the order of their ids."""
        return np.sort(places)

    def ways(self, sharings: Sequence[Sharing]) -> Callable[[Places], Places]:
        """What tells the first way in which each of some entities is common."""
        return first_ways(self.snapshot, sharings).__getitem__

    def names(self) -> Sequence[str]:
        """The names of schemata, by number."""
        return self.snapshot.names

    def relationships(self, steps: Steps) -> Places:
        """The number of the schema of the tie of each step."""
        return self.snapshot.tie_schema[steps.tie]

    def schemata(self, places: Places) -> Mapping[int, str]:
        """The schema of each entity; "Thing" for a stub."""
        return {place: self.snapshot.schemata[place] for place in places.tolist()}

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
            if snapshot.record_at(row) in keys  # access to it may have been withdrawn meanwhile
        ]


_NO_SCHEMA = np.zeros(0, dtype=np.int16)


class InParts:
    """The store's lookups as the source of a walk: who is who is found out for the entities that the walk meets.

    Entities are the canonical ones that the view has met; ties are the rows looked up in this walk.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts, self._met = parts, parts.met
        self._ties: list[Ties] = []
        self._rows = 0

    def find(self, entities: Sequence[str]) -> Places:
        """The numbers of some entities; -1 for those that are not in the view."""
        numbers = self._parts.lookups.numbers_of(set(entities))
        theirs = np.array([numbers.get(entity, -1) for entity in entities], dtype=np.int64)
        seen = np.isin(theirs, self._parts.lookups.present(np.unique(theirs[theirs >= 0])))
        places = np.full(len(theirs), -1, dtype=np.int64)
        places[seen] = self._met.places(theirs[seen])
        return places

    @property
    def size(self) -> int:
        """The number of entities that the view has met."""
        return len(self._met.ids)

    def ties_of(self, places: Places) -> Places:
        """About how many ties some entities have."""
        return self._parts.tied(places)

    def steps(self, places: Places) -> Steps:
        """All steps from some entities."""
        members, _ = self._met.members(places)
        a, b, row = self._take_in(self._parts.lookups.ties(members, None))
        return _both_ways(a, b, row, np.isin(a, places), np.isin(b, places))

    def bridges(self, some: Places, others: Places) -> Steps:
        """The steps from some entities to some others."""
        (members, _), (theirs, _) = self._met.members(some), self._met.members(others)
        a, b, row = self._take_in(self._parts.lookups.ties_between(members, theirs))
        there, back = np.isin(a, some) & np.isin(b, others), np.isin(b, some) & np.isin(a, others)
        return _both_ways(a, b, row, there, back)

    def _take_in(self, ties: Ties) -> tuple[Places, Places, Places]:
        """The places of both ends of ties, and the number of each tie."""
        self._ties.append(ties)
        row = np.arange(self._rows, self._rows + len(ties.a))
        self._rows += len(row)
        ends = self._met.places(np.concatenate([ties.a, ties.b]))
        return ends[: len(row)], ends[len(row) :], row

    def ids(self, places: Places) -> Sequence[str]:
        """The ids of some entities."""
        return [self._met.ids[place] for place in places.tolist()]

    def in_order(self, places: Places) -> Places:
        """These entities in the order of their ids."""
        return np.array(sorted(places.tolist(), key=self._met.ids.__getitem__), dtype=np.int64)

    def named(self, steps: Steps) -> Sequence[Tie]:
        """The ties behind steps."""
        if not len(steps.tie):
            return []
        ties, names = all_rows(self._ties).at(steps.tie.astype(np.int64)), self._parts.lookups.names()
        keys = self._parts.keys_of(np.unique(ties.record).tolist())
        a, b = (self.ids(self._met.places(end)) for end in (ties.a, ties.b))
        said = (each.tolist() for each in (ties.record, ties.schema, ties.role_a, ties.role_b, ties.day))
        return [
            Tie(keys[record], names[schema], one, other, names[role_a], names[role_b], day_text(day))
            for record, schema, role_a, role_b, day, one, other in zip(*said, a, b, strict=True)
            if record in keys  # access to it may have been withdrawn meanwhile
        ]

    def ways(self, sharings: Sequence[Sharing]) -> Callable[[Places], Places]:
        """What tells the first way in which each of some entities is common."""
        return lambda places: ways_among(self._parts, places, sharings)

    def names(self) -> Sequence[str]:
        """The names of schemata, by number."""
        return self._parts.lookups.names()

    def relationships(self, steps: Steps) -> Places:
        """The number of the schema of the tie of each step."""
        schemata: Places = np.concatenate([_NO_SCHEMA, *(each.schema for each in self._ties)])[steps.tie]
        return schemata

    def schemata(self, places: Places) -> Mapping[int, str]:
        """The schema of each entity; "Thing" for a stub."""
        return {place: schema or "Thing" for place, schema in schemata_of(self._parts, places).items()}


def _both_ways(a: Places, b: Places, row: Places, there: Bool, back: Bool) -> Steps:
    """The steps from `a` to `b` where a mask is true, and those from `b` to `a` where another is."""
    forth, home = Steps(a, b, row).take(there & (a != b)), Steps(b, a, row).take(back & (a != b))
    return all_rows([forth, home])


UInt64 = NDArray[np.uint64]

# The number of ties asked for at once: a store answers several such questions in parallel.
_AT_ONCE = 4_000


@dataclass(frozen=True)
class InStore:
    """A store as the source of a walk: the store supplies the ties, the view the identity of entities.

    Entities are the view's numbers of canonical entities, ties the store's numbers of records; `numbers` translates
    between the two. While it is written to, a store may return a tie twice or not at all. So its answers are
    compared with the view's columns, which win if they differ.
    """

    walks: Walks
    scope: Scope
    columns: Columns
    snapshot: Snapshot
    numbers: Numbers

    @property
    def canonical(self) -> Int32:
        """The canonical entity of each entity."""
        return self.snapshot.identity.canonical

    def find(self, entities: Sequence[str]) -> Places:
        """The numbers of some entities; -1 for those that are not in the view."""
        numbers = self.columns.indices_of(entities)
        here, places = numbers >= 0, np.full(len(numbers), -1, dtype=np.int64)
        places[here] = self.canonical[numbers[here]]
        return places

    @cached_property
    def _held(self) -> Steps:
        """All ties from `a` to `b` in the view's columns, to check the store's answers against."""
        ties = self.columns.ties
        return Steps(ties.a, ties.b, self.numbers.records[ties.record]).take(ties.a != ties.b)

    @cached_property
    def _own(self) -> Places:
        """The number of ties of each entity, before resolution."""
        return np.bincount(np.concatenate([self._held.near, self._held.far]), minlength=len(self.canonical))

    @cached_property
    def _sums(self) -> UInt64:
        """A checksum of each entity's ties and their other ends, before resolution."""
        sums = np.zeros(len(self.canonical), dtype=np.uint64)
        held = self._held
        for near, far in ((held.near, held.far), (held.far, held.near)):
            np.add.at(sums, near, _marks(held.tie, far))
        return sums

    @property
    def size(self) -> int:
        """The number of entities."""
        return len(self.canonical)

    def ties_of(self, places: Places) -> Places:
        """The number of ties of some canonical entities, over all their referents."""
        return self._ties[places]

    @cached_property
    def _ties(self) -> Places:
        return np.bincount(self.canonical, weights=self._own, minlength=len(self.canonical)).astype(np.int64)

    @cached_property
    def _joined(self) -> tuple[Int32, Int32]:
        """The entities that are not canonical, and their canonical ones, ordered by the latter."""
        joined = np.flatnonzero(self.canonical != np.arange(len(self.canonical))).astype(np.int32)
        order = np.argsort(self.canonical[joined], kind="stable")
        return joined[order], self.canonical[joined][order]

    @cached_property
    def _shapes(self) -> Mapping[int, Shape]:
        return self.walks.shapes()

    def _members(self, places: Places) -> Places:
        """All referents of these canonical entities."""
        joined, canonical = self._joined
        rows, _ = ranges(*(np.searchsorted(canonical, places, side) for side in ("left", "right")))
        return np.concatenate([places, joined[rows]])

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
        """The steps from some entities to some others, from the view's columns: faster than asking the store."""
        steps = self._from(self._members(some))
        return self._joined_up(steps.take(self._are(self._members(others))[steps.far]))

    def _from(self, members: Places) -> Steps:
        """The steps from entities before resolution, from the view's columns."""
        wanted, held = self._are(members), self._held
        back = Steps(held.far, held.near, held.tie)
        return all_rows([held.take(wanted[held.near]), back.take(wanted[back.near])])

    def _are(self, members: Places) -> Bool:
        are = np.zeros(len(self.canonical), dtype=bool)
        are[members] = True
        return are

    def _joined_up(self, steps: Steps) -> Steps:
        """The steps with both ends replaced by their canonical entities."""
        near, far = self.canonical[steps.near], self.canonical[steps.far]
        return Steps(near, far, steps.tie).take(near != far)

    def ids(self, places: Places) -> Sequence[str]:
        """The ids of some entities."""
        return self.columns.ids_of(places)

    def in_order(self, places: Places) -> Places:
        """These entities in the order of their ids."""
        return np.sort(places)

    def ways(self, sharings: Sequence[Sharing]) -> Callable[[Places], Places]:
        """What tells the first way in which each of some entities is common."""
        first = first_ways(self.snapshot, sharings)
        return lambda places: first[self.snapshot.places(places)]

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
    """A hash of each tie and its far end, so that sums of them are checksums (SplitMix64, Steele et al. 2014)."""
    x = ties.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + far.astype(np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _each(tie: Places, a: Places, b: Places) -> NDArray[np.void]:
    """Ties as comparable rows, whichever order their ends have."""
    rows = np.stack([tie, np.minimum(a, b), np.maximum(a, b)], axis=1).astype(np.int64)
    return rows.view([("", np.int64)] * 3).ravel()
