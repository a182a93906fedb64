"""Communities partition who has ties, and say whether the data support them."""

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings

from tests.analytics.cases import eid, person, seen, tie
from tests.analytics.oracle import Case, persons
from tests.analytics.worlds import cases
from workbench.analytics import communities
from workbench.model.record import Record


@settings(max_examples=30)
@given(cases())
def test_everybody_with_a_tie_is_in_one_community(records: list[Record]) -> None:
    with seen(records) as view:
        found = communities(view)
        graph = persons(Case(view, records), False, False)
        members = [entity for row in found.results for entity in row["members"]]
        assert sorted(members) == sorted(graph)
        assert [row["size"] for row in found.results] == [len(row["members"]) for row in found.results]
        assert [row["size"] for row in found.results] == sorted((r["size"] for r in found.results), reverse=True)
        if members:
            groups = [set(row["members"]) for row in found.results]
            wanted = nx.community.modularity(graph, groups)
            assert found.parameters["modularity"] == pytest.approx(wanted, abs=1e-6)
        assert communities(view) == found


def test_two_cliques_are_supported_and_one_is_not() -> None:
    def clique(names: str) -> list[Record]:
        return [tie("Family", person=x, relative=y) for x, y in combinations(names, 2)]

    two = [person(p) for p in "abcdwxyz"] + clique("abcd") + clique("wxyz") + [tie("Family", person="a", relative="w")]
    with seen(two) as view:
        found = communities(view)
        assert found.parameters["supported"] is True
        assert {frozenset(row["members"]) for row in found.results} == {
            frozenset(map(eid, "abcd")),
            frozenset(map(eid, "wxyz")),
        }
    with seen([person(p) for p in "abcd"] + clique("abcd")) as view:
        assert communities(view).parameters["supported"] is False


def test_nothing_is_found_where_nobody_has_a_tie() -> None:
    with seen([person("a")]) as view:
        found = communities(view)
        assert found.results == found.records == ()
        assert found.parameters["supported"] is False
