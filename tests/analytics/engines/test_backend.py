"""Our backend's functions give networkx's answers, and say no to what they do not do as networkx does."""

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.networks import networks
from tests.analytics.engines.graphs import GRAPHS, small_graphs
from tests.stores import examples
from workbench.analytics.engines import backend
from workbench.analytics.engines.refusals import CHECKS
from workbench.backend_info import info

Graph = Any

# Calls of each function that is compared with networkx's: its arguments beside the graph.
CALLS: dict[str, list[dict[str, Any]]] = {
    "adamic_adar_index": [{}, {"ebunch": "pairs"}],
    "articulation_points": [{}],
    "betweenness_centrality": [
        {},
        {"normalized": False},
        *({"k": k, "seed": 3} for k in (1, 2, 5)),
        {"k": 4, "seed": 1, "normalized": False},
    ],
    "bridges": [{}],
    "closeness_centrality": [{}],
    "clustering": [{}, {"nodes": "some"}, {"nodes": "first"}],
    "connected_components": [{}],
    "core_number": [{}],
    "jaccard_coefficient": [{}, {"ebunch": "pairs"}],
    "number_connected_components": [{}],
    "number_strongly_connected_components": [{}],
    "number_weakly_connected_components": [{}],
    "pagerank": [
        {},
        {"weight": None},
        {"alpha": 0.5, "tol": 1e-10},
        {"personalization": "values"},
        {"nstart": "values", "dangling": "values"},
    ],
    "resource_allocation_index": [{}, {"ebunch": "pairs"}],
    "shortest_path_length": [{"source": "first"}, {"target": "first"}],
    "single_source_shortest_path_length": [{"source": "first"}, {"source": "first", "cutoff": 2}],
    "strongly_connected_components": [{}],
    "triangles": [{}, {"nodes": "some"}, {"nodes": "first"}],
    "weakly_connected_components": [{}],
}
PARTITIONS = {"leiden_communities", "louvain_communities"}


def test_every_function_is_compared_and_told_of() -> None:
    assert set(CALLS) | PARTITIONS == set(info()["functions"]) == set(CHECKS)


def arguments(graph: Graph, call: dict[str, Any]) -> dict[str, Any]:
    """A call's arguments for a graph: places are taken by nodes of it."""
    names = list(graph)
    draw = Random(1)  # noqa: S311 - a sample
    takes = {
        "first": names[0] if names else None,
        "some": names[::3],
        "values": {name: 1 + place % 3 for place, name in enumerate(names)},
        "pairs": [tuple(draw.sample(names, 2)) for _ in range(50)] if len(names) > 1 else [],
    }
    return {key: takes.get(value, value) if isinstance(value, str) else value for key, value in call.items()}


def settled(answer: Any) -> Any:
    """An answer in a form that can be compared: what is yielded in no stated order is sorted."""
    if isinstance(answer, dict | int | float):
        return answer
    found = [frozenset(each) if isinstance(each, set) else each for each in answer]
    if found and isinstance(found[0], tuple) and len(found[0]) == 3 and isinstance(found[0][2], float | int):
        return {(a, b): score for a, b, score in found}
    return set(found)


def outcome(ask: Any, *args: Any, **kwargs: Any) -> Any:
    """The answer, or what was raised."""
    try:
        return settled(ask(*args, **kwargs))
    except (nx.NetworkXException, ValueError, ZeroDivisionError, KeyError) as raised:
        return type(raised)


def compare(graph: Graph, names: Iterable[str] = tuple(CALLS)) -> int:
    """Compare all functions on a graph; returns how many calls our backend answered itself."""
    answered = 0
    converted = backend.convert_from_nx(graph)
    for name in names:
        for call in CALLS[name]:
            asked = arguments(graph, call)
            wanted = outcome(getattr(nx, name), graph, **asked, backend="networkx")
            if wanted is nx.NetworkXNotImplemented or backend.can_run(name, (graph,), asked) is not True:
                continue
            answered += 1
            found = outcome(getattr(backend, name), converted, **asked)
            assert_same(found, wanted, f"{name}{asked}")
    return answered


def assert_same(found: Any, wanted: Any, what: str) -> None:
    if isinstance(wanted, dict):
        assert list(found) == list(wanted) or set(found) == set(wanted), what
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-13, nan_ok=True), what
    elif isinstance(wanted, float):
        assert found == pytest.approx(wanted, rel=1e-9), what
    else:
        assert found == wanted, what


