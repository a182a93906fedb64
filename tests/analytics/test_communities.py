"""Communities partition the entities with ties, and tell whether the data support them."""

import random
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.communities import best as best_of
from benchmarks.communities.generated import by_kind, of_graph
from benchmarks.networks import networks
from tests.analytics.cases import EVERYBODY, eid, load, person, rows_of, seen, store_of, tie
from tests.analytics.oracle import PROJECTIONS, Case, persons
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import Finding, climbing, communities
from workbench.analytics.communities import grouping
from workbench.analytics.engines import Network
from workbench.analytics.modularity import Modularity
from workbench.analytics.projection import everyone
from workbench.errors import UsageError
from workbench.model.record import Record


@settings(max_examples=examples(30))
@given(cases())
def test_everybody_with_a_tie_is_in_one_community(records: list[Record]) -> None:
    with seen(records) as view:
        found = communities(view)
        graph = persons(Case(view, records), False, False)
        members = [entity for row in rows_of(found) for entity in row["members"]]
        assert sorted(members) == sorted(graph)
        assert [row["size"] for row in rows_of(found)] == [len(row["members"]) for row in rows_of(found)]
        assert [row["size"] for row in rows_of(found)] == sorted((r["size"] for r in rows_of(found)), reverse=True)
        if members:
            groups = [set(row["members"]) for row in rows_of(found)]
            wanted = nx.community.modularity(graph, groups)
            assert found.measured["modularity"] == pytest.approx(wanted, abs=1e-6)
        assert communities(view) == found


@settings(max_examples=examples(25))
@given(cases(), st.sampled_from(("persons", "money", "all")))
def test_no_partition_is_better(records: list[Record], projection: str) -> None:
    with seen(records) as view:
        graph = PROJECTIONS[projection](Case(view, records), False, False)
        parts = [graph.subgraph(part) for part in nx.connected_components(graph.to_undirected())]
        assume(graph and max(map(len, parts)) <= 6)
        best = sum(max(_worth(graph, groups) for groups in _partitions(sorted(part))) for part in parts)
        assert communities(view, projection).measured["modularity"] == pytest.approx(best, abs=1e-6)


def test_small_parts_are_one_group_and_the_large_one_is_divided_as_the_whole_network_says() -> None:
    """Forty paths of four, and a ring of eight cliques: whether these merge depends on the ties elsewhere."""
    pairs = [(f"p{n}-{step}", f"p{n}-{step + 1}") for n in range(40) for step in range(3)]
    cliques = [[f"c{n}-{member}" for member in range(5)] for n in range(8)]
    pairs += [pair for clique in cliques for pair in combinations(clique, 2)]
    pairs += [(cliques[n][0], cliques[(n + 1) % 8][1]) for n in range(8)]
    records = [person(each) for each in sorted({end for pair in pairs for end in pair})]
    graph = nx.Graph(pairs)
    with seen([*records, *(tie("Family", person=a, relative=b) for a, b in pairs)]) as view:
        found = communities(view)
        groups = {frozenset(row["members"]) for row in rows_of(found)}
        assert {frozenset(eid(f"p{n}-{step}") for step in range(4)) for n in range(40)} <= groups
        tried = [nx.community.louvain_communities(graph, seed=seed) for seed in range(20)]
        best = max(nx.community.modularity(graph, each) for each in tried)
        assert found.measured["modularity"] >= best - 1e-6
        assert found.measured["stability"] > 0.9


def _worth(graph: "nx.Graph[str]", groups: list[list[str]]) -> float:
    """The contribution of some groups to the modularity of a graph."""
    ties, out, into = graph.size(), graph.degree, graph.degree
    if graph.is_directed():
        out, into = graph.out_degree, graph.in_degree
    else:
        ties *= 2
    found = 0.0
    for group in groups:
        inside = graph.subgraph(group).size() * (1 if graph.is_directed() else 2)
        found += inside / ties - sum(out[each] for each in group) * sum(into[each] for each in group) / ties**2
    return found


