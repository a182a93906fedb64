"""What is left after removals is that of networkx, and who is taken out is never told."""

from importlib import import_module

import networkx as nx
import numpy as np
import pytest

from tests.analytics.cases import eid, person, seen, tie
from tests.analytics.test_rank_intervals import network_of
from workbench.analytics import disruption
from workbench.analytics.disruption import disrupted
from workbench.analytics.removing import Whole, in_order, taken_out
from workbench.errors import UsageError

module = import_module("workbench.analytics.disruption")  # the package has the function by that name


def efficiency(graph: "nx.Graph[int]") -> float:
    """The sum of inverse distances of ordered pairs."""
    lengths = nx.all_pairs_shortest_path_length(graph)
    return sum(1 / far for _, to in lengths for far in to.values() if far)


def test_what_is_left_is_that_of_networkx() -> None:
    graph = nx.powerlaw_cluster_graph(50, 2, 0.3, seed=4)
    whole = Whole(network_of(graph), 0)
    assert not whole.is_sampled
    order = [3, 0, 7, 20]
    left = graph.copy()
    for node, network, stays in taken_out(whole, in_order(order), 4, 0.0):
        left.remove_node(node)
        found = whole.left(network, stays)
        sizes = [len(part) for part in nx.connected_components(left)]
        assert found.largest == pytest.approx(max(sizes) / 50, abs=1e-6)
        assert found.pairs == pytest.approx(sum(n * (n - 1) / 2 for n in sizes) / (50 * 49 / 2), abs=1e-6)
        assert found.efficiency == pytest.approx(efficiency(left) / efficiency(graph), abs=1e-6)


@pytest.mark.parametrize("strategy", ["degree", "betweenness"])
def test_the_highest_is_chosen_anew_each_time(strategy: str) -> None:
    graph = nx.powerlaw_cluster_graph(60, 2, 0.3, seed=8)
    whole = Whole(network_of(graph), 0)
    choose = whole.by_degree if strategy == "degree" else whole.by_betweenness
    scores = nx.degree_centrality if strategy == "degree" else nx.betweenness_centrality
    left = graph.copy()
    for node, *_ in taken_out(whole, choose, 5, 0.0):
        found = scores(left)
        assert found[node] == pytest.approx(max(found.values()))
        left.remove_node(node)


def test_who_loses_ties_with_another_is_not_the_highest_any_more() -> None:
    """1 and 2 have four ties each, one of those of 1 to the hub 0, which is taken out first."""
    ties = [(0, 1), *((0, n) for n in range(3, 9)), *((1, n) for n in range(9, 12)), *((2, n) for n in range(12, 16))]
    whole = Whole(network_of(nx.Graph([*ties, (3, 12)])), 0)
    assert [node for node, *_ in taken_out(whole, whole.by_degree, 3, 0.0)] == [0, 2, 1]


