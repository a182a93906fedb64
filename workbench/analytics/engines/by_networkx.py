"""The engine of networkx itself: the oracle, and what does the rest.

Each call names networkx as the backend, because it would else come back here through ours.
"""

from typing import Any

import networkx as nx
import numpy as np

from workbench.analytics.engines.network import Float64, Network
from workbench.store.columns import Int32, Int64

_PLAIN = {"backend": "networkx"}
_STEPS = 1_000


def graph_of(network: Network) -> "nx.Graph[int]":
    """The network as a networkx graph, kept with it."""
    kept = network.kept
    if "networkx" not in kept:
        graph: nx.Graph[int] = nx.DiGraph() if network.directed else nx.Graph()
        graph.add_nodes_from(range(network.n))
        graph.add_weighted_edges_from(
            zip(network.a.tolist(), network.b.tolist(), network.each_weight.tolist(), strict=True)
        )
        kept["networkx"] = graph
    found: nx.Graph[int] = kept["networkx"]
    return found


def _of_each(network: Network, found: dict[int, float]) -> Float64:
    return np.array([found[node] for node in range(network.n)], np.float64)


def betweenness(network: Network) -> Float64:
    """See `operations.betweenness`."""
    found = nx.betweenness_centrality(graph_of(network), normalized=False, **_PLAIN)
    return _of_each(network, found) * (1 if network.directed else 2)


def betweenness_from(network: Network, sources: Int64) -> Float64:
    """See `operations.betweenness`; from each source to all nodes."""
    graph, found = graph_of(network), np.zeros(network.n)
    for source in sources.tolist():
        part = nx.betweenness_centrality_subset(graph, [source], list(graph), normalized=False, **_PLAIN)
        found += _of_each(network, part) * (1 if network.directed else 2)
    return found


def closeness(network: Network) -> Float64:
    """See `operations.closeness`."""
    return _of_each(network, nx.closeness_centrality(graph_of(network), **_PLAIN))


def pagerank(network: Network, alpha: float, personal: Float64 | None, tolerance: float) -> Float64:
    """See `operations.pagerank`."""
    jumps = None if personal is None else dict(enumerate(personal.tolist()))
    within = tolerance / max(1, network.n)
    found = nx.pagerank(graph_of(network), alpha, jumps, max_iter=_STEPS, tol=within, **_PLAIN)
    return _of_each(network, found)


def core_number(network: Network) -> Int64:
    """See `operations.core_number`."""
    return _of_each(network, nx.core_number(graph_of(network), **_PLAIN)).astype(np.int64)


def weak_parts(network: Network) -> Int64:
    """See `operations.weak_parts`."""
    ask: Any = nx.weakly_connected_components if network.directed else nx.connected_components
    return _labels(network, ask(graph_of(network), **_PLAIN))


def strong_parts(network: Network) -> Int64:
    """See `operations.strong_parts`."""
    ask: Any = nx.strongly_connected_components if network.directed else nx.connected_components
    return _labels(network, ask(graph_of(network), **_PLAIN))


def _labels(network: Network, groups: Any) -> Int64:
    labels = np.zeros(network.n, np.int64)
    for number, group in enumerate(groups):
        labels[list(group)] = number
    return labels


def blocks(network: Network) -> list[list[int]]:
    """See `operations.blocks`."""
    return [sorted(each) for each in nx.biconnected_components(graph_of(network), **_PLAIN)]


def triangles(network: Network) -> Int64:
    """See `operations.triangles`."""
    return _of_each(network, nx.triangles(graph_of(network), **_PLAIN)).astype(np.int64)


def louvain(network: Network, seed: int, resolution: float) -> Int64:
    """See `operations.louvain`."""
    if not network.m:
        return np.arange(network.n)
    found = nx.community.louvain_communities(graph_of(network), resolution=resolution, seed=seed, **_PLAIN)
    return _labels(network, found)


def distances(network: Network, source: int) -> Int64:
    """See `operations.distances`."""
    found = nx.single_source_shortest_path_length(graph_of(network), source, **_PLAIN)
    return np.array([found.get(node, -1) for node in range(network.n)], np.int64)


_SCORES: dict[str, Any] = {
    "adamic_adar": nx.adamic_adar_index,
    "jaccard": nx.jaccard_coefficient,
    "resource_allocation": nx.resource_allocation_index,
}


def scores(network: Network, score: str, a: Int64, b: Int64) -> Float64:
    """See `operations.scores`."""
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    return np.array([each for *_, each in _SCORES[score](graph_of(network), pairs, **_PLAIN)], np.float64)


def top_pairs(network: Network, score: str, k: int) -> tuple[Int32, Int32, Float64]:
    """See `operations.top_pairs`."""
    graph = graph_of(network)
    pairs = {(a, c) for a in graph for b in graph[a] for c in graph[b] if c > a and c not in graph[a]}
    found = _SCORES[score](graph, sorted(pairs), **_PLAIN)
    best = sorted(((-round(value, 12), a, b) for a, b, value in found))[:k]
    return (
        np.array([a for _, a, _ in best], np.int32),
        np.array([b for *_, b in best], np.int32),
        np.array([-value for value, *_ in best], np.float64),
    )
