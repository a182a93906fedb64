"""The engine of networkit (MIT), on one thread: on two, its partitions differ from run to run."""

from typing import Any

import numpy as np

from workbench.analytics.engines.network import Float64, Network
from workbench.store.columns import Int64

# Rounds of Leiden. With 3, its own default, partitions of small networks are worse than igraph's; on a million edges
# ten take more than twice as long as three, for 0.0011 of modularity.
_ROUNDS, _ROUNDS_OF_MANY = 10, 3
_MANY = 200_000  # edges
_MANY_TO_SHUFFLE = 50_000


def _library() -> Any:
    import networkit  # imported here: it takes 1.6 s

    networkit.setNumberOfThreads(1)
    return networkit


def graph_of(network: Network) -> Any:
    """The network as a networkit graph, kept with it."""
    kept = network.kept
    if "networkit" not in kept:
        ends = network.a.astype(np.uint64), network.b.astype(np.uint64)
        kept["networkit"] = _library().GraphFromCoo(
            (network.each_weight, ends), n=network.n, weighted=network.weights is not None, directed=network.directed
        )
    return kept["networkit"]


def bare_graph_of(network: Network) -> Any:
    """As `graph_of`, without weights."""
    if network.weights is None:
        return graph_of(network)
    kept = network.kept
    if "bare" not in kept:
        kept["bare"] = graph_of(network.with_weights(None))
    return kept["bare"]


def betweenness(network: Network) -> Float64:
    """See `operations.betweenness`."""
    graph = bare_graph_of(network)
    return np.asarray(_library().centrality.Betweenness(graph, False).run().scores(), np.float64)


def closeness(network: Network) -> Float64:
    """See `operations.closeness`; of undirected networks."""
    graph, variant = bare_graph_of(network), _library().centrality.ClosenessVariant.GENERALIZED
    return np.asarray(_library().centrality.Closeness(graph, True, variant).run().scores(), np.float64)


def core_number(network: Network) -> Int64:
    """See `operations.core_number`."""
    return np.asarray(_library().centrality.CoreDecomposition(bare_graph_of(network)).run().scores(), np.int64)


def blocks(network: Network) -> list[list[int]]:
    """See `operations.blocks`."""
    found = _library().components.BiconnectedComponents(bare_graph_of(network)).run().getComponents()
    return [each for each in found if len(each) > 1]


def triangles(network: Network) -> Int64:
    """See `operations.triangles`; from the shares of neighbours' pairs, which are exact to some 1e-16."""
    graph = bare_graph_of(network)
    shares = np.asarray(_library().centrality.LocalClusteringCoefficient(graph, True).run().scores(), np.float64)
    pairs = network.degrees * (network.degrees - 1) / 2
    return np.asarray(np.rint(np.where(pairs > 0, shares, 0) * pairs), np.int64)


def louvain(network: Network, seed: int, resolution: float) -> Int64:
    """See `operations.louvain`; PLM with refinement (Staudt and Meyerhenke 2016).

    Nodes are moved in an order drawn from the seed. In that of their numbers, PLM's own default, seeds change nothing,
    and a ring of 20,000 nodes with short-cuts has a modularity of 0.73 instead of 0.79. To draw it anew in each
    round takes PLM twice as long; where there is much to do it is drawn once, and the nodes are renumbered by it.
    """
    nk = _library()
    if network.m > _MANY_TO_SHUFFLE:
        place = np.random.default_rng(seed).permutation(network.n).astype(np.int32)
        return _labels(nk.community.PLM(graph_of(network.renumbered(place)), refine=True, gamma=resolution), network)[
            place
        ]
    nk.setSeed(seed, False)
    method = nk.community.PLM(graph_of(network), refine=True, gamma=resolution, par="none randomized")
    return _labels(method, network)


def leiden(network: Network, seed: int, resolution: float, rounds: int | None) -> Int64:
    """See `operations.leiden`."""
    nk = _library()
    nk.setSeed(seed, False)
    rounds = rounds or (_ROUNDS if network.m <= _MANY else _ROUNDS_OF_MANY)
    return _labels(nk.community.ParallelLeiden(graph_of(network), iterations=rounds, gamma=resolution), network)


def exchanged(network: Network, seed: int, times: float) -> Int64:
    """The edges of an undirected network, as rows of two ends, after each exchanged ends with others so many times.

    Degrees stay as they are (Maslov and Sneppen 2002), and no two edges come to be one.
    """
    nk = _library()
    nk.setSeed(seed, False)
    switching = nk.randomization.EdgeSwitching(bare_graph_of(network), times)
    switching.run()
    return np.array(list(switching.getGraph().iterEdges()), np.int64).reshape(-1, 2)


def _labels(method: Any, network: Network) -> Int64:
    """The group of each node; without an edge nobody is in any but his own."""
    if not network.m:
        return np.arange(network.n)
    return np.asarray(method.run().getPartition().getVector(), np.int64)