def test_random_removal_is_told_by_its_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a star of ten a tenth is left if the hub is taken out, else nine of ten."""
    monkeypatch.setattr(module, "_DRAWS", 400)
    random = next(iter(disrupted(network_of(nx.star_graph(9)), 1, 0.0, 0.0, 0)))
    assert random.largest == pytest.approx(0.82, abs=0.05)


@pytest.mark.parametrize("strategy", ["degree", "betweenness"])
def test_choices_of_who_does_not_see_all_do_less(strategy: str) -> None:
    network = network_of(nx.powerlaw_cluster_graph(60, 2, 0.3, seed=8))
    sure, unsure = (
        [row for row in disrupted(network, 10, 0.0, missing, 0) if row.strategy == strategy] for missing in (0.0, 0.4)
    )
    assert all(row.largest_from == row.largest == row.largest_to for row in sure)
    assert unsure[-1].largest == sure[-1].largest
    assert unsure[-1].largest_to > unsure[-1].largest + 0.1


def test_who_does_not_see_next_to_nothing_chooses_alike_by_each_measure() -> None:
    """In two cliques with a bridge of three, degree takes out members, and betweenness the bridge."""
    rows = list(disrupted(network_of(nx.barbell_graph(8, 3)), 3, 0.0, 1e-9, 0))
    chosen = [row for row in rows if row.strategy != "random"]
    assert all(row.largest_from == row.largest == row.largest_to for row in chosen)
    assert len({row.largest for row in chosen if row.k == 1}) == 2


def test_recovery_closes_triads_that_the_removed_one_held() -> None:
    """As many new ties as were lost, each between two of his contacts who were not tied, the best indices first."""
    graph = nx.powerlaw_cluster_graph(40, 2, 0.2, seed=2)
    whole = Whole(network_of(graph), 0)
    ((node, network, _),) = taken_out(whole, whole.by_degree, 1, 0.5)
    after = set(zip(network.a.tolist(), network.b.tolist(), strict=True))
    before = {tuple(sorted(edge)) for edge in graph.edges if node not in edge}
    new = after - before
    assert before < after
    assert len(new) == round(0.5 * graph.degree(node))
    index = {tuple(sorted((u, v))): score for u, v, score in nx.resource_allocation_index(graph)}
    possible = {pair for pair in index if set(pair) <= set(graph[node])}
    assert new <= possible
    assert min(index[pair] for pair in new) >= max(index[pair] for pair in possible - new) - 1e-9


def test_a_star_falls_apart_and_recovers() -> None:
    rows = list(disrupted(network_of(nx.star_graph(9)), 1, 1.0, 0.0, 0))
    random, degree, betweenness = rows
    assert [row.strategy for row in rows] == ["random", "degree", "betweenness"]
    assert (degree.largest, degree.pairs, degree.efficiency) == (0.1, 0, 0)
    assert betweenness.largest_recovered > 0.3
    assert (degree.largest_from, degree.largest_to) == (0.1, 0.1)  # nothing is missing
    assert random.largest > 0.5
    assert random.largest_from <= random.largest <= random.largest_to


def test_a_finding_names_nobody_and_follows_from_the_seed() -> None:
    records = [person(each) for each in "abcdefgh"]
    records += [tie("Family", person="a", relative=each) for each in "bcde"]
    records += [tie("Family", person=x, relative=y) for x, y in ("ef", "fg", "gh")]
    with seen(records) as view:
        found = disruption(view, removed=3)
        assert {row.entities for row in found.results} == {()}
        assert not any(eid(each) in str(found.results) for each in "abcdefgh")
        assert [row.k for row in found.results] == [1, 2, 3] * 3
        assert found == disruption(view, removed=3)
        assert found.results != disruption(view, removed=3, seed=1).results
        assert found.measured["draws"] == found.measured["draws_with_missing"] > 0
        assert disruption(view, removed=3, missing=0).measured["draws_with_missing"] == 0
        assert disruption(view, removed=20).results[-1].k == 7  # somebody stays
        assert all(0 <= row.largest_from <= row.largest_to <= 1 for row in found.results)


def test_nobody_is_nothing_to_disrupt() -> None:
    with seen([person("a")]) as view:
        found = disruption(view)
        assert found.results == ()
        assert (found.measured["draws"], found.measured["draws_with_missing"]) == (0, 0)


@pytest.mark.parametrize(("name", "value"), [("removed", 0), ("removed", 21), ("regrown", 1.5), ("missing", -1)])
def test_what_can_not_be_is_refused(name: str, value: float) -> None:
    with seen([person("a")]) as view, pytest.raises(UsageError, match=name):
        disruption(view, **{name: value})


def test_a_large_network_is_sampled_and_says_so() -> None:
    network = network_of(nx.barabasi_albert_graph(1_500, 2, seed=1))
    whole = Whole(network, 0)
    assert whole.is_sampled
    left = whole.left(network, np.ones(1_500, bool))
    assert left == (1.0, 1.0, 1.0)
