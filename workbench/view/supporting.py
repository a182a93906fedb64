"""Scores that need a third: against chains in which each link is weak.

In a cluster of three or more, a score that is little above the threshold joins two only if a third member is joined to
both. It is judged once, on all joins that are proposed, so that no order matters.
"""

import numpy as np

from workbench.store.columns import Bool, Int32, Int64
from workbench.store.scores import HUNDREDTHS
from workbench.view.adjacency import ranges
from workbench.view.joining import smallest_joined
from workbench.view.joins import Join, Joins
from workbench.view.scored import Scored

# A score is weak so far above the threshold, in bits.
WEAK = 1.0
_WHY = "its score is weak, and no third is joined to both"


def supported(joins: Joins, scored: Scored, n: int) -> tuple[Joins, list[tuple[Join, str]]]:
    """The joins between n entities without weak scores that nothing supports, and those, with the reason."""
    weak = scored.joins.total < scored.threshold[scored.joining] + round(WEAK * HUNDREDTHS)
    if not weak.any():
        return joins, []
    by_score, clusters = joins.by_score, smallest_joined(n, joins.a, joins.b)
    sure = joins.where(~by_score)
    same = smallest_joined(n, sure.a, sure.b)  # entities that are one without any score count as one member
    asked = np.isin(clusters[joins.scored.a], clusters[joins.scored.a[weak]])
    x, y = joins.scored.a[asked], joins.scored.b[asked]
    sizes = np.bincount(clusters, minlength=n)[clusters[x]]
    unsupported = np.zeros(len(by_score), dtype=bool)
    unsupported[np.flatnonzero(by_score)[asked]] = weak[asked] & (sizes > 2) & _alone(same[x], same[y], n)
    left_out = [(join, _WHY) for join in joins.where(unsupported)]
    return joins.where(~unsupported), left_out


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
