"""Scores in a view: of the pairs of facets that it sees, the highest weight of each comparison.

A view takes the standing pairs of facets of its classes. Of two entities it takes, comparison by comparison, the
highest weight of any pair of their facets, and the sum. It proposes the two if a blocking rule found one of those pairs
and the sum reaches the floor; it joins them if the sum reaches the threshold, and a name, or what stands for one,
agrees and something beside it (`Scored.joining`). So nothing hidden raises or lowers a score.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, log2
from typing import NamedTuple

import numpy as np

from workbench.model.numbers import EntityNumber
from workbench.store.backend import Backend
from workbench.store.columns import Bool, Int16, Int32, Int64, Rows
from workbench.store.scores import (
    BEGIN_ALIKE,
    COMPARISONS,
    FLOOR,
    HUNDREDTHS,
    NO_PAIRS,
    ORGANISATION,
    OTHER_GIVEN,
    PERSON,
    Int8,
    Pairs,
    facets_seen,
    highest,
)
from workbench.store.types import Scope
from workbench.view.common_in_scores import CommonInScores
from workbench.view.masking import Numbers

# The threshold in bits, without a prior: at least; at so many facets; and how it grows with each doubling.
_LEAST, _AT, _FACETS, _EACH_DOUBLING = 13.4, 15.2, 32_768, 1.1
# What is proposed to people lies so far below the threshold at most.
_BELOW = 5.0
# A field beside the name agrees if it says so much at least, in bits; names, if they do.
_AGREES, _NAMES_AGREE = 5.0, 3.0
# Birth dates do only if they say so much, or the name does: two namesakes may be born some days apart.
_BIRTHS_AGREE, _RARE_NAME = 10.0, 11.0
# A field that says so little, as a year of birth, is enough beside a name that lifts the sum so far over the threshold.
_AGREES_A_LITTLE, _RARE = 2.0, 5.5
# Two fields that say so much each are enough beside names of which one may be a short form of the other.
_SURE = 6.0
# A birth date that says so much, and a phone or e-mail, stand for a name.
_BORN = 13.0
# What an address says more beside a birth date, in hundredths of a bit: a household has one address, not one date.
_ALSO_BORN = 500
# What names say that begin alike, where there are no twins, in hundredths of a bit.
_ONE_PERSON = 800
# Two fields that say so much each stand for a name, where the model says that names are often wrong.
_STRONG = 3.2
_KINDS = (PERSON, ORGANISATION)
_NAME, _DOCUMENT, _PHONE, _EMAIL = map(COMPARISONS.index, ("name", "document", "phone", "email"))
_BORN_AT, _ADDRESS = map(COMPARISONS.index, ("birth", "address"))
_BIRTH = _BORN_AT - 1  # among the fields beside the name
_TOLD = {"birth": "birth date", "email": "e-mail"}


@dataclass(frozen=True, slots=True)
class Model:
    """What of a model views use.

    - `slips`: records of one person often have another name or birth date by mistake: neither keeps apart, and what
      does not agree says half as much.
    - `twins`: there may be twins, so that a birth date and a part of a name don't make two records those of one person.
    """

    slips: bool = False
    twins: bool = True

    @classmethod
    def read(cls, kept: str) -> "Model":
        """The model that a store has; the shipped one for ""."""
        return cls(**json.loads(kept)) if kept else cls()


FacetOf = tuple[int, int]


class Told(NamedTuple):
    """Two entities with a score: its weight in hundredths of a bit, and each comparison's in words."""

    a: EntityNumber
    b: EntityNumber
    weight: int
    why: str


