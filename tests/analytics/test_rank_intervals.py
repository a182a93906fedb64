"""Intervals of ranks cover the truth as often as they say, and follow from the input and the seed alone."""

from typing import NamedTuple

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analytics.dropping import Copies, dropped
from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.analytics.measures import MEASURES, Plain, closeness, degrees, plan_of, scorer_of
from workbench.analytics.rank_intervals import Plan, rank_intervals
from workbench.analytics.ranks import ranks
from workbench.store.columns import Bool

UNGROUPED = MEASURES[:5]


def network_of(graph: "nx.Graph[int]") -> Network:
    """The network of a graph over 0 … n - 1."""
    ends = graph.edges if graph.is_directed() else [sorted(edge) for edge in graph.edges]
    a, b = np.array(sorted(map(tuple, ends)), np.int32).reshape(-1, 2).T
    return Network(len(graph), graph.is_directed(), a.copy(), b.copy())


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6)), max_size=30))
def test_ranks_are_those_of_counting(scored: list[tuple[int, int]]) -> None:
    group, scores = (np.array([each[at] for each in scored], np.int64) for at in (0, 1))
    found = ranks(scores.astype(np.float64), group)
    for (mine, score), first, last in zip(scored, *found, strict=True):
        others = [other for of, other in scored if of == mine]
        assert first == 1 + sum(other > score for other in others)
        assert last == sum(other >= score for other in others)


def test_sums_in_another_order_are_equal() -> None:
    assert ranks(np.array([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.5])).first.tolist() == [1, 1, 3]


@pytest.mark.parametrize("directed", [False, True])
def test_copies_lack_ties_or_nodes_and_nothing_else(directed: bool) -> None:
    network = network_of(nx.gnm_random_graph(30, 60, seed=1, directed=directed))
    whole = set(zip(network.a.tolist(), network.b.tolist(), strict=True))
    copies = dropped(network, 0.2, 40, np.random.default_rng(0))
    kept = []
    for copy in range(40):
        rows = copies.copy[copies.network.a] == copy
        a, b = (copies.node[ends[rows]] for ends in (copies.network.a, copies.network.b))
        mine = set(zip(a.tolist(), b.tolist(), strict=True))
        assert mine < whole
        assert {*a.tolist(), *b.tolist()} == set(copies.node[copies.copy == copy].tolist())
        lost = {end for edge in whole - mine for end in edge}
        gone = [node for node in lost if not any(node in edge for edge in mine)]
        if copy % 2:  # by nodes: every lost tie is that of somebody who is gone
            assert all(set(edge) & set(gone) for edge in whole - mine)
        kept.append(len(mine) / len(whole))
    assert 0.75 < np.mean(kept[0::2]) < 0.85
    assert 0.55 < np.mean(kept[1::2]) < 0.73  # both ends stay: 0.64


@pytest.mark.parametrize("measure", UNGROUPED)
def test_copies_measured_together_rank_as_alone(measure: str) -> None:
    network = network_of(nx.powerlaw_cluster_graph(40, 2, 0.4, seed=3))
    copies = dropped(network, 0.2, 6, np.random.default_rng(1))
    scorer = scorer_of(measure, None, 0)
    together = ranks(scorer.after(copies, None), copies.copy)
    for copy in range(6) if measure != "brokerage" else ():  # its groups are found, which may differ
        rows = copies.copy == copy
        start = int(np.flatnonzero(rows)[0])
        ties = rows[copies.network.a]
        a, b = ((ends[ties] - start).astype(np.int32) for ends in (copies.network.a, copies.network.b))
        alone = Copies.whole(Network(int(rows.sum()), False, a, b))
        assert ranks(scorer.after(alone, None)).first.tolist() == together.first[rows].tolist()


@pytest.mark.parametrize("directed", [False, True])
def test_closeness_of_parts_is_that_of_networkx(directed: bool) -> None:
    graph = nx.disjoint_union(
        nx.gnm_random_graph(20, 30, seed=2, directed=directed), nx.path_graph(5, nx.DiGraph if directed else None)
    )
    network = network_of(graph)
    found = closeness(network, np.zeros(network.n, np.int64), None) / (network.n - 1)
    assert dict(enumerate(found.tolist())) == pytest.approx(nx.closeness_centrality(graph))


