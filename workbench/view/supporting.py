"""Scores that need a third: against chains in which each link is weak.

In a cluster of three or more, a score that is little above the threshold joins two only if a third member is joined to
both. It is judged once, on all joins that are proposed, so that no order matters.
"""

import numpy as np

from workbench.store.columns import Bool, Int32, Int64
from workbench.store.scores import HUNDREDTHS
from workbench.view.adjacency import ranges
from workbench.view.joining import among, rejoined
from workbench.view.joins import Joins
from workbench.view.refused import Refused
from workbench.view.scored import Scored

# A score is weak so far above the threshold, in bits.
WEAK = 1.0
_WHY = "its score is weak, and no third is joined to both"


def supported(joins: Joins, scored: Scored, clusters: Int32) -> tuple[Joins, tuple[Refused, ...]]:
    """The joins without weak scores that nothing supports, and those, if there are any.

    `clusters` has the smallest member of each entity's component of these joins, which have all the scores that join.
    """
    weak = joins.scored.total < np.compress(scored.joining, scored.threshold) + round(WEAK * HUNDREDTHS)
    unsupported = np.zeros(len(joins.by_score), dtype=bool)
    if weak.any():
        unsupported[joins.by_score] = weak & _unsupported(joins, weak, clusters)
    if not unsupported.any():
        return joins, ()
    left_out = joins.where(unsupported)
    return joins.where(~unsupported), (Refused.of(left_out, [_WHY] * len(left_out.by_score)),)


def _unsupported(joins: Joins, weak: Bool, clusters: Int32) -> Bool:
    """Which scores nothing supports, in clusters of three or more that have a weak one."""
    of, n = clusters[joins.scored.a], len(clusters)
    some = among(n, of[weak]) & (np.bincount(clusters, minlength=n) > 2)
    asked = np.flatnonzero(some[of])
    alone = np.zeros(len(of), dtype=bool)
    if len(asked):
        sure = joins.where(~joins.by_score)
        same = rejoined(clusters, some, sure.a, sure.b)  # entities that are one without any score count as one member
        alone[asked] = _alone(same[joins.scored.a[asked]], same[joins.scored.b[asked]], n)
    return alone


def _alone(x: Int32, y: Int32, n: int) -> Bool:
    """Which scores between members x and y have no other beside them, and no third; all scores of their clusters."""
    low, high = np.minimum(x, y).astype(np.int64), np.maximum(x, y).astype(np.int64)
    codes, place, times = np.unique(low * n + high, return_inverse=True, return_counts=True)
    asked = (low != high) & (times[place] == 1)
    alone = np.zeros(len(x), dtype=bool)
    rows = np.flatnonzero(asked)
    alone[rows] = ~_have_third(low[rows], high[rows], codes, n)
    return alone


def _have_third(x: Int64, y: Int64, codes: Int64, n: int) -> Bool:
    """Whether some member is joined to both x and y; `codes` are all joins between members, as x * n + y."""
    a, b = codes // n, codes % n
    ends, others = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.argsort(ends, kind="stable")
    ends, others = ends[order], others[order]
    rows, row = ranges(*(np.searchsorted(ends, x, side=side) for side in ("left", "right")))
    third, other = others[rows], y[row]
    wanted = np.minimum(third, other) * n + np.maximum(third, other)
    at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    found = np.zeros(len(x), dtype=bool)
    found[row[(codes[at] == wanted) & (third != other)]] = True
    return found
