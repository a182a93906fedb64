"""Communities partition the entities with ties, and tell whether the data support them."""

from collections.abc import Iterator
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.analytics.cases import eid, person, rows_of, seen, tie
from tests.analytics.oracle import PROJECTIONS, Case, persons
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import communities, modularity
from workbench.analytics.modularity import louvain
from workbench.analytics.projection import everyone
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
        network = modularity._Network(everyone(view, projection, count_common=False))
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
    monkeypatch.setattr(modularity, "_CLIMBS", 1)
    rng = np.random.default_rng(seed)
    gains = rng.integers(-5, 4, (60, 60)).astype(float)
    gains += gains.T
    np.fill_diagonal(gains, 0)
    labels = modularity._climb(gains, rng)
    by_group = gains @ (labels[:, None] == np.arange(len(labels)))
    assert (by_group.max(axis=1) == by_group[np.arange(len(labels)), labels]).all()
    assert by_group[np.arange(len(labels)), labels].min() >= 0


def test_two_cliques_are_supported_and_one_is_not() -> None:
    def clique(names: str) -> list[Record]:
        return [tie("Family", person=x, relative=y) for x, y in combinations(names, 2)]

    two = [person(p) for p in "abcdwxyz"] + clique("abcd") + clique("wxyz") + [tie("Family", person="a", relative="w")]
    with seen(two) as view:
        found = communities(view)
        assert found.measured["supported"] is True
        assert {frozenset(row["members"]) for row in rows_of(found)} == {
            frozenset(map(eid, "abcd")),
            frozenset(map(eid, "wxyz")),
        }
    with seen([person(p) for p in "abcd"] + clique("abcd")) as view:
        assert communities(view).measured["supported"] is False


def test_louvain_divides_two_cliques_that_a_tie_joins() -> None:
    cliques = [[f"{side}{n}" for n in range(4)] for side in "ab"]
    pairs = [*(pair for clique in cliques for pair in combinations(clique, 2)), ("a0", "b0")]
    records = [person(each) for clique in cliques for each in clique]
    with seen(records + [tie("Family", person=a, relative=b) for a, b in pairs]) as view:
        network = everyone(view, "persons", count_common=False)
        groups = louvain(network, 0)
        assert [int(group) for group in np.bincount(groups) if group] == [4, 4]


def test_nothing_is_found_where_nobody_has_a_tie() -> None:
    with seen([person("a")]) as view:
        found = communities(view)
        assert rows_of(found) == found.records == ()
        assert found.measured["supported"] is False
