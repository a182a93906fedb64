"""A snapshot: a whole view as arrays over canonical entities, for analysis."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.errors import NotFound
from workbench.model.asked import one_text
from workbench.model.marking import Marking
from workbench.model.numbers import EntityNumber, Place, RecordNumber
from workbench.model.ontology import ontology
from workbench.model.record import Dataset
from workbench.store.assembly import each_once
from workbench.store.columns import Bool, Columns, Int16, Int32, Int64, Ties
from workbench.view.adjacency import Csr
from workbench.view.identity import Identity


class Recorded(NamedTuple):
    """Ties as recorded: between referents, by entity number. A row whose two ends are equal is not a tie."""

    names: tuple[str, ...]
    a: Int32
    b: Int32
    role_a: Int16
    role_b: Int16
    tie_schema: Int16


def recorded(columns: Columns) -> Recorded:
    """All ties of some columns."""
    ties = columns.ties
    return Recorded(columns.names, ties.a, ties.b, ties.role_a, ties.role_b, ties.schema)


@dataclass(frozen=True)
class Snapshot:
    """Canonical entities, ordered by id, and the ties among them; each array is made on first use.

    `nodes` holds entity numbers; `a` and `b` index it. Ties whose two ends are the same canonical
    entity are left out. `day` is a date's ordinal or NO_DAY. `markings` has the marking of each class
    of visibility, by number; `keys_of` maps record numbers to keys.
    """

    _columns: Columns
    identity: Identity
    markings: tuple[Marking, ...]
    keys_of: Callable[[Sequence[RecordNumber] | Int64], Mapping[RecordNumber, str]]

    # -- the arrays ------------------------------------------------------------------------------

    @cached_property
    def nodes(self) -> Int32:
        """The numbers of the canonical entities, in order."""
        shown = np.zeros(len(self.identity.canonical), dtype=bool)
        shown[self.identity.canonical[self._columns.present]] = True
        return np.flatnonzero(shown).astype(np.int32)

    @cached_property
    def _place(self) -> Int32:
        """The index in `nodes` of each entity number; -1 for those not in it."""
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
        """Whether the arrays of ties have been made."""
        return "_ties" in vars(self)

    @property
    def a(self) -> Int32:
        """One end of each tie, as index of `nodes`: the source, if the relationship has one."""
        return self._ties.a

    @property
    def b(self) -> Int32:
        """The other end of each tie, as index of `nodes`."""
        return self._ties.b

    @property
    def role_a(self) -> Int16:
        """The role at `a`, as index of `names`."""
        return self._ties.role_a

    @property
    def role_b(self) -> Int16:
        """The role at `b`, as index of `names`."""
        return self._ties.role_b

    @property
    def tie_schema(self) -> Int16:
        """The schema of each tie's record, as index of `names`."""
        return self._ties.schema

    @property
    def day(self) -> Int32:
        """The day of each tie: a date's ordinal, or NO_DAY."""
        return self._ties.day

    @property
    def record(self) -> Int32:
        """The number of each tie's record."""
        return self._ties.record

    @cached_property
    def csr(self) -> Csr:
        """Adjacency, with each tie listed at both of its ends; `tie` has the rows of the snapshot's ties."""
        ends = np.concatenate([self.a, self.b])
        others = np.concatenate([self.b, self.a])
        order = np.argsort(ends, kind="stable")
        counts = np.bincount(ends, minlength=len(self.nodes))
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        rows = (order % len(self.a)).astype(np.int32) if len(self.a) else order.astype(np.int32)
        return Csr(indptr, others[order], rows)

    @property
    def recorded(self) -> Recorded:
        """The ties as recorded between referents, before resolution."""
        return recorded(self._columns)

    @cached_property
    def shared(self) -> dict[Hashable, Bool]:
        """Masks over `nodes` that were made: those that are common, by the way in which they are."""
        return {}

    # -- what is in it ---------------------------------------------------------------------------

    @property
    def rows_told(self) -> Any:
        """The entities, to be counted in the trace."""
        return self.nodes

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The canonical ids, in order."""
        return tuple(self._columns.ids_of(self.nodes))

    @cached_property
    def schemata(self) -> tuple[str, ...]:
        """The schema of each entity, from its records; "Thing" for a stub."""
        return tuple(self.names[number] if number >= 0 else "Thing" for number in self.schema.tolist())

    @property
    def names(self) -> tuple[str, ...]:
        """Names of schemata and roles, by the numbers that ties and records use."""
        return self._columns.names

    @cached_property
    def datasets(self) -> tuple[Dataset, ...]:
        """The datasets by number; a view within another has those of the outer view too."""
        return self._columns.datasets

    @cached_property
    def agencies(self) -> frozenset[str]:
        """The agencies that have any entity here."""
        return frozenset(self.datasets[each].agency for each in np.unique(self.dataset_of(self.present)).tolist())

    def relationship(self, row: int) -> str:
        """The schema of the tie in a row."""
        return self.names[int(self.tie_schema[row])]

    # -- records by their numbers ----------------------------------------------------------------

    def keys(self, rows: Int32) -> tuple[str, ...]:
        """The keys of the records behind some ties, sorted."""
        return tuple(sorted(self.keys_of(np.unique(self.record[rows]).tolist()).values()))

    @cached_property
    def records(self) -> Int32:
        """The numbers of all records, in order."""
        return np.union1d(self._columns.about.record, self._columns.ties.record)

    def numbered(self, keys: Collection[str]) -> dict[str, RecordNumber]:
        """The number of each record with one of these keys, by key; keys that are not here are left out."""
        wanted = set(keys)
        return {key: number for number, key in self.keys_of(self.records.tolist()).items() if key in wanted}

    @property
    def about(self) -> tuple[Int64, Int32]:
        """Two arrays over the records about entities: the entity's index in `nodes`, and the record's number."""
        return self.places(self._columns.about.entity), self._columns.about.record

    def relating(self, schemata: Bool) -> Int32:
        """The relationship records whose schema is in a mask over `names`, in order."""
        ties = self._columns.ties
        return np.setdiff1d(ties.record[schemata[ties.schema]], self._columns.about.record)

    def records_about(self, mask: Bool) -> Int32:
        """The records about the entities in a mask over entity numbers."""
        about = self._columns.about
        return about.record[mask[about.entity]]

    def records_naming(self, mask: Bool) -> Int32:
        """The records in which an entity of a mask over entity numbers fills a role."""
        ties = self._columns.ties
        return ties.record[mask[ties.a] | mask[ties.b]]

    def records_of_dataset(self, number: int) -> Int32:
        """The records of a dataset, in order."""
        about, ties, of = self._columns.about, self._columns.ties, self._columns.dataset == number
        return np.union1d(about.record[of[about.entity]], ties.record[of[ties.a]])

    @cached_property
    def dataset_of_tying(self) -> Mapping[RecordNumber, int]:
        """The dataset's number for each record that has roles."""
        ties = self._columns.ties
        return dict(zip(ties.record.tolist(), self.dataset_of(ties.a).tolist(), strict=True))

    def dataset_of_records(self, records: Int64) -> Int32:
        """The dataset's number of each of these records: what a record says is said within its dataset."""
        known, found = self._columns.about, np.full(len(self._columns.records), -1, dtype=np.int32)
        found[self._columns.ties.record] = self.dataset_of(self._columns.ties.a)
        found[known.record] = self.dataset_of(known.entity)
        return found[records]

    def filling(self, schema: str, role: str) -> Iterator[tuple[RecordNumber, Place]]:
        """Each record of a schema, with the index in `nodes` of the entity that fills one of its roles, tied or not."""
        ties, number = self._columns.ties, self._columns.name_number(role)
        of = ties.schema == self._columns.name_number(schema)
        for ends, roles in ((ties.a, ties.role_a), (ties.b, ties.role_b)):
            rows = of & (roles == number)
            yield from zip(ties.record[rows].tolist(), self.places(ends[rows]).tolist(), strict=True)

    def markings_of(self, records: Iterable[RecordNumber] | Int64) -> frozenset[Marking]:
        """The markings of some records, from their classes of visibility: no record is read."""
        numbers = records if isinstance(records, np.ndarray) else np.fromiter(records, np.int64)
        classes = np.unique(self._classes[numbers])
        return frozenset(self.markings[number] for number in classes.tolist())

    @cached_property
    def _classes(self) -> Int32:
        """The class of visibility of each record."""
        classes = np.full(len(self._columns.records), -1, dtype=np.int32)
        for part in (self._columns.about, self._columns.ties, self._columns.claims):
            classes[part.record] = part.vis
        return classes

    # -- identifiers -----------------------------------------------------------------------------

    def claims(self, kind: str) -> tuple[Int64, Int64]:
        """The values of a kind of identifier by number, and the index in `nodes` of an entity that has each.

        Each pair is there once, ordered by value.
        """
        claims, n = self._columns.claims, max(len(self.nodes), 1)
        rows = claims.kind == self._columns.name_number(kind)
        codes = each_once(claims.value[rows].astype(np.int64) * n + self.places(claims.entity[rows]))
        return codes // n, codes % n

    def values(self, numbers: Int64) -> list[str]:
        """The texts of values of identifiers by their numbers, which are in the order of texts."""
        return list(self._columns.values[numbers])

    # -- entities by number: each referent has its own ---------------------------------------------

    @cached_property
    def present(self) -> Int64:
        """The numbers of all entities here: in a view within another, not all of the outer view's numbers."""
        return np.flatnonzero(self._columns.present)

    def find(self, entity: str) -> EntityNumber:
        """The number of an entity by its id; -1 if it is not here."""
        return self._columns.index_of(entity)

    def number(self, entity: str) -> EntityNumber:
        """The number of an entity by its id; NotFound if it is not here."""
        number = self.find(one_text(entity, "entity"))
        if number < 0:
            raise NotFound("entity", entity, "entity")
        return number

    def id_of(self, number: EntityNumber) -> str:
        """The id of an entity by its number."""
        return self._columns.id_of(number)

    def dataset_of(self, numbers: NDArray[np.integer[Any]]) -> Int32:
        """The dataset's number for each of these entity numbers."""
        datasets: Int32 = self._columns.dataset[numbers]
        return datasets

    def members(self, entity: str) -> Sequence[EntityNumber]:
        """The numbers of all referents of an entity; NotFound if it is not here."""
        return self.identity.cluster(self.number(entity))

    def referents(self, entity: str) -> list[str]:
        """The ids of all referents of an entity, in order; NotFound if it is not here."""
        return self._columns.ids_of(np.array(sorted(self.members(entity))))

    def mask(self, numbers: Iterable[EntityNumber]) -> Bool:
        """A mask over entity numbers: these."""
        mask = np.zeros(len(self._columns.ids), dtype=bool)
        mask[list(numbers)] = True
        return mask

    def told_of(self, records: Int64) -> Bool:
        """A mask over entity numbers: those that some records are about or give a role."""
        about, ties = self._columns.about, self._columns.ties
        mask = np.zeros(len(self._columns.ids), dtype=bool)
        tied = np.isin(ties.record, records)
        mask[about.entity[np.isin(about.record, records)]] = mask[ties.a[tied]] = mask[ties.b[tied]] = True
        return mask

    def ids_of(self, mask: Bool) -> list[str]:
        """The ids of the entities in a mask over entity numbers."""
        return self._columns.ids_of(np.flatnonzero(mask))

    # -- entities by their places in `nodes` ----------------------------------------------------

    def places(self, numbers: NDArray[np.integer[Any]]) -> Int64:
        """The index in `nodes` of each of these entity numbers."""
        places: Int64 = self._place[numbers].astype(np.int64)
        return places

    def id_at(self, place: Place) -> str:
        """The canonical id of the entity at a place of `nodes`."""
        return self.id_of(self.node_at(place))

    def ids_at(self, places: NDArray[np.integer[Any]]) -> list[str]:
        """The canonical ids of the entities at some places."""
        return self._columns.ids_of(self.nodes[places])

    def canonical(self, entity: str) -> str:
        """The canonical id of an entity; NotFound if it is not here."""
        return self.id_of(self.identity.canonical_of(self.number(entity)))

    def canonical_of(self, entities: Sequence[str]) -> list[str]:
        """The canonical ids of several entities, all of which must be here."""
        return self._columns.ids_of(self.identity.canonical[self._columns.indices_of(entities)])

    def position(self, entity: str) -> Place:
        """The index in `nodes` of an entity, by the id of any referent; -1 if it is not here."""
        number = self.find(entity)
        return self.place_of(number) if number >= 0 else Place(-1)

    def positions(self, entities: Sequence[str]) -> Int64:
        """The index in `nodes` of each of some entities; -1 for those that are not here."""
        numbers = self._columns.indices_of(entities)
        here, places = numbers >= 0, np.full(len(numbers), -1, dtype=np.int64)
        places[here] = self._place[numbers[here]]
        return places

    def place_of(self, number: EntityNumber) -> Place:
        """The index in `nodes` of an entity number."""
        return Place(int(self._place[number]))

    def node_at(self, place: Place) -> EntityNumber:
        """The number of the canonical entity at a place of `nodes`."""
        return EntityNumber(int(self.nodes[place]))

    def ends(self, row: int) -> tuple[str, str]:
        """The canonical ids of the two ends of the tie in a row."""
        return self.id_at(Place(int(self.a[row]))), self.id_at(Place(int(self.b[row])))

    def record_at(self, row: int) -> RecordNumber:
        """The number of the record of the tie in a row."""
        return RecordNumber(int(self.record[row]))
