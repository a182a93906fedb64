"""What can be asked about a network. Each is given to the best engine here, or to the one named.

Whatever the engine, the answer is the same: to rounding, or, of a partition, for one seed and engine.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from workbench.analytics.engines.network import Float64, Network
from workbench.analytics.engines.table import module_for
from workbench.store.columns import Int32, Int64

_TOLERANCE = 1e-10


class Pairs(NamedTuple):
    """Pairs of nodes with a score, the highest first; equals by their nodes."""

    a: Int32
    b: Int32
    scores: Float64


def betweenness(network: Network, sources: Sequence[int] | Int64 | None = None, engine: str | None = None) -> Float64:
    """For each node, the sum over all ordered pairs of others of the share of shortest paths through it.

    With `sources`, over pairs that begin in one of them. By Brandes (2001); weights are ignored.
    """
    if sources is None:
        return np.asarray(module_for("betweenness", network, engine).betweenness(network), np.float64)
    module = module_for("betweenness_from", network, engine)
    return np.asarray(module.betweenness_from(network, np.asarray(sources, np.int64)), np.float64)


def closeness(network: Network, engine: str | None = None) -> Float64:
    """For each node, its closeness as Wasserman and Faust (1994) have it for networks in several parts.

    With r nodes from which there is a path to it, whose lengths sum to s: (r / s) (r / (n - 1)); 0 without one.
    """
    return np.asarray(module_for("closeness", network, engine).closeness(network), np.float64)


def pagerank(
    network: Network,
    alpha: float = 0.85,
    personal: Float64 | None = None,
    tolerance: float = _TOLERANCE,
    engine: str | None = None,
) -> Float64:
    """PageRank (Brin and Page 1998) by weights; jumps go to all nodes, or in the proportions of `personal`.

    The answer's sum of differences from the last step is below `tolerance`.
    """
    module = module_for("pagerank", network, engine)
    return np.asarray(module.pagerank(network, alpha, personal, tolerance), np.float64)


def core_number(network: Network, engine: str | None = None) -> Int64:
    """For each node, the largest k of a k-core that it is in (Seidman 1983); of an undirected network."""
    return np.asarray(module_for("core_number", network, engine).core_number(network), np.int64)


def weak_parts(network: Network, engine: str | None = None) -> Int64:
    """The connected part of each node, numbered by their first nodes; direction does not count."""
    return _numbered(module_for("weak_parts", network, engine).weak_parts(network))


def strong_parts(network: Network, engine: str | None = None) -> Int64:
    """The strongly connected part of each node, numbered by their first nodes."""
    return _numbered(module_for("strong_parts", network, engine).strong_parts(network))


def blocks(network: Network, engine: str | None = None) -> list[Int64]:
    """The nodes of each biconnected component, in order; of an undirected network (Hopcroft and Tarjan 1973)."""
    found = module_for("blocks", network, engine).blocks(network)
    return sorted((np.sort(np.asarray(each, np.int64)) for each in found), key=lambda each: each.tolist())


def articulation_points(network: Network, engine: str | None = None) -> Int64:
    """The nodes without which their part falls apart, in order: those in several blocks."""
    found = blocks(network, engine)
    counts = np.bincount(np.concatenate(found), minlength=network.n) if found else np.zeros(0, np.int64)
    return np.flatnonzero(counts > 1)


def bridges(network: Network, engine: str | None = None) -> list[tuple[int, int]]:
    """The edges without which their part falls apart, in order: blocks of two nodes."""
    return [(int(each[0]), int(each[1])) for each in blocks(network, engine) if len(each) == 2]


def triangles(network: Network, engine: str | None = None) -> Int64:
    """The number of triangles that each node is in; of an undirected network."""
    return np.asarray(module_for("triangles", network, engine).triangles(network), np.int64)


def clustering(network: Network, engine: str | None = None) -> Float64:
    """For each node, the share of pairs of its neighbours that are tied (Watts and Strogatz 1998)."""
    possible = network.degrees * (network.degrees - 1)
    return np.asarray(2 * triangles(network, engine) / np.maximum(possible, 1), np.float64)


def louvain(network: Network, seed: int, resolution: float = 1.0, engine: str | None = None) -> Int64:
    """The group of each node, named by its first node, by Louvain's method (Blondel et al. 2008), with weights."""
    return _named(module_for("louvain", network, engine).louvain(network, seed, resolution))


def leiden(
    network: Network, seed: int, resolution: float = 1.0, engine: str | None = None, rounds: int | None = None
) -> Int64:
    """The group of each node, named by its first node, by Leiden's method (Traag et al. 2019), with weights.

    It ends after so many `rounds`; by default after as many as pay off.
    """
    return _named(module_for("leiden", network, engine).leiden(network, seed, resolution, rounds))


def distances(network: Network, source: int, engine: str | None = None) -> Int64:
    """The number of edges of the shortest path from a node to each; -1 where there is none."""
    return np.asarray(module_for("distances", network, engine).distances(network, source), np.int64)


def scores(
    network: Network, score: str, a: Sequence[int] | Int64, b: Sequence[int] | Int64, engine: str | None = None
) -> Float64:
    """A score of given pairs of nodes by their common neighbours, of an undirected network.

    `score` is adamic_adar (Adamic and Adar 2003), resource_allocation (Zhou et al. 2009) or jaccard.
    """
    module = module_for("scores", network, engine)
    return np.asarray(module.scores(network, score, np.asarray(a, np.int64), np.asarray(b, np.int64)), np.float64)


def top_pairs(network: Network, score: str, k: int, engine: str | None = None) -> Pairs:
    """The `k` highest scores of all pairs that have a common neighbour and no edge; see `scores`."""
    return Pairs(*module_for("top_pairs", network, engine).top_pairs(network, score, k))


def _numbered(labels: Int64) -> Int64:
    """Labels numbered from 0 in the order of their first nodes."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse], np.int64)


def _named(labels: Int64) -> Int64:
    """Labels that are the first node of their group."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], np.int64)
