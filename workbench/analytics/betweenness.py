"""Betweenness of all entities: exact where that takes no more than some seconds, else estimated from a sample.

By our engines (Brandes 2001); the results equal those of networkx. No shortest path leaves a connected part, so
it is decided for each part by itself.
"""

import random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.table import lasting_engine_for
from workbench.store.columns import Int32, Int64

Float64 = NDArray[np.float64]

# Parts are computed exactly, the smallest first, while the sum of their nodes x edges (an
# undirected edge counts twice) stays below this: some seconds of one core. A part of that work is
# spent on samples of all other parts together: intervals of ranks tell what they leave open.
_EXACT_UP_TO = 100_000_000
_SAMPLED = 4  # the work divided by this is that of samples
_FEWEST_SOURCES = 100


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
    edges = adjacency[nodes][:, nodes].tocoo()
    a, b = (ends.astype(np.int32) for ends in edges.coords)
    directed = (edges != edges.T).nnz > 0
    once = slice(None) if directed else np.flatnonzero(a < b)
    return betweenness_of(Network(len(nodes), directed, a[once], b[once]), seed)


def betweenness_of(network: Network, seed: int, share: int = 1) -> Between:
    """As `betweenness`, for the nodes of a network; with the work divided by `share`."""
    n = network.n
    if n < 3:
        return Between(np.zeros(n), 0, 0)
    part, sizes, chosen = _parts(network.structure, _EXACT_UP_TO // share)
    sampled = chosen < sizes
    scores = _sums(network, part, sizes, chosen, seed) * (sizes / chosen)[part] / ((n - 1) * (n - 2))
    return Between(np.asarray(scores), int(chosen[sampled].sum()), int(sizes[sampled].sum()))


def _sums(network: Network, part: Int64, sizes: Int64, chosen: Int64, seed: int) -> Float64:
    """For each node, the sum over all sources of its share of the shortest paths from them."""
    if (chosen == sizes).all():
        return operations.betweenness(network, engine=lasting_engine_for("betweenness", network))
    sources = _starts(part, sizes, chosen, seed)
    return operations.betweenness(network, sources, lasting_engine_for("betweenness_from", network))


def is_exact(adjacency: csr_array, nodes: Int32) -> bool:
    """Whether `betweenness` computes all scores, and estimates none."""
    if len(nodes) < 3:
        return True
    _, sizes, chosen = _parts(adjacency[nodes][:, nodes].tocsr(), _EXACT_UP_TO)
    return bool((chosen == sizes).all())


def _parts(edges: csr_array, work: int) -> tuple[Int64, Int64, Int64]:
    """The connected part of each node; the size of each part, and the number of sources to use in it."""
    part = np.asarray(connected_components(edges, directed=False)[1], np.int64)
    sizes = np.bincount(part)
    return part, sizes, _sources(sizes, np.bincount(part, np.diff(edges.indptr)).astype(np.int64), work)


def _sources(sizes: Int64, edges: Int64, most: int) -> Int64:
    """The number of sources to use in each part; an undirected edge counts twice."""
    work = sizes * edges
    order = np.argsort(work, kind="stable")
    rest = order[np.cumsum(work[order]) > most]
    counts = sizes.copy()
    if len(rest):
        counts[rest] = np.minimum(sizes[rest], max(_FEWEST_SOURCES, most // _SAMPLED // int(edges[rest].sum())))
    return np.asarray(counts, np.int64)


def _starts(part: Int64, sizes: Int64, chosen: Int64, seed: int) -> Int64:
    """All nodes of some parts, and as many of the others as are chosen, drawn with the seed."""
    order = np.argsort(part, kind="stable")
    first = np.cumsum(sizes) - sizes
    is_source = np.ones(len(part), bool)
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    for sampled in np.flatnonzero(chosen < sizes).tolist():
        members = order[first[sampled] : first[sampled] + sizes[sampled]]
        is_source[members] = False
        is_source[draw.sample(members.tolist(), int(chosen[sampled]))] = True
    return np.flatnonzero(is_source)
