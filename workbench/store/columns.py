"""Base columns: a revision of a store as arrays, from which each view is masked.

Entities are numbered by the order of their ids, so that the smallest number among the
members of a cluster is its canonical id, whatever else is hidden; records by the order of their
keys, so that the first of several is the same whatever was loaded first. Every row carries the
visibility class of its record; `Columns.masked` keeps the rows that a view may see.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from workbench.model.record import Dataset

Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]
Ids = NDArray[np.bytes_]

NO_DAY = np.int32(-(2**31))

# The number of the empty text among `Columns.values`: an issuer that nobody says.
UNSAID = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows whose fields are columns of one length."""

    def take(self, mask: Bool) -> Self:
        """The rows where the mask is true."""
        return self.at(np.flatnonzero(mask))

    def at(self, rows: Int64) -> Self:
        """These rows, in this order."""
        return type(self)(*(getattr(self, each.name)[rows] for each in fields(self)))


@dataclass(frozen=True, slots=True)
class About(Rows):
    """Records about one entity each: who, as which schema."""

    entity: Int32
    schema: Int16
    record: Int64
    vis: Int32


@dataclass(frozen=True, slots=True)
class Ties(Rows):
    """Pairs of roles: `a` fills `role_a` of a record, `b` fills `role_b`.

    Of a relationship with ends, `a` is the source. A record about an entity ties it, with
    the role "", to what it refers to. `day` is the date's ordinal, NO_DAY where unknown. A row with a == b ties
    nothing: it says that the entity is mentioned.
    """

    a: Int32
    b: Int32
    role_a: Int16
    role_b: Int16
    schema: Int16
    day: Int32
    record: Int64
    vis: Int32


@dataclass(frozen=True, slots=True)
class Claims(Rows):
    """Identifier values, sorted by kind, value, entity; `value` and `scope` index `Columns.values`."""

    kind: Int16
    value: Int32
    scope: Int32
    entity: Int32
    record: Int64
    vis: Int32


@dataclass(frozen=True)
class Numbers:
    """The store's numbers of the records, classes and entities that a view numbers from 0."""

    records: Int64
    classes: tuple[int, ...]
    entities: Int64

    def allowed(self, classes: Iterable[int]) -> list[int]:
        """The view's numbers of those of the store's classes that it has."""
        wanted = set(classes)
        return [number for number, vis in enumerate(self.classes) if vis in wanted]

    def of_entities(self, entities: NDArray[np.integer[Any]]) -> Int32:
        """The view's numbers of those of the store's entities; -1 for what it has not."""
        known = len(self._places) - 1
        return self._places[np.where((entities >= 0) & (entities < known), entities, known)]

    @cached_property
    def _places(self) -> Int32:
        places = np.full(int(self.entities.max(initial=-1)) + 2, -1, dtype=np.int32)
        places[self.entities] = np.arange(len(self.entities), dtype=np.int32)
        return places


