"""Overlaps are removed with little change to a drawing.

PRISM of Gansner and Hu, Efficient node overlap removal using a proximity stress model (2009): neighbours in a
Delaunay triangulation keep their distances, but those that overlap are to be apart; the stress of that is minimised,
again and again until nothing overlaps.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu
from scipy.spatial import Delaunay, QhullError, cKDTree

from workbench.analytics.layouts.plan import CLEAR, Ends, Places, lengths

_APART = 1.08 * CLEAR  # what is aimed at
_MOST = 1.5  # times a distance may grow in a round
_ROUNDS, _SOLVED = 150, 2
_SIDES = ([0, 1], [1, 2], [0, 2])


def without_overlaps(places: Places, fixed: NDArray[np.bool_]) -> Places:
    """The places after overlaps are removed; fixed ones stay, and may still overlap one another.

    If rounds were not enough, the drawing is scaled up; with fixed places it is left with what remains.
    """
    for _ in range(_ROUNDS if len(places) > 1 else 0):
        near = cKDTree(places).query_pairs(CLEAR, output_type="ndarray")
        if fixed[near].all():
            return places
        ends = _neighbours(places)
        if (lengths(places, ends) >= CLEAR).all():
            ends = np.unique(np.concatenate([ends, near]), axis=0)
        places = _relaxed(places, ends, fixed)
    nearest = cKDTree(places).query(places, 2)[0][:, 1].min(initial=np.inf)
    return places if fixed.any() else places * max(1.0, CLEAR / max(nearest, CLEAR / 100))


def _neighbours(places: Places) -> Ends:
    """The edges of a Delaunay triangulation; if all places are on a line, each with the next."""
    try:
        corners = Delaunay(places).simplices
        ends = np.concatenate([corners[:, side] for side in _SIDES])
    except QhullError:
        order = np.lexsort(places.T)
        ends = np.column_stack([order[:-1], order[1:]])
    return np.unique(np.sort(ends, axis=1), axis=0).astype(np.int64)


def _relaxed(places: Places, ends: Ends, fixed: NDArray[np.bool_]) -> Places:
    """Places that fit the wanted distances of neighbours better, by majorisation of stress."""
    count, free = len(places), ~fixed
    length = np.maximum(lengths(places, ends), 1e-3 * CLEAR)
    wanted = length * np.clip(_APART / length, 1, _MOST)
    weight = 1 / np.square(wanted)
    rows, columns = np.concatenate([ends, ends[:, ::-1]]).T
    both = np.concatenate([weight, weight])
    off = sparse.csr_array((both, (rows, columns)), shape=(count, count))
    whole = sparse.diags_array(np.bincount(rows, both, count) + 1e-9 * weight.mean()) - off
    whole = sparse.csr_array(whole)
    solver = splu(sparse.csc_matrix(whole[free][:, free]))
    held = whole[free][:, fixed] @ places[fixed]
    for _ in range(_SOLVED):
        way = places[ends[:, 0]] - places[ends[:, 1]]
        pull = (weight * wanted / np.maximum(np.hypot(*way.T), 1e-9))[:, None] * way
        towards = [np.bincount(ends[:, 0], x, count) - np.bincount(ends[:, 1], x, count) for x in pull.T]
        places = places.copy()
        places[free] = solver.solve(np.stack(towards, axis=1)[free] - held)
    return places
