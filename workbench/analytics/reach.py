"""How far it is from one node to others, in arrays."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from workbench.model.numbers import Place
from workbench.store.columns import Int32


def levels(adjacency: csr_array, start: Place) -> Int32:
    """How many steps each node is from one; -1 where there is no way. Breadth first, in arrays."""
    indptr, indices = adjacency.indptr, adjacency.indices
    found = np.full(adjacency.shape[0], -1, dtype=np.int32)
    found[start] = 0
    frontier, level = np.array([start]), 0
    while len(frontier):
        level += 1
        starts, counts = indptr[frontier], indptr[frontier + 1] - indptr[frontier]
        offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        reached = np.unique(indices[np.repeat(starts, counts) + offsets])
        frontier = reached[found[reached] < 0]
        found[frontier] = level
    return found


def shortest_path(adjacency: csr_array, start: Place, end: Place) -> Sequence[Place]:
    """The shortest path between two nodes, the first by node order among equals; () if none."""
    back = levels(adjacency.T.tocsr(), end)
    if back[start] < 0:
        return ()
    path = [start]
    while path[-1] != end:
        here = path[-1]
        beside = adjacency.indices[adjacency.indptr[here] : adjacency.indptr[here + 1]]
        path.append(Place(int(beside[back[beside] == back[here] - 1].min())))
    return path
