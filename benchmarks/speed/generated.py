"""Networks of any size, made from a seed alone, in arrays."""

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from workbench.analytics.engines import Network

Int64 = NDArray[np.int64]
_GROUP = 100  # members of a group, on average


def hubs(n: int, each: int, seed: int) -> Network:
    """Preferential attachment (Barabasi and Albert 1999), by networkx: n nodes, `each` ties with every new one."""
    return of_pairs(n, np.array(nx.barabasi_albert_graph(n, each, seed=seed, backend="networkx").edges, np.int64))


def grouped(n: int, ties: int, outside: float, seed: int) -> Network:
    """Groups of about a hundred with unequal degrees: each end of a tie is drawn by its node's share of ties.

    A share `outside` of the ties has ends anywhere, the others both in one group. It is a stand-in for LFR
    networks, which networkx takes minutes to make at this size.
    """
    draw = np.random.default_rng(seed)
    group = np.sort(draw.integers(0, max(1, n // _GROUP), n))
    weight = np.minimum(draw.pareto(2.0, n) + 1, n**0.5)
    upto = np.cumsum(weight)
    more = int(ties * 1.03) + 10
    a = np.searchsorted(upto, draw.random(more) * upto[-1])
    starts = np.searchsorted(group, group[a])
    ends = np.searchsorted(group, group[a], "right")
    low = np.where(starts > 0, upto[starts - 1], 0)
    inside = np.searchsorted(upto, low + draw.random(more) * (upto[ends - 1] - low))
    b = np.where(draw.random(more) < outside, np.searchsorted(upto, draw.random(more) * upto[-1]), inside)
    pairs = np.unique(np.sort(np.stack([a, np.minimum(b, n - 1)], axis=1), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    kept = np.sort(draw.permutation(len(pairs))[:ties])
    return of_pairs(n, draw.permutation(n)[pairs[kept]])


def of_pairs(n: int, pairs: Int64) -> Network:
    """The undirected network of some pairs of different nodes."""
    ends = np.sort(pairs, axis=1).astype(np.int32)
    return Network(n, False, ends[:, 0].copy(), ends[:, 1].copy())


def graph_of(network: Network) -> "nx.Graph[int]":
    """The network for networkx."""
    made: nx.Graph[int] = nx.Graph()
    made.add_nodes_from(range(network.n))
    made.add_edges_from(zip(network.a.tolist(), network.b.tolist(), strict=True))
    return made
