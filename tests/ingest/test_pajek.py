"""The `pajek` adapter: vertices, arcs and edges, lists, matrices, relations, and what is not of a network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.graphs import Tie, graph, values
from workbench.errors import FileRefused

VERTICES = '*Vertices 3\n1 "Ann"\n2 "Bo Li"\n3 Cy\n'


def test_an_arc_leads_somewhere_and_an_edge_does_not() -> None:
    found = graph("pajek", f"{VERTICES}*Arcs\n1 2 2.5\n*Edges\n2 3\n")
    assert found.names() == {"1": ["Ann"], "2": ["Bo Li"], "3": ["Cy"]}
    assert found.ties() == [Tie("DirectedLink", "1", "2"), Tie("UnknownLink", "2", "3")]
    assert [values(each) for each in found.relationships] == [{"description": ["weight: 2.5"]}, {}]


def test_a_list_has_a_link_for_each_vertex_behind_the_first() -> None:
    found = graph("pajek", f"{VERTICES}*Arcslist\n1 2 3\n2\n*edgeslist\n3 1 9 2\n")
    assert found.ties() == [
        *(Tie("DirectedLink", "1", "2"), Tie("DirectedLink", "1", "3")),
        *(Tie("UnknownLink", "3", "1"), Tie("UnknownLink", "3", "2")),
    ]
    assert found.reasons() == [("9.2", "no such vertex")]


def test_a_matrix_of_one_mode_has_arcs_and_of_two_modes_ties() -> None:
    found = graph("pajek", f"{VERTICES}*Matrix\n0 1 0\n0 0 2.0\n0.0 0 1\n")
    assert found.ties() == [Tie("DirectedLink", "1", "2"), Tie("DirectedLink", "2", "3"), Tie("DirectedLink", "3", "3")]
    found = graph("pajek", "*Vertices 3 2\n1 a\n2 b\n3 x\n*Matrix\n1\n0\n")
    assert found.ties() == [Tie("UnknownLink", "1", "3")]
    assert [values(each)["keywords"] for each in found.entities.values()] == [["mode 1"], ["mode 1"], ["mode 2"]]


def test_modes_can_be_mapped() -> None:
    manifest = (
        '[labels."mode 1"]\nschema = "Person"\nproperties = { name = "name" }\n[labels."mode 2"]\nschema = "Event"\n'
        'properties = { name = "name" }\n[types."*"]\nschema = "Involvement"\nsource = "involved"\ntarget = "event"\n'
        'directed = true\nrest = "description"\n'
    )
    found = graph("pajek", "*Vertices 2 1\n1 Ann\n2 Fire\n*Edges\n1 2\n", manifest)
    assert [each.schema for each in found.entities.values()] == ["Person", "Event"]
    assert found.ties() == [Tie("Involvement", "1", "2")]


def test_relations_are_types() -> None:
    content = f'{VERTICES}*Arcs :1 "knows"\n1 2\n*Arcs :2\n1 3\n*Edges\n4: 1 2 7\n'
    found = graph("pajek", content)
    assert [values(each)["role"] for each in found.relationships] == [["knows"], ["2"], ["4"]]
    mapped = graph("pajek", content, '[types.knows]\nschema = "Associate"\nsource = "person"\ntarget = "associate"\n')
    assert mapped.ties()[0] == Tie("Associate", "1", "2")


def test_vertices_that_are_only_counted_are_nodes() -> None:
    assert graph("pajek", "*vertices 3\r\n*arcs\r\n1 3").names() == {"1": ["1"], "2": ["2"], "3": ["3"]}
    found = graph("pajek", "*Vertices 4\n2 b\n*Arcs\n2 4\n")
    assert found.names() == {"2": ["b"], "1": ["1"], "3": ["3"], "4": ["4"]}
    assert found.entities["3"].locator == "g:1.3"


def test_what_says_more_than_how_it_is_drawn_is_kept() -> None:
    content = (
        '*Vertices 1\n1 "A &#381;" 0.1 0.2 0.5 ellipse x_fact 2 ic Red url "http://x" [1-3, 7] lives here\n'
        '*Arcs\n1 1 -2 w 3 c Blue l "told &#381;" [2]\n'
    )
    found = graph("pajek", content)
    assert found.names() == {"1": ["A Ž"]}
    assert values(found.entities["1"])["description"] == ["url: http://x", "time: [1-3,7]", "more: lives here"]
    (link,) = found.relationships
    assert (values(link)["summary"], values(link)["description"]) == (["told Ž"], ["time: [2]", "weight: -2"])


def test_other_objects_of_a_project_are_counted() -> None:
    content = (
        f"A network\n%comment\n*Network n\n{VERTICES}*Arcs\n1 2\n*Partition p\n*Vertices 3\n1\n1\n2\n*Vector v\n0.5\n"
    )
    found = graph("pajek", content)
    assert len(found.entities) == 3
    assert found.skipped == {"text before the network": 1, "*partition": 3, "*vector": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("4 Di", "no such vertex"),
        ("x Di", "no such vertex"),
        ("1 Ann", "vertex stands twice"),
        ('2 "Di', "unclosed quote"),
        ("2 D\0i", "NUL"),
    ],
)
def test_a_bad_vertex_is_kept_alone(line: str, reason: str) -> None:
    found = graph("pajek", f"*Vertices 2\n1 Ann\n{line}\n*Arcs\n1 2\n")
    assert found.reasons() == [("3", reason)]
    assert found.ties() == [Tie("DirectedLink", "1", "2")]


@pytest.mark.parametrize("relation", ['"\udcff"', '"&#0;"', '"&#55296;"'])
def test_links_of_a_relation_that_is_no_text_are_kept_alone(relation: str) -> None:
    lists = f"*Arcs :1 {relation}\n1 2\n*Arcslist :1 {relation}\n1 2\n"
    content = f"{VERTICES}{lists}*Matrix :1 {relation}\n1 0 0\n0 0 0\n0 0 0\n"
    found = graph("pajek", content.encode("utf-8", "surrogateescape"))
    assert (len(found.rejects), found.relationships) == (3, [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [("1", "no second end"), ("1 9", "no such vertex"), ("0 1", "no such vertex"), ('1 2 3 l "x', "unclosed quote")],
)
def test_a_bad_line_is_kept_alone(line: str, reason: str) -> None:
    assert graph("pajek", f"{VERTICES}*Edges\n{line}\n1 2\n").reasons() == [("6", reason)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty file"),
        ("1 2\n", "not this format"),
        ("*Arcs\n1 2\n", "not this format"),
        ("*Vertices 1 3\n", "bad size"),
        ("*Vertices\n", "bad size"),
        ("*Vertices 1 2 3\n", "bad size"),
        ("*Vertices 99999999\n", "bad size"),
        ("*Vertices 2\n*Matrix\n0 1\n", "not a matrix"),
        ("*Vertices 2\n*Matrix\n0 1\n1 0\n0 0\n", "not a matrix"),
        ("*Vertices 2\n*Arcs\n1 2\n*Vertices 2\n", "several networks"),
    ],
)
def test_what_is_refused(content: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        graph("pajek", content)
    assert caught.value.reason == reason


def test_rows_and_cells_of_a_matrix_that_can_not_be_read() -> None:
    found = graph("pajek", f"{VERTICES}*Matrix\n0 1\n0 x 1\n1e0 nan .0\n")
    assert found.reasons() == [("6", "ragged row"), ("7.2", "value is no number"), ("8.2", "value is no number")]
    assert found.ties() == [Tie("DirectedLink", "2", "3"), Tie("DirectedLink", "3", "1")]


def test_letters_by_number_need_not_be_of_the_encoding() -> None:
    content = '*Vertices 1\n1 "&#1046;"\n*Matrix :1 "&#1046;"\n1\n'
    found = graph("pajek", content, '[[files]]\npattern = "*"\nencoding = "latin-1"\n')
    assert (found.names(), values(found.relationships[0])["role"]) == ({"1": ["Ж"]}, ["Ж"])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_encodings(encoding: str) -> None:
    content = '*Vertices 1\n1 "Жана"\n'.encode(encoding)
    said = f'[[files]]\npattern = "*"\nencoding = "{encoding.removesuffix("-sig")}"\n'
    assert graph("pajek", content, said).names() == {"1": ["Жана"]}


LINKS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=12)


@given(arcs=LINKS, edges=LINKS, end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_arcs_in_lines_and_lists_are_the_same(
    arcs: list[tuple[int, int]], edges: list[tuple[int, int]], end: str
) -> None:
    pairs = ["*Vertices 5", "*Arcs", *(f"{a} {b}" for a, b in arcs), "*Edges", *(f"{a} {b}" for a, b in edges)]
    lists = ["*Vertices 5", "*Arcslist", *(f"{a}  {b}" for a, b in arcs), "*Edgeslist", *(f"{a} {b}" for a, b in edges)]
    wanted = [Tie("DirectedLink", str(a), str(b)) for a, b in arcs] + [
        Tie("UnknownLink", str(a), str(b)) for a, b in edges
    ]
    assert graph("pajek", end.join(pairs)).ties() == graph("pajek", end.join(lists)).ties() == wanted