def test_intervals_cover_nine_of_ten_true_ranks() -> None:
    """On networks that nothing was chosen on; pooled, as no single network tells."""
    inside: dict[str, list[bool]] = {}
    width: list[float] = []
    for seed in range(6):
        truth = network_of(nx.powerlaw_cluster_graph(90, 3, 0.3, seed=900 + seed))
        kept = np.random.default_rng(seed).random(truth.m) >= 0.1
        nodes, ends = np.unique(np.concatenate([truth.a[kept], truth.b[kept]]), return_inverse=True)
        a, b = ends.reshape(2, -1).astype(np.int32)
        left = Copies(Network(len(nodes), False, a, b), nodes.astype(np.int64), np.zeros(len(nodes), np.int64))
        for measure in UNGROUPED:
            scorer = scorer_of(measure, None, 0)
            observed = ranks(scorer.after(Copies.whole(left.network), None))
            true = ranks(scorer_of(measure, None, 0).before(truth, left, None)).first
            found = rank_intervals(left.network, observed, scorer, 0.1, plan_of(left.network, measure), seed)
            inside.setdefault(measure, []).extend(((found.best <= true) & (true <= found.worst)).tolist())
            width.append(float((found.worst - found.best).mean() / left.network.n))
    assert all(0.82 < np.mean(each) < 0.98 for each in inside.values()), {k: np.mean(v) for k, v in inside.items()}
    assert np.mean(width) < 0.4


class Turned(NamedTuple):
    """Ranks in a copy are the other way round: the first of the network is the last of each copy."""

    def before(self, network: Network, copies: Copies, sources: Bool | None) -> Float64:
        return -copies.node.astype(np.float64)

    def after(self, copies: Copies, sources: Bool | None) -> Float64:
        return copies.node.astype(np.float64)


def test_ranks_among_those_left_are_ranks_among_as_many_as_were_observed() -> None:
    """Of copies in which every second person is missing, the last is the last of all again."""
    network = network_of(nx.cycle_graph(200))
    observed = ranks(-np.arange(200.0))
    found = rank_intervals(network, observed, Turned(), 0.5, Plan(20), 1)
    assert found.best[0] > 170
    assert found.worst[-1] < 31


def test_a_sample_of_sources_widens_the_intervals_and_covers_the_exact_ranks() -> None:
    network = network_of(nx.barabasi_albert_graph(400, 3, seed=7))
    scorer = scorer_of("betweenness", None, 0)
    exact = ranks(scorer.after(Copies.whole(network), None)).first
    sampled = np.zeros(network.n, bool)
    sampled[np.random.default_rng(1).choice(network.n, 40, replace=False)] = True
    observed = ranks(scorer.after(Copies.whole(network), sampled))
    found = rank_intervals(network, observed, scorer_of("betweenness", None, 0), 0.0, Plan(20, 40, 40), 3)
    covered = ((found.best <= exact) & (exact <= found.worst)).mean()
    assert 0.8 < covered < 0.99
    sure = rank_intervals(network, observed, scorer_of("betweenness", None, 0), 0.0, Plan(20), 3)
    assert (sure.best == sure.worst).mean() > 0.9


def test_the_seed_decides_and_nothing_else() -> None:
    network = network_of(nx.gnm_random_graph(60, 120, seed=5))
    observed = ranks(degrees(network).astype(np.float64))

    def of(seed: int) -> list[list[int]]:
        found = rank_intervals(network, observed, scorer_of("degree", None, 0), 0.1, Plan(50), seed)
        return [found.best.tolist(), found.worst.tolist()]

    assert of(1) == of(1)
    assert of(1) != of(2)


def test_nothing_is_known_of_an_empty_network() -> None:
    none = np.zeros(0, np.int32)
    network = Network(0, False, none, none)
    scorer = Plain(lambda copies, sources: np.zeros(copies.network.n))
    found = rank_intervals(network, ranks(np.zeros(0)), scorer, 0.1, Plan(10), 0)
    assert len(found.best) == len(found.worst) == len(found.undecided()) == 0
