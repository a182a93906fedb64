"""Each engine gives networkx's answer to each operation that the table lets it do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.networks import networks
from tests.analytics.engines.graphs import GRAPHS, network_of, small_graphs
from tests.lacking import lacking
from tests.stores import examples
from workbench.analytics.engines import Network, operations, table
from workbench.analytics.engines.neighbours import SCORES
from workbench.analytics.engines.partitions import modularity
from workbench.analytics.projection import Bare, Ends
from workbench.errors import UsageError

# Each operation with one right answer, and the entry of the table that it is asked by.
EXACT = {
    "articulation_points": "blocks",
    "betweenness": "betweenness",
    "blocks": "blocks",
    "bridges": "blocks",
    "closeness": "closeness",
    "clustering": "triangles",
    "core_number": "core_number",
    "pagerank": "pagerank",
    "strong_parts": "strong_parts",
    "triangles": "triangles",
    "weak_parts": "weak_parts",
}
UNDIRECTED = ("blocks", "core_number", "triangles")


def ways(operation: str, network: Network) -> Iterator[str]:
    """The engines that may be asked for an operation on a network, beside networkx."""
    if network.directed and operation in UNDIRECTED:
        return
    for engine in table.engines_of(operation):
        by_networkit_undirected = engine == "networkit" and network.directed and operation != "betweenness"
        if engine != "networkx" and not by_networkit_undirected:
            yield engine


def assert_all_agree(network: Network) -> None:
    for name, operation in EXACT.items():
        for engine in ways(operation, network):
            ask = getattr(operations, name)
            assert_same(ask(network, engine=engine), ask(network, engine="networkx"), f"{name} by {engine}")


def assert_same(found: Any, wanted: Any, what: str) -> None:
    if isinstance(wanted, list):
        assert list(map(list, found)) == list(map(list, wanted)), what
    else:
        assert found == pytest.approx(wanted, rel=1e-8, abs=1e-12), what
        assert len(found) == len(wanted), what


@pytest.mark.parametrize("name", GRAPHS)
def test_every_engine_agrees_with_networkx(name: str) -> None:
    assert_all_agree(network_of(GRAPHS[name]()))


@settings(max_examples=examples(60))
@given(small_graphs())
def test_every_engine_agrees_on_any_small_graph(graph: Any) -> None:
    assert_all_agree(network_of(graph))


@pytest.mark.data
def test_every_engine_agrees_on_real_networks(shared_data: Path) -> None:
    found = [*networks(shared_data / "covert"), *networks(shared_data / "networks")]
    assert len(found) > 20
    for each in found:
        if each.network.m < 5_000:
            assert_all_agree(each.network)


@settings(max_examples=examples(60))
@given(small_graphs(), st.data())
def test_betweenness_from_some_sources_is_the_same_by_all(graph: Any, data: st.DataObject) -> None:
    network = network_of(graph)
    sources = data.draw(st.lists(st.sampled_from(range(network.n)), unique=True)) if network.n else []
    wanted = operations.betweenness(network, sources, "networkx")
    for engine in table.engines_of("betweenness_from"):
        assert operations.betweenness(network, sources, engine) == pytest.approx(wanted, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in GRAPHS if "nothing" not in name])
def test_betweenness_of_all_sources_is_the_sum_of_those_of_each_half(name: str) -> None:
    network = network_of(GRAPHS[name]())
    half = [range(0, network.n, 2), range(1, network.n, 2)]
    for engine in ("arrays", *(("igraph",) if table.is_installed("igraph") else ())):
        sums = sum(operations.betweenness(network, list(each), engine) for each in half)
        assert sums == pytest.approx(operations.betweenness(network), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", [name for name in GRAPHS if "nothing" not in name])
def test_distances_and_personal_pagerank(name: str) -> None:
    network = network_of(GRAPHS[name]())
    for source in range(0, network.n, 17):
        wanted = operations.distances(network, source, "networkx")
        assert operations.distances(network, source, "arrays").tolist() == wanted.tolist()
    jumps = np.arange(1, network.n + 1) % 3.0
    wanted = operations.pagerank(network, personal=jumps, engine="networkx") if jumps.any() else None
    if wanted is not None:
        assert operations.pagerank(network, personal=jumps) == pytest.approx(wanted, rel=1e-6, abs=1e-10)


def test_pagerank_by_weights_of_ties() -> None:
    network = network_of(nx.gnm_random_graph(60, 150, seed=1, directed=True))
    weighed = network.with_weights(np.arange(1.0, network.m + 1))
    found = operations.pagerank(weighed)
    assert found == pytest.approx(operations.pagerank(weighed, engine="networkx"), rel=1e-6)
    assert found != pytest.approx(operations.pagerank(network), rel=1e-2)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("name", [name for name in GRAPHS if "directed" not in name])
def test_scores_of_pairs(name: str, score: str) -> None:
    network = network_of(GRAPHS[name]())
    wanted = operations.top_pairs(network, score, 40, "networkx")
    found = operations.top_pairs(network, score, 40)
    assert [each.tolist() for each in found[:2]] == [each.tolist() for each in wanted[:2]]
    assert found.scores == pytest.approx(wanted.scores, rel=1e-9, abs=1e-12)
    a, b = np.triu_indices(min(network.n, 25), 1)
    assert operations.scores(network, score, a, b) == pytest.approx(
        operations.scores(network, score, a, b, "networkx"), rel=1e-9, abs=1e-12
    )


@settings(max_examples=examples(60))
@given(small_graphs(), st.sampled_from(SCORES), st.integers(0, 12), st.integers(1, 30))
def test_the_top_pairs_do_not_depend_on_how_many_are_computed_at_once(
    graph: Any, score: str, k: int, at_once: int
) -> None:
    network = network_of(nx.Graph(graph))
    wanted = operations.top_pairs(network, score, k, "networkx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbench.analytics.engines.neighbours._AT_ONCE", at_once)
        found = operations.top_pairs(network, score, k)
    assert [each.tolist() for each in found[:2]] == [each.tolist() for each in wanted[:2]]


@settings(max_examples=examples(40))
@given(st.integers(1, 20_000), st.sampled_from(sorted(set(GRAPHS) - {"nothing", "nothing directed"})))
def test_how_much_is_computed_at_once_changes_nothing(at_once: int, name: str) -> None:
    network = network_of(GRAPHS[name]())
    wanted = [ask(network, engine="arrays") for ask in (operations.betweenness, operations.closeness)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbench.analytics.engines.dependencies._AT_ONCE", max(at_once, network.n // 2))
        patch.setattr("workbench.analytics.engines.by_arrays._AT_ONCE", max(at_once, network.n * 3))
        found = [ask(network, engine="arrays") for ask in (operations.betweenness, operations.closeness)]
    assert found[0] == pytest.approx(wanted[0], rel=1e-9, abs=1e-12)
    assert found[1] == pytest.approx(wanted[1], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("method", ["louvain", "leiden"])
@pytest.mark.parametrize("name", [name for name in GRAPHS if "directed" not in name])
def test_partitions_are_the_same_again_and_as_good_as_networkx(name: str, method: str) -> None:
    """For each seed the same in any order of calls; the best of ten is not below networkx's best of the same ten."""
    network, ask = network_of(GRAPHS[name]()), getattr(operations, method)
    wanted = [modularity(network, operations.louvain(network, seed, 1, "networkx")) for seed in range(10)]
    for engine in table.engines_of(method):
        found = [ask(network, seed, engine=engine) for seed in range(10)]
        ask(network, 99, engine=engine)
        again = [ask(network, seed, engine=engine) for seed in reversed(range(10))]
        assert [each.tolist() for each in again[::-1]] == [each.tolist() for each in found]
        assert all((each[each] == each).all() for each in found)
        assert all((each <= np.arange(network.n)).all() for each in found)
        if engine == "networkit" and network.m:
            assert max(modularity(network, each) for each in found) >= max(wanted) - 0.01


