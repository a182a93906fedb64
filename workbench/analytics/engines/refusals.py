"""What our backend leaves to networkx: arguments and graphs for which an engine's answer would be another."""

from collections.abc import Callable
from typing import Any

import networkx as nx

Given = dict[str, Any]
Check = Callable[["nx.Graph[Any]", Given], str]


def _all(*checks: Check) -> Check:
    """The first reason of several checks; "" if there is none."""

    def check(graph: "nx.Graph[Any]", given: Given) -> str:
        return next(filter(None, (each(graph, given) for each in checks)), "")

    return check


def _only(**allowed: Any) -> Check:
    """Refuse arguments that have another value."""

    def check(_: "nx.Graph[Any]", given: Given) -> str:
        other = [name for name, value in allowed.items() if given[name] != value]
        return f"it takes no other {other[0]} than {allowed[other[0]]!r}" if other else ""

    return check


def _no_directions(graph: "nx.Graph[Any]", _: Given) -> str:
    return "it takes undirected graphs" if graph.is_directed() else ""


def _no_loops(graph: "nx.Graph[Any]", _: Given) -> str:
    return "it takes graphs without loops" if any(name in near for name, near in graph.adjacency()) else ""


def _plain_weight(_: "nx.Graph[Any]", given: Given) -> str:
    return "" if given["weight"] is None or isinstance(given["weight"], str) else "weights are an attribute's"


def _pairs_given(_: "nx.Graph[Any]", given: Given) -> str:
    ebunch = given["ebunch"]
    if ebunch is None:
        return ""
    if not isinstance(ebunch, list | tuple | set | frozenset):
        return "it takes all pairs, or pairs in a list"
    twice = any(not isinstance(pair, tuple | list) or len(pair) != 2 or pair[0] == pair[1] for pair in ebunch)
    return "it takes pairs of two nodes" if twice else ""


def _one_end(_: "nx.Graph[Any]", given: Given) -> str:
    ends = (given["source"], given["target"])
    return "" if sum(end is None for end in ends) == 1 else "it takes one end"


def _nothing(_: "nx.Graph[Any]", __: Given) -> str:
    return ""


_OF_PAIRS = _all(_no_directions, _pairs_given, _no_loops)
_OF_GROUPS = _all(_no_directions, _plain_weight, _only(max_level=None), _no_loops)
CHECKS: dict[str, Check] = {
    "adamic_adar_index": _OF_PAIRS,
    "articulation_points": _no_directions,
    "betweenness_centrality": _only(weight=None, endpoints=False),
    "bridges": _all(_no_directions, _only(root=None), _no_loops),
    "closeness_centrality": _only(u=None, distance=None, wf_improved=True),
    "clustering": _all(_no_directions, _only(weight=None)),
    "connected_components": _no_directions,
    "core_number": _all(_no_directions, _no_loops),
    "jaccard_coefficient": _OF_PAIRS,
    "leiden_communities": _all(_OF_GROUPS, _only(metric="modularity")),
    "louvain_communities": _all(_OF_GROUPS, _only(threshold=0.0000001)),
    "number_connected_components": _no_directions,
    "number_strongly_connected_components": _nothing,
    "number_weakly_connected_components": _nothing,
    "pagerank": _all(_plain_weight, _no_loops),
    "resource_allocation_index": _OF_PAIRS,
    "shortest_path_length": _all(_one_end, _only(weight=None, method="dijkstra")),
    "single_source_shortest_path_length": _nothing,
    "strongly_connected_components": _nothing,
    "triangles": _no_directions,
    "weakly_connected_components": _nothing,
}
