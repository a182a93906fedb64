"""Our engines beside plain networkx on the same graph, each answer compared with networkx's."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.speed.generated import graph_of, hubs
from benchmarks.speed.timing import quickest, timed
from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.backend import convert_from_nx, scaled_sample
from workbench.analytics.engines.converted import Converted
from workbench.analytics.engines.partitions import modularity
from workbench.analytics.engines.table import is_installed, lasting_engine_for

Graph = Any  # of networkx
Ask = Callable[[Converted, str | None], Any]

PLAIN = {"backend": "networkx"}
SOURCES, TOP = 100, 1_000
_AGAIN = 3  # times that ours is asked: the quickest counts


@dataclass(frozen=True)
class Case:
    """What is asked of networkx and of our engines; how far their answers differ, or how good they are."""

    name: str
    operation: str
    plain: Callable[[Graph], Any]
    ours: Ask
    agreement: Callable[[Network, Any, Any], dict[str, float]]


def measured() -> Iterator[dict[str, Any]]:
    """All cases, each on a network of its size."""
    small, large = hubs(2_000, 5, seed=1), hubs(20_000, 5, seed=1)
    for case, network in zip(CASES, (small, large, large, large), strict=True):
        yield one(case, network)


def one(case: Case, network: Network) -> dict[str, Any]:
    """Seconds of CPU of networkx and of ours; `converting` is what a first call takes in addition."""
    graph = graph_of(network)
    wanted, plain = timed(lambda: case.plain(graph))
    converted, converting = timed(lambda: _converted(graph))
    own = {"ours": _own(case, converted, wanted, plain, lasting_engine_for(case.operation, converted.network))}
    if is_installed("igraph") and case.operation.startswith("betweenness"):
        own["ours with igraph"] = _own(case, converted, wanted, plain, "igraph")
    return {"name": case.name, "nodes": network.n, "ties": network.m, "networkx": round(plain, 3),
            "converting": round(converting, 3), **own}  # fmt: skip


def _own(case: Case, converted: Converted, wanted: Any, plain: float, engine: str) -> dict[str, Any]:
    _, first = timed(lambda: case.ours(converted, engine))
    found, again = quickest(lambda: case.ours(converted, engine), _AGAIN)
    return {
        "engine": engine,
        "first": round(first, 3),
        "again": round(again, 4),
        "times": round(plain / again, 1),
        **case.agreement(converted.network, wanted, found),
    }


def _converted(graph: Graph) -> Converted:
    made = convert_from_nx(graph)
    _ = made.network
    return made


# -- what is asked ------------------------------------------------------------------------


def _sampled(graph: Graph) -> dict[int, float]:
    found: dict[int, float] = nx.betweenness_centrality(graph, k=SOURCES, seed=1, normalized=False, **PLAIN)
    return found


def _sources(converted: Converted) -> list[int]:
    """Those that networkx draws."""
    return [converted.number[name] for name in nx.utils.create_py_random_state(1).sample(converted.names, SOURCES)]


def _our_sample(converted: Converted, engine: str | None) -> dict[Any, float]:
    sources = _sources(converted)
    sums = operations.betweenness(converted.network, sources, engine)
    return converted.by_name(scaled_sample(converted, sums, sources, False).tolist())


def candidates(graph: Graph) -> set[tuple[Any, Any]]:
    """All pairs with a common neighbour and no tie, the smaller first."""
    return {
        (a, c) for a in graph for near in graph[a] for c in graph[near] if a < c and c not in graph[a]
    }  # fmt: skip


def _top_by_networkx(graph: Graph) -> list[float]:
    scored = nx.adamic_adar_index(graph, candidates(graph), **PLAIN)
    return heapq.nlargest(TOP, (score for *_, score in scored))


def _difference(_: Network, wanted: Any, found: Any) -> dict[str, float]:
    """The largest difference, as a share of the largest value."""
    a, b = (np.array(list(each.values() if isinstance(each, dict) else each)) for each in (wanted, found))
    return {"difference": float(np.abs(a - b).max() / max(np.abs(a).max(), 1e-300)) if len(a) else 0.0}


def _worth(network: Network, wanted: Any, found: Any) -> dict[str, float]:
    """The modularity of both partitions."""
    theirs = np.zeros(network.n, np.int64)
    for number, group in enumerate(wanted):
        theirs[list(group)] = number
    return {
        "modularity": round(modularity(network, found), 4),
        "modularity_of_networkx": round(modularity(network, theirs), 4),
    }


CASES = (
    Case(
        "betweenness_exact",
        "betweenness",
        lambda graph: nx.betweenness_centrality(graph, normalized=False, **PLAIN),
        lambda converted, engine: converted.by_name(
            (operations.betweenness(converted.network, engine=engine) / 2).tolist()
        ),
        _difference,
    ),
    Case("betweenness_sampled", "betweenness_from", _sampled, _our_sample, _difference),
    Case(
        "louvain",
        "louvain",
        lambda graph: nx.community.louvain_communities(graph, seed=1, **PLAIN),
        lambda converted, engine: operations.louvain(converted.network, 1, engine=engine),
        _worth,
    ),
    Case(
        "adamic_adar",
        "top_pairs",
        _top_by_networkx,
        lambda converted, engine: operations.top_pairs(converted.network, "adamic_adar", TOP, engine).scores.tolist(),
        _difference,
    ),
)
