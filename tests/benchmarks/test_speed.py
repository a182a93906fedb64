"""The benchmark of speed: it makes the networks it says, compares answers, and judges by what is to be reached."""

from typing import Any

import networkx as nx
import numpy as np
import pytest

from benchmarks.speed import __main__ as speed
from benchmarks.speed import beside, gds
from benchmarks.speed.generated import graph_of, grouped, hubs
from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.partitions import modularity


@pytest.mark.parametrize("outside", [0.1, 0.4])
def test_groups_are_of_the_size_and_mixture_asked_for(outside: float) -> None:
    network = grouped(2_000, 8_000, outside, seed=3)
    assert (network.n, network.directed) == (2_000, False)
    assert 7_000 <= network.m <= 8_000
    assert (network.a < network.b).all()
    assert len(set(zip(network.a.tolist(), network.b.tolist(), strict=True))) == network.m
    assert (grouped(2_000, 8_000, outside, seed=3).a == network.a).all()
    found = modularity(network, operations.leiden(network, 0))
    assert 0.7 * (1 - outside) < found < 1 - 0.8 * outside


def test_hubs_are_those_of_networkx() -> None:
    network = hubs(300, 3, seed=1)
    assert set(graph_of(network).edges) == {
        tuple(sorted(each)) for each in nx.barabasi_albert_graph(300, 3, seed=1).edges
    }


@pytest.mark.parametrize("case", beside.CASES, ids=lambda case: case.name)
def test_each_case_compares_the_same_answers(case: beside.Case) -> None:
    row = beside.one(case, hubs(300, 3, seed=1))
    for name in ("ours", "ours with igraph"):
        if name in row:
            assert row[name].get("difference", 0) < 1e-9
            assert row[name]["times"] > 0
    if case.name == "louvain":
        assert row["ours"]["modularity"] > 0.3
        assert row["ours"]["modularity_of_networkx"] > 0.3


def test_candidates_are_pairs_at_distance_two() -> None:
    graph = nx.path_graph(4)
    graph.add_edge(0, 2)
    assert beside.candidates(graph) == {(0, 3), (1, 3)}


def row(name: str, times: float) -> dict[str, Any]:
    own = {"engine": "arrays", "first": 1.0, "again": 0.5, "times": times, "difference": 0.0}
    return {"name": name, "nodes": 5, "ties": 9, "networkx": 4.0, "converting": 0.1, "ours": own}


def test_it_says_whether_it_was_reached() -> None:
    assert speed._judged(row("betweenness_exact", 9.0))["ours"]["reached"]
    assert not speed._judged(row("betweenness_exact", 8.9))["ours"]["reached"]
    with_igraph = {**row("betweenness_sampled", 10.0), "ours with igraph": {**row("", 49.9)["ours"]}}
    assert not speed._judged(with_igraph)["ours with igraph"]["reached"]
    told = speed._judged_gds(
        {"methods": {"leiden": {"times": 4.0, "gds": {"modularity": 0.4}, "ours": {"modularity": 0.39}}}}
    )
    assert not told["methods"]["leiden"]["reached"]


def test_it_is_told_in_lines_with_what_is_known() -> None:
    part = {"ours": 1.0, "networkit": 2.0, "beside": 0.5}
    spent = {"wall": 1.0, "cpu": 1.0}
    found = {
        "networks": {"x": [row("louvain", 2.0)]},
        "beside": [speed._judged(row("louvain", 70.0))],
        "million": speed._judged_million(
            {"ties": 10, "nodes": 5, "making": 1.0, "gb": 5.0, "betweenness": {**part}, "adamic_adar": {"ours": 1.0}}
            | {"leiden": {**part, "modularity": 0.5, "modularity_of_networkit": 0.4}}
        ),
        "gds": speed._judged_gds(
            {"entities": 5, "ties": 9, "cores": 2}
            | {"methods": {"pageRank": {"gds": spent, "ours": spent, "times": 1.0, "times_of_processor": 1.0}}}
        ),
    }
    text = "\n".join(speed.drawn(found))
    assert "x70.0, reached" in text
    assert "peak of memory 5.0 GB, NOT reached" in text
    assert text.count("published: ") == 5
    assert "BA, 20,000 nodes, 99,985 ties" in text


def test_only_what_networkx_can_bear_is_measured() -> None:
    small = network_of_path(30)
    assert [each["name"] for each in speed._of_network(small)] == ["betweenness_exact", "louvain", "adamic_adar"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speed, "_FEASIBLE", 10)
        assert [each["name"] for each in speed._of_network(small)] == ["louvain", "adamic_adar"]


def network_of_path(n: int) -> Network:
    ends = np.arange(n, dtype=np.int32)
    return Network(n, False, ends[:-1], ends[1:])


def test_ours_is_measured_for_all_methods_of_the_server() -> None:
    assert set(dict(gds._ours(grouped(600, 2_000, 0.3, seed=1)))) == {"leiden", "louvain", "pageRank", "betweenness"}