@dataclass(frozen=True, slots=True)
class Best(Rows):
    """Pairs of entities, in order, each once for a kind: the best weight of each comparison, in hundredths of a bit."""

    a: Int32
    b: Int32
    kind: Int8
    weights: Int16
    aside: Int8  # as in `Pairs`

    @property
    def total(self) -> Int32:
        """The sum of the weights."""
        total: Int32 = self.by_comparison.sum(axis=0, dtype=np.int32)
        return total

    @property
    def by_comparison(self) -> Int16:
        """The weights, a row for each comparison: many times as fast to compute with."""
        return np.ascontiguousarray(self.weights.T)

    def told(self) -> Iterator[Told]:
        """Each pair in words."""
        columns = (self.a, self.b, self.total, self.weights, self.aside)
        for a, b, total, weights, aside in zip(*(each.tolist() for each in columns), strict=True):
            yield Told(EntityNumber(a), EntityNumber(b), total, _why(total, weights, aside))


NOBODY = Best(NO_PAIRS.a, NO_PAIRS.b, NO_PAIRS.kind, NO_PAIRS.weights, NO_PAIRS.aside)


def _why(total: int, weights: list[int], aside: int) -> str:
    told = [_TOLD.get(name, name) for name in COMPARISONS]
    said = [f"{name} {weight / HUNDREDTHS:+.1f}" for name, weight in zip(told, weights, strict=True) if weight]
    common = [name for place, name in enumerate(told) if aside >> place & 1 and weights[place] <= 0]
    said += [f"{' and '.join(common)} set aside as common"] if common else []
    return f"{total / HUNDREDTHS:.1f} bits: {', '.join(said)}"


@dataclass(frozen=True)
class Scored:
    """The scores of a view, or of a part of it: pairs that join or are proposed, by its numbers; thresholds by kind."""

    best: Best
    thresholds: Mapping[int, float]
    model: Model

    @cached_property
    def threshold(self) -> Int32:
        """The threshold for each pair, in hundredths of a bit."""
        by_kind = np.array([round(self.thresholds[kind] * HUNDREDTHS) for kind in _KINDS], dtype=np.int32)
        return by_kind[self.best.kind]

    @property
    def proposed(self) -> Bool:
        """A mask of the pairs that join, or that people are asked about, if nothing keeps them apart."""
        return np.asarray(self.best.total >= self.threshold - round(_BELOW * HUNDREDTHS))

    @cached_property
    def joining(self) -> Bool:
        """A mask of the pairs that are joined unless something keeps them apart."""
        enough = np.asarray(self.best.total >= self.threshold)
        rows = np.flatnonzero(enough)
        enough[rows] = self._may_join(self.best.at(rows), self.threshold[rows])
        return enough

    def _may_join(self, best: Best, threshold: Int32) -> Bool:
        """Whether something beside the name agrees, and the name does, or what stands for one."""
        weights = best.by_comparison
        total = weights.sum(axis=0, dtype=np.int32)
        name, beside = weights[_NAME], np.delete(weights, _NAME, axis=0)
        named = (name >= _NAMES_AGREE * HUNDREDTHS) | (weights[_DOCUMENT] > 0)
        named |= (name > 0) & ((beside >= _SURE * HUNDREDTHS).sum(axis=0) > 1)
        reached = (weights[[_PHONE, _EMAIL]] >= _SURE * HUNDREDTHS).any(axis=0)
        if self.model.twins:
            reached &= name > OTHER_GIVEN
        named |= reached & (beside[_BIRTH] >= _BORN * HUNDREDTHS)
        if self.model.slips:
            named |= (beside >= _STRONG * HUNDREDTHS).sum(axis=0) > 1
        least = np.full((len(beside), 1), _AGREES)
        least[_BIRTH] = _BIRTHS_AGREE
        agrees = (beside >= least * HUNDREDTHS).any(axis=0)
        agrees |= (name >= _RARE_NAME * HUNDREDTHS) & (beside[_BIRTH] >= _AGREES * HUNDREDTHS)
        is_rare = total >= threshold + round(_RARE * HUNDREDTHS)
        agrees |= is_rare & (beside >= _AGREES_A_LITTLE * HUNDREDTHS).any(axis=0)
        return np.asarray(named & agrees)

    @property
    def joins(self) -> Best:
        """The pairs that are joined unless something keeps them apart."""
        return self.best.take(self.joining)


