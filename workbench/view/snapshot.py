"""A snapshot: a whole view as arrays over canonical entities, for analysis."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.errors import NotFound
from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.store.columns import Bool, Columns, Int16, Int32, Int64
from workbench.view.identity import Identity


@dataclass(frozen=True)
class Csr:
    """Neighbours of entity i: `indices[indptr[i]:indptr[i + 1]]`, by rows `tie` of the snapshot."""

    indptr: Int32
    indices: Int32
    tie: Int32


@dataclass(frozen=True)
class Snapshot:
    """Canonical entities, ordered by id, and the ties among them.

    `a` and `b` index `nodes`; `nodes` are entity numbers of `columns`. Ties whose ends are
    the same canonical entity are not in it. `day` is a date's ordinal, or NO_DAY. `markings` are those
    of the classes of visibility, by the numbers that the columns have of them.
    """

    columns: Columns
    identity: Identity
    nodes: Int32
    schema: Int16
    a: Int32
    b: Int32
    role_a: Int16
    role_b: Int16
    tie_schema: Int16
    day: Int32
    record: Int64
    markings: tuple[Marking, ...]
    keys_of: Callable[[Sequence[int]], Mapping[int, str]]

    def keys(self, rows: Int32) -> tuple[str, ...]:
        """Keys of the records behind some ties, sorted."""
        return tuple(sorted(self.keys_of(np.unique(self.record[rows]).tolist()).values()))

    def markings_of(self, records: Iterable[int]) -> frozenset[Marking]:
        """The markings that some records carry, by their numbers; their classes tell, no record is read."""
        classes = np.unique(self._classes[np.fromiter(records, np.int64)])
        return frozenset(self.markings[number] for number in classes.tolist())

    @cached_property
    def _classes(self) -> Int32:
        """The class of visibility of each record."""
        found = np.full(len(self.columns.records), -1, dtype=np.int32)
        for part in (self.columns.about, self.columns.ties, self.columns.claims):
            found[part.record] = part.vis
        return found

    @property
    def rows_told(self) -> Any:
        """The entities that are told."""
        return self.nodes

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The canonical ids, in order."""
        return tuple(self.columns.ids_of(self.nodes))

    @cached_property
    def schemata(self) -> tuple[str, ...]:
        """The schema of each entity, as its records say it; "Thing" for a stub."""
        names = self.columns.names
        return tuple(names[number] if number >= 0 else "Thing" for number in self.schema.tolist())

    @cached_property
    def csr(self) -> Csr:
        """Adjacency, each tie from both its ends."""
        ends = np.concatenate([self.a, self.b])
        others = np.concatenate([self.b, self.a])
        order = np.argsort(ends, kind="stable")
        counts = np.bincount(ends, minlength=len(self.nodes))
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        rows = (order % len(self.a)).astype(np.int32) if len(self.a) else order.astype(np.int32)
        return Csr(indptr, others[order], rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Schemata and roles by the numbers that ties and records have of them."""
        return self.columns.names

    @cached_property
    def agencies(self) -> frozenset[str]:
        """The agencies of which anything is here."""
        datasets = np.unique(self.columns.dataset[self.columns.present]).tolist()
        return frozenset(self.columns.datasets[each].agency for each in datasets)

    def relationship(self, row: int) -> str:
        """The schema of a tie, by its row."""
        return self.names[int(self.tie_schema[row])]

    # -- entities by their numbers among the columns, where referents are apart ----------------

    def number(self, entity: str) -> int:
        """The number of an entity among the columns; NotFound if it is not here."""
        number = self.columns.index_of(entity)
        if number < 0:
            raise NotFound("entity", entity)
        return number

    def members(self, entity: str) -> Sequence[int]:
        """The numbers of all referents of an entity; NotFound if it is not here."""
        return self.identity.cluster(self.number(entity))

    def referents(self, entity: str) -> list[str]:
        """The ids of all referents of an entity, in order; NotFound if it is not here."""
        return self.columns.ids_of(np.array(sorted(self.members(entity))))

    def mask_of(self, entities: Iterable[str]) -> Bool:
        """A mask over the columns' entities: all referents of these; what is not here is left out."""
        mask = np.zeros(len(self.columns.ids), dtype=bool)
        mask[[number for number in map(self.columns.index_of, entities) if number >= 0]] = True
        return self.with_referents(mask)

    def with_referents(self, mask: Bool) -> Bool:
        """True for each referent of an entity one of whose referents is in the mask."""
        canonical = self.identity.canonical
        found = np.zeros(len(mask), dtype=bool)
        found[canonical[mask]] = True
        return found[canonical]

    # -- entities by their places in `nodes` ----------------------------------------------------

    def places(self, numbers: NDArray[np.integer[Any]]) -> Int64:
        """Where entities, by their numbers, are in `nodes`."""
        return np.asarray(np.searchsorted(self.nodes, self.identity.canonical[numbers]), dtype=np.int64)

    def places_mask(self, entities: Iterable[str]) -> Bool:
        """A mask over `nodes`: these entities; what is not here is left out."""
        mask = np.zeros(len(self.nodes), dtype=bool)
        mask[[place for place in map(self.position, entities) if place >= 0]] = True
        return mask

    def id_at(self, place: int) -> str:
        """The canonical id of the entity at a place of `nodes`."""
        return self.columns.id_of(int(self.nodes[place]))

    def canonical(self, entity: str) -> str:
        """The canonical id that an entity's id stands for; NotFound if it is not here."""
        place = self.position(entity)
        if place < 0:
            raise NotFound("entity", entity)
        return self.id_at(place)

    def position(self, entity: str) -> int:
        """Where an entity (any of its referents' ids) is in `nodes`; -1 if it is not here."""
        number = self.columns.index_of(entity)
        if number < 0:
            return -1
        return int(np.searchsorted(self.nodes, self.identity.canonical[number]))


def take_snapshot(
    columns: Columns,
    identity: Identity,
    markings: tuple[Marking, ...],
    keys_of: Callable[[Sequence[int]], Mapping[int, str]],
) -> Snapshot:
    """The snapshot of a view's masked columns under its identity.

    `markings` are those of its classes of visibility; `keys_of` gives the keys of records by their numbers.
    """
    canonical = identity.canonical
    shown = np.zeros(len(canonical), dtype=bool)
    shown[canonical[columns.present]] = True
    nodes = np.flatnonzero(shown).astype(np.int32)
    place = np.full(len(canonical), -1, dtype=np.int32)
    place[nodes] = np.arange(len(nodes), dtype=np.int32)
    place = place[canonical] if len(canonical) else place
    ties = columns.ties
    a, b = place[ties.a], place[ties.b]
    rows = np.flatnonzero(a != b)
    return Snapshot(
        columns=columns,
        identity=identity,
        nodes=nodes,
        schema=_narrowest(columns, place, len(nodes)),
        a=a[rows],
        b=b[rows],
        role_a=ties.role_a[rows],
        role_b=ties.role_b[rows],
        tie_schema=ties.schema[rows],
        day=ties.day[rows],
        record=ties.record[rows],
        markings=markings,
        keys_of=keys_of,
    )


def _narrowest(columns: Columns, place: Int32, n: int) -> Int16:
    """The most specific schema that any record gives each canonical entity; -1 for stubs."""
    known = ontology()
    names = [name for name in columns.names if name in known.schemata]
    ranked = sorted(names, key=lambda name: (-len(known.schemata[name].names), name), reverse=True)
    rank = {name: number for number, name in enumerate(ranked)}
    by_number = np.array([rank.get(name, -1) for name in columns.names] or [-1], dtype=np.int32)
    best = np.full(n, -1, dtype=np.int32)
    np.maximum.at(best, place[columns.about.entity], by_number[columns.about.schema])
    back = np.array([columns.names.index(name) for name in ranked] or [-1], dtype=np.int16)
    return np.where(best >= 0, back[best], -1).astype(np.int16)
