"""Our backend for networkx, `workbench`: a plain `nx.…` call is answered by our engines (`docs/engines.md`).

networkx finds it by the entry points in pyproject.toml, asks `can_run` and `should_run` before it hands a graph over,
and keeps the converted graph. What our engines can't do as networkx does is refused by `can_run`, with the reason, or
by NotImplementedError: then networkx does it itself.

Each function has the arguments and the answer of the one of networkx with its name.
"""

import math
from collections.abc import Hashable, Iterator
from inspect import signature
from typing import Any

import networkx as nx
import numpy as np

from workbench.analytics.engines import operations, partitions
from workbench.analytics.engines.by_arrays import distances, powers
from workbench.analytics.engines.converted import Converted
from workbench.analytics.engines.network import Float64, Network
from workbench.analytics.engines.refusals import CHECKS, Given
from workbench.store.columns import Int64

Name = Hashable

_FEW_PAIRS = 1_000


# -- what networkx asks -----------------------------------------------------------------


def convert_from_nx(graph: "nx.Graph[Any]", **_: object) -> Converted:
    """The graph for our functions; attributes stay in the graph."""
    if graph.is_multigraph():
        raise NotImplementedError("graphs with several edges between two nodes are left to networkx")
    return Converted(graph)


def convert_to_nx(graph: Converted, **_: object) -> "nx.Graph[Any]":
    """The graph as it came."""
    return graph.graph


def can_run(name: str, args: tuple[Any, ...], kwargs: Given) -> bool | str:
    """Whether a function does what networkx would with these arguments, or why it does not."""
    function = globals()[name]
    try:
        given = signature(function).bind(*args, **kwargs)
    except TypeError as wrong:  # networkx says what is wrong
        return str(wrong)
    given.apply_defaults()
    graph = given.arguments["G"]
    if not isinstance(graph, Converted | nx.Graph) or graph.is_multigraph():
        return "it takes graphs with one edge between two nodes"
    if not len(graph):
        return "the graph is empty"
    return CHECKS[name](_graph_of(graph), given.arguments) or True


def should_run(name: str, args: tuple[Any, ...], kwargs: Given) -> bool | str:
    """Whether a call is worth converting the graph for, or why it is not."""
    given = signature(globals()[name]).bind(*args, **kwargs).arguments
    graph = given["G"]
    if len(graph) < nx.config.backends.workbench.least_nodes:
        return "the graph is small"
    kept = (getattr(graph, "__networkx_cache__", None) or {}).get("backends", {}).get("workbench")
    if not kept and (name in _QUICK or len(given.get("ebunch") or range(_FEW_PAIRS)) < _FEW_PAIRS):
        return "networkx is done before the graph is converted"
    return True


def _graph_of(graph: "Converted | nx.Graph[Any]") -> "nx.Graph[Any]":
    return graph.graph if isinstance(graph, Converted) else graph


# What networkx does in the time of a conversion or two. It is done here if the graph is converted already.
_QUICK = frozenset(
    {
        "connected_components",
        "number_connected_components",
        "number_strongly_connected_components",
        "number_weakly_connected_components",
        "shortest_path_length",
        "single_source_shortest_path_length",
        "strongly_connected_components",
        "weakly_connected_components",
    }
)


# -- positions --------------------------------------------------------------------------


def betweenness_centrality(
    G: Converted,
    k: int | None = None,
    normalized: bool = True,
    weight: str | None = None,
    endpoints: bool = False,
    seed: Any = None,
) -> dict[Name, float]:
    """See networkx. A sample's sources are drawn exactly as networkx draws them."""
    n = len(G)
    if k is None or k == n:
        return G.by_name(_scaled(G, operations.betweenness(G.network), normalized).tolist())
    sources = [G.number[name] for name in _drawn_from(seed).sample(G.names, k)]
    found = operations.betweenness(G.network, sources)
    return G.by_name(scaled_sample(G, found, sources, normalized).tolist())


def _drawn_from(seed: Any) -> Any:
    return nx.utils.create_py_random_state(seed)


def _scaled(G: Converted, sums: Float64, normalized: bool) -> Float64:
    """Sums over ordered pairs, in networkx's scale."""
    others = len(G) - 1
    if others < 2:
        return sums
    return sums / (others * (others - 1)) if normalized else sums / _ways(G)


