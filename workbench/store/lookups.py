"""Rows in a scope by entity or by identifier: what one answer needs, instead of all base columns.

All numbers are the store's own. They show nothing to a viewer: `workbench.view.parts` numbers them anew.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.model.record import Dataset
from workbench.store.columns import About, Bool, Columns, Ids, Int16, Int32, Int64, Rows, Ties
from workbench.store.scores import NO_SCORES, Pairs, Scores, facets_seen
from workbench.store.types import Judgement, Scope, overridden

# (kind, value)
Identifier = tuple[str, str]
Texts = NDArray[np.object_]


class TooMany(Exception):
    """A question has more rows than it asked for at most."""


@dataclass(frozen=True, slots=True)
class ClaimRows(Rows):
    """Identifier values, one row for each claim."""

    kind: Int16
    value: Texts
    scope: Texts
    entity: Int32
    record: Int64


@dataclass(frozen=True, slots=True)
class EntityRows(Rows):
    """Entities, with the number of the dataset of each."""

    entity: Int32
    id: Ids
    dataset: Int32


class Lookups(ABC):
    """Questions for rows in one scope, each answered by an index: it costs what its answer costs.

    Those with `most` raise TooMany instead of returning more rows.
    """

    @abstractmethod
    def names(self) -> Sequence[str]:
        """Schemata, roles and kinds of claims, by the numbers that rows use."""

    @abstractmethod
    def datasets(self) -> Mapping[int, Dataset]:
        """The datasets by number."""

    @abstractmethod
    def numbers_of(self, ids: Collection[str]) -> Mapping[str, int]:
        """The number of each entity that the store has, in scope or not, by id."""

    @abstractmethod
    def entities(self, entities: Int64) -> EntityRows:
        """Ids and datasets of entities, in scope or not."""

    @abstractmethod
    def present(self, entities: Int64) -> Int64:
        """Those entities that a record in scope is about or gives a role."""

    @abstractmethod
    def about(self, entities: Int64) -> About:
        """The records about entities."""

    @abstractmethod
    def claims_of(self, entities: Int64, most: int) -> ClaimRows:
        """The claims of entities."""

    @abstractmethod
    def claiming(self, identifiers: Collection[Identifier], most: int) -> ClaimRows:
        """The claims of any of these identifiers, by whatever entity."""

    @abstractmethod
    def ties(self, entities: Int64, schemata: Collection[str] | None, most: int | None = None) -> Ties:
        """Each tie with an end among these entities, once; only those of some schemata, unless None."""

    def some_ties(self, entities: Int64, schemata: Collection[str], most: int) -> Ties:
        """Ties of some schemata with an end among these entities, enough to see who is there.

        All ties of an entity that has fewer than `most` at an end, at least `most` of any other. One may come twice.
        """
        del most  # where all are as cheap as some
        return self.ties(entities, schemata)

    @abstractmethod
    def ties_between(self, some: Int64, others: Int64) -> Ties:
        """Each tie from one of some entities to one of some others, once."""

    @abstractmethod
    def tied(self, entities: Int64) -> Int64:
        """About how many ties each entity has, in any scope: to decide in which order to ask, and for nothing else."""

    @abstractmethod
    def has_judgements(self) -> bool:
        """Whether there may be judgements, seen or not: to decide whether to ask, and for nothing else."""

    @abstractmethod
    def judgements(self, ids: Collection[str]) -> Sequence[Judgement]:
        """The judgements about entities, by id, that are in scope, ordered by id.

        Each names only those overridden ones that are in scope. The entities may be unknown to the store.
        """

    @abstractmethod
    def outweighed(self, judgements: Collection[str]) -> frozenset[str]:
        """Those of some judgements, by id, that another one in scope overrides."""

    @abstractmethod
    def facets(self) -> Mapping[int, int]:
        """How many facets are in scope, by kind."""

    @abstractmethod
    def model(self) -> str:
        """What of the model views use, as JSON; "" if no pairs were scored."""

    @abstractmethod
    def scored(self, entities: Int64) -> Pairs:
        """The pairs of facets of which one is of these entities, in order of both."""


class InColumns(Lookups):
    """Lookups in base columns, for a store that has them in memory anyway; in the shortest form.

    `judgements` are those in scope, ordered by id; `scores` those of the revision.
    """

    def __init__(
        self, columns: Columns, scope: Scope, judgements: Sequence[Judgement] = (), scores: Scores = NO_SCORES
    ) -> None:
        self._columns, self._judgements, self._scores, self._scope = columns, judgements, scores, scope
        self._about = columns.about.take(np.isin(columns.about.vis, scope.allowed))
        self._ties = columns.ties.take(np.isin(columns.ties.vis, scope.allowed))
        self._claims = columns.claims.take(np.isin(columns.claims.vis, scope.allowed))

    def names(self) -> Sequence[str]:
        return self._columns.names

    def datasets(self) -> Mapping[int, Dataset]:
        return dict(enumerate(self._columns.datasets))

    def numbers_of(self, ids: Collection[str]) -> Mapping[str, int]:
        every = zip(self._columns.ids_of(np.arange(len(self._columns.ids))), self._columns.number.tolist(), strict=True)
        return {each: number for each, number in every if each in ids}

    def entities(self, entities: Int64) -> EntityRows:
        rows = self._places(entities)
        return EntityRows(entities.astype(np.int32), self._columns.ids[rows], self._columns.dataset[rows])

    def present(self, entities: Int64) -> Int64:
        mentioned = np.concatenate([self._about.entity, self._ties.a, self._ties.b])
        return entities[np.isin(self._places(entities), mentioned)]

    def about(self, entities: Int64) -> About:
        found = self._about.take(np.isin(self._about.entity, self._places(entities)))
        return About(self._numbers(found.entity), found.schema, self._columns.records[found.record], found.vis)

    def claims_of(self, entities: Int64, most: int) -> ClaimRows:
        return self._said(np.isin(self._claims.entity, self._places(entities)), most)

    def claiming(self, identifiers: Collection[Identifier], most: int) -> ClaimRows:
        claims, names, values = self._claims, self._columns.names, self._columns.values
        kinds_and_values = zip(claims.kind.tolist(), claims.value.tolist(), strict=True)
        wanted = [(names[kind], values[value]) in identifiers for kind, value in kinds_and_values]
        return self._said(np.array(wanted, dtype=bool), most)

    def ties(self, entities: Int64, schemata: Collection[str] | None, most: int | None = None) -> Ties:
        near = self._places(entities)
        wanted = np.isin(self._ties.a, near) | np.isin(self._ties.b, near)
        if schemata is not None:
            wanted &= np.isin(self._ties.schema, [self._columns.name_number(name) for name in schemata])
        return self._tied(wanted, most)

    def ties_between(self, some: Int64, others: Int64) -> Ties:
        (one, other), (a, b) = map(self._places, (some, others)), (self._ties.a, self._ties.b)
        return self._tied((np.isin(a, one) & np.isin(b, other)) | (np.isin(b, one) & np.isin(a, other)), None)

    def tied(self, entities: Int64) -> Int64:
        ends = np.concatenate([self._columns.ties.a, self._columns.ties.b])
        return np.bincount(ends, minlength=len(self._columns.ids))[self._places(entities)]

    def has_judgements(self) -> bool:
        return bool(self._judgements)

    def judgements(self, ids: Collection[str]) -> Sequence[Judgement]:
        return [each for each in self._judgements if each.a in ids or each.b in ids]

    def outweighed(self, judgements: Collection[str]) -> frozenset[str]:
        return overridden(self._judgements).intersection(judgements)

    def facets(self) -> Mapping[int, int]:
        return facets_seen(self._scores.facets, self._scope.allowed)

    def model(self) -> str:
        return self._scores.model

    def scored(self, entities: Int64) -> Pairs:
        pairs = self._scores.pairs
        near = np.isin(pairs.a, entities) | np.isin(pairs.b, entities)
        return pairs.take(near & np.isin(pairs.vis, self._scope.allowed))

    def _said(self, wanted: Bool, most: int) -> ClaimRows:
        found, values = self._claims.take(wanted), self._columns.values
        _refuse_more(len(found.kind), most)
        texts = (values[found.value], values[found.scope])
        return ClaimRows(found.kind, *texts, self._numbers(found.entity), self._columns.records[found.record])

    def _tied(self, wanted: Bool, most: int | None) -> Ties:
        found = self._ties.take(wanted)
        _refuse_more(len(found.a), most)
        record = self._columns.records[found.record]
        ends = self._numbers(found.a), self._numbers(found.b)
        return Ties(*ends, found.role_a, found.role_b, found.schema, found.day, record, found.vis)

    def _places(self, entities: Int64) -> Int64:
        """The index in the columns of each entity."""
        order = np.argsort(self._columns.number)
        return order[np.searchsorted(self._columns.number[order], entities)]

    def _numbers(self, places: Int32) -> Int32:
        return self._columns.number[places].astype(np.int32)


def _refuse_more(n: int, most: int | None) -> None:
    if most is not None and n > most:
        raise TooMany
