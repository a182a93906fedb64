"""Measures and communities of a chart alone: as networkx has them, of what is tied."""

from collections.abc import Sequence

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.analytics.on_chart import MEASURES, communities, measured

NODES = [f"n{n}" for n in range(9)]
PAIRS = some.lists(some.tuples(some.sampled_from(NODES), some.sampled_from(NODES)), max_size=20)


def graph_of(pairs: Sequence[tuple[str, str]]) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(NODES)
    graph.add_edges_from((a, b) for a, b in pairs if a != b)
    return graph


@given(PAIRS)
def test_measures_are_those_of_networkx_as_shares_of_the_highest(pairs: list[tuple[str, str]]) -> None:
    graph = graph_of(pairs)
    told = {"degree": dict(graph.degree), "betweenness": nx.betweenness_centrality(graph)}
    assert set(MEASURES) == set(told)
    for measure, scores in told.items():
        most = max(scores.values())
        found = measured(measure, NODES, pairs)
        assert found == pytest.approx({node: score / most if most else 0 for node, score in scores.items()})


@given(PAIRS)
def test_communities_part_what_is_tied(pairs: list[tuple[str, str]]) -> None:
    graph = graph_of(pairs)
    found = communities(NODES, pairs)
    assert set(found) == {node for node, degree in graph.degree if degree}, "what has no tie has no community"
    sizes = [sum(each == number for each in found.values()) for number in sorted(set(found.values()))]
    assert sorted(set(found.values())) == list(range(1, len(sizes) + 1))
    assert sizes == sorted(sizes, reverse=True), "the largest is the first"
    for number in set(found.values()):
        members = [node for node, each in found.items() if each == number]
        assert nx.is_connected(graph.subgraph(members))


def test_two_cliques_are_two_communities() -> None:
    cliques = [[(a, b) for a in some for b in some if a < b] for some in (NODES[:5], NODES[5:])]
    found = communities(NODES, [*cliques[0], *cliques[1], (NODES[0], NODES[5])])
    assert found == {**dict.fromkeys(NODES[:5], 1), **dict.fromkeys(NODES[5:], 2)}
    assert communities(NODES, []) == {}
    assert communities([], []) == {}
