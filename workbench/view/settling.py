"""Which joins stand in components where something keeps entities apart (design §7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.model.numbers import EntityNumber
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.apart import KeptApart, kept_apart
from workbench.view.doubts import FITS_TWO, Score, confirmed, is_thin, undecided
from workbench.view.joins import Joins
from workbench.view.queue import every_pair, in_order
from workbench.view.refused import Refused
from workbench.view.scored import Model
from workbench.view.traits import Telling

# What keeps two entities apart by a judgement, by both.
Apart = Mapping[tuple[EntityNumber, EntityNumber], str]


def settle(
    labels: Int32, joins: Joins, doubtful: Bool, telling: Telling, apart: Apart, model: Model
) -> tuple[Joins, Refused]:
    """The joins that stand, and the refused ones with the reason.

    `doubtful` says which labels are in doubt, `telling` what may keep entities apart: all that is said under a key
    where a component says more than one thing.

    In a doubtful component joins are taken in order of strength, scores by their weight, then by key. A join is refused
    if it would unite two entities that a judgement or a veto keeps apart, and a score if it fits two of those alike.
    """
    in_doubt = doubtful[labels[joins.a]]
    queue = _Queue.of(every_pair(joins.where(in_doubt)), labels)
    traits = telling.traits_of(queue.members, model)
    refusals = queue.refusals(kept_apart(traits, queue.group, queue.confirmed(), queue.judged(apart)))
    stands = np.ones(len(queue.a), dtype=bool)
    stands[list(refusals)] = False
    refused = Refused.of(queue.joins.where(~stands), [why for _, why in sorted(refusals.items())])
    return joins.where(~in_doubt).and_also(queue.joins.where(stands)), refused


@dataclass(frozen=True)
class _Queue:
    """Joins of components: the members, those of a component beside each other, and its number for each.

    `a` and `b` are the members of each join, by their places; `place` is that of each entity, -1 for one of none.
    """

    joins: Joins
    members: Int32
    place: Int64
    group: Int64
    a: Int64
    b: Int64

    @classmethod
    def of(cls, joins: Joins, labels: Int32) -> "_Queue":
        """The queue of joins between entities with these labels of components."""
        a, b = joins.a, joins.b
        place = np.full(len(labels), -1, dtype=np.int64)
        place[a] = place[b] = 0
        members = np.flatnonzero(place == 0).astype(np.int32)
        members = members[np.argsort(labels[members], kind="stable")]
        place[members] = np.arange(len(members))
        group = np.cumsum(np.diff(labels[members], prepend=labels[members[:1]]) != 0)
        return cls(joins, members, place, group, place[a], place[b])

    def confirmed(self) -> Sequence[Int64]:
        """Who of the members shares what is said, as the scores say."""
        a, b = (self.joins.by_sort(each)[1].astype(np.int32) for each in (self.a, self.b))
        return confirmed(len(self.members), a, b, self.joins.scored)

    def judged(self, apart: Apart) -> dict[tuple[int, int], str]:
        """Two members of a component each whom a judgement keeps apart, the smaller first, and why."""
        places, reasons = self.place[np.array(list(apart), dtype=np.int64).reshape(-1, 2)], list(apart.values())
        a, b = np.sort(places, axis=1).T
        group = np.append(self.group, -1)  # the last is that of none
        here = np.flatnonzero((group[a] == group[b]) & (a >= 0) & (a < b))
        rows = zip(a[here].tolist(), b[here].tolist(), here.tolist(), strict=True)
        return {(one, other): reasons[row] for one, other, row in rows}

    def refusals(self, kept: KeptApart) -> dict[int, str]:
        """The joins that do not stand, and why."""
        order = self._in_order(kept)
        refused = dict.fromkeys(undecided(self._scores(order), kept), FITS_TWO)
        clusters = _Clusters(kept)
        against: dict[int, tuple[int, int]] = {}
        for join, a, b in zip(order.tolist(), self.a[order].tolist(), self.b[order].tolist(), strict=True):
            left, right = clusters.of[a], clusters.of[b]
            if left != right and join not in refused and (apart := clusters.unite(left, right)):
                against[join] = apart
        return refused | dict(zip(against, kept.why(list(against.values())), strict=True))

    def _in_order(self, kept: KeptApart) -> Int64:
        """The joins of components in which somebody is kept apart, in order."""
        hostile = np.zeros(len(self.members), dtype=bool)
        hostile[self.group[[place for place, foes in enumerate(kept.foes) if foes]]] = True
        group = self.group[self.a]
        rows = hostile[group]
        return np.flatnonzero(rows)[in_order(self.joins.where(rows), group[rows])]

    def _scores(self, order: Int64) -> Iterator[Score]:
        """The scores among some joins."""
        first, scored = len(self.joins.row_a), self.joins.scored
        rows = order[(order >= first) & (order < first + len(scored))]
        said = (rows, self.a[rows], self.b[rows], scored.total[rows - first], is_thin(scored)[rows - first])
        return zip(*(each.tolist() for each in said), strict=True)


class _Clusters:
    """Clusters of members, in which nobody is kept apart from another: `of` has the cluster of each."""

    def __init__(self, kept: KeptApart) -> None:
        self._kept = kept
        self.of = list(range(len(kept.own)))
        self._members: dict[int, list[int]] = {}  # of clusters of several
        self._own, self._foes = [*kept.own], [*kept.foes]

    def unite(self, left: int, right: int) -> tuple[int, int] | None:
        """Unite two clusters; if two of their members are kept apart, returns the first such two instead."""
        ours, theirs = self._members.get(left) or [left], self._members.get(right) or [right]
        if self._foes[left] & self._own[right]:
            own, foes = self._kept.own, self._kept.foes
            first = next(each for each in ours if foes[each] & self._own[right])
            return first, next(each for each in theirs if foes[first] & own[each])
        stays, goes, moved = (left, right, theirs) if len(ours) >= len(theirs) else (right, left, ours)
        for each in moved:
            self.of[each] = stays
        self._own[stays] |= self._own[goes]
        self._foes[stays] |= self._foes[goes]
        if stays == left:
            ours += theirs
        else:
            theirs[:0] = ours
        self._members[stays] = ours if stays == left else theirs
        return None
