"""The engine of igraph (GPL): an extra, imported only where it is installed."""

from random import Random
from typing import Any

import numpy as np

from workbench.analytics.engines.network import Float64, Network
from workbench.store.columns import Int64


def graph_of(network: Network) -> Any:
    """The network as an igraph graph without weights, kept with it."""
    import igraph  # imported here: it is an extra

    kept = network.kept
    if "igraph" not in kept:
        ends = np.stack([network.a, network.b], axis=1)
        kept["igraph"] = igraph.Graph(n=network.n, edges=ends, directed=network.directed)
    return kept["igraph"]


def betweenness(network: Network) -> Float64:
    """See `operations.betweenness`."""
    return np.asarray(graph_of(network).betweenness(), np.float64) * _both_ways(network)


def betweenness_from(network: Network, sources: Int64) -> Float64:
    """See `operations.betweenness`."""
    if not len(sources):
        return np.zeros(network.n)
    return np.asarray(graph_of(network).betweenness(sources=sources.tolist()), np.float64) * _both_ways(network)


def _both_ways(network: Network) -> int:
    """How many ordered pairs igraph counts as one."""
    return 1 if network.directed else 2


def core_number(network: Network) -> Int64:
    """See `operations.core_number`."""
    return np.asarray(graph_of(network).coreness(), np.int64)


def blocks(network: Network) -> list[list[int]]:
    """See `operations.blocks`."""
    return [each for each in graph_of(network).biconnected_components() if len(each) > 1]


def louvain(network: Network, seed: int, resolution: float) -> Int64:
    """See `operations.louvain`."""
    with _seeded(seed):
        found = graph_of(network).community_multilevel(weights=_weights(network), resolution=resolution)
    return np.asarray(found.membership, np.int64)


def leiden(network: Network, seed: int, resolution: float, rounds: int | None) -> Int64:
    """See `operations.leiden`; by default until nothing changes."""
    with _seeded(seed):
        found = graph_of(network).community_leiden(
            objective_function="modularity", weights=_weights(network), resolution=resolution, n_iterations=rounds or -1
        )
    return np.asarray(found.membership, np.int64)


def _weights(network: Network) -> list[float] | None:
    return None if network.weights is None else network.weights.tolist()


class _seeded:
    """igraph draws from one generator of the whole process: from ours, as long as it computes."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __enter__(self) -> None:
        import igraph

        igraph.set_random_number_generator(Random(self._seed))  # noqa: S311 - a partition, no secret

    def __exit__(self, *_: object) -> None:
        import random

        import igraph

        igraph.set_random_number_generator(random)
