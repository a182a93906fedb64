"""Betweenness from many sources at once, by sparse matrices.

Brandes's algorithm (2001) in its algebraic form (Buluc and Gilbert 2011): for a block of sources,
breadth-first search is one matrix product per level, and the dependencies are one per level on the
way back. The results equal those of networkx, at C speed.

No shortest path leaves a connected part, so a column of the matrix holds one source of each part:
thousands of small parts need only as many columns as the largest of them has nodes.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from workbench.store.columns import Int32, Int64

Float64 = NDArray[np.float64]

# Parts are computed exactly, the smallest first, while the sum of their nodes x edges (an
# undirected edge counts twice) stays below this: about 3 s of one core. The same amount of work is
# spent on samples of all other parts together.
_EXACT_UP_TO = 100_000_000
_FEWEST_SOURCES = 100
_AT_ONCE = 4_000_000  # nodes x sources in one block


class Between(NamedTuple):
    """Scores from 0 to 1, in the order of nodes; in parts that are too large estimated from `sources` of `of` nodes."""

    scores: Float64
    sources: int
    of: int


def betweenness(adjacency: csr_array, nodes: Int32, seed: int) -> Between:
    """For each of these nodes, the share of shortest paths between other nodes that it lies on (0 to 1).

    `adjacency` is square over all positions; an undirected edge is in it twice. In parts that are too
    large the score is an estimate, from sources drawn with the seed.
    """
    n = len(nodes)
    if n < 3:
        return Between(np.zeros(n), 0, 0)
    edges = adjacency[nodes][:, nodes].tocsr()
    part, sizes, chosen = _parts(edges)
    total = _dependencies_of(edges, part, chosen, _starts(part, sizes, chosen, seed))
    sampled = chosen < sizes
    scores = total * (sizes / chosen)[part] / ((n - 1) * (n - 2))
    return Between(np.asarray(scores), int(chosen[sampled].sum()), int(sizes[sampled].sum()))


def is_exact(adjacency: csr_array, nodes: Int32) -> bool:
    """Whether `betweenness` computes all scores, and estimates none."""
    if len(nodes) < 3:
        return True
    _, sizes, chosen = _parts(adjacency[nodes][:, nodes].tocsr())
    return bool((chosen == sizes).all())


def _parts(edges: csr_array) -> tuple[Int64, Int64, Int64]:
    """The connected part of each node; the size of each part, and the number of sources to use in it."""
    part = np.asarray(connected_components(edges, directed=False)[1], np.int64)
    sizes = np.bincount(part)
    return part, sizes, _sources(sizes, np.bincount(part, np.diff(edges.indptr)).astype(np.int64))


def _sources(sizes: Int64, edges: Int64) -> Int64:
    """The number of sources to use in each part; an undirected edge counts twice."""
    work = sizes * edges
    order = np.argsort(work, kind="stable")
    rest = order[np.cumsum(work[order]) > _EXACT_UP_TO]
    counts = sizes.copy()
    if len(rest):
        counts[rest] = np.minimum(sizes[rest], max(_FEWEST_SOURCES, _EXACT_UP_TO // int(edges[rest].sum())))
    return np.asarray(counts, np.int64)


def _starts(part: Int64, sizes: Int64, chosen: Int64, seed: int) -> Int64:
    """The column in which each node is a source, -1 if it is none; no column has two sources of one part."""
    order = np.argsort(part, kind="stable")
    first = np.cumsum(sizes) - sizes
    column = np.empty(len(part), np.int64)
    column[order] = np.arange(len(part)) - first[part[order]]
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    for sampled in np.flatnonzero(chosen < sizes).tolist():
        members = order[first[sampled] : first[sampled] + sizes[sampled]]
        column[members] = -1
        column[sorted(draw.sample(members.tolist(), int(chosen[sampled])))] = np.arange(chosen[sampled])
    return column


def _dependencies_of(edges: csr_array, part: Int64, chosen: Int64, column: Int64) -> Float64:
    """For each node, the sum over all sources of its share of the shortest paths from them."""
    total = np.zeros(len(part))
    inside = np.arange(len(part))
    done, last = 0, int(chosen.max())
    while done < last:
        kept = chosen[part[inside]] > done
        if not kept.all():
            edges, inside = edges[kept][:, kept].tocsr(), inside[kept]
        block = min(last - done, max(1, _AT_ONCE // len(inside)))
        starts = np.flatnonzero((column[inside] >= done) & (column[inside] < done + block))
        total[inside] += _dependencies(edges, starts, column[inside[starts]] - done, block)
        done += block
    return total


def _dependencies(edges: csr_array, starts: Int64, columns: Int64, width: int) -> Float64:
    """For each node, the sum over a block of sources of its share of the shortest paths from them."""
    levels = list(_levels(edges.T.tocsr(), starts, columns, width))
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
