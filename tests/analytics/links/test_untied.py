"""Pairs without a tie: all of them, or a sample that stands for them."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.analytics.links.networks import any_network, graph_of, network_of
from tests.stores import examples
from workbench.analytics.engines import Network
from workbench.analytics.links import untied as module
from workbench.analytics.links.features import Pairs
from workbench.analytics.links.untied import near, untied


@settings(max_examples=examples(60), deadline=None)
@given(any_network())
def test_all_pairs_without_a_tie_are_taken_of_a_small_network(network: Network) -> None:
    found = untied(network, np.random.default_rng(0))
    assert set(zip(found.a.tolist(), found.b.tolist(), strict=True)) == set(nx.non_edges(graph_of(network)))
    assert (found.weights == 1).all()


@settings(max_examples=examples(60), deadline=None)
@given(any_network())
def test_near_pairs_are_those_with_a_shared_neighbour_and_what_that_says(network: Network) -> None:
    graph, found = graph_of(network), list(near(network))
    told = {
        (a, b): many
        for part in found
        for a, b, many in zip(part.a.tolist(), part.b.tolist(), part.shared.many.tolist(), strict=True)
    }
    shared = {(a, b): len(list(nx.common_neighbors(graph, a, b))) for a, b in nx.non_edges(graph)}
    assert told == {pair: many for pair, many in shared.items() if many}
    for part in found:
        again = Pairs.of(network, part.a, part.b).shared
        assert part.shared.allocation == pytest.approx(again.allocation)
        assert part.shared.adamic_adar == pytest.approx(again.adamic_adar)


def test_scores_of_near_pairs_are_theirs_where_one_is_tied_to_leaves_alone() -> None:
    network = network_of([(0, 1), (0, 3), (0, 5), (2, 9), (3, 4), (3, 5), (4, 6), (4, 8), (5, 6), (7, 8)])
    for part in near(network):
        assert part.shared.adamic_adar == pytest.approx(Pairs.of(network, part.a, part.b).shared.adamic_adar)


@pytest.fixture
def large() -> Network:
    """A network of which only a sample of the pairs is taken."""
    graph = nx.barabasi_albert_graph(1_500, 4, seed=1)
    return network_of([tuple(sorted(pair)) for pair in graph.edges])


def test_a_sample_stands_for_all_pairs(large: Network) -> None:
    also = np.array([5 * large.n + 1_400, 7 * large.n + 1_300])
    found = untied(large, np.random.default_rng(0), also)
    every = large.n * (large.n - 1) / 2 - large.m
    assert len(found.a) < every / 10
    assert found.weights.sum() == pytest.approx(every, rel=0.02)
    codes = found.a * large.n + found.b
    assert set(also.tolist()) <= set(codes.tolist())
    assert len(set(codes.tolist())) == len(codes)
    assert not set(codes.tolist()) & set((large.a.astype(np.int64) * large.n + large.b).tolist())


def test_a_sample_has_as_many_near_pairs_as_there_are(large: Network) -> None:
    found = untied(large, np.random.default_rng(0))
    is_near = Pairs.of(large, found.a, found.b).shared.many > 0
    assert found.weights[is_near].sum() == pytest.approx(sum(len(part.a) for part in near(large)), rel=0.05)


def test_parts_of_near_pairs_are_the_same_as_one(large: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [(a, b) for part in near(large) for a, b in zip(part.a.tolist(), part.b.tolist(), strict=True)]
    monkeypatch.setattr(module, "_AT_ONCE", 5_000)
    assert [(a, b) for part in near(large) for a, b in zip(part.a.tolist(), part.b.tolist(), strict=True)] == whole