def _partitions(members: list[str]) -> Iterator[list[list[str]]]:
    if not members:
        yield []
        return
    first, *rest = members
    for groups in _partitions(rest):
        yield [[first], *groups]
        yield from ([*groups[:n], [first, *groups[n]], *groups[n + 1 :]] for n in range(len(groups)))


def test_the_best_partition_of_a_ring_of_cliques_is_found_from_every_seed() -> None:
    """Fourteen triangles in a ring: the best groups are pairs of neighbours, in two ways."""
    names = [f"{clique}{n}" for clique in "abcdefghijklmn" for n in range(3)]
    ties = [tie("Family", person=a, relative=b) for a, b in combinations(names, 2) if a[0] == b[0]]
    ring = zip("abcdefghijklmn", "bcdefghijklmna", strict=True)
    ties += [tie("Family", person=f"{a}0", relative=f"{b}1") for a, b in ring]
    graph = nx.Graph((each.roles[0].ref, each.roles[1].ref) for each in ties)
    pairs = [[f"{c}{n}" for c in two for n in range(3)] for two in ("ab", "cd", "ef", "gh", "ij", "kl", "mn")]
    triangles = [[f"{c}{n}" for n in range(3)] for c in "abcdefghijklmn"]
    best = max(nx.community.modularity(graph, groups) for groups in (pairs, triangles))
    with seen([person(p) for p in names] + ties) as view:
        for seed in range(4):
            assert communities(view, seed=seed).measured["modularity"] >= best - 1e-6


@settings(max_examples=examples(25))
@given(cases(), st.sampled_from(("persons", "money", "all")))
def test_what_two_gain_is_what_their_group_adds_to_the_modularity(records: list[Record], projection: str) -> None:
    with seen(records) as view:
        network = Modularity(Network.of(everyone(view, projection, count_common=False)))
        alone = np.arange(len(network.part))
        for part in np.unique(network.part):
            members = np.flatnonzero(network.part == part)
            gains = network.gains(members)
            assert not gains.diagonal().any()
            for i, j in combinations(range(len(members)), 2):
                together = np.where(alone == members[j], members[i], alone)
                added = network.worth(together)[part] - network.worth(alone)[part]
                assert gains[i, j] == gains[j, i] == added


@pytest.mark.parametrize("seed", range(5))
def test_a_climb_ends_where_no_move_of_a_member_gains_anything(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climbing, "_WORK", 60)
    monkeypatch.setattr(climbing, "_ROUNDS", 0)
    rng = np.random.default_rng(seed)
    gains = rng.integers(-5, 4, (60, 60)).astype(float)
    gains += gains.T
    np.fill_diagonal(gains, 0)
    labels = climbing.climb(gains, np.zeros((0, 60), np.int64), rng)
    by_group = gains @ (labels[:, None] == np.arange(len(labels)))
    assert (by_group.max(axis=1) == by_group[np.arange(len(labels)), labels]).all()
    assert by_group[np.arange(len(labels)), labels].min() >= 0


def test_climbs_end_at_the_same_partition_from_every_seed_where_one_of_thirty_searches_finds_it() -> None:
    network = of_graph(nx.gnm_random_graph(79, 237, seed=5))
    modularity = Modularity(network)
    gains, nothing_known = modularity.gains(np.arange(79)), np.zeros((0, 79), np.int64)
    found = [climbing.climb(gains, nothing_known, np.random.default_rng(seed)) for seed in range(3)]
    assert {round(modularity.total(labels), 6) for labels in found} == {0.373729}


def clique(names: Sequence[str]) -> list[Record]:
    return [tie("Family", person=x, relative=y) for x, y in combinations(names, 2)]


def three_cliques() -> list[Record]:
    """Three groups of eight, of which two ties lead to each next one."""
    groups = [[f"{side}{n}" for n in range(8)] for side in "abc"]
    ties = [each for group in groups for each in clique(group)]
    ties += [tie("Family", person=f"{a}{n}", relative=f"{b}{n}") for a, b in pairwise("abc") for n in (0, 1)]
    return [*(person(each) for group in groups for each in group), *ties]


