"""The `node-link` adapter: JSON graphs of networkx, d3, vis.js and Cytoscape."""

import json
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.graphs import Tie, graph, values
from workbench.errors import FileRefused


def of(**said: Any) -> str:
    return json.dumps(said, ensure_ascii=False)


NODES = [{"id": "a", "name": "Ann", "type": "Person"}, {"id": 2, "labels": ["Ship", "Boat"], "x": 1.5, "size": 3}]


def test_nodes_and_links() -> None:
    found = graph("node-link", of(nodes=NODES, links=[{"source": "a", "target": 2, "type": "owns", "weight": 1.50}]))
    assert found.names() == {"a": ["Ann"], "2": ["2"]}
    assert [values(each)["keywords"] for each in found.entities.values()] == [["Person"], ["Ship", "Boat"]]
    assert values(found.entities["2"])["description"] == ["size: 3"]
    (link,) = found.relationships
    assert found.ties() == [Tie("UnknownLink", "a", "2")]
    assert values(link) == {"role": ["owns"], "description": ["weight: 1.5"]}


@pytest.mark.parametrize(
    ("file", "link", "ties"),
    [
        ({}, {}, [("UnknownLink", "a", "b")]),
        ({"directed": True}, {}, [("DirectedLink", "a", "b")]),
        ({"directed": True}, {"directed": False}, [("UnknownLink", "a", "b")]),
        ({}, {"directed": "true"}, [("DirectedLink", "a", "b")]),
        ({}, {"arrows": "to"}, [("DirectedLink", "a", "b")]),
        ({}, {"arrows": "from"}, [("DirectedLink", "b", "a")]),
        ({}, {"arrows": "to, from"}, [("DirectedLink", "a", "b"), ("DirectedLink", "b", "a")]),
    ],
)
def test_a_direction_is_one_that_somebody_said(file: Any, link: Any, ties: list[tuple[str, str, str]]) -> None:
    for content in (
        of(**file, nodes=[{"id": "a"}, {"id": "b"}], edges=[{"from": "a", "to": "b", **link}]),
        of(links=[{"source": "a", "target": "b", **link}], nodes=[{"id": "a"}, {"id": "b"}], **file),
    ):
        assert graph("node-link", content).ties() == [Tie(*tie) for tie in ties]


def test_ends_by_place_and_by_name() -> None:
    nodes = [{"name": "Ann"}, {"name": "Bo"}]
    by_place = graph("node-link", of(nodes=nodes, links=[{"source": 0, "target": 1}]))
    assert (by_place.ties(), by_place.names()) == ([Tie("UnknownLink", "0", "1")], {"0": ["Ann"], "1": ["Bo"]})
    by_name = graph("node-link", of(links=[{"source": "Ann", "target": "Bo"}], nodes=nodes))
    assert (by_name.ties(), list(by_name.entities)) == ([Tie("UnknownLink", "Ann", "Bo")], ["Ann", "Bo"])


@pytest.mark.parametrize("flat", [True, False])
def test_elements_of_cytoscape(flat: bool) -> None:
    nodes = [{"data": {"id": "a", "name": "Ann"}, "position": {"x": 1}}, {"data": {"id": "b"}, "classes": "big"}]
    edges = [{"data": {"id": "e", "source": "a", "target": "b", "address": {"city": "Sofia"}}}]
    grouped = [{"group": "nodes", **each} for each in nodes] + [{"group": "edges", **each} for each in edges]
    found = graph("node-link", of(elements=grouped if flat else {"nodes": nodes, "edges": edges}, data={}))
    assert found.ties() == [Tie("UnknownLink", "a", "b")]
    assert values(found.entities["b"]) == {"name": ["b"], "description": ["classes: big"]}
    assert values(found.relationships[0]) == {"recordId": ["e"], "description": ["address.city: Sofia"]}


def test_what_d3_leaves_in_a_link_that_it_drew() -> None:
    link = {"source": {"id": "a", "x": 1}, "target": {"id": "b"}, "index": 0}
    assert graph("node-link", of(nodes=[{"id": "a"}], links=[link])).ties() == [Tie("UnknownLink", "a", "b")]


@pytest.mark.parametrize(
    ("nodes", "links", "reasons"),
    [
        ([{"id": "a"}, {"name": "b"}], [], [("2", "no id")]),
        ([{"id": ""}], [], [("1", "no id")]),
        ([{"id": ["a"]}], [], [("1", "id is no text")]),
        ([{"id": "\0"}], [], [("1", "NUL")]),
        ([], [{"source": "a"}], [("1", "no ends")]),
        ([], [{"source": "a", "target": None}], [("1", "no ends")]),
        ([], [{"source": "a", "target": []}], [("1", "target is no text")]),
    ],
)
def test_what_is_kept_alone(nodes: Any, links: Any, reasons: list[tuple[str, str]]) -> None:
    assert graph("node-link", of(nodes=nodes, links=links)).reasons() == reasons


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty file"),
        ("{}", "not this format"),
        ("[]", "not this format"),
        ('{"nodes": [], "links": []}', "not this format"),
        ('{"nodes": [{"id": "a"}', "not JSON"),
        ('{"nodes": [{"id": "a"}]}{}', "not JSON"),
    ],
)
def test_what_is_refused(content: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        graph("node-link", content)
    assert caught.value.reason == reason


@given(
    pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8),
    directed=st.booleans(),
    edges=st.sampled_from(["links", "edges"]),
)
def test_what_networkx_writes(pairs: list[tuple[int, int]], directed: bool, edges: str) -> None:
    made = (nx.MultiDiGraph if directed else nx.MultiGraph)(pairs)
    made.add_node("alone")
    found = graph("node-link", json.dumps(nx.node_link_data(made, edges=edges)))
    schema = "DirectedLink" if directed else "UnknownLink"
    assert found.ties() == [Tie(schema, str(a), str(b)) for a, b in made.edges()]
    assert set(found.entities) == {str(node) for node in made}
