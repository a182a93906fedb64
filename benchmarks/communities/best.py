"""The modularity of our partitions beside the best that networkx finds from 20 seeds, by Louvain and by Leiden."""

from time import process_time
from typing import Any

import networkx as nx

from benchmarks.speed.generated import graph_of
from workbench.analytics.communities import grouping
from workbench.analytics.engines import Network
from workbench.analytics.modularity import Modularity

SEEDS = 20
_DIGITS = 6
_EQUAL = 1e-9  # by which sums of the same numbers in another order may differ


def measured(network: Network) -> dict[str, Any]:
    """The modularities, the seconds of CPU of all seeds together, and whether ours is below one of networkx's."""
    graph = graph_of(network)
    begun = process_time()
    found = grouping(network, 1.0, 0)
    seconds = process_time() - begun
    told: dict[str, Any] = {"nodes": network.n, "ties": network.m}
    best = Modularity(network).total(found.labels)
    told["ours"] = {"modularity": round(best, _DIGITS), "cpu": round(seconds, 3)}
    for name, search in (("louvain", _louvain), ("leiden", _leiden)):
        begun = process_time()
        theirs = [search(graph, seed) for seed in range(SEEDS)]
        known = [each for each in theirs if each is not None]
        if known:
            told[name] = {"modularity": round(max(known), _DIGITS), "cpu": round(process_time() - begun, 3)}
            told["below"] = told.get("below", False) or best < max(known) - _EQUAL
    return told


def has_leiden() -> bool:
    """Whether networkx has a Leiden of its own here: from 3.7 on, which needs Python 3.12."""
    return _leiden(nx.path_graph(3), 0) is not None


def _louvain(graph: "nx.Graph[int]", seed: int) -> float:
    groups = nx.community.louvain_communities(graph, seed=seed, backend="networkx")
    return float(nx.community.modularity(graph, groups))


def _leiden(graph: "nx.Graph[int]", seed: int) -> float | None:
    """None where networkx has none; its default would be another measure, by which all nodes are alone."""
    try:
        groups = nx.community.leiden_communities(
            graph, metric="modularity", resolution=1, seed=seed, backend="networkx"
        )
    except (NotImplementedError, TypeError):
        return None
    return float(nx.community.modularity(graph, groups))
