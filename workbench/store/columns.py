"""Base columns: a revision of a store as arrays, from which each view is masked (`workbench.view.masking`).

Entities are numbered in the order of their ids, so that the smallest number in a cluster is its
canonical id, whatever is hidden. Records are numbered in the order of their keys, so that the first
of several does not depend on the order of loads. Every row has the visibility class of its record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.model.numbers import EntityNumber
from workbench.model.record import Dataset
from workbench.store.texts import SortedTexts

Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]
Ids = NDArray[np.bytes_]
# Numbers in base columns have the smallest type that has room for them (`least`): widen them before computing.
Least = NDArray[np.signedinteger[Any]]

NO_DAY = np.int32(-(2**31))

# The index of the empty text in `Columns.values`: the issuer is not known.
UNSAID = 0


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: its fields are arrays of one length."""

    def arrays(self) -> tuple[NDArray[Any], ...]:
        """The fields, in order."""
        return tuple(getattr(self, each.name) for each in fields(self))

    def __len__(self) -> int:
        return len(self.arrays()[0])

    def take(self, mask: Bool) -> Self:
        """The rows where the mask is true: themselves, not copied, if it is everywhere."""
        return self if mask.all() else self.at(np.flatnonzero(mask))

    def at(self, rows: Int64) -> Self:
        """These rows, in this order."""
        return type(self)(*(np.take(each, rows, axis=0) for each in self.arrays()))


R = TypeVar("R", bound=Rows)


def all_rows(parts: Sequence[R]) -> R:
    """The rows of all parts; there must be at least one part."""
    kind = type(parts[0])
    return kind(*map(np.concatenate, zip(*(part.arrays() for part in parts), strict=True)))


@dataclass(frozen=True, slots=True)
class About(Rows):
    """One row for each record about an entity: the entity and the schema it is given."""

    entity: Int32
    schema: Int16
    record: Least
    vis: Least


@dataclass(frozen=True, slots=True)
class Ties(Rows):
    """Pairs of roles: `a` fills `role_a` of a record, `b` fills `role_b`.

    `a` is the source of a relationship that has one. A record about an entity ties it, with
    the role "", to each entity it refers to. `day` is the date's ordinal, or NO_DAY. A row with
    a == b is no tie: it only says that the record mentions the entity.
    """

    a: Int32
    b: Int32
    role_a: Int16
    role_b: Int16
    schema: Int16
    day: Int32
    record: Least
    vis: Least


@dataclass(frozen=True, slots=True)
class Claims(Rows):
    """Identifier values, sorted by kind, value, entity; `value` and `scope` index `Columns.values`."""

    kind: Int16
    value: Int32
    scope: Int32
    entity: Int32
    record: Least
    vis: Least


@dataclass(frozen=True, slots=True)
class Columns:
    """One revision as arrays; see the module."""

    ids: Ids
    number: Least  # the store's number of each entity; the view's own after `masking.numbered`
    records: Least  # the store's number of each record, in the order of their keys; likewise renumbered
    dataset: Least
    datasets: tuple[Dataset, ...]
    names: tuple[str, ...]  # schemata, roles and kinds of claims by number
    values: SortedTexts  # texts of claims by number, the empty one first
    about: About
    ties: Ties
    claims: Claims
    present: Bool  # entities that a visible record is about or gives a role

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

    def index_of(self, entity: str) -> EntityNumber:
        """The number of an entity that is present in this view; -1 for any other."""
        return EntityNumber(int(self.indices_of([entity])[0]))

    def ids_of(self, numbers: NDArray[np.integer[Any]]) -> list[str]:
        """The ids of entities by their numbers."""
        return [each.decode("ascii") for each in self.ids[numbers].tolist()]

    def id_of(self, number: EntityNumber) -> str:
        """The id of an entity by its number."""
        return bytes(self.ids[number]).decode("ascii")


@dataclass(frozen=True, slots=True)
class Base:
    """The columns of a revision as its store reads them, without anything that no row uses, and its records' keys."""

    columns: Columns
    keys: Ids  # of 16 bytes, in order


def least(most: int) -> "np.dtype[Any]":
    """The smallest type of whole numbers that has room for 0 and for this one, which is not below it."""
    return np.min_scalar_type(-1 - most)


def presence(n: int, about: About, ties: Ties) -> Bool:
    """A mask of the n entities: those that a record is about or gives a role."""
    present = np.zeros(n, dtype=bool)
    present[about.entity] = True
    present[ties.a] = True
    present[ties.b] = True
    return present
