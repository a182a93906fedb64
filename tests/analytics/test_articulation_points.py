"""Articulation points equal networkx's; their counts equal the effect of removing each."""

import networkx as nx
import pytest
from hypothesis import given, settings

from tests.analytics.cases import eid, person, rows_of, seen, tie
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import articulation_points, networkx_graph
from workbench.errors import UsageError
from workbench.view.view import View


def taken_out(view: View, projection: str) -> dict[str, tuple[int, int]]:
    """By id of networkx's points: the number of parts without it, and of entities outside the largest part."""
    graph = nx.Graph(networkx_graph(view, projection).to_undirected())
    found = {}
    for point in nx.articulation_points(graph):
        rest = graph.subgraph(nx.node_connected_component(graph, point) - {point})
        sizes = [len(part) for part in nx.connected_components(rest)]
        found[point] = (len(sizes), sum(sizes) - max(sizes))
    return found


@pytest.mark.parametrize("projection", ["persons", "money", "all"])
@settings(max_examples=examples(30))
@given(records=cases())
def test_points_are_those_whose_removal_takes_a_part_apart(projection: str, records: list) -> None:
    with seen(records) as view:
        found = articulation_points(view, projection, limit=1_000)
        assert {row.id: (row.parts, row.cut_off) for row in found.results} == taken_out(view, projection)
        order = [(-row.cut_off, -row.parts, row.id) for row in found.results]
        assert order == sorted(order)
        assert found.measured["points"] == len(found.results)
        assert articulation_points(view, projection, limit=1).results == found.results[:1]


def test_a_bridge_between_two_circles_and_what_it_rests_on() -> None:
    """a-b-c and d-e-f, tied by c-d alone; x hangs on c."""
    pairs = ("ab", "bc", "ca", "de", "ef", "fd", "cd", "cx")
    ties = [tie("Family", person=one, relative=other) for one, other in pairs]
    with seen([*(person(p) for p in "abcdefx"), *ties]) as view:
        found = articulation_points(view)
        assert rows_of(found) == (
            {"id": eid("c"), "caption": "Person c", "parts": 3, "cut_off": 3},
            {"id": eid("d"), "caption": "Person d", "parts": 2, "cut_off": 2},
        )
        assert set(found.records) == {each.key() for each in ties}
        row, names = found.results[0], {eid("c"): "Person c"}
        assert [row.cell(column, names) for column in ("id", "caption", "parts")] == [eid("c"), "Person c", "3"]


def test_a_limit_of_nothing_is_refused() -> None:
    with seen([person("a")]) as view, pytest.raises(UsageError, match="limit must be 1"):
        articulation_points(view, limit=0)