@pytest.mark.parametrize("name", GRAPHS)
def test_every_function_answers_as_networkx(name: str) -> None:
    assert compare(GRAPHS[name]()) >= (0 if "nothing" in name else 7)


@settings(max_examples=examples(60))
@given(small_graphs())
def test_every_function_answers_as_networkx_on_any_small_graph(graph: Graph) -> None:
    assert compare(graph) >= (7 if len(graph) else 0)


@pytest.mark.data
def test_every_function_answers_as_networkx_on_real_networks(shared_data: Path) -> None:
    quick = [name for name in CALLS if not name.endswith(("index", "coefficient"))]
    for each in [*networks(shared_data / "covert"), *networks(shared_data / "networks")]:
        named = nx.relabel_nodes(each.graph, dict(enumerate(each.names)))
        if each.network.m < 5_000:
            assert compare(named, CALLS if each.network.n < 120 else quick) >= 15


@pytest.mark.parametrize("name", [name for name in GRAPHS if "directed" not in name])
@pytest.mark.parametrize("method", sorted(PARTITIONS))
def test_partitions_are_of_networkx_s_form_and_never_worse(name: str, method: str) -> None:
    graph = GRAPHS[name]()
    if backend.can_run(method, (graph,), {}) is not True:
        assert name in ("nothing", "loops")
        return
    converted = backend.convert_from_nx(graph)
    for resolution in (1, 0.5):
        found = [getattr(backend, method)(converted, seed=seed, resolution=resolution) for seed in range(3)]
        assert all(isinstance(each, list) and nx.community.is_partition(graph, each) for each in found)
        assert found[0] == getattr(backend, method)(converted, seed=Random(0), resolution=resolution)  # noqa: S311 - a seed
        if graph.number_of_edges():
            theirs = [nx.community.louvain_communities(graph, seed=seed, resolution=resolution) for seed in range(3)]
            best, known = (
                max(nx.community.modularity(graph, each, resolution=resolution) for each in tried)
                for tried in (found, theirs)
            )
            assert best >= known - 1e-9


@pytest.mark.data
def test_partitions_of_real_networks_are_never_worse(shared_data: Path) -> None:
    for each in [*networks(shared_data / "covert"), *networks(shared_data / "networks")]:
        converted = backend.convert_from_nx(each.graph)
        theirs = [nx.community.louvain_communities(each.graph, seed=seed) for seed in range(3)]
        known = max(nx.community.modularity(each.graph, groups) for groups in theirs)
        for ask in (backend.louvain_communities, backend.leiden_communities):
            best = max(nx.community.modularity(each.graph, ask(converted, seed=seed)) for seed in range(3))
            assert best >= known - 1e-9, each.name


LOOPED, PLAIN, ARROWS = GRAPHS["loops"](), GRAPHS["hubs"](), GRAPHS["random directed"]()


@pytest.mark.parametrize(
    ("name", "graph", "asked", "why"),
    [
        ("pagerank", LOOPED, {}, "without loops"),
        ("louvain_communities", LOOPED, {}, "without loops"),
        ("adamic_adar_index", LOOPED, {}, "without loops"),
        ("core_number", LOOPED, {}, "without loops"),
        ("bridges", LOOPED, {}, "without loops"),
        ("bridges", PLAIN, {"root": 3}, "no other root"),
        ("betweenness_centrality", PLAIN, {"weight": "weight"}, "no other weight"),
        ("betweenness_centrality", PLAIN, {"endpoints": True}, "no other endpoints"),
        ("closeness_centrality", PLAIN, {"u": 3}, "no other u"),
        ("closeness_centrality", PLAIN, {"wf_improved": False}, "no other wf_improved"),
        ("closeness_centrality", PLAIN, {"distance": "weight"}, "no other distance"),
        ("clustering", PLAIN, {"weight": "weight"}, "no other weight"),
        ("clustering", ARROWS, {}, "undirected"),
        ("louvain_communities", ARROWS, {}, "undirected"),
        ("louvain_communities", PLAIN, {"threshold": 0.1}, "no other threshold"),
        ("louvain_communities", PLAIN, {"max_level": 1}, "no other max_level"),
        ("louvain_communities", PLAIN, {"weight": len}, "attribute"),
        ("leiden_communities", PLAIN, {"metric": "cpm"}, "no other metric"),
        ("shortest_path_length", PLAIN, {}, "one end"),
        ("shortest_path_length", PLAIN, {"source": 1, "target": 2}, "one end"),
        ("shortest_path_length", PLAIN, {"source": 1, "weight": "weight"}, "no other weight"),
        ("jaccard_coefficient", PLAIN, {"ebunch": iter([(1, 2)])}, "in a list"),
        ("jaccard_coefficient", PLAIN, {"ebunch": [(1, 1)]}, "two nodes"),
        ("triangles", nx.MultiGraph([(1, 2), (1, 2)]), {}, "one edge between"),
        ("triangles", PLAIN, {"who": 3}, "unexpected keyword"),
    ],
)
def test_what_is_done_otherwise_is_left_to_networkx(name: str, graph: Graph, asked: dict[str, Any], why: str) -> None:
    assert why in str(backend.can_run(name, (graph,), asked))