def test_planted_groups_are_supported_and_steady() -> None:
    with seen(three_cliques()) as view:
        found = communities(view)
        assert found.measured["groups"] == {"supported": 3, "not supported": 0, "too small to say": 0}
        assert {frozenset(row["members"]) for row in rows_of(found)} == {
            frozenset(eid(f"{side}{n}") for n in range(8)) for side in "abc"
        }
        for row in rows_of(found):
            assert (row["stability"], row["unsettled"]) == (1.0, [])
            assert row["agencies"] == ["AAA"]
        assert [row["label"] for row in rows_of(found)] == ["1", "2", "3"]


def test_noise_beside_two_cliques_is_not_supported_with_them() -> None:
    """Sixty entities tied at random, and two cliques that two ties each lead to: all one part."""
    draw = random.Random(1)  # noqa: S311 - a network, no secret
    noise = [f"n{n:02}" for n in range(60)]
    cliques = [[f"{side}{n}" for n in range(10)] for side in "ab"]
    pairs = draw.sample([*combinations(noise, 2)], 150)
    pairs += [(clique[n], noise[n + 5 * side]) for side, clique in enumerate(cliques) for n in range(2)]
    records = [person(each) for each in (*noise, *cliques[0], *cliques[1])]
    records += [each for clique_ in cliques for each in clique(clique_)]
    records += [tie("Family", person=a, relative=b) for a, b in pairs]
    noisy = {eid(each) for each in noise}
    with seen(records) as view:
        for row in rows_of(communities(view)):
            alone = {*row["members"]} <= noisy
            assert row["verdict"] == ("not supported" if alone else "supported"), row["size"]


def test_parts_that_nothing_divides_are_supported() -> None:
    names = [[f"{side}{n:02}" for n in range(12)] for side in "ab"]
    records = [person(each) for side in names for each in side]
    with seen([*records, *clique(names[0]), *clique(names[1])]) as view:
        assert [row["verdict"] for row in rows_of(communities(view))] == ["supported", "supported"]


def test_of_a_few_nothing_is_said() -> None:
    with seen([*(person(p) for p in "abcd"), *clique("abcd")]) as view:
        assert [row["verdict"] for row in rows_of(communities(view))] == ["too small to say"]


def test_a_path_is_cut_into_groups_that_nothing_supports() -> None:
    names = [f"p{n:02}" for n in range(30)]
    with seen(
        [*(person(p) for p in names), *(tie("Family", person=a, relative=b) for a, b in pairwise(names))]
    ) as view:
        assert {row["verdict"] for row in rows_of(communities(view))} == {"not supported"}


@pytest.mark.parametrize("larger", ["AAA", "CCC"])
def test_the_agencies_of_a_group_are_those_that_know_a_member(larger: str) -> None:
    """Whichever of the two groups is the larger one, and so the first."""
    both = [person("a", each, passportNumber="NX0001", passportCountry="nl") for each in ("AAA", "BBB")]
    records = [*both, person("b"), person("x", "CCC"), person("y", "CCC"), person("z", larger)]
    records += [tie("Family", person="a", relative="b"), tie("Family", "CCC", person="x", relative="y")]
    records += [tie("Family", larger, person="b" if larger == "AAA" else "y", relative="z")]
    with seen(records) as view:
        found = {eid("x", "CCC") in row["members"]: row["agencies"] for row in rows_of(communities(view))}
        assert found == {True: ["CCC"], False: ["AAA", "BBB"]}


