"""A view or a part of it, as arrays: what is in it, and who is who."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from workbench.errors import NotFound
from workbench.model.asked import one_text
from workbench.model.numbers import EntityNumber, RecordNumber
from workbench.store.columns import Columns, Int16, Int32, Int64
from workbench.view.identity import Identity
from workbench.view.joins import SCORE, Join
from workbench.view.masking import Numbers
from workbench.view.scored import Scored


class Joined(NamedTuple):
    """A join of two entities: rule, value and records. The value of the rule "judgement" is the judgement's id."""

    rule: str
    value: str
    a: str
    b: str
    records: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A view, or a part of it: columns, the store's numbers, who is who, and the scores of pairs."""

    columns: Columns
    numbers: Numbers
    identity: Identity
    scored: Scored

    @cached_property
    def schemata(self) -> tuple[Int32, Int16]:
        """For each record about an entity, in the order of entities, the entity and its schema's place in the names."""
        of, order = self._by_entity
        return of, self.columns.about.schema[order]

    def number(self, entity: str, field: str = "entity") -> EntityNumber:
        """The number of an entity; NotFound, for the parameter that names it, if the view does not have it."""
        number = self.columns.index_of(one_text(entity, field))
        if number < 0:
            raise NotFound("entity", entity, field)
        return number

    def canonical(self, entity: str, field: str = "entity") -> EntityNumber:
        """The number of the canonical entity of an entity; NotFound as for `number`."""
        return self.identity.canonical_of(self.number(entity, field))

    def members(self, entity: str, field: str = "entity") -> list[str]:
        """The ids of all referents of an entity, the canonical one first; NotFound as for `number`."""
        return self.referents(self.number(entity, field))

    def referents(self, number: EntityNumber) -> list[str]:
        """The ids of all referents of an entity by its number, the canonical one first."""
        return [self.columns.id_of(each) for each in sorted(self.identity.cluster(number))]

    def claiming(self, kind: str, value: str) -> Int32:
        """The numbers of the entities with an identifier."""
        claims, number = self.columns.claims, self.columns.values.find(value)
        found: Int32 = claims.entity[(claims.value == number) & (claims.kind == self.columns.name_number(kind))]
        return found

    def told(
        self, joins: Sequence[Join], keys_of: Callable[[Sequence[RecordNumber]], Mapping[RecordNumber, str]]
    ) -> list[Joined]:
        """Joins in ids and keys of records; `keys_of` maps this part's numbers of records to keys."""
        behind = [self._about(join.a, join.b) if join.strength == SCORE else join.records for join in joins]
        keys, told = keys_of([number for each in behind for number in each]), []
        for join, records in zip(joins, behind, strict=True):
            a, b = sorted((self.columns.id_of(join.a), self.columns.id_of(join.b)))
            told.append(Joined(join.rule, join.value, a, b, tuple(sorted({keys[n] for n in records}))))
        return told

    def _about(self, *entities: EntityNumber) -> tuple[RecordNumber, ...]:
        """The records about some entities, by number."""
        of, order = self._by_entity
        spans = ((np.searchsorted(of, each, "left"), np.searchsorted(of, each, "right")) for each in entities)
        rows = np.concatenate([order[first:last] for first, last in spans])
        return tuple(map(RecordNumber, self.columns.about.record[rows].tolist()))

    @cached_property
    def _by_entity(self) -> tuple[Int32, Int64]:
        """The entities of the records about any, in order, and the rows in that order."""
        order = np.argsort(self.columns.about.entity, kind="stable")
        return self.columns.about.entity[order], order

    def joins_of(self, members: Sequence[str]) -> list[Join]:
        """The joins that stand between the referents of an entity."""
        standing = self.identity.standing
        return list(standing.where(np.isin(standing.a, self.columns.indices_of(members)))) if len(members) > 1 else []
