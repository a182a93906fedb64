"""Identity in a view: which entities are the same, computed from what the view sees.

Nothing of it is stored. Joins come from identifiers (`workbench.model.claims`) and from
people's judgements; vetoes and `different` keep apart. Where a cluster holds no conflict,
connected components are the answer; where it does, its joins are taken one by one in order
of strength, leaving out each that would join two entities which are kept apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from workbench.model.numbers import EntityNumber
from workbench.store.columns import Columns, Int32
from workbench.store.types import CommonEntry, Judgement
from workbench.view.conflicts import conflicted, settle
from workbench.view.joins import Join, Joins, SetAside, holder_joins, identifier_joins, listed_ibans


class Verdict(NamedTuple):
    """A judgement as identity needs it: entity numbers, same or different, its id."""

    a: EntityNumber
    b: EntityNumber
    same: bool
    judgement: str


def verdicts(judgements: Sequence[Judgement], columns: Columns) -> list[Verdict]:
    """What judgements say of entities that are there, but for those that others outweigh."""
    found, aside = [], outweighed(judgements)
    for each in judgements:
        if each.verdict == "unsure" or (each.verdict == "different" and each.id in aside):
            continue
        a, b = columns.index_of(each.a), columns.index_of(each.b)
        if a >= 0 and b >= 0:
            found.append(Verdict(a, b, each.verdict == "same", each.id))
    return found


def outweighed(judgements: Iterable[Judgement]) -> frozenset[str]:
    """Ids of the judgements `different` that another one overrides: they keep nobody apart."""
    return frozenset(each for judgement in judgements for each in judgement.overrides)


@dataclass(frozen=True)
class Identity:
    """Clusters of one view: `canonical[i]` is the smallest number in i's cluster.

    `joins` are those that stand; `refused` those that a veto or `different` left out, with
    the reason; `set_aside` the identifiers that too many hold.
    """

    canonical: Int32
    standing: Joins
    refused: tuple[tuple[Join, str], ...]
    set_aside: tuple[SetAside, ...]

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        """The joins that stand, one by one."""
        return tuple(self.standing)

    @cached_property
    def members(self) -> dict[EntityNumber, list[EntityNumber]]:
        """Members of each cluster of two or more, by canonical number."""
        found: dict[EntityNumber, list[EntityNumber]] = defaultdict(list)
        moved = np.flatnonzero(self.canonical != np.arange(len(self.canonical)))
        for number in map(EntityNumber, moved.tolist()):
            found[self.canonical_of(number)].append(number)
        return {canonical: [canonical, *rest] for canonical, rest in found.items()}

    def canonical_of(self, number: EntityNumber) -> EntityNumber:
        """The canonical one of an entity."""
        return EntityNumber(int(self.canonical[number]))

    def cluster(self, number: EntityNumber) -> list[EntityNumber]:
        """All entities that are the same as this one, itself included, in order."""
        canonical = self.canonical_of(number)
        return self.members.get(canonical, [canonical])


def identity(columns: Columns, verdicts: Sequence[Verdict], common: Iterable[CommonEntry] = ()) -> Identity:
    """The clusters of a view's columns, under the judgements and the list of common values that it may see."""
    joins, set_aside = identifier_joins(columns)
    holders, too_common = holder_joins(columns, listed_ibans(columns, common))
    set_aside += too_common
    judged = [Join(0, "judgement", v.judgement, v.a, v.b, ()) for v in verdicts if v.same]
    joins = joins.with_more([*holders, *judged])
    canonical = smallest_joined(len(columns.ids), joins.a, joins.b)
    apart = {_pair(v.a, v.b): f"judgement {v.judgement}" for v in verdicts if not v.same}
    doubtful = conflicted(columns, canonical, joins, apart)
    if not doubtful:
        return Identity(canonical, joins, (), tuple(set_aside))
    kept, refused = settle(columns, canonical, joins, doubtful, apart)
    canonical = smallest_joined(len(columns.ids), kept.a, kept.b)
    return Identity(canonical, kept, tuple(refused), tuple(set_aside))


def _pair(a: EntityNumber, b: EntityNumber) -> tuple[EntityNumber, EntityNumber]:
    return (a, b) if a < b else (b, a)


def smallest_joined(n: int, a: Int32, b: Int32) -> Int32:
    """For each of n numbers, the smallest of those that it is joined with, itself included; `a` are joined to `b`.

    In each round what joined numbers lead to so far is put under the smaller of both, until all are one: two rounds
    for clusters of a few, some ten for a million in one chain.
    """
    smallest = np.arange(n, dtype=np.int32)
    while len(a):
        ends = smallest[a], smallest[b]
        np.minimum.at(smallest, np.maximum(*ends), np.minimum(*ends))
        smallest = _followed(smallest)
        between = smallest[a] != smallest[b]
        a, b = a[between], b[between]
    return smallest


def _followed(smaller: Int32) -> Int32:
    """What each number leads to in the end, from smaller to smaller."""
    while not np.array_equal(further := smaller[smaller], smaller):
        smaller = further
    return smaller