UNSCORED = Scored(NOBODY, dict.fromkeys(_KINDS, _LEAST), Model())


def scores_in(backend: Backend, scope: Scope, numbers: Numbers, gone: frozenset[FacetOf] = frozenset()) -> Scored:
    """The scores of a whole scope, without those of some facets, as (entity, class) by the store's numbers."""
    every = backend.scores(scope.revision)
    if not every.model:
        return UNSCORED
    pairs = every.pairs.take(np.isin(every.pairs.vis, scope.allowed))
    if gone:
        facets = backend.facets(scope)
        silent = [each in gone for each in zip(facets.entity.tolist(), facets.vis.tolist(), strict=True)]
        of_gone = facets.number[np.array(silent, bool)]
        pairs = pairs.take(~np.isin(pairs.one, of_gone) & ~np.isin(pairs.other, of_gone))
    pairs = CommonInScores(backend, scope).set_aside(pairs)
    return scored(pairs, facets_seen(every.facets, scope.allowed), every.model, numbers)


def scored(pairs: Pairs, facets: Mapping[int, int], model: str, numbers: Numbers) -> Scored:
    """The scores of visible pairs that join or are proposed, given how many facets of each kind are visible.

    The pairs are in order.
    """
    read = Model.read(model)
    every = Scored(_by_model(_best(pairs), read), {kind: threshold(facets.get(kind, 0)) for kind in _KINDS}, read)
    return replace(every, best=_numbered(every.best.take(every.proposed), numbers))


def _numbered(best: Best, numbers: Numbers) -> Best:
    """The scores of the entities that a view has, by its numbers."""
    a, b = numbers.of_entities(best.a), numbers.of_entities(best.b)
    mine = replace(best, a=np.minimum(a, b), b=np.maximum(a, b))
    mine = mine.take(mine.a >= 0)
    codes = (mine.a.astype(np.int64) * len(numbers.entities) + mine.b) * len(_KINDS) + mine.kind
    return mine.at(np.argsort(codes))


def _by_model(every: Best, model: Model) -> Best:
    """The scores from the floor on, as they are to be read: by the model, and by what stands beside an address."""
    best = every.take(every.total >= FLOOR)  # whether what is below is kept, may follow from what others see
    weights = np.where(best.weights < 0, best.weights // 2, best.weights) if model.slips else best.weights.copy()
    beside = (weights[:, _BORN_AT] >= _AGREES * HUNDREDTHS) & (weights[:, _ADDRESS] >= _AGREES * HUNDREDTHS)
    weights[beside, _ADDRESS] += _ALSO_BORN
    if not model.twins:
        weights[weights[:, _NAME] == BEGIN_ALIKE, _NAME] = _ONE_PERSON
    return replace(best, weights=weights)


def threshold(facets: int) -> float:
    """From how many bits on two entities are joined, where so many facets of their kind are visible."""
    rounded = 2 ** ceil(log2(max(facets, 1)))
    return max(_LEAST, _AT + _EACH_DOUBLING * log2(rounded / _FACETS))


def _best(pairs: Pairs) -> Best:
    """Of pairs of facets in order, those of one pair of entities and one kind taken together."""
    if not len(pairs):
        return NOBODY
    differs = np.zeros(len(pairs) - 1, dtype=bool)
    for each in (pairs.a, pairs.b, pairs.kind):
        differs |= each[1:] != each[:-1]
    starts: Int64 = np.concatenate([[0], np.flatnonzero(differs) + 1])
    weights = pairs.weights
    if len(starts) < len(pairs):
        weights = highest(weights, starts)
    found, aside = np.logical_or.reduceat(pairs.blocked, starts), np.bitwise_or.reduceat(pairs.aside, starts)
    return Best(pairs.a[starts], pairs.b[starts], pairs.kind[starts], weights, aside).take(found)
