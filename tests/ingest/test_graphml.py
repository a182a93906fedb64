"""The `graphml` adapter: keys and defaults, directions, graphs in nodes, hyperedges, ports, yEd's labels."""

import io

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.graphs import Tie, graph, values
from workbench.errors import FileRefused

KEYS = """
<key id="d0" for="node" attr.name="colour" attr.type="string"><default>yellow</default></key>
<key id="d1" for="edge" attr.name="weight" attr.type="double"/>
<key id="d2" for="all" attr.name="type"/>
<key id="d3" for="graph" attr.name="made"/>
"""


def of(inner: str, *, said: str = 'edgedefault="undirected"', keys: str = KEYS) -> str:
    """A document with one graph."""
    return (
        '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="urn:y">'
        f"{keys}<graph {said}>{inner}</graph></graphml>"
    )


def test_data_have_the_names_of_their_keys_and_defaults() -> None:
    found = graph(
        "graphml",
        of(
            '<data key="d3">2026</data><node id="a"><data key="d0"> red </data><data key="d2">Person</data></node>'
            '<node id="b"><data key="d3">x</data><data key="zz">y</data><desc>tall</desc></node>'
            '<edge id="e" source="a" target="b"><data key="d1">  2.0</data><data key="d2">knows</data></edge>'
        ),
    )
    assert found.names() == {"a": ["a"], "b": ["b"]}
    assert values(found.entities["a"]) == {"name": ["a"], "keywords": ["Person"], "description": ["colour: red"]}
    assert values(found.entities["b"])["description"] == ["made: x", "zz: y", "colour: yellow", "desc: tall"]
    (link,) = found.relationships
    assert values(link) == {"recordId": ["e"], "role": ["knows"], "description": ["weight: 2.0"]}
    assert found.skipped == {"data of a whole graph": 1}


@pytest.mark.parametrize(
    ("said", "edge", "schema"),
    [
        ('edgedefault="directed"', "", "DirectedLink"),
        ('edgedefault="undirected"', "", "UnknownLink"),
        ('edgedefault="directed"', 'directed="false"', "UnknownLink"),
        ('edgedefault="undirected"', 'directed="true"', "DirectedLink"),
        ("", "", "UnknownLink"),
    ],
)
def test_a_direction_is_one_that_somebody_said(said: str, edge: str, schema: str) -> None:
    found = graph("graphml", of(f'<node id="a"/><node id="b"/><edge source="a" target="b" {edge}/>', said=said))
    assert found.ties() == [Tie(schema, "a", "b")]


def test_graphs_in_nodes_and_edges_are_read() -> None:
    inner = (
        '<node id="a"><graph id="a:" edgedefault="directed"><node id="a1"/><node id="a2"><graph><node id="a3"/></graph>'
        '</node><edge source="a1" target="a2"/></graph></node>'
        '<edge id="e" source="a" target="a1"><graph><node id="m"/></graph></edge><edge source="a3" target="a"/>'
    )
    found = graph("graphml", of(inner, keys=""))
    assert list(found.entities) == ["a", "a1", "a2", "a3", "m"]
    assert [values(each).get("description") for each in found.entities.values()] == [
        *(None, ["inside: a"], ["inside: a"], ["inside: a2"], ["inside: e"])
    ]
    assert found.ties() == [
        *(Tie("DirectedLink", "a1", "a2"), Tie("UnknownLink", "a", "a1"), Tie("UnknownLink", "a3", "a"))
    ]


def test_a_hyperedge_is_a_node_with_a_link_to_each_end() -> None:
    inner = (
        '<node id="a"><port name="north"/></node><node id="b"/><edge source="a" target="b" sourceport="north"/>'
        '<hyperedge id="h"><endpoint node="a" port="north" type="in"/><endpoint node="b"/><endpoint/></hyperedge>'
    )
    found = graph("graphml", of(inner, keys=""))
    assert values(found.entities["a"])["description"] == ["port: north"]
    assert values(found.entities["h"]) == {"name": ["h"], "keywords": ["hyperedge"]}
    assert found.ties()[1:] == [Tie("UnknownLink", "h", "a"), Tie("UnknownLink", "h", "b")]
    assert [values(each) for each in found.relationships] == [
        {"description": ["sourceport: north"]},
        {"role": ["endpoint"], "description": ["type: in", "port: north"]},
        {"role": ["endpoint"]},
    ]
    assert found.reasons() == [("4.3", "no ends")]


