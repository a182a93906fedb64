"""The first 1,000 pairs of a network of 100,000 ties, beside networkx' resource allocation of the same candidates."""

import time
from typing import Any

import networkx as nx
import numpy as np

from workbench.analytics.engines import Network
from workbench.analytics.links.learning import best_of, missing_ties
from workbench.analytics.links.untied import near

_NODES, _EACH, _FIRST, _MISSING = 20_000, 5, 1_000, 0.1


def measured(seed: int) -> dict[str, Any]:
    """Seconds of CPU for training and ranking, for networkx, and the ratio."""
    graph = nx.barabasi_albert_graph(_NODES, _EACH, seed=seed)
    ends = np.sort(np.array(graph.edges, np.int32), axis=1)
    network = Network(_NODES, False, ends[:, 0].copy(), ends[:, 1].copy())
    start = time.process_time()
    found = missing_ties(network, _MISSING, seed)
    training = time.process_time() - start
    assert found.trained is not None  # noqa: S101 - the network has ties that can be hidden
    best = best_of(network, found.trained, _FIRST)
    ours = time.process_time() - start
    pairs = [pair for part in near(network) for pair in zip(part.a.tolist(), part.b.tolist(), strict=True)]
    start = time.process_time()
    scored = sorted(nx.resource_allocation_index(graph, pairs), key=lambda each: -each[2])[:_FIRST]
    theirs = time.process_time() - start
    return {
        "ties": network.m,
        "candidates": best.candidates,
        "training": round(training, 2),
        "ours": round(ours, 2),
        "networkx": round(theirs, 2),
        "first": min(len(scored), len(best.logits)),
        "ratio": round(ours / theirs, 3),
    }