@dataclass(frozen=True, slots=True)
class Columns:
    """One revision as arrays; see the module."""

    ids: Ids
    number: Int64  # the store's number of each entity; its own once the columns are numbered
    records: Int64  # the store's number of each record, in the order of their keys; likewise
    dataset: Int32
    datasets: tuple[Dataset, ...]
    names: tuple[str, ...]  # schemata, roles and kinds of claims by number
    values: NDArray[np.object_]  # texts of claims by number, the empty one first
    about: About
    ties: Ties
    claims: Claims
    present: Bool  # entities that a visible record is about or gives a role

    def masked(self, allowed: Iterable[int]) -> "Columns":
        """What a view sees whose visibility classes these are; entities keep their numbers."""
        classes = max((int(part.vis.max(initial=0)) for part in (self.about, self.ties, self.claims)), default=0) + 1
        seen = np.zeros(classes, dtype=bool)
        seen[[vis for vis in allowed if vis < classes]] = True
        about = self.about.take(seen[self.about.vis])
        ties = self.ties.take(seen[self.ties.vis])
        claims = self.claims.take(seen[self.claims.vis])
        return replace(self, about=about, ties=ties, claims=claims, present=presence(len(self.ids), about, ties))

    def pruned(self) -> "Columns":
        """The same without the ids, datasets, names and texts that no row of it has."""
        place, kept = _renumbered(self.present)
        number, datasets = _renumbered(_used(len(self.datasets), self.dataset[kept]))
        ties, claims = self.ties, self.claims
        words, names = _renumbered(
            _used(len(self.names), self.about.schema, ties.schema, ties.role_a, ties.role_b, claims.kind)
        )
        text, texts = _renumbered(_used(len(self.values), np.array([UNSAID]), claims.value, claims.scope))
        word = words.astype(np.int16)
        return Columns(
            ids=self.ids[kept],
            number=self.number[kept],
            records=self.records,
            dataset=number[self.dataset[kept]],
            datasets=tuple(self.datasets[n] for n in datasets.tolist()),
            names=tuple(self.names[n] for n in names.tolist()),
            values=self.values[texts],
            about=replace(self.about, entity=place[self.about.entity], schema=word[self.about.schema]),
            ties=replace(
                ties,
                a=place[ties.a],
                b=place[ties.b],
                role_a=word[ties.role_a],
                role_b=word[ties.role_b],
                schema=word[ties.schema],
            ),
            claims=replace(
                claims,
                kind=word[claims.kind],
                value=text[claims.value],
                scope=text[claims.scope],
                entity=place[claims.entity],
            ),
            present=np.ones(len(kept), dtype=bool),
        )

    def numbered(self, classes: Sequence[int]) -> tuple["Columns", "Numbers"]:
        """The same with all its numbers from 0 without gaps, which would tell of what is hidden.

        Records keep their order, entities that of their ids; classes, all of which are given, get that in which they
        are given.
        """
        about, ties, claims = self.about, self.ties, self.claims
        n = max((int(part.record.max(initial=-1)) for part in (about, ties, claims)), default=-1) + 1
        place, records = _renumbered(_used(n, about.record, ties.record, claims.record))
        used = _used(max(classes, default=-1) + 1, about.vis, ties.vis, claims.vis)
        kept = [vis for vis in classes if used[vis]]
        number = np.zeros(len(used), dtype=np.int32)
        number[kept] = np.arange(len(kept), dtype=np.int32)
        return replace(
            self,
            number=np.arange(len(self.ids), dtype=np.int64),
            records=np.arange(len(records), dtype=np.int64),
            about=replace(about, record=place[about.record].astype(np.int64), vis=number[about.vis]),
            ties=replace(ties, record=place[ties.record].astype(np.int64), vis=number[ties.vis]),
            claims=replace(claims, record=place[claims.record].astype(np.int64), vis=number[claims.vis]),
        ), Numbers(self.records[records], tuple(kept), self.number)

    def name_number(self, name: str) -> int:
        """The number of a schema, role or kind of claim; -1 if no record has it."""
        try:
            return self.names.index(name)
        except ValueError:
            return -1

    def indices_of(self, entities: Sequence[str]) -> Int32:
        """The numbers of entities that are present in this view; -1 for any other."""
        wanted = np.array([entity.encode("ascii", "replace") for entity in entities], dtype=self.ids.dtype)
        if not len(self.ids) or not len(wanted):
            return np.full(len(wanted), -1, dtype=np.int32)
        at = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        whole = np.array([len(entity) == self.ids.dtype.itemsize for entity in entities], dtype=bool)
        return np.where(whole & (self.ids[at] == wanted) & self.present[at], at, -1).astype(np.int32)

    def index_of(self, entity: str) -> int:
        """The number of an entity that is present in this view; -1 for any other."""
        return int(self.indices_of([entity])[0])

    def ids_of(self, numbers: NDArray[np.integer[Any]]) -> list[str]:
        """The ids of entities by their numbers."""
        return [each.decode("ascii") for each in self.ids[numbers].tolist()]

    def id_of(self, number: int) -> str:
        """The id of an entity by its number."""
        return bytes(self.ids[number]).decode("ascii")


def _used(n: int, *numbers: NDArray[np.integer[Any]]) -> Bool:
    """Which of n numbers stand in any of the arrays."""
    used = np.zeros(n, dtype=bool)
    for each in numbers:
        used[each] = True
    return used


def _renumbered(used: Bool) -> tuple[Int32, Int64]:
    """The new number of each one that is used, and the old numbers of those, in order."""
    return (np.cumsum(used) - 1).astype(np.int32), np.flatnonzero(used)


def presence(n: int, about: About, ties: Ties) -> Bool:
    """Which of n entities a record is about, or gives a role."""
    present = np.zeros(n, dtype=bool)
    present[about.entity] = True
    present[ties.a] = True
    present[ties.b] = True
    return present
