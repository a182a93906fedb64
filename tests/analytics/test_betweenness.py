"""Betweenness equals networkx's in every part that is computed exactly, and is marked as estimated in others."""

from importlib import import_module

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stores import examples
from workbench.analytics.betweenness import Between, betweenness

module = import_module("workbench.analytics.betweenness")


def scores_of(graph: "nx.Graph[int]", seed: int = 0) -> Between:
    """Our result for a graph over 0 … n - 1, without nodes that have no edge."""
    matrix = nx.to_scipy_sparse_array(graph, nodelist=range(len(graph)), format="csr", dtype=float)
    matrix.data[:] = 1.0
    return betweenness(matrix, np.array([node for node in range(len(graph)) if graph.degree(node)], np.int32), seed)


def scores_by_part(graph: "nx.Graph[int]") -> list[float]:
    """networkx's result, scaled by the number of ordered pairs of nodes with an edge."""
    graph = graph.subgraph([node for node in graph if graph.degree(node)])
    each_way = 1 if graph.is_directed() else 2
    found: dict[int, float] = {}
    for part in nx.connected_components(graph.to_undirected()):
        found |= nx.betweenness_centrality(graph.subgraph(part), normalized=False)
    n = len(graph)
    return [found[node] * each_way / ((n - 1) * (n - 2)) for node in sorted(graph)]


def many_parts(parts: int, directed: bool = False) -> "nx.Graph[int]":
    """Random parts of up to nine nodes, and a path of forty."""
    drawn = [nx.gnm_random_graph(9, 5 + n % 15, seed=n, directed=directed) for n in range(parts)]
    return nx.disjoint_union_all([*drawn, nx.path_graph(40, create_using=nx.DiGraph if directed else nx.Graph)])


@pytest.mark.parametrize("directed", [False, True])
def test_thousands_of_small_parts_are_exact(directed: bool) -> None:
    """12,000 nodes x 17,000 edges would be too much work together, but no single part is."""
    graph = many_parts(1_500, directed)
    assert len(graph) * graph.number_of_edges() > 1.5 * module._EXACT_UP_TO
    found = scores_of(graph)
    assert found[1:] == (0, 0)
    assert found.scores == pytest.approx(scores_by_part(graph), rel=1e-9, abs=0)


@settings(max_examples=examples(30))
@given(st.integers(1, 30), st.booleans(), st.integers(1, 2_000))
def test_how_many_columns_are_computed_at_once_changes_nothing(parts: int, directed: bool, at_once: int) -> None:
    graph = many_parts(parts, directed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbench.analytics.engines.dependencies._AT_ONCE", at_once)
        assert scores_of(graph).scores == pytest.approx(scores_by_part(graph), rel=1e-9, abs=0)


def test_only_the_part_that_is_too_large_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a part of 600 nodes small parts keep exact scores; the large part's are within the bound."""
    large = nx.barabasi_albert_graph(600, 2, seed=1)
    graph = nx.disjoint_union(large, many_parts(20))
    exact = np.array(scores_by_part(graph))
    monkeypatch.setattr(module, "_SAMPLED", 1)
    monkeypatch.setattr(module, "_EXACT_UP_TO", 400_000)  # of 1.4 million that the large part takes
    found = scores_of(graph, seed=1)
    assert (found.sources, found.of) == (400_000 // (2 * large.number_of_edges()), 600)
    assert found.scores[600:] == pytest.approx(exact[600:], rel=1e-9, abs=0)
    share = (graph.number_of_nodes() - 1) ** 2 / 600**2  # of the part's own pairs, nearly
    b, estimate = exact[:600] * share, found.scores[:600] * share
    error = np.sqrt(np.maximum(b * (1 - b), 0) / found.sources)
    assert (np.abs(estimate - b) <= 4 * error + 1e-4).all()
    assert 0 < np.abs(estimate - b).max() < 0.03
    assert (found.scores == scores_of(graph, seed=1).scores).all()
    assert (found.scores != scores_of(graph, seed=2).scores).any()


def test_nobody_lies_between_two() -> None:
    assert list(scores_of(nx.path_graph(2)).scores) == [0, 0]
    assert list(scores_of(nx.empty_graph(3)).scores) == []
