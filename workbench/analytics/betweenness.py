"""Betweenness, from many sources at once, by sparse matrices.

Brandes's algorithm (2001) in its algebraic form (Buluc and Gilbert 2011): breadth-first
search from a block of sources is a product of matrices for each level, and their
dependencies are one for each on the way back. The same numbers as networkx, at C speed.
"""

import random
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from workbench.store.columns import Int32, Int64

Float64 = NDArray[np.float64]

_AT_ONCE = 4_000_000  # nodes x sources of one block


def betweenness(adjacency: csr_array, nodes: Int32, sources: int, seed: int) -> Float64:
    """The share of shortest paths between others that each of some nodes lies on, from 0 to 1.

    `adjacency` is square over all positions, directed or from both ends. From fewer sources
    than nodes, drawn by the seed, it is an estimate.
    """
    n = len(nodes)
    if n < 3:
        return np.zeros(n)
    edges = adjacency[nodes][:, nodes].tocsr()
    starts = np.arange(n)
    if sources < n:
        starts = np.array(sorted(random.Random(seed).sample(range(n), sources)))  # noqa: S311 - a sample, no secret
    block = max(1, _AT_ONCE // n)
    parts = [_dependencies(edges, starts[first : first + block]) for first in range(0, len(starts), block)]
    return np.asarray(sum(parts) * (n / len(starts)) / ((n - 1) * (n - 2)))


def _dependencies(edges: csr_array, starts: Int64) -> Float64:
    """The sum, over some sources, of each node's share of the shortest paths from them."""
    levels = list(_levels(edges.T.tocsr(), starts))
    total = np.zeros(edges.shape[0])
    share: csr_array | None = None
    for level in reversed(levels[1:]):  # a source depends on nobody
        inverse = level.copy()
        inverse.data = 1.0 / level.data
        if share is None:
            share = inverse
            continue
        passed = (edges @ share).multiply(level).tocsr()
        total += np.asarray(passed.sum(axis=1)).ravel()
        share = (inverse + passed.multiply(inverse)).tocsr()
    return total


def _levels(into: csr_array, starts: Int64) -> Iterator[csr_array]:
    """By steps from its source (a column), each node's number of shortest paths."""
    shape = (into.shape[0], len(starts))
    level = csr_array((np.ones(len(starts)), (starts, np.arange(len(starts)))), shape=shape)
    seen = np.zeros(shape, dtype=bool)
    while level.nnz:
        yield level
        rows, columns = level.tocoo().coords
        seen[rows, columns] = True
        reached = (into @ level).tocoo()
        rows, columns = reached.coords
        fresh = ~seen[rows, columns]
        level = csr_array((reached.data[fresh], (rows[fresh], columns[fresh])), shape=shape)
