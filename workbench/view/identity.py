"""Identity in a view: which entities are the same, computed from what the view sees and never stored.

Joins come from people's judgements, from identifiers (`workbench.model.claims`) and from scores
(`workbench.view.scored`); vetoes and judgements `different` keep entities apart. A weak score in a cluster of three or
more needs a third (`workbench.view.supporting`). A cluster without a conflict is a connected component of the joins
that are left. In a cluster with one, joins are taken in order of strength, and a join that would unite two entities
kept apart is left out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from workbench.model.numbers import EntityNumber
from workbench.store.columns import Columns, Int32, Int64
from workbench.store.types import CommonEntry, Judgement, overridden
from workbench.view.adjacency import ranges
from workbench.view.conflicts import conflicted
from workbench.view.joining import among, rejoined, smallest_joined
from workbench.view.joins import JUDGEMENT, Join, Joins, SetAside, holder_joins, identifier_joins, listed_ibans
from workbench.view.refused import Refused
from workbench.view.scored import UNSCORED, Scored
from workbench.view.settling import settle
from workbench.view.supporting import supported


class Verdict(NamedTuple):
    """A judgement for the computation of identity: two entities, same or different, the judgement's id."""

    a: EntityNumber
    b: EntityNumber
    same: bool
    judgement: str


def effective(judgements: Sequence[Judgement], aside: Collection[str] | None = None) -> list[Judgement]:
    """The judgements that join or keep apart: without "unsure", and without those `aside` that others override.

    By default those are aside that one of these overrides.
    """
    aside = overridden(judgements) if aside is None else aside
    return [
        each for each in judgements if each.verdict == "same" or (each.verdict == "different" and each.id not in aside)
    ]


def verdicts(judgements: Iterable[Judgement], columns: Columns) -> list[Verdict]:
    """The verdicts of effective judgements on entities in the columns."""
    said = list(judgements)
    ends = (columns.indices_of([getattr(each, end) for each in said]).tolist() for end in ("a", "b"))
    return [
        Verdict(EntityNumber(a), EntityNumber(b), each.verdict == "same", each.id)
        for each, a, b in zip(said, *ends, strict=True)
        if a >= 0 and b >= 0
    ]


@dataclass(frozen=True)
class Identity:
    """Clusters of one view: `canonical[i]` is the smallest number in i's cluster.

    `joins` are those that stand, `refused` those that a veto or a judgement `different` left out,
    with the reason. `set_aside` holds identifiers with too many holders to join anybody.
    """

    canonical: Int32
    standing: Joins
    refused: tuple[Refused, ...]
    set_aside: tuple[SetAside, ...]

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        """The joins that stand, one by one."""
        return tuple(self.standing)

    @cached_property
    def _moved(self) -> tuple[Int32, Int64]:
        """The canonical numbers of all members that are not canonical, in order, and these members."""
        moved = np.flatnonzero(self.canonical != np.arange(len(self.canonical)))
        moved = moved[np.argsort(self.canonical[moved], kind="stable")]
        return self.canonical[moved], moved

    def members_of(self, canonical: Int64) -> tuple[Int64, Int64]:
        """All members of some clusters, by their canonical numbers, and for each the index of its cluster."""
        owners, moved = self._moved
        rows, of = ranges(*(np.searchsorted(owners, canonical, side=side) for side in ("left", "right")))
        return np.concatenate([canonical, moved[rows]]), np.concatenate([np.arange(len(canonical)), of])

    def canonical_of(self, number: EntityNumber) -> EntityNumber:
        """The canonical entity of an entity."""
        return EntityNumber(int(self.canonical[number]))

    def cluster(self, number: EntityNumber) -> list[EntityNumber]:
        """All entities that are the same as this one, including it, in order."""
        canonical, (of, moved) = self.canonical_of(number), self._moved
        first = bisect_left(of, canonical)
        rest: list[EntityNumber] = moved[first : bisect_right(of, canonical, first)].tolist()
        return [canonical, *rest]


def identity(
    columns: Columns,
    verdicts: Sequence[Verdict],
    common: Iterable[CommonEntry] = (),
    scored: Scored = UNSCORED,
) -> Identity:
    """The clusters of a view, from its columns, and the judgements, listed common values and scores that it sees."""
    every, set_aside = proposed(columns, verdicts, common, scored)
    canonical = smallest_joined(len(columns.ids), every.a, every.b)
    joins, weak = supported(every, scored, canonical)
    for refused in weak:
        changed = among(len(canonical), canonical[refused.joins.a])
        canonical = rejoined(canonical, changed, joins.a, joins.b)
    apart = {_pair(v.a, v.b): f"judgement {v.judgement}" for v in verdicts if not v.same}
    doubtful, telling = conflicted(columns, canonical, joins, apart)
    if not doubtful.any():
        return Identity(canonical, joins, weak, set_aside)
    kept, refused = settle(canonical, joins, doubtful, telling, apart, scored.model)
    return Identity(rejoined(canonical, doubtful, kept.a, kept.b), kept, (*weak, refused), set_aside)


def proposed(
    columns: Columns, verdicts: Iterable[Verdict], common: Iterable[CommonEntry], scored: Scored
) -> tuple[Joins, tuple[SetAside, ...]]:
    """All joins that stand unless something forbids them, and the identifiers that join nobody."""
    joins, set_aside = identifier_joins(columns)
    holders, too_common = holder_joins(columns, listed_ibans(columns, common))
    judged = [Join(0, JUDGEMENT, v.judgement, v.a, v.b, ()) for v in verdicts if v.same]
    return joins.with_scores(scored.joins).with_more([*holders, *judged]), (*set_aside, *too_common)


def _pair(a: EntityNumber, b: EntityNumber) -> tuple[EntityNumber, EntityNumber]:
    return (a, b) if a < b else (b, a)
