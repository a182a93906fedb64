"""Distances and shortest paths between nodes, on arrays."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from workbench.model.numbers import Place
from workbench.store.columns import Int32

_MANY = 0.02  # share of all nodes, beyond which to look through all is faster than to sort some


def levels(adjacency: csr_array, start: Place) -> Int32:
    """The distance of each node from `start`, in steps, by breadth-first search; -1 if it can't be reached."""
    indptr, indices = adjacency.indptr, adjacency.indices
    distance = np.full(adjacency.shape[0], -1, dtype=np.int32)
    distance[start] = 0
    frontier, level = np.array([start]), 0
    while len(frontier):
        level += 1
        starts, counts = indptr[frontier], indptr[frontier + 1] - indptr[frontier]
        offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        reached = indices[np.repeat(starts, counts) + offsets]
        fresh = reached[distance[reached] < 0]
        distance[fresh] = level
        frontier = np.flatnonzero(distance == level) if len(fresh) > _MANY * len(distance) else np.unique(fresh)
    return distance


def shortest_path(adjacency: csr_array, turned: csr_array, start: Place, end: Place) -> Sequence[Place]:
    """The shortest path between two nodes, the first in node order among equals; () if there is none.

    `turned` has the same edges the other way round.
    """
    back = levels(turned, end)
    if back[start] < 0:
        return ()
    path = [start]
    while path[-1] != end:
        here = path[-1]
        beside = adjacency.indices[adjacency.indptr[here] : adjacency.indptr[here + 1]]
        path.append(Place(int(beside[back[beside] == back[here] - 1].min())))
    return path
