"""A snapshot: a whole view as arrays over canonical entities, for analysis."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.errors import NotFound
from workbench.model.marking import Marking
from workbench.model.numbers import EntityNumber, Place, RecordNumber
from workbench.model.ontology import ontology
from workbench.model.record import Dataset
from workbench.store.columns import Bool, Columns, Int16, Int32, Int64, Ties
from workbench.view.adjacency import Csr
from workbench.view.identity import Identity


class Recorded(NamedTuple):
    """Ties as they were recorded, between referents by their numbers; one of equal ends ties nothing."""

    names: tuple[str, ...]
    a: Int32
    b: Int32
    role_a: Int16
    role_b: Int16
    tie_schema: Int16


@dataclass(frozen=True)
class Snapshot:
    """Canonical entities, ordered by id, and the ties among them; each array is made when it is first asked for.

    `a` and `b` index `nodes`, which are entities' numbers. Ties whose ends are the same canonical
    entity are not in it. `day` is a date's ordinal, or NO_DAY. `markings` are those of the classes
    of visibility, by number; `keys_of` gives the keys of records by their numbers.
    """

    _columns: Columns
    identity: Identity
    markings: tuple[Marking, ...]
    keys_of: Callable[[Sequence[RecordNumber]], Mapping[RecordNumber, str]]

    # -- the arrays ------------------------------------------------------------------------------

    @cached_property
    def nodes(self) -> Int32:
        """The numbers of the canonical entities, in order."""
        shown = np.zeros(len(self.identity.canonical), dtype=bool)
        shown[self.identity.canonical[self._columns.present]] = True
        return np.flatnonzero(shown).astype(np.int32)

    @cached_property
    def _place(self) -> Int32:
        """Where each entity, by its number, is in `nodes`; -1 for what is not."""
        canonical = self.identity.canonical
        place = np.full(len(canonical), -1, dtype=np.int32)
        place[self.nodes] = np.arange(len(self.nodes), dtype=np.int32)
        return place[canonical] if len(canonical) else place

    @cached_property
    def schema(self) -> Int16:
        """The most specific schema that any record gives each entity; -1 for stubs."""
        about, known, all_names = self._columns.about, ontology(), self.names
        names = [name for name in all_names if name in known.schemata]
        ranked = sorted(names, key=lambda name: (-len(known.schemata[name].names), name), reverse=True)
        rank = {name: number for number, name in enumerate(ranked)}
        by_number = np.array([rank.get(name, -1) for name in all_names] or [-1], dtype=np.int32)
        best = np.full(len(self.nodes), -1, dtype=np.int32)
        np.maximum.at(best, self._place[about.entity], by_number[about.schema])
        back = np.array([all_names.index(name) for name in ranked] or [-1], dtype=np.int16)
        return np.where(best >= 0, back[best], -1).astype(np.int16)

    @cached_property
    def _ties(self) -> Ties:
        ties = self._columns.ties
        a, b = self._place[ties.a], self._place[ties.b]
        return replace(ties, a=a, b=b).take(a != b)

    @property
    def has_ties_at_hand(self) -> bool:
        """Whether the arrays of ties were made."""
        return "_ties" in vars(self)

    @property
    def a(self) -> Int32:
        """One end of each tie, by its place in `nodes`; of a relationship with ends the source."""
        return self._ties.a

    @property
    def b(self) -> Int32:
        """The other end of each tie."""
        return self._ties.b

    @property
    def role_a(self) -> Int16:
        """The role of the one end, by its number among `names`."""
        return self._ties.role_a

    @property
    def role_b(self) -> Int16:
        """The role of the other end."""
        return self._ties.role_b

    @property
    def tie_schema(self) -> Int16:
        """The schema of each tie's record, by its number among `names`."""
        return self._ties.schema

    @property
    def day(self) -> Int32:
        """The day of each tie."""
        return self._ties.day

    @property
    def record(self) -> Int64:
        """The record of each tie, by its number."""
        return self._ties.record

    @cached_property
    def csr(self) -> Csr:
        """Adjacency, each tie from both its ends; ties are rows of the snapshot."""
        ends = np.concatenate([self.a, self.b])
        others = np.concatenate([self.b, self.a])
        order = np.argsort(ends, kind="stable")
        counts = np.bincount(ends, minlength=len(self.nodes))
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        rows = (order % len(self.a)).astype(np.int32) if len(self.a) else order.astype(np.int32)
        return Csr(indptr, others[order], rows)

    @property
    def recorded(self) -> Recorded:
        """The ties as they were recorded, whoever is the same as whom."""
        ties = self._columns.ties
        return Recorded(self.names, ties.a, ties.b, ties.role_a, ties.role_b, ties.schema)

    # -- what is in it ---------------------------------------------------------------------------

    @property
    def rows_told(self) -> Any:
        """The entities that are told."""
        return self.nodes

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The canonical ids, in order."""
        return tuple(self._columns.ids_of(self.nodes))

    @cached_property
    def schemata(self) -> tuple[str, ...]:
        """The schema of each entity, as its records say it; "Thing" for a stub."""
        return tuple(self.names[number] if number >= 0 else "Thing" for number in self.schema.tolist())

    @property
    def names(self) -> tuple[str, ...]:
        """Schemata and roles by the numbers that ties and records have of them."""
        return self._columns.names

    @cached_property
    def datasets(self) -> tuple[Dataset, ...]:
        """The datasets by their numbers; in a view within another, also those that only the other sees."""
        return self._columns.datasets

    @cached_property
    def agencies(self) -> frozenset[str]:
        """The agencies of which anything is here."""
        return frozenset(self.datasets[each].agency for each in np.unique(self.dataset_of(self.present)).tolist())

    def relationship(self, row: int) -> str:
        """The schema of a tie, by its row."""
        return self.names[int(self.tie_schema[row])]

    # -- records by their numbers ----------------------------------------------------------------

    def keys(self, rows: Int32) -> tuple[str, ...]:
        """Keys of the records behind some ties, sorted."""
        return tuple(sorted(self.keys_of(np.unique(self.record[rows]).tolist()).values()))

    @cached_property
    def records(self) -> Int64:
        """All records, in order."""
        return np.union1d(self._columns.about.record, self._columns.ties.record)

    def numbered(self, keys: Collection[str]) -> dict[str, RecordNumber]:
        """The numbers of those records with some keys that are here, by key."""
        wanted = set(keys)
        return {key: number for number, key in self.keys_of(self.records.tolist()).items() if key in wanted}

    @property
    def about(self) -> tuple[Int64, Int64]:
        """The place of whom each record about an entity is about, and beside it the record."""
        return self.places(self._columns.about.entity), self._columns.about.record

    def relating(self, schemata: Bool) -> Int64:
        """The records about no entity whose schema is in a mask over `names`, in order."""
        ties = self._columns.ties
        return np.setdiff1d(ties.record[schemata[ties.schema]], self._columns.about.record)

    def records_about(self, mask: Bool) -> Int64:
        """The records about entities of a mask over their numbers."""
        about = self._columns.about
        return about.record[mask[about.entity]]

    def records_naming(self, mask: Bool) -> Int64:
        """The records that give a role to entities of a mask over their numbers."""
        ties = self._columns.ties
        return ties.record[mask[ties.a] | mask[ties.b]]

    def records_of_dataset(self, number: int) -> Int64:
        """The records of a dataset, by its number, in order."""
        about, ties, of = self._columns.about, self._columns.ties, self._columns.dataset == number
        return np.union1d(about.record[of[about.entity]], ties.record[of[ties.a]])

    @cached_property
    def dataset_of_tying(self) -> Mapping[RecordNumber, int]:
        """The number of the dataset of each record that ties or mentions somebody."""
        ties = self._columns.ties
        return dict(zip(ties.record.tolist(), self.dataset_of(ties.a).tolist(), strict=True))

    def filling(self, schema: str, role: str) -> Iterator[tuple[RecordNumber, Place]]:
        """Each record of a schema, with the place of who fills a role of it, be it tied to anybody or not."""
        ties, number = self._columns.ties, self._columns.name_number(role)
        of = ties.schema == self._columns.name_number(schema)
        for ends, roles in ((ties.a, ties.role_a), (ties.b, ties.role_b)):
            rows = of & (roles == number)
            yield from zip(ties.record[rows].tolist(), self.places(ends[rows]).tolist(), strict=True)

    def markings_of(self, records: Iterable[RecordNumber]) -> frozenset[Marking]:
        """The markings that some records carry; their classes tell, no record is read."""
        classes = np.unique(self._classes[np.fromiter(records, np.int64)])
        return frozenset(self.markings[number] for number in classes.tolist())

    def one_of_each_class(self, records: Int64) -> Int64:
        """The first of some records for each class of visibility that they have."""
        ordered = np.unique(records)
        return ordered[np.unique(self._classes[ordered], return_index=True)[1]]

    @cached_property
    def _classes(self) -> Int32:
        """The class of visibility of each record."""
        found = np.full(len(self._columns.records), -1, dtype=np.int32)
        for part in (self._columns.about, self._columns.ties, self._columns.claims):
            found[part.record] = part.vis
        return found

    # -- identifiers -----------------------------------------------------------------------------

    def claims(self, kind: str) -> tuple[list[str], Int64]:
        """The values of a kind of identifier, and beside each the place of an entity that has it."""
        claims = self._columns.claims
        rows = claims.kind == self._columns.name_number(kind)
        return self._columns.values[claims.value[rows]].tolist(), self.places(claims.entity[rows])

    def claiming(self, kind: str, value: str) -> Int64:
        """The places of entities that have an identifier."""
        claims, values = self._columns.claims, np.flatnonzero(self._columns.values == value)
        rows = (claims.kind == self._columns.name_number(kind)) & np.isin(claims.value, values)
        return self.places(claims.entity[rows])

    # -- entities by their numbers, where referents are apart --------------------------------------

    @cached_property
    def present(self) -> Int64:
        """The numbers of all that are here; in a view within another, which has more, not all numbers."""
        return np.flatnonzero(self._columns.present)

    def find(self, entity: str) -> EntityNumber:
        """The number of an entity; -1 if it is not here."""
        return self._columns.index_of(entity)

    def number(self, entity: str) -> EntityNumber:
        """The number of an entity; NotFound if it is not here."""
        number = self.find(entity)
        if number < 0:
            raise NotFound("entity", entity)
        return number

    def id_of(self, number: EntityNumber) -> str:
        """The id of an entity by its number."""
        return self._columns.id_of(number)

    def dataset_of(self, numbers: NDArray[np.integer[Any]]) -> Int32:
        """The datasets of entities, by number of either."""
        datasets: Int32 = self._columns.dataset[numbers]
        return datasets

    def members(self, entity: str) -> Sequence[EntityNumber]:
        """The numbers of all referents of an entity; NotFound if it is not here."""
        return self.identity.cluster(self.number(entity))

    def referents(self, entity: str) -> list[str]:
        """The ids of all referents of an entity, in order; NotFound if it is not here."""
        return self._columns.ids_of(np.array(sorted(self.members(entity))))

    def mask(self, numbers: Iterable[EntityNumber]) -> Bool:
        """A mask over all numbers: these."""
        mask = np.zeros(len(self._columns.ids), dtype=bool)
        mask[list(numbers)] = True
        return mask

    def mask_of(self, entities: Iterable[str]) -> Bool:
        """A mask over all numbers: all referents of these entities; what is not here is left out."""
        return self.with_referents(self.mask(number for number in map(self.find, entities) if number >= 0))

    def with_referents(self, mask: Bool) -> Bool:
        """True for each referent of an entity one of whose referents is in the mask."""
        canonical = self.identity.canonical
        found = np.zeros(len(mask), dtype=bool)
        found[canonical[mask]] = True
        return found[canonical]

    def told_of(self, records: Int64) -> Bool:
        """A mask over all numbers: what some records are about, or give a role."""
        about, ties = self._columns.about, self._columns.ties
        mask = np.zeros(len(self._columns.ids), dtype=bool)
        tied = np.isin(ties.record, records)
        mask[about.entity[np.isin(about.record, records)]] = mask[ties.a[tied]] = mask[ties.b[tied]] = True
        return mask

    @property
    def described(self) -> Bool:
        """A mask over all numbers: what any record is about."""
        mask = np.zeros(len(self._columns.ids), dtype=bool)
        mask[self._columns.about.entity] = True
        return mask

    # -- entities by their places in `nodes` ----------------------------------------------------

    def places(self, numbers: NDArray[np.integer[Any]]) -> Int64:
        """Where entities, by their numbers, are in `nodes`."""
        return np.asarray(np.searchsorted(self.nodes, self.identity.canonical[numbers]), dtype=np.int64)

    def places_mask(self, entities: Iterable[str]) -> Bool:
        """A mask over `nodes`: these entities; what is not here is left out."""
        mask = np.zeros(len(self.nodes), dtype=bool)
        mask[[place for place in map(self.position, entities) if place >= 0]] = True
        return mask

    def id_at(self, place: Place) -> str:
        """The canonical id of the entity at a place of `nodes`."""
        return self.id_of(self.node_at(place))

    def ids_at(self, places: NDArray[np.integer[Any]]) -> list[str]:
        """The canonical ids of the entities at some places."""
        return self._columns.ids_of(self.nodes[places])

    def canonical(self, entity: str) -> str:
        """The canonical id that an entity's id stands for; NotFound if it is not here."""
        return self.id_of(self.identity.canonical_of(self.number(entity)))

    def canonical_of(self, entities: Sequence[str]) -> list[str]:
        """The same of several, all of which are here."""
        return self._columns.ids_of(self.identity.canonical[self._columns.indices_of(entities)])

    def position(self, entity: str) -> Place:
        """Where an entity (any of its referents' ids) is in `nodes`; -1 if it is not here."""
        number = self.find(entity)
        return self.place_of(number) if number >= 0 else Place(-1)

    def place_of(self, number: EntityNumber) -> Place:
        """Where an entity, by its number, is in `nodes`."""
        return Place(int(self._place[number]))

    def node_at(self, place: Place) -> EntityNumber:
        """The number of the canonical entity at a place of `nodes`."""
        return EntityNumber(int(self.nodes[place]))

    def ends(self, row: int) -> tuple[str, str]:
        """The canonical ids of both ends of a tie, by its row."""
        return self.id_at(Place(int(self.a[row]))), self.id_at(Place(int(self.b[row])))

    def record_at(self, row: int) -> RecordNumber:
        """The record of a tie, by its row."""
        return RecordNumber(int(self.record[row]))