def scaled_sample(G: Converted, sums: Float64, sources: list[int], normalized: bool) -> Float64:
    """Sums from a sample in networkx's scale: a source is between others in one sample fewer.

    ZeroDivisionError without a source, as networkx has it.
    """
    others, k = len(G) - 1, len(sources)
    if others < 2:
        return sums
    pairs = others - 1 if normalized else _ways(G) / others
    scale = np.full(len(G), 1 / (k * pairs))
    scale[sources] = 1 / ((k - 1) * pairs) if k > 1 else math.nan
    return np.asarray(sums * scale, np.float64)


def _ways(G: Converted) -> int:
    """How many ordered pairs networkx counts as one."""
    return 1 if G.is_directed() else 2


def closeness_centrality(
    G: Converted, u: Name | None = None, distance: str | None = None, wf_improved: bool = True
) -> dict[Name, float]:
    """See networkx."""
    return G.by_name(operations.closeness(G.network).tolist())


def pagerank(
    G: Converted,
    alpha: float = 0.85,
    personalization: dict[Name, float] | None = None,
    max_iter: int = 100,
    tol: float = 1.0e-6,
    nstart: dict[Name, float] | None = None,
    weight: str | None = "weight",
    dangling: dict[Name, float] | None = None,
) -> dict[Name, float]:
    """See networkx."""
    jumps = _vector(G, personalization)
    if jumps is not None and jumps.sum() == 0:
        raise ZeroDivisionError
    network, start, ends = G.weighted(weight), _vector(G, nstart), _vector(G, dangling)
    found = powers(network, alpha, jumps, len(G) * tol, max_iter, start, ends)
    if found is None:
        raise nx.PowerIterationFailedConvergence(max_iter)
    return G.by_name(found.tolist())


def _vector(G: Converted, values: dict[Name, float] | None) -> Float64 | None:
    return None if values is None else np.array([values.get(name, 0) for name in G.names], np.float64)


def core_number(G: Converted) -> dict[Name, int]:
    """See networkx."""
    return G.by_name(operations.core_number(G.network).tolist())


def triangles(G: Converted, nodes: Any = None) -> Any:
    """See networkx."""
    return _of_nodes(G, operations.triangles(G.network).tolist(), nodes)


def clustering(G: Converted, nodes: Any = None, weight: str | None = None) -> Any:
    """See networkx."""
    shares = operations.clustering(G.network).tolist()
    return _of_nodes(G, [each or 0 for each in shares], nodes)  # a whole number, as networkx has it


def _of_nodes(G: Converted, values: list[Any], nodes: Any) -> Any:
    """Values by name: of all, of one node alone, or of those among some that are in the graph."""
    if nodes is None:
        return G.by_name(values)
    if nodes in G.graph:
        return values[G.number[nodes]]
    return {name: values[G.number[name]] for name in G.graph.nbunch_iter(nodes)}


# -- parts ------------------------------------------------------------------------------


def connected_components(G: Converted) -> Iterator[set[Name]]:
    """See networkx."""
    yield from _groups(G, operations.weak_parts(G.network))


weakly_connected_components = connected_components


def strongly_connected_components(G: Converted) -> Iterator[set[Name]]:
    """See networkx; here in the order of their first nodes."""
    yield from _groups(G, operations.strong_parts(G.network))


def number_connected_components(G: Converted) -> int:
    """See networkx."""
    return int(operations.weak_parts(G.network).max(initial=-1)) + 1


number_weakly_connected_components = number_connected_components


def number_strongly_connected_components(G: Converted) -> int:
    """See networkx."""
    return int(operations.strong_parts(G.network).max(initial=-1)) + 1


def _groups(G: Converted, labels: Int64) -> list[set[Name]]:
    """The nodes of each label, in the order of their first nodes."""
    groups: dict[int, set[Name]] = {}
    for name, label in zip(G.names, labels.tolist(), strict=True):
        groups.setdefault(label, set()).add(name)
    return list(groups.values())


def articulation_points(G: Converted) -> Iterator[Name]:
    """See networkx; here in the order of the graph."""
    yield from (G.names[node] for node in operations.articulation_points(G.network).tolist())