def test_labels_of_neo4j_and_of_yed() -> None:
    keys = '<key id="g" for="node" yfiles.type="nodegraphics"/><key id="h" for="edge" yfiles.type="edgegraphics"/>'
    inner = (
        '<node id="n0" labels=":Person:Suspect"><data key="g"><y:ShapeNode><y:Geometry x="1"/><y:NodeLabel a="1"> Ann '
        '</y:NodeLabel></y:ShapeNode></data></node><node id="n1"/>'
        '<edge source="n0" target="n1" label="KNOWS"><data key="h"><y:PolyLineEdge><y:EdgeLabel>since 2020'
        "</y:EdgeLabel></y:PolyLineEdge></data></edge>"
    )
    found = graph("graphml", of(inner, keys=keys))
    assert values(found.entities["n0"]) == {"name": ["Ann"], "keywords": ["Person", "Suspect"]}
    assert values(found.relationships[0]) == {"role": ["KNOWS"], "summary": ["since 2020"]}
    assert found.relationships[0].tie_type == "KNOWS"


def test_nodes_of_a_second_graph_are_others() -> None:
    first = '<graph id="G1" edgedefault="directed"><node id="a"/></graph>'
    second = '<graph id="G2" edgedefault="directed"><node id="a"/><edge source="a" target="a"/></graph>'
    found = graph("graphml", f"<graphml>{first}{second}</graphml>")
    assert list(found.entities) == ["a", "G2/a"]
    assert found.ties() == [Tie("DirectedLink", "G2/a", "G2/a")]


def test_keys_may_stand_behind_the_graph() -> None:
    content = (
        '<graphml><graph><node id="a"><data key="k">1</data></node></graph><key id="k" attr.name="age"/></graphml>'
    )
    assert values(graph("graphml", content).entities["a"])["description"] == ["age: 1"]


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("<node/>", "no id"),
        ('<node id=" "/>', "no id"),
        ("<hyperedge/>", "no id"),
        ('<edge source="a"/>', "no ends"),
    ],
)
def test_what_is_kept_alone(inner: str, reason: str) -> None:
    found = graph("graphml", of(f'{inner}<node id="a"/>'))
    assert found.reasons() == [("1", reason)]
    assert list(found.entities) == ["a"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty file"),
        ("<gexf/>", "not this format"),
        ("<graphml><graph><node id='a'/>", "not XML"),
        ('<!DOCTYPE graphml [<!ENTITY x "y">]><graphml><graph><node id="&x;"/></graph></graphml>', "entities"),
    ],
)
def test_what_is_refused(content: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        graph("graphml", content)
    assert caught.value.reason == reason


def test_a_document_may_name_its_dtd() -> None:
    content = of('<node id="a"/>').replace("<graphml", '<!DOCTYPE graphml SYSTEM "http://localhost/g.dtd"><graphml', 1)
    assert list(graph("graphml", content).entities) == ["a"]


@given(
    pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8, unique=True),
    directed=st.booleans(),
)
def test_what_networkx_writes(pairs: list[tuple[int, int]], directed: bool) -> None:
    made: nx.Graph[int] = nx.DiGraph(pairs) if directed else nx.Graph(pairs)
    for number, (a, b) in enumerate(made.edges()):
        made.edges[a, b]["weight"] = number
    written = io.BytesIO()
    nx.write_graphml(made, written)
    found = graph("graphml", written.getvalue())
    schema = "DirectedLink" if directed else "UnknownLink"
    assert found.ties() == [Tie(schema, str(a), str(b)) for a, b in made.edges()]
    assert set(found.entities) == {str(node) for node in made}
    assert [values(each)["description"] for each in found.relationships] == [
        [f"weight: {said['weight']}"] for *_, said in made.edges(data=True)
    ]
