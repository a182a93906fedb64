"""Scores are those of networkx, and features have no attribute of a person."""

import re

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.analytics.links.networks import any_network, friends, graph_of
from tests.stores import examples
from workbench.analytics.engines import Network
from workbench.analytics.links import scores
from workbench.analytics.links.features import FEATURES, FUTURE, MISSING, Pairs, features, used
from workbench.model.ontology import ontology

PROTECTED = re.compile(
    r"resid|birth|nation|citizen|ethnic|relig|sex|gender|age$|age |district|country|address|name|language|skin|race"
)


def every_pair(network: Network) -> Pairs:
    a, b = (each.astype(np.int64) for each in np.triu_indices(network.n, 1))
    return Pairs.of(network, a, b)


def by_networkx(index: str, network: Network, pairs: Pairs) -> list[float]:
    found = getattr(nx, index)(graph_of(network), list(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)))
    return [score for _, _, score in found]


@settings(max_examples=examples(60), deadline=None)
@given(any_network())
def test_scores_by_shared_neighbours_are_those_of_networkx(network: Network) -> None:
    pairs = every_pair(network)
    found = dict(zip(MISSING[:3], features(pairs, MISSING[:3]).T, strict=True))
    for name, index in zip(
        MISSING[:3], ("resource_allocation_index", "adamic_adar_index", "jaccard_coefficient"), strict=True
    ):
        assert found[name] == pytest.approx(by_networkx(index, network, pairs), abs=1e-9)
    assert features(pairs, ("degrees multiplied",))[:, 0] == pytest.approx(
        by_networkx("preferential_attachment", network, pairs)
    )


@settings(max_examples=examples(30), deadline=None)
@given(any_network())
def test_walks_are_those_of_personalised_pagerank(network: Network) -> None:
    graph, pairs = graph_of(network), every_pair(network)
    graph.remove_nodes_from([node for node, degree in dict(graph.degree).items() if not degree])
    at = {n: nx.pagerank(graph, 0.85, personalization={n: 1}, tol=1e-12, max_iter=1_000) for n in graph}
    said = scores.walk(network, pairs.a, pairs.b)
    for a, b, score in zip(pairs.a.tolist(), pairs.b.tolist(), said.tolist(), strict=True):
        if a in at and b in at:
            assert score == pytest.approx(at[a][b] + at[b][a], abs=1e-6)


def test_blocks_expect_as_many_ties_as_there_are() -> None:
    network = friends()
    a, b = (each.ravel().astype(np.int64) for each in np.meshgrid(np.arange(network.n), np.arange(network.n)))
    assert scores.blocks(network, a, b).sum() == pytest.approx(2 * network.m)


def test_paths_of_three_are_counted_over_the_roots_of_degrees() -> None:
    network, graph = friends(), graph_of(friends())
    a, b = next((a, b) for a, b in nx.non_edges(graph) if nx.shortest_path_length(graph, a, b) == 3)
    wanted = sum(
        (graph.degree[x] * graph.degree[y]) ** -0.5 for x in graph[a] for y in graph[b] if graph.has_edge(x, y)
    )
    assert scores.paths_of_three(network, np.array([a]), np.array([b]))[0] == pytest.approx(wanted)


def test_a_weight_counts_as_so_many_ties() -> None:
    network = friends()
    heavier = network.with_weights(np.full(network.m, 2.0))
    assert scores.degrees(heavier).tolist() == (2 * scores.degrees(network)).tolist()
    pairs = every_pair(network)
    assert scores.walk(heavier, pairs.a, pairs.b) == pytest.approx(scores.walk(network, pairs.a, pairs.b))


def test_no_feature_is_of_a_person() -> None:
    """The list of features, held to what stands in for a protected attribute, and to all properties of a person."""
    assert set(MISSING) | set(FUTURE) <= set(FEATURES)
    of_persons = {name.casefold() for name in ontology().schemata["Person"].properties}
    for name in FEATURES:
        assert not PROTECTED.search(name)
        assert name.casefold() not in of_persons


def test_the_pattern_finds_what_stands_in_for_a_protected_attribute() -> None:
    assert all(
        map(PROTECTED.search, ("same district", "birth year", "nationality", "residence", "sex", "age", "religion"))
    )


def test_large_networks_are_not_walked() -> None:
    large = Network(scores.MOST_WALKED + 1, False, np.array([0], np.int32), np.array([1], np.int32))
    assert set(MISSING) - set(used(MISSING, large)) == {"walk", "short walk"}
    assert used(MISSING, friends()) == MISSING
