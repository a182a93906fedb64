"""Ranks from scores: the highest has rank 1, and equals share the rank of their first (1, 2, 2, 4)."""

from typing import NamedTuple

import numpy as np

from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64

# Sums of the same shares in a different order differ by less than this fraction.
EQUAL = 1e-9
_LEAST = 1e-15  # of a whole: below this a score is 0


class Ranks(NamedTuple):
    """The rank of each, and the last place of its equals: of three equals after one other, 2 and 4."""

    first: Int64
    last: Int64


def ranks(scores: Float64, group: Int64 | None = None) -> Ranks:
    """The ranks of scores, the highest first; with `group`, among those of the same group."""
    of = np.zeros(len(scores), np.int64) if group is None else group
    order = np.lexsort((-scores, of))
    found, place = scores[order], of[order]
    new_group = np.ones(len(order), bool)
    new_group[1:] = place[1:] != place[:-1]
    falls = new_group.copy()
    falls[1:] |= found[1:] < found[:-1] - np.abs(found[:-1]) * EQUAL - _LEAST
    starts = np.flatnonzero(falls)
    level = np.cumsum(falls) - 1
    begin = np.flatnonzero(new_group)[np.cumsum(new_group) - 1] if len(order) else starts
    ends = np.append(starts[1:], len(order))
    first, last = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    if len(order):
        first[order] = starts[level] - begin + 1
        last[order] = ends[level] - begin
    return Ranks(first, last)
