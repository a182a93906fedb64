"""How many lines of a drawing cross."""

import numpy as np

from workbench.analytics.layouts.plan import Ends, Places

_AT_ONCE = 1_000_000  # pairs of lines


def crossings(places: Places, ends: Ends) -> int:
    """The number of pairs of straight lines that cross; lines that share an end don't."""
    begin, way = places[ends[:, 0]], places[ends[:, 1]] - places[ends[:, 0]]
    step = max(1, _AT_ONCE // max(1, len(ends)))
    found = 0
    for start in range(0, len(ends), step):
        mine, other = np.s_[start : start + step, None], np.s_[None, start:]
        apart = np.ones((len(ends[mine[0]]), len(ends) - start), dtype=bool)
        for one in (0, 1):
            for two in (0, 1):
                apart &= ends[:, one][mine] != ends[:, two][other]
        gap, turned = begin[other] - begin[mine], _cross(way[mine], way[other])
        with np.errstate(divide="ignore", invalid="ignore"):
            along, across = _cross(gap, way[other]) / turned, _cross(gap, way[mine]) / turned
        meet = apart & (along > 0) & (along < 1) & (across > 0) & (across < 1)
        found += int(np.triu(meet, 1).sum())
    return found


def _cross(one: Places, other: Places) -> Places:
    found: Places = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return found
