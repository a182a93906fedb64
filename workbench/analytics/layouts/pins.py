"""Pinned entities stay where they are, and others make room for them."""

import math
from collections.abc import Iterable, Mapping

import numpy as np
from scipy.spatial import cKDTree

from workbench.analytics.layouts.plan import CLEAR, LENGTH, Place, Places

_RINGS, _TURNS = (0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0), 18
_SPOTS = np.array(
    [
        (radius * math.cos(2 * math.pi * turn / _TURNS), radius * math.sin(2 * math.pi * turn / _TURNS))
        for radius in _RINGS
        for turn in range(_TURNS)
    ]
)


def around(
    places: Mapping[str, Place], pinned: Mapping[str, Place], firm: Iterable[str] = (), upright: bool = False
) -> dict[str, Place]:
    """A layout moved as a whole to where its pinned entities are; who is too near another one gives way.

    `firm` entities don't: the layout is moved down until they need not. With `upright`, others give way up or down.
    """
    names = list(places)
    free = np.array([name not in pinned for name in names], dtype=bool)
    points = np.array([places[name] for name in names], dtype=float).reshape(-1, 2)
    line = np.isin(names, list(firm)) & free
    if not free.all():
        kept = np.array([pinned[name] for name in names if name in pinned], dtype=float)
        points += (kept - points[~free]).mean(axis=0)
        points[~free] = kept
        while line.any() and cKDTree(kept).query(points[line])[0].min() < CLEAR:
            points[free, 1] += CLEAR
    crowded = cKDTree(points).query(points, 2)[0][:, 1] < CLEAR if names else free
    for each in np.flatnonzero(crowded & free & ~line):
        others = np.delete(points, each, axis=0)
        if np.hypot(*(others - points[each]).T).min() < CLEAR:
            points[each] = _above_or_below(points[each], others) if upright else free_spot(points[each], others, 0.5)
    found = {name: (round(float(x), 1), round(float(y), 1)) for name, (x, y) in zip(names, points, strict=True)}
    return found | dict(pinned)


def free_spot(middle: Places, taken: Places, unit: float = 1.0, clear: float = CLEAR) -> Places:
    """The free spot nearest to a place, on rings around it; `unit` is the distance of rings, in lengths of a tie.

    If all spots have something within `clear`, it is the one with the most room.
    """
    while True:
        spots = middle + _SPOTS * unit * LENGTH
        room = cKDTree(taken).query(spots)[0]
        free = np.flatnonzero(room >= clear)
        best = int(free[0] if len(free) else room.argmax())
        if room[best] >= CLEAR:
            found: Places = spots[best]
            return found
        unit *= 1.5


def _above_or_below(point: Places, others: Places) -> Places:
    """The nearest place above or below a point that is free."""
    beside = others[np.abs(others[:, 0] - point[0]) < CLEAR]
    ways = CLEAR / 2 * np.arange(1, 8 * len(beside) + 8)
    spots = np.column_stack([np.full(2 * len(ways), point[0]), point[1] + np.stack([ways, -ways], axis=1).ravel()])
    found: Places = spots[np.flatnonzero(cKDTree(beside).query(spots)[0] >= CLEAR)[0]]
    return found
