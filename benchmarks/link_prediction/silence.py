"""Whether nothing is said where there is nothing to say, and something where there is."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.link_prediction.files import tied
from benchmarks.networks import Named
from workbench.analytics.engines import Network
from workbench.analytics.links.learning import missing_ties

_TREES, _RANDOM, _REWIRED = 24, 40, 8
_MISSING = 0.1
_TRIES = 100  # for each swap


def measured(named: Sequence[Named], seed: int) -> dict[str, Any]:
    """The share of networks without signal on which nothing is said, together and by kind."""
    said: dict[str, list[bool]] = defaultdict(list)
    for number, (kind, network) in enumerate(_without_signal(named, seed)):
        said[kind].append(bool(missing_ties(network, _MISSING, seed + number).silent))
    every = [each for some in said.values() for each in some]
    by_kind = {kind: f"{sum(some)} of {len(some)}" for kind, some in said.items()}
    return {"silent": round(float(np.mean(every)), 4), "networks": len(every), "by kind": by_kind}


def _without_signal(named: Sequence[Named], seed: int) -> Iterator[tuple[str, Network]]:
    for number in range(_TREES):
        n = (40, 80, 150, 300)[number % 4]
        draw = random.Random(seed + number)
        yield "tree", of(nx.from_prufer_sequence([draw.randrange(n) for _ in range(n - 2)]))
    for number in range(_RANDOM):
        n, many = (40, 60, 100, 200)[number % 4], (1.5, 2.5, 3.5, 4.5)[number // 4 % 4]
        yield "random", of(nx.gnm_random_graph(n, int(n * many), seed=seed + number))
    for each in named:
        for number in range(_REWIRED):
            graph = each.graph.copy()
            swaps = 10 * graph.number_of_edges()
            try:
                nx.double_edge_swap(graph, nswap=swaps, max_tries=_TRIES * swaps, seed=seed + number)
            except nx.NetworkXException:  # a star or a clique has no other network with its degrees
                continue
            yield f"{each.name}, rewired", of(graph)


def of(graph: "nx.Graph[int]") -> Network:
    """The network of a graph's nodes with a tie."""
    ends = np.sort(np.array(graph.edges, np.int32).reshape(-1, 2), axis=1)
    return tied(Network(graph.number_of_nodes(), False, ends[:, 0].copy(), ends[:, 1].copy()))
