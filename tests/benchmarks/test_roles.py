"""The benchmark of roles: what counts as covered, what is dropped, and what is printed of a folder."""

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from benchmarks.networks import Named, Tie
from benchmarks.roles import __main__ as roles
from benchmarks.roles.coverage import DROPPED, ONE_KIND, SHARES, Case, cases, summed, without
from workbench.analytics.rank_intervals import Intervals
from workbench.analytics.ranks import ranks


def named(graph: "nx.Graph[int]", kinds: bool = False) -> Named:
    """A network with a label, and two kinds of ties if asked for."""
    ties = tuple(Tie(str(a), str(b), kind="AB"[(a + b) % 3 == 0] if kinds else "") for a, b in graph.edges)
    label = tuple("xyz"[node % 3] for node in graph)
    return Named("made", tuple(map(str, graph)), ties, {"group": label})


def test_a_share_of_the_ties_or_persons_is_dropped() -> None:
    network = named(nx.gnm_random_graph(100, 200, seed=1)).network
    rng = np.random.default_rng(0)
    assert without(network, "ties", 0.1, rng).network.m == 180
    left = without(network, "persons", 0.2, rng)
    assert left.network.n <= 80
    whole = set(zip(network.a.tolist(), network.b.tolist(), strict=True))
    ends = (left.node[each].tolist() for each in (left.network.a, left.network.b))
    assert set(zip(*ends, strict=True)) == {edge for edge in whole if set(edge) <= set(left.node.tolist())}


def test_covered_are_the_true_ranks_in_their_intervals() -> None:
    true, observed = ranks(np.array([9.0, 8, 8, 1])), ranks(np.array([9.0, 7, 8, 1]))
    found = Intervals(np.array([1, 2, 3, 2]), np.array([1, 3, 3, 4]))
    told = summed([Case("degree", "ties", 0.1, true, observed, found)])["degree"]["ties"]["10%"]
    assert told["ranks"] == 4
    assert told["covered"] == 0.75  # equals have the rank of their first, 2: the third has 3 to 3
    assert told["width, share of all ranks"] == pytest.approx(3 / 16, abs=0.001)
    assert told["first 10"]["width"] == 0.8


def test_every_measure_share_and_loss_is_tried() -> None:
    found = list(cases(named(nx.powerlaw_cluster_graph(40, 2, 0.3, seed=2), kinds=True), 0))
    measures = {each.measure for each in found}
    assert measures == {"degree", "betweenness", "closeness", "pagerank", "brokerage", "brokerage between labels"}
    kinds = {(each.dropped, each.share) for each in found}
    assert kinds == {(dropped, share) for dropped in DROPPED for share in SHARES} | {(ONE_KIND, -1.0)}
    assert all(len(each.true.first) == len(each.found.best) == len(each.observed.first) for each in found)
    persons = [each for each in found if each.measure == "brokerage" and each.dropped == "persons"]
    assert any((each.true.first != each.observed.first).any() for each in persons)


def test_a_folder_is_measured_and_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.powerlaw_cluster_graph(30, 2, 0.3, seed=2)
    lines = ["source,target", *(f"{a},{b}" for a, b in graph.edges)]
    (tmp_path / "SIREN.edges.csv").write_text("\n".join(lines), "utf-8")
    monkeypatch.setattr(roles, "made", lambda seed: iter([named(nx.path_graph(20))]))
    found = json.loads(json.dumps(roles.measured(tmp_path, 0)))
    one = found["networks in the folder"]["each"]["SIREN"]
    assert (one["nodes"], one["ties"]) == (30, graph.number_of_edges())
    assert one["disruption"]["published"]["betweenness"] == 82
    assert set(found["networks made"]["coverage"]["degree"]) == {"ties", "persons"}
    text = "\n".join(roles.drawn(found))
    assert "share of the first ten kept" in text
    assert "reference/analytics.md" in text
