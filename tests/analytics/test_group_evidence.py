"""What supports groups, against plain Python, and on networks with planted groups and with none."""

from collections import Counter
from itertools import combinations
from math import comb, factorial, log

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.communities.generated import LFR, exchanged, lfr, of_graph
from tests.stores import examples
from workbench.analytics.description_length import description_length, shortest
from workbench.analytics.engines import Network, operations
from workbench.analytics.group_evidence import Evidence, Verdict, evidence
from workbench.analytics.rewiring import connected, rewired

PAIRS = st.lists(st.sampled_from(list(combinations(range(9), 2))), min_size=3, max_size=24, unique=True)


def networks_of(pairs: list[tuple[int, int]]) -> Network:
    return of_graph(nx.Graph(pairs))


@given(PAIRS, st.data())
def test_the_description_has_the_length_that_its_probability_says(pairs: list, data: st.DataObject) -> None:
    """The probability of the network by the model, from counts, in plain Python (Zhang and Peixoto 2020)."""
    network = networks_of(pairs)
    labels = data.draw(st.lists(st.integers(0, 2), min_size=network.n, max_size=network.n))
    assert description_length(network, np.array(labels)) == pytest.approx(-_log_probability(network, labels))


def _log_probability(network: Network, labels: list[int]) -> float:
    groups = Counter(labels)
    n, m, many = network.n, network.m, len(groups)
    degrees = network.degrees.tolist()
    ends = {group: sum(d for d, of in zip(degrees, labels, strict=True) if of == group) for group in groups}
    ties = list(zip(network.a.tolist(), network.b.tolist(), strict=True))
    inside = sum(labels[a] == labels[b] for a, b in ties)
    probability = 1 / (n * comb(n - 1, many - 1))  # how many groups, and of which sizes
    for size in groups.values():
        probability *= factorial(size)
    probability /= factorial(n)
    for group, size in groups.items():  # how the ends of ties fall to the members
        probability /= comb(size + ends[group] - 1, ends[group])
    if many > 1:
        probability /= m + 1  # how many ties lie inside
        probability /= comb(many, 2) ** (m - inside)  # between which groups
    probability *= factorial(inside) / many**inside * factorial(m - inside) * 2**inside
    for degree in degrees:  # which ends are tied
        probability *= factorial(degree)
    for end in ends.values():
        probability /= factorial(end)
    return log(probability)


@given(PAIRS, st.data())
def test_merging_groups_finds_no_longer_description(pairs: list, data: st.DataObject) -> None:
    network = networks_of(pairs)
    labels = np.array(data.draw(st.lists(st.integers(0, 3), min_size=network.n, max_size=network.n)))
    found = shortest(network, labels)
    lengths = [description_length(network, labels), description_length(network, np.zeros(network.n, int))]
    for one, other in combinations(np.unique(labels).tolist(), 2):
        merged = description_length(network, np.where(labels == other, one, labels))
        if len(np.unique(labels)) == 3:
            lengths.append(merged)
    assert found <= min(lengths) + 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_each_merger_is_the_best_of_all(seed: int) -> None:
    """Of three groups, of which two are parted in a large and a small part."""
    network = of_graph(nx.random_partition_graph([20, 12, 8], 0.6, 0.05, seed=seed))
    labels = start = np.repeat([0, 1, 2, 3, 4], [15, 5, 9, 3, 8])
    met = [description_length(network, labels)]
    while len(groups := np.unique(labels)) > 1:
        merged = [np.where(labels == other, one, labels) for one, other in combinations(groups.tolist(), 2)]
        labels = min(merged, key=lambda each: description_length(network, each))
        met.append(description_length(network, labels))
    assert shortest(network, start) == pytest.approx(min(met), abs=1e-9)
    assert min(met) < min(met[0], met[-1])


@settings(max_examples=examples(60))
@given(PAIRS, st.integers(0, 99))
def test_a_rewired_network_has_the_same_degrees_and_is_one_part(pairs: list, seed: int) -> None:
    assume(nx.is_connected(nx.Graph(pairs)))
    network = networks_of(pairs)
    found = rewired(network, seed)
    assert found.degrees.tolist() == network.degrees.tolist()
    assert not operations.weak_parts(found).any()
    assert len({*zip(found.a.tolist(), found.b.tolist(), strict=True)}) == network.m
    assert (found.a < found.b).all()
    again = rewired(network, seed)
    assert (found.a.tolist(), found.b.tolist()) == (again.a.tolist(), again.b.tolist())


@pytest.mark.parametrize("seed", range(8))
def test_any_parts_with_the_ties_of_a_tree_are_made_one(seed: int) -> None:
    """All ties but those of a tree are exchanged, in each part, also after it was joined; here all of them must be."""
    parts = nx.disjoint_union_all(
        [*(nx.complete_graph(n) for n in (4, 3, 4, 3)), *(nx.path_graph(2) for _ in range(5))]
    )
    ends = np.array(parts.edges)
    made = connected(len(parts), ends, np.random.default_rng(seed))
    assert nx.is_connected(nx.Graph(made.tolist()))
    assert np.bincount(made.ravel()).tolist() == np.bincount(ends.ravel()).tolist()


