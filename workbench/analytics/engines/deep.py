"""Betweenness where shortest paths are long: a level of the search has few entries, so its matrix is sparse too."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64


def dependencies_of(edges: csr_array, into: csr_array, starts: Int64, columns: Int64, width: int) -> Float64:
    """For each node, the sum over a block of sources of its share of the shortest paths from them."""
    levels = list(_levels(into, starts, columns, width))
    total = np.zeros(edges.shape[0])
    share: csr_array | None = None
    for level in reversed(levels[1:]):  # sources have no dependencies
        inverse = level.copy()
        inverse.data = 1.0 / level.data
        if share is None:
            share = inverse
            continue
        passed = (edges @ share).multiply(level).tocsr()
        total += np.asarray(passed.sum(axis=1)).ravel()
        share = (inverse + passed.multiply(inverse)).tocsr()
    return total


def _levels(into: csr_array, starts: Int64, columns: Int64, width: int) -> Iterator[csr_array]:
    """Level by level, the number of shortest paths from the column's sources to each node."""
    shape = (into.shape[0], width)
    level = csr_array((np.ones(len(starts)), (starts, columns)), shape=shape)
    seen = np.zeros(shape, dtype=bool)
    while level.nnz:
        yield level
        rows, columns = level.tocoo().coords
        seen[rows, columns] = True
        reached = (into @ level).tocoo()
        rows, columns = reached.coords
        fresh = ~seen[rows, columns]
        level = csr_array((reached.data[fresh], (rows[fresh], columns[fresh])), shape=shape)