@pytest.mark.parametrize("name", [name for name in GRAPHS if "directed" not in name])
def test_modularity_is_networkx_s(name: str) -> None:
    network = network_of(GRAPHS[name]())
    weighed = network.with_weights(1 + np.arange(network.m) % 5.0) if network.m else network
    labels = np.arange(network.n) % 4
    groups = [set(np.flatnonzero(labels == each).tolist()) for each in range(4)]
    for each, resolution in ((network, 1.0), (weighed, 0.5), (weighed, 2.0)):
        wanted = modularity_by_networkx(each, groups, resolution) if network.m else 0
        assert modularity(each, labels, resolution) == pytest.approx(wanted, abs=1e-12)


def modularity_by_networkx(network: Network, groups: list[set[int]], resolution: float) -> float:
    graph: Any = nx.Graph()
    graph.add_nodes_from(range(network.n))
    graph.add_weighted_edges_from(zip(network.a.tolist(), network.b.tolist(), network.each_weight, strict=True))
    return float(nx.community.modularity(graph, groups, resolution=resolution))


def test_weights_and_resolution_divide_otherwise() -> None:
    """Two squares that are joined by a heavy tie come together by weight, and apart by resolution."""
    network = Network(4, False, np.array([0, 1, 2], np.int32), np.array([1, 2, 3], np.int32))
    heavy = network.with_weights(np.array([1.0, 100.0, 1.0]))
    for ask in (operations.louvain, operations.leiden):
        assert ask(network, 0, engine="networkit").tolist() == [0, 0, 2, 2]
        joined = ask(heavy, 0, engine="networkit")
        assert joined[1] == joined[2]
        assert ask(network, 0, 100.0, "networkit").tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["hubs", "random directed", "groups", "complete", "a star"])
