"""The records that some entities of a view rest on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from workbench.model.asked import texts
from workbench.model.numbers import RecordNumber
from workbench.store.columns import About, Bool, Int32, Int64, Ties
from workbench.view.access import answer
from workbench.view.part import Part
from workbench.view.parts import Parts
from workbench.view.view import View


@answer
def records_behind(view: View, entities: Sequence[str]) -> tuple[str, ...]:
    """The keys of the records about some entities, and of those that tie them to one another, in order.

    For an entity that no record describes or ties to another of them: of the records that name it. Entities that are
    not in this view are left out.
    """
    wanted, parts = texts(entities, "entities"), view._parts()
    part = view._of(wanted)
    numbers, canonical = part.columns.indices_of(wanted), part.identity.canonical
    members = np.flatnonzero(np.isin(canonical, canonical[numbers[numbers >= 0]])).astype(np.int32)
    rows = _LookedUp(parts, part) if parts else _InColumns(part, partial(view._keys_of, part.numbers))
    about, ties = rows.about(members), rows.among(members)
    ties = ties.take(canonical[ties.a] != canonical[ties.b])
    told = np.concatenate([about.entity, ties.a, ties.b])
    alone = members[~np.isin(canonical[members], canonical[told])]
    records = np.unique(np.concatenate([about.record, ties.record, rows.naming(alone)]))
    return tuple(sorted(rows.keys_of(records)))


class _Rows(Protocol):
    """Rows of a view. Entities have the numbers of a part; `keys_of` knows the records by their numbers."""

    def about(self, members: Int32) -> About:
        """The records about some entities."""

    def among(self, members: Int32) -> Ties:
        """The ties among some entities."""

    def naming(self, members: Int32) -> Int64:
        """The records that give some entities a role."""

    def keys_of(self, records: Int64) -> Iterable[str]:
        """The keys of records."""


@dataclass(frozen=True)
class _LookedUp(_Rows):
    parts: Parts
    part: Part

    def about(self, members: Int32) -> About:
        found = self.parts.lookups.about(self._theirs(members))
        return About(self._ours(found.entity), found.schema, found.record, found.vis)

    def among(self, members: Int32) -> Ties:
        found = self.parts.lookups.ties_between(self._theirs(members), self._theirs(members))
        return Ties(self._ours(found.a), self._ours(found.b), *found.arrays()[2:])

    def naming(self, members: Int32) -> Int64:
        return self.parts.lookups.ties(self._theirs(members), None).record

    def keys_of(self, records: Int64) -> Iterable[str]:
        return self.parts.keys_of(records.tolist()).values()

    def _theirs(self, members: Int32) -> Int64:
        """The store's numbers of entities."""
        return self.part.numbers.entities[members]

    def _ours(self, entities: Int32) -> Int32:
        return self.part.numbers.of_entities(entities)


@dataclass(frozen=True)
class _InColumns(_Rows):
    part: Part
    keys: Callable[[Sequence[RecordNumber]], Mapping[RecordNumber, str]]

    def about(self, members: Int32) -> About:
        about = self.part.columns.about
        return about.take(self._are(members)[about.entity])

    def among(self, members: Int32) -> Ties:
        ties, are = self.part.columns.ties, self._are(members)
        return ties.take(are[ties.a] & are[ties.b])

    def naming(self, members: Int32) -> Int64:
        ties, are = self.part.columns.ties, self._are(members)
        return ties.record[are[ties.a] | are[ties.b]]

    def keys_of(self, records: Int64) -> Iterable[str]:
        return self.keys(records.tolist()).values()

    def _are(self, members: Int32) -> Bool:
        are = np.zeros(len(self.part.columns.ids), dtype=bool)
        are[members] = True
        return are
