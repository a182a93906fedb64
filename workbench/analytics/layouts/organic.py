"""The organic layout: what is tied is near, and few lines cross."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.spatial import cKDTree
from threadpoolctl import threadpool_limits

from workbench.analytics.layouts.crossings import crossings
from workbench.analytics.layouts.forces import drawn, settled, unit_of
from workbench.analytics.layouts.overlaps import without_overlaps
from workbench.analytics.layouts.packing import packed
from workbench.analytics.layouts.plan import (
    LENGTH,
    SPACE,
    Ends,
    Graph,
    Place,
    Places,
    Plan,
    lengths,
    numbered,
    parts_of,
)
from workbench.analytics.layouts.sfdp import sfdp_places

_WORTH_SFDP = 50  # entities of a component for which another program is started
_SFDP_ALONE = 2_500  # beyond so many, it is much faster than we are
_STARTS = ((300, 6), (800, 3), (_SFDP_ALONE, 2))  # how often components of up to so many entities are drawn
_NARROW = 62.0  # mean length of a tie before overlaps are removed


def organic(graph: Graph, plan: Plan, seed: int = 0) -> dict[str, Place]:
    """Each component drawn by itself, packed with the largest first; those with pinned entities lie around them."""
    held: dict[str, Place] = {}
    drawings: dict[tuple[int, bytes], Places] = {}  # of components that are alike, only one is drawn
    others: list[dict[str, Place]] = []
    with threadpool_limits(1, "blas"):
        for part in parts_of(graph):
            names, ends = numbered(part)
            shape = len(names), ends.tobytes()
            if shape not in drawings:
                drawings[shape] = _drawing(len(names), ends, seed)
            pinned = {entity: plan.pinned[entity] for entity in names if entity in plan.pinned}
            if pinned:
                held |= _named(names, _around(names, ends, drawings[shape], pinned))
            else:
                others.append(_named(names, drawings[shape]))
        if not held:
            return packed(others, LENGTH)
        fixed = np.array([entity in plan.pinned for entity in held])
        places = without_overlaps(np.array(list(held.values())), fixed)
    left, low = places[:, 0].min(), places[:, 1].max() + LENGTH
    return _named(held, places) | packed(others, LENGTH, left, low)


def _named(names: Iterable[str], places: Places) -> dict[str, Place]:
    return {entity: (float(x), float(y)) for entity, (x, y) in zip(names, places, strict=True)}


def _drawing(many: int, ends: Ends, seed: int) -> Places:
    """The drawing of a component in which fewest lines cross: of ours, and of sfdp's where it is installed."""
    if many == 1:
        return np.zeros((1, 2))
    theirs = sfdp_places(many, ends) if many >= _WORTH_SFDP else None
    ours = _ours(many, ends, seed) if theirs is None or many <= _SFDP_ALONE else None
    best = _with_fewest_crossings((each for each in (ours, theirs) if each is not None), ends)
    best = without_overlaps(best, np.zeros(many, dtype=bool))
    best = best - best.mean(axis=0)
    axes = np.linalg.svd(best, full_matrices=False)[2]  # the longest axis of a drawing shall lie
    nearest = float(np.median(cKDTree(best).query(best, 2)[0][:, 1]))
    lying: Places = best @ axes.T * max(1.0, min(LENGTH / nearest, _room(best)))
    return lying


def _ours(many: int, ends: Ends, seed: int) -> Places:
    starts = next((tries for most, tries in _STARTS if many <= most), 1)
    best = _with_fewest_crossings((drawn(many, ends, seed + start) for start in range(starts)), ends)
    narrow = min(_NARROW / lengths(best, ends).mean(), _room(best))
    return without_overlaps(best * narrow, np.zeros(many, dtype=bool))


def _room(places: Places) -> float:
    """The size of a drawing in which each entity has its space, in sizes of this drawing."""
    wide, high = np.ptp(places, axis=0)
    return math.sqrt(len(places) / max(wide * high, 1e-9)) * SPACE


def _with_fewest_crossings(drawings: Iterable[Places], ends: Ends) -> Places:
    """The first drawing with fewest crossings; none is made after one without any."""
    fewest, best = math.inf, np.zeros((0, 2))
    for each in drawings:
        found = crossings(each, ends)
        if found < fewest:
            fewest, best = found, each
        if not found:
            break
    return best


def _around(names: Sequence[str], ends: Ends, drawing: Places, pinned: Mapping[str, Place]) -> Places:
    """A drawing turned so that it fits its pinned entities best, then with them in their places, and others follow."""
    fixed = np.array([entity in pinned for entity in names])
    kept = np.array([pinned[entity] for entity in names if entity in pinned], dtype=float)
    middle, wanted = drawing[fixed].mean(axis=0), kept.mean(axis=0)
    left, _, right = np.linalg.svd((drawing[fixed] - middle).T @ (kept - wanted))
    places: Places = (drawing - middle) @ (left @ right)
    places[fixed] = kept - wanted
    if not fixed.all():
        places = settled(places, ends, fixed, unit_of(drawing, ends))
    places += wanted
    places[fixed] = kept
    return places
