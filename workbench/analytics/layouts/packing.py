"""Drawings packed into one, so that none reaches into another."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from workbench.analytics.layouts.plan import Place

_WIDE = 1.6  # width of the whole, in heights
_FINE = 10.0  # width of a column of the skyline


def packed(
    drawings: Sequence[Mapping[str, Place]], gap: float, left: float = 0.0, top: float = 0.0
) -> dict[str, Place]:
    """All drawings in one, each at the highest place that is free, the first at the left top."""
    lows = [np.min(list(each.values()), axis=0) for each in drawings]
    sizes = [np.max(list(each.values()), axis=0) - low + gap for each, low in zip(drawings, lows, strict=True)]
    area = sum(float(wide * high) for wide, high in sizes)
    widest = max((float(wide) for wide, _ in sizes), default=0.0)
    skyline = np.zeros(max(1, math.ceil(max(widest, math.sqrt(area * _WIDE)) / _FINE)))
    places: dict[str, Place] = {}
    for each, low, (wide, high) in zip(drawings, lows, sizes, strict=True):
        columns = min(len(skyline), math.ceil(wide / _FINE))
        heights = sliding_window_view(skyline, columns).max(axis=1)
        first = int(heights.argmin())
        x, y = left + first * _FINE - low[0], top + heights[first] - low[1]
        skyline[first : first + columns] = heights[first] + high
        places.update({entity: (float(px + x), float(py + y)) for entity, (px, py) in each.items()})
    return places