def test_weights_move_a_member_between_groups() -> None:
    """One is tied to two of each side, to the right ones by poorly graded records alone."""
    sides = [[f"{side}{n}" for n in range(4)] for side in "ab"]
    grades = {"a": "A1", "b": "C4"}
    records = [person(each) for side in sides for each in side] + [person("m")]
    records += [each for side in sides for each in clique(side)]
    records += [
        tie("Family", person="m", relative=f"{side}{n}", grade=grades[side])
        for side, many in (("a", 2), ("b", 3))
        for n in range(many)
    ]
    with seen(records) as view:
        counted, weighted = (communities(view, ties_as=each) for each in ("counted", "weighted"))
        assert (counted.measured["ties_are"], weighted.measured["ties_are"]) == ("counted", "weighted")

        def beside(found: Finding[Any]) -> set[str]:
            return next(set(row["members"]) for row in rows_of(found) if eid("m") in row["members"])

        assert eid("b0") in beside(counted)
        assert eid("a0") in beside(weighted)


def test_a_higher_resolution_makes_more_groups_and_a_low_one_a_group_of_each_part() -> None:
    with seen(three_cliques()) as view:
        sizes = [len(communities(view, resolution=each).results) for each in (0.05, 1, 20)]
        assert sizes[0] == 1
        assert sizes[0] < sizes[1] < sizes[2]


@pytest.mark.parametrize("resolution", [0, -1, 101, "1", True, float("nan"), None])
def test_a_resolution_that_is_none_is_refused(resolution: Any) -> None:
    with seen([person("a")]) as view, pytest.raises(UsageError, match="resolution"):
        communities(view, resolution=resolution)


def test_nothing_is_found_where_nobody_has_a_tie() -> None:
    with seen([person("a")]) as view:
        found = communities(view)
        assert rows_of(found) == found.records == ()
        assert not any(found.measured["groups"].values())


def test_labels_follow_groups_from_one_load_to_the_next(tmp_path: Path) -> None:
    """A larger group comes: it gets a new label, and the other groups keep theirs."""
    store = store_of(tmp_path, three_cliques())
    first = communities(store.view(EVERYBODY))
    label = {frozenset(row["members"]): row["label"] for row in rows_of(first)}
    newcomers = [f"d{n}" for n in range(9)]
    records = [person(each, "BBB") for each in newcomers]
    records += [tie("Family", "BBB", person=a, relative=b) for a, b in combinations(newcomers, 2)]
    load(store, "BBB", records, at="2026-02-01T00:00:00+00:00")
    view = store.view(EVERYBODY)
    found = communities(view, since="2026-01-15")
    assert len(found.results) == 4
    for row in rows_of(found):
        assert row["label"] == label.get(frozenset(row["members"]), "4")
    assert [row["label"] for row in rows_of(communities(view))] == ["1", "2", "3", "4"]
    store.close()


def test_searches_start_from_twenty_seeds() -> None:
    with seen(three_cliques()) as view:
        assert communities(view).measured["searches"] == 20


def test_no_partition_of_networkx_is_more_modular_where_most_climbs_miss_the_best() -> None:
    for name, network in by_kind(200):
        told = best_of.measured(network)
        assert not told["below"], name


def test_no_partition_of_networkx_is_more_modular_where_ties_have_directions() -> None:
    graph = nx.gnm_random_graph(200, 500, seed=0, directed=True)
    a, b = np.array(sorted(graph.edges), np.int32).T
    network = Network(200, True, a, b, None)
    tried = (nx.community.louvain_communities(graph, seed=each, backend="networkx") for each in range(20))
    best = max(nx.community.modularity(graph, groups) for groups in tried)
    assert Modularity(network).total(grouping(network, 1.0, 0).labels) >= best - 1e-9


@pytest.mark.data
def test_no_partition_of_networkx_is_more_modular(shared_data: Path) -> None:
    """The best of 20 seeds of networkx's Louvain, on every network of the shared files."""
    for each in [*networks(shared_data / "covert"), *networks(shared_data / "networks")]:
        graph = each.graph
        tried = (nx.community.louvain_communities(graph, seed=seed, backend="networkx") for seed in range(20))
        best = max(nx.community.modularity(graph, groups) for groups in tried)
        ours = grouping(each.network, 1.0, 0)
        assert Modularity(each.network).total(ours.labels) >= best - 1e-9, each.name
