"""The `gexf` adapter: attributes, lists, directions, times, and nodes in nodes."""

import io

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.graphs import Tie, graph, values
from workbench.errors import FileRefused

ATTRIBUTES = """
<attributes class="node"><attribute id="0" title="type" type="string"/>
<attribute id="1" title="colour" type="string"><default>red</default></attribute>
<attribute id="2" title="alias" type="liststring"/></attributes>
<attributes class="edge"><attribute id="0" title="note" type="string"/></attributes>
"""


def of(nodes: str, edges: str = "", *, said: str = 'defaultedgetype="undirected"', attributes: str = "") -> str:
    """A document with one graph."""
    return (
        '<gexf version="1.3" xmlns:viz="urn:viz"><meta><creator>x</creator></meta>'
        f"<graph {said}>{attributes}<nodes>{nodes}</nodes><edges>{edges}</edges></graph></gexf>"
    )


def test_attributes_have_their_titles_and_defaults() -> None:
    nodes = (
        '<node id="a" label="Ann"><attvalues><attvalue for="0" value="Person"/><attvalue for="2" value="A|B, C"/>'
        '</attvalues><viz:color r="1"/></node>'
        '<node id="b"><attvalues><attvalue for="1" value="blue"/><attvalue for="2" value="[D; E]"/>'
        '<attvalue for="9" value="?"/></attvalues></node>'
    )
    edges = (
        '<edge id="e" source="a" target="b" weight="2.5" label="calls" kind="phone">'
        '<attvalues><attvalue for="0" value="x"/></attvalues></edge>'
    )
    found = graph("gexf", of(nodes, edges, attributes=ATTRIBUTES))
    assert values(found.entities["a"]) == {
        "name": ["Ann"],
        "keywords": ["Person"],
        "description": ["alias: A", "alias: B", "alias: C", "colour: red"],
    }
    assert values(found.entities["b"])["description"] == ["colour: blue", "alias: D", "alias: E", "9: ?"]
    assert values(found.relationships[0]) == {
        "recordId": ["e"],
        "role": ["phone"],
        "summary": ["calls"],
        "description": ["note: x", "weight: 2.5"],
    }


@pytest.mark.parametrize(
    ("said", "edge", "ties"),
    [
        ("", "", [("UnknownLink", "a", "b")]),
        ('defaultedgetype="directed"', "", [("DirectedLink", "a", "b")]),
        ('defaultedgetype="directed"', 'type="undirected"', [("UnknownLink", "a", "b")]),
        ("", 'type="directed"', [("DirectedLink", "a", "b")]),
        ("", 'type="mutual"', [("DirectedLink", "a", "b"), ("DirectedLink", "b", "a")]),
    ],
)
def test_a_direction_is_one_that_somebody_said(said: str, edge: str, ties: list[tuple[str, str, str]]) -> None:
    content = of('<node id="a"/><node id="b"/>', f'<edge source="a" target="b" {edge}/>', said=said)
    assert graph("gexf", content).ties() == [Tie(*tie) for tie in ties]


def test_times_are_dates_if_the_file_says_so() -> None:
    edges = (
        '<edge source="a" target="a" start="2009-01-01" end="2009-03-20T10:00:00"/>'
        '<edge source="a" target="a" startopen="2009-01-01"/>'
        '<edge source="a" target="a"><spells><spell start="2009" end="2010"/></spells></edge>'
        '<edge source="a" target="a"><spells><spell start="2009" end="2010"/><spell start="2012"/></spells></edge>'
        '<edge source="a" target="a" start="soon"/>'
    )
    found = graph("gexf", of('<node id="a"/>', edges, said='mode="dynamic" timeformat="date"'))
    assert [values(each) for each in found.relationships] == [
        {"startDate": ["2009-01-01"], "endDate": ["2009-03-20T10:00:00"]},
        {"description": ["startopen: 2009-01-01"]},
        {"startDate": ["2009"], "endDate": ["2010"]},
        {"description": ["spell: 2009 to 2010", "spell: 2012 to"]},
        {"description": ["start: soon"]},
    ]
    assert values(graph("gexf", of('<node id="a"/>', edges)).relationships[0])["startDate"] == ["2009-01-01"]
    numbers = graph("gexf", of('<node id="a"/>', edges, said='timeformat="double"'))
    assert values(numbers.relationships[2]) == {"description": ["start: 2009", "end: 2010"]}
    assert numbers.rejects == []


def test_the_time_of_a_value_is_kept() -> None:
    nodes = (
        '<node id="a"><attvalues><attvalue for="1" value="blue" start="2009" end="2010"/>'
        '<attvalue for="1" value="red" start="2010"/></attvalues></node>'
    )
    found = graph("gexf", of(nodes, attributes=ATTRIBUTES))
    assert values(found.entities["a"])["description"] == ["colour: blue (2009 to 2010)", "colour: red (2010 to)"]


def test_nodes_in_nodes_are_read() -> None:
    nodes = (
        '<node id="a"><nodes><node id="a1"/><node id="a2"><nodes><node id="a3"/></nodes></node></nodes>'
        '<edges><edge source="a1" target="a2"/></edges></node><node id="b" pid="a"/>'
        '<node id="c"><parents><parent for="a"/><parent for="b"/></parents></node>'
    )
    found = graph("gexf", of(nodes))
    assert [(each, values(record).get("description")) for each, record in found.entities.items()] == [
        ("a", None),
        ("a1", ["inside: a"]),
        ("a2", ["inside: a"]),
        ("a3", ["inside: a2"]),
        ("b", ["inside: a"]),
        ("c", ["inside: a", "inside: b"]),
    ]
    assert found.ties() == [Tie("UnknownLink", "a1", "a2")]


@pytest.mark.parametrize(
    ("nodes", "edges", "reason"), [("<node/>", "", "no id"), ("", "<edge target='a'/>", "no ends")]
)
def test_what_is_kept_alone(nodes: str, edges: str, reason: str) -> None:
    assert graph("gexf", of(nodes, edges)).reasons() == [("1", reason)]


@pytest.mark.parametrize(
    ("content", "reason"), [("<graphml/>", "not this format"), ("<gexf><graph>", "not XML"), ("{}", "not XML")]
)
def test_what_is_refused(content: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        graph("gexf", content)
    assert caught.value.reason == reason


@given(
    pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8, unique=True),
    directed=st.booleans(),
)
def test_what_networkx_writes(pairs: list[tuple[int, int]], directed: bool) -> None:
    made: nx.Graph[int] = nx.DiGraph(pairs) if directed else nx.Graph(pairs)
    nx.set_node_attributes(made, {node: f"n {node}" for node in made}, "nick")
    written = io.BytesIO()
    nx.write_gexf(made, written)
    found = graph("gexf", written.getvalue())
    schema = "DirectedLink" if directed else "UnknownLink"
    assert found.ties() == [Tie(schema, str(a), str(b)) for a, b in made.edges()]
    assert {each: values(record)["description"] for each, record in found.entities.items()} == {
        str(node): [f"nick: n {node}"] for node in made
    }