def bridges(G: Converted, root: Name | None = None) -> Iterator[tuple[Name, Name]]:
    """See networkx."""
    yield from ((G.names[a], G.names[b]) for a, b in operations.bridges(G.network))


# -- communities ------------------------------------------------------------------------


def louvain_communities(
    G: Converted,
    weight: str | None = "weight",
    resolution: float = 1,
    threshold: float = 0.0000001,
    max_level: int | None = None,
    seed: Any = None,
) -> list[set[Name]]:
    """See networkx; in the order of their first nodes."""
    return _groups(G, partitions.louvain(G.weighted(weight), _number_from(seed), resolution))


def leiden_communities(
    G: Converted,
    weight: str | None = "weight",
    resolution: float = 1,
    max_level: int | None = None,
    seed: Any = None,
    metric: str = "modularity",
) -> list[set[Name]]:
    """See networkx; in the order of their first nodes. `metric` is networkx's from 3.7 on."""
    return _groups(G, partitions.leiden(G.weighted(weight), _number_from(seed), resolution))


def _number_from(seed: Any) -> int:
    """A seed for an engine, drawn from that of the call."""
    return int(_drawn_from(seed).getrandbits(31))


# -- paths ------------------------------------------------------------------------------


def single_source_shortest_path_length(G: Converted, source: Name, cutoff: float | None = None) -> dict[Name, int]:
    """See networkx."""
    if source not in G.number:
        raise nx.NodeNotFound(f"Source {source} is not in G")
    return _near(G, distances(G.network, G.number[source]), math.inf if cutoff is None else cutoff)


def shortest_path_length(
    G: Converted,
    source: Name | None = None,
    target: Name | None = None,
    weight: str | None = None,
    method: str = "dijkstra",
) -> dict[Name, int]:
    """See networkx; from one node to all, or from all to one."""
    if source is not None:
        return single_source_shortest_path_length(G, source)
    if target not in G.number:
        raise nx.NodeNotFound(f"Source {target} is not in G")
    network = G.network
    turned = Network(network.n, True, network.b, network.a) if network.directed else network
    return _near(G, distances(turned, G.number[target]), math.inf)


def _near(G: Converted, far: Int64, cutoff: float) -> dict[Name, int]:
    """How far each node is that can be reached within a limit, the nearest first."""
    order = np.argsort(far, kind="stable")
    inside = order[(far[order] >= 0) & (far[order] <= cutoff)]
    return {G.names[node]: length for node, length in zip(inside.tolist(), far[inside].tolist(), strict=True)}


# -- pairs ------------------------------------------------------------------------------


def adamic_adar_index(G: Converted, ebunch: Any = None) -> Iterator[tuple[Name, Name, float]]:
    """See networkx."""
    return _scores(G, "adamic_adar", ebunch)


def resource_allocation_index(G: Converted, ebunch: Any = None) -> Iterator[tuple[Name, Name, float]]:
    """See networkx."""
    return _scores(G, "resource_allocation", ebunch)


def jaccard_coefficient(G: Converted, ebunch: Any = None) -> Iterator[tuple[Name, Name, float]]:
    """See networkx."""
    return _scores(G, "jaccard", ebunch)


def _scores(G: Converted, score: str, ebunch: Any) -> Iterator[tuple[Name, Name, float]]:
    for name in () if ebunch is None else (name for pair in ebunch for name in pair):
        if name not in G.number:
            raise nx.NodeNotFound(f"Node {name} not in G.")
    pairs = nx.non_edges(G.graph) if ebunch is None else ebunch
    return _scored(G, score, iter(pairs))


def _scored(G: Converted, score: str, pairs: Iterator[tuple[Name, Name]]) -> Iterator[tuple[Name, Name, float]]:
    """The pairs with their scores; many together, more each time, so that who takes few does not wait for all."""
    many = 64
    while taken := [pair for _, pair in zip(range(many), pairs, strict=False)]:
        a, b = ([G.number[pair[end]] for pair in taken] for end in (0, 1))
        found = operations.scores(G.network, score, a, b).tolist()
        yield from ((x, y, value or 0) for (x, y), value in zip(taken, found, strict=True))
        many = min(2 * many, 65_536)
