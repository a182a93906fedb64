"""The best of several partitions: one attempt of Louvain's or Leiden's method alone may end worse than networkx's.

Attempts on small networks cost next to nothing, and large ones leave less to chance.
"""

import random

import numpy as np

from workbench.analytics.engines import operations
from workbench.analytics.engines.network import Network
from workbench.store.columns import Int64

_EDGES = 50_000  # of all attempts together
_MOST = 24
_BOTH = 20_000  # edges up to which Louvain's method is helped by Leiden's


def modularity(network: Network, labels: Int64, resolution: float = 1.0) -> float:
    """The modularity (Newman and Girvan 2004) of a partition of an undirected network; 0 without edges."""
    total = float(network.each_weight.sum())
    if not total:
        return 0.0
    inside = network.each_weight[labels[network.a] == labels[network.b]].sum()
    ends = np.concatenate([labels[network.a], labels[network.b]])
    of_groups = np.bincount(ends, np.tile(network.each_weight, 2))
    return float(inside / total - resolution * (of_groups**2).sum() / (4 * total**2))


def louvain(network: Network, seed: int, resolution: float) -> Int64:
    """The best partition of some attempts by Louvain's method, in networks that are not large also by Leiden's."""
    seeds = _seeds(network, seed)
    tried = [operations.louvain(network, each, resolution, "networkit") for each in seeds]
    if network.m <= _BOTH:
        tried += [operations.leiden(network, each, resolution, "networkit") for each in seeds]
    return max(tried, key=lambda labels: modularity(network, labels, resolution))


def leiden(network: Network, seed: int, resolution: float) -> Int64:
    """The best partition of some attempts by Leiden's method."""
    tried = [operations.leiden(network, each, resolution, "networkit") for each in _seeds(network, seed)]
    return max(tried, key=lambda labels: modularity(network, labels, resolution))


def _seeds(network: Network, seed: int) -> list[int]:
    """The seeds of the attempts: the fewer, the more edges there are."""
    draw = random.Random(seed)  # noqa: S311 - a partition, no secret
    return [draw.getrandbits(31) for _ in range(max(1, min(_MOST, _EDGES // max(1, network.m))))]