def verdicts(network: Network, seed: int = 0) -> set[Verdict]:
    return {each.verdict for each in evidence(network, 1.0, seed)[1]}


@pytest.mark.parametrize("n", [30, 100, 300])
def test_no_tree_has_groups(n: int) -> None:
    assert evidence(of_graph(nx.random_labeled_tree(n, seed=n)), 1.0, 0)[1] == [
        Evidence(Verdict.NOT_SUPPORTED, is_tree=True)
    ]


@pytest.mark.parametrize("graph", [nx.watts_strogatz_graph(24, 4, 0), nx.grid_2d_graph(8, 8)], ids=["ring", "grid"])
def test_modular_alone_is_not_enough(graph: nx.Graph) -> None:
    """Neighbours are tied all around: any cut is as good as another, and better than in random networks."""
    (found,) = evidence(of_graph(graph), 1.0, 0)[1]
    assert found.excess is not None
    assert found.excess > 4
    assert found.verdict == Verdict.NOT_SUPPORTED


def test_a_part_is_searched_as_often_as_random_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = Counter[bytes]()

    def leiden(network: Network, seed: int, resolution: float, rounds: int) -> object:
        searched[network.a.tobytes() + network.b.tobytes()] += 1
        return search(network, seed, resolution, rounds=rounds)

    search = operations.leiden
    monkeypatch.setattr(operations, "leiden", leiden)
    part = of_graph(nx.connected_caveman_graph(3, 8))
    (found,) = evidence(part, 1.0, 0)[1]
    of_part = searched.pop(part.a.tobytes() + part.b.tobytes())
    assert set(searched.values()) == {of_part - 2}  # two more are compared by their descriptions alone
    assert len(searched) == found.networks


@pytest.mark.parametrize("n", [30, 60, 150])
@pytest.mark.parametrize("mean", [2.4, 5])
def test_random_networks_have_no_groups(n: int, mean: float) -> None:
    """By the bound of one in twenty; of these seeds none is an exception."""
    found = [verdicts(of_graph(nx.gnm_random_graph(n, round(n * mean / 2), seed=seed))) for seed in range(4)]
    assert not any(Verdict.SUPPORTED in each for each in found)


@pytest.mark.parametrize("outside", [0.1, 0.4])
def test_planted_groups_are_supported_until_their_ties_are_exchanged(outside: float) -> None:
    network, _ = lfr(LFR[0], outside, 1)
    assert Verdict.SUPPORTED in verdicts(network)
    assert not any(Verdict.SUPPORTED in verdicts(each) for each in exchanged(network, 2))


def test_each_part_is_asked_by_itself() -> None:
    """Three cliques in a chain are supported, a tree beside them is not, and a few are too small."""
    cliques = nx.connected_caveman_graph(3, 8)
    tree = nx.random_labeled_tree(30, seed=1)
    network = of_graph(nx.disjoint_union_all([cliques, tree, nx.complete_graph(4)]))
    part, found = evidence(network, 1.0, 0)
    assert found[part[0]].verdict == Verdict.SUPPORTED
    assert found[part[30]].verdict == Verdict.NOT_SUPPORTED
    assert found[part[55]].verdict == Verdict.TOO_SMALL


def test_a_part_with_few_of_all_ties_is_too_small_to_be_divided() -> None:
    small = nx.barbell_graph(6, 0)
    network = of_graph(nx.disjoint_union(small, nx.gnm_random_graph(700, 3_000, seed=1)))
    part, found = evidence(network, 1.0, 0)
    assert found[part[0]].verdict == Verdict.TOO_SMALL
    assert evidence(of_graph(small), 1.0, 0)[1][0].verdict != Verdict.TOO_SMALL


def test_evidence_tells_what_it_was_compared_with() -> None:
    found = evidence(of_graph(nx.connected_caveman_graph(3, 8)), 1.0, 0)[1][0]
    told = found.told()
    assert told["random_networks"] == 49
    assert told["excess"] > 3
    assert told["shorter"] > 4.6
    assert told["verdict"] == "supported"


def test_groups_that_every_search_finds_are_stable_whatever_random_networks_are() -> None:
    """Of these two random networks are as stable, and still they are two groups."""
    assert verdicts(of_graph(nx.connected_caveman_graph(2, 5))) == {Verdict.SUPPORTED}
    assert verdicts(of_graph(nx.karate_club_graph())) == {Verdict.SUPPORTED}


def test_random_networks_that_are_all_equal_have_no_standard_deviation() -> None:
    found = evidence(of_graph(nx.complete_bipartite_graph(3, 20)), 1.0, 0)[1][0]
    assert found.excess is None
    assert found.told()["excess"] is None


def test_directions_and_the_order_of_ties_change_no_evidence() -> None:
    one = of_graph(nx.connected_caveman_graph(3, 8))
    turned = Network(one.n, True, one.b, one.a)
    assert evidence(one, 1.0, 3)[1] == evidence(turned, 1.0, 3)[1]


def test_nothing_is_said_of_nothing() -> None:
    assert evidence(of_graph(nx.empty_graph(0)), 1.0, 0)[1] == []