@pytest.mark.parametrize("weight", [0, -1, "2", None, float("inf"), float("nan")])
def test_weights_that_are_no_numbers_above_0_are_left_to_networkx(weight: Any) -> None:
    graph = nx.path_graph(4)
    graph[1][2]["weight"] = weight
    for ask in (backend.pagerank, backend.louvain_communities, backend.leiden_communities):
        with pytest.raises(NotImplementedError, match="weights must be"):
            ask(backend.convert_from_nx(graph))


def test_weights_are_those_of_the_moment() -> None:
    """networkx keeps a converted graph, and does not notice that an attribute was changed in place."""
    graph = nx.path_graph(4)
    converted = backend.convert_from_nx(graph)
    before = backend.pagerank(converted)
    graph[0][1]["weight"] = 50
    assert backend.pagerank(converted) == pytest.approx(nx.pagerank(graph, backend="networkx"), rel=1e-9)
    assert backend.pagerank(converted) != before


def test_wrong_nodes_are_refused_as_by_networkx() -> None:
    converted = backend.convert_from_nx(PLAIN)
    for ask in (backend.adamic_adar_index, backend.jaccard_coefficient):
        with pytest.raises(nx.NodeNotFound, match="Node nobody not in G"):
            ask(converted, [(1, "nobody")])
    for asked in ({"source": "nobody"}, {"target": "nobody"}):
        with pytest.raises(nx.NodeNotFound, match="nobody"):
            backend.shortest_path_length(converted, **asked)
    with pytest.raises(nx.PowerIterationFailedConvergence):
        backend.pagerank(converted, max_iter=1)


def test_the_graph_comes_back_as_it_was() -> None:
    converted = backend.convert_from_nx(ARROWS)
    assert backend.convert_to_nx(converted) is ARROWS
    assert (converted.is_directed(), converted.is_multigraph(), len(converted)) == (True, False, len(ARROWS))
    with pytest.raises(NotImplementedError, match="several edges"):
        backend.convert_from_nx(nx.MultiGraph())


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_loops_are_left_out_and_each_edge_is_there_once(kind: Any) -> None:
    network = backend.convert_from_nx(kind([("x", "y"), ("y", "y"), ("y", "x"), ("z", "y")])).network
    both = [(0, 1), (1, 0), (2, 1)] if kind is nx.DiGraph else [(0, 1), (1, 2)]
    assert sorted(zip(network.a.tolist(), network.b.tolist(), strict=True)) == both


def test_pairs_are_scored_as_they_are_taken() -> None:
    """All pairs of 3,000 nodes are four million: who takes the first does not wait for all."""
    graph = nx.barabasi_albert_graph(3_000, 2, seed=1)
    first = next(iter(backend.adamic_adar_index(backend.convert_from_nx(graph))))
    assert first == pytest.approx(next(iter(nx.adamic_adar_index(graph, backend="networkx"))))


@settings(max_examples=examples(30))
@given(small_graphs(), st.integers(0, 2**31), st.data())
def test_samples_are_drawn_as_networkx_draws_them(graph: Graph, seed: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, len(graph)))
    converted, given_seed = backend.convert_from_nx(graph), data.draw(st.booleans())
    ours, theirs = (
        (seed, seed) if given_seed else (np.random.RandomState(seed % 2**31), np.random.RandomState(seed % 2**31))
    )
    wanted = outcome(nx.betweenness_centrality, graph, k=k, seed=theirs, backend="networkx")
    assert_same(outcome(backend.betweenness_centrality, converted, k=k, seed=ours), wanted, "a sample")