def test_short_paths_are_never_left_to_the_way_for_long_ones(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of(GRAPHS[name]())
    wanted = operations.betweenness(network, engine="networkx")
    monkeypatch.setattr("workbench.analytics.engines.dependencies.dependencies_of", None)
    assert operations.betweenness(network, engine="arrays") == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    deep = network_of(GRAPHS["a path"]())
    with pytest.raises(TypeError):
        operations.betweenness(deep, engine="arrays")


@pytest.mark.parametrize("name", sorted(set(GRAPHS) - {"nothing", "nothing directed"}))
def test_the_way_for_long_paths_is_right_for_short_ones_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of(GRAPHS[name]())
    monkeypatch.setattr("workbench.analytics.engines.dependencies._DEEP", 1)
    wanted = operations.betweenness(network, engine="networkx")
    assert operations.betweenness(network, engine="arrays") == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_igraph_is_asked_where_its_loops_win_and_never_for_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    if not table.is_installed("igraph"):
        lacking("igraph is not installed: make igraph")
    hubs, path = network_of(GRAPHS["hubs"]()), network_of(GRAPHS["a path"]())
    for operation in ("betweenness", "betweenness_from"):
        assert table.engine_for(operation, hubs) == "igraph"
        assert table.lasting_engine_for(operation, hubs) == "arrays"
        with monkeypatch.context() as patch:
            patch.setattr(table, "_MANY", 10)
            assert table.engine_for(operation, hubs) == "arrays"
            assert table.engine_for(operation, path) == "igraph"


def test_small_networks_load_no_large_engine_and_large_ones_get_one() -> None:
    small, large = network_of(GRAPHS["hubs"]()), network_of(GRAPHS["large"]())
    assert table.engine_for("triangles", small) == "arrays"
    assert table.engine_for("triangles", large) == "networkit"
    assert table.engine_for("betweenness_from", small) in ("igraph", "arrays")
    assert {table.engine_for(each, large) for each in ("louvain", "leiden")} == {"networkit"}
    for operation in table.TABLE:
        assert {table.engine_for(operation, each) for each in (small, large)} <= set(table.ENGINES)


def test_partitions_never_depend_on_the_extra() -> None:
    for name in GRAPHS:
        network = network_of(GRAPHS[name]())
        if not network.directed:
            assert table.engine_for("louvain", network) in ("networkx", "networkit")
            assert table.engine_for("leiden", network) == "networkit"


def test_an_engine_that_cannot_is_refused() -> None:
    network = network_of(GRAPHS["hubs"]())
    with pytest.raises(UsageError, match="no engine 'networkx' for leiden"):
        operations.leiden(network, 0, engine="networkx")
    with pytest.raises(UsageError, match="no score 'likeness'"):
        operations.top_pairs(network, "likeness", 3)
    with pytest.raises(UsageError, match="take an alpha below"):
        operations.pagerank(network, alpha=0.9999999, personal=np.eye(network.n)[0], tolerance=1e-300)


def test_a_network_is_made_of_a_projection_and_without_directions() -> None:
    flows = Bare(9, True, Ends(np.array([2, 5, 5, 8], np.int32), np.array([5, 2, 8, 2], np.int32)))
    network = Network.of(flows)
    assert (network.n, network.m, network.directed, network.nodes.tolist()) == (3, 4, True, [2, 5, 8])
    assert network.matrix.toarray().tolist() == [[0, 1, 0], [1, 0, 1], [1, 0, 0]]
    assert network.into.toarray().tolist() == [[0, 1, 1], [1, 0, 0], [0, 1, 0]]
    plain = network.undirected()
    assert (plain.a.tolist(), plain.b.tolist(), plain.nodes.tolist()) == ([0, 0, 1], [1, 2, 2], [2, 5, 8])
    assert plain.undirected() is plain
    heavy = plain.with_weights(np.array([2.0, 3.0, 4.0]))
    assert heavy.matrix.toarray().tolist() == [[0, 2, 3], [2, 0, 4], [3, 4, 0]]
    assert heavy.structure.toarray().tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    assert heavy.undirected().weights is None


def test_a_renumbered_network_is_the_same_network() -> None:
    network = network_of(GRAPHS["hubs with weights"]()).with_weights(np.arange(1.0, 442.0))
    place = np.random.default_rng(1).permutation(network.n).astype(np.int32)
    other = network.renumbered(place)
    assert (other.a < other.b).all()
    assert (other.matrix[place][:, place] != network.matrix).nnz == 0


def test_louvain_of_many_ties_is_drawn_from_the_seed_and_of_the_right_nodes() -> None:
    """A ring of rings: of 20,000 nodes in their order PLM makes a partition that is far from the best."""
    ring = np.arange(20_000)
    ends = [np.sort(np.stack([ring, (ring + step) % 20_000], axis=1), axis=1) for step in (1, 2, 3)]
    pairs = np.concatenate(ends).astype(np.int32)
    network = Network(20_000, False, pairs[:, 0].copy(), pairs[:, 1].copy())
    first, again, other = (operations.louvain(network, seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    assert min(modularity(network, each) for each in (first, other)) > 0.97
