"""The `square-csv` adapter: labels once, a symmetric matrix once, and nothing that is not square."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.graphs import Tie, graph, values
from workbench.errors import FileRefused


def test_labels_stand_twice_and_are_nodes_once() -> None:
    found = graph("square-csv", '"",a,"b, c"\na,0,2\n"b, c",0,0\n')
    assert found.names() == {"a": ["a"], "b, c": ["b, c"]}
    assert found.ties() == [Tie("DirectedLink", "a", "b, c")]
    (link,) = found.relationships
    assert (values(link), link.locator) == ({"description": ["weight: 2"]}, "g:2.3")


def test_a_symmetric_matrix_has_each_tie_once() -> None:
    found = graph("square-csv", ",a,b,c\na,1,2.0,0\nb,2,0,x\nc,0,x,0\n")
    assert found.ties() == [Tie("UnknownLink", "a", "a"), Tie("UnknownLink", "a", "b")]
    assert found.reasons() == [("3.4", "value is no number")]


def test_rows_may_stand_in_another_order_than_columns() -> None:
    found = graph("square-csv", ",a,b,c\nc,0,1,0\na,0,1,0\nb,1,0,1\n")
    assert found.ties() == [Tie("UnknownLink", "a", "b"), Tie("UnknownLink", "b", "c")]


@pytest.mark.parametrize("corner", ["", ",", "x,"])
def test_the_first_cell_may_be_missing(corner: str) -> None:
    assert graph("square-csv", f"{corner}a,b\na,0,1\nb,0,0\n").ties() == [Tie("DirectedLink", "a", "b")]


def test_an_empty_cell_is_counted() -> None:
    found = graph("square-csv", ",a,b\na,,NA\nb,1,\n")
    assert (found.ties(), found.skipped) == ([Tie("DirectedLink", "b", "a")], {"empty cell": 3})


def test_delimiter_and_encoding_are_declared() -> None:
    manifest = '[[files]]\npattern = "*"\ndelimiter = ";"\nencoding = "windows-1251"\n'
    assert graph("square-csv", ";Жана;b\nЖана;0;1\nb;0;0\n".encode("cp1251"), manifest).ties() == [
        Tie("DirectedLink", "Жана", "b")
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty file"),
        (",a,b\n", "wrong labels"),
        (",a,b\na,0,1\n", "wrong labels"),
        (",a\na,0\nb,0\n", "wrong labels"),
        (",a,b\na,0,1\nc,0,0\n", "wrong labels"),
        (",a,b\na,0,1\nb,0\n", "not square"),
        (",a,b\na,0,1,1\nb,0,1\n", "not square"),
        (",a,b\na,0,1\nb,0,1,1\n", "not square"),
        (",a,a\na,0,1\nb,0,1\n", "label stands twice"),
        (",a,b\na,0,1\na,0,1\n", "label stands twice"),
        (",a,b\na,0,1\n,0,1\n", "no label"),
        (',a,b\na,0,1\nb,"0,1\n', "unclosed quote"),
        (",a,b\na,0,1\nb,\xff,1\n", "wrong encoding"),
        ("id,name\n1,Ann\n2,Bo\n", "wrong labels"),
    ],
)
def test_what_is_refused(content: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        graph("square-csv", content.encode("latin-1"))
    assert caught.value.reason == reason


@given(size=st.integers(1, 5), cells=st.lists(st.integers(0, 1), min_size=25, max_size=25), symmetric=st.booleans())
def test_any_matrix(size: int, cells: list[int], symmetric: bool) -> None:
    matrix = [[cells[a * 5 + b] for b in range(size)] for a in range(size)]
    if symmetric:
        matrix = [[matrix[min(a, b)][max(a, b)] for b in range(size)] for a in range(size)]
    written = io.StringIO()
    labels = [f"n {n}" for n in range(size)]
    csv.writer(written).writerows([["", *labels], *([label, *row] for label, row in zip(labels, matrix, strict=True))])
    folded = all(matrix[a][b] == matrix[b][a] for a in range(size) for b in range(size))
    schema = "UnknownLink" if folded else "DirectedLink"
    assert graph("square-csv", written.getvalue()).ties() == [
        Tie(schema, labels[a], labels[b])
        for a in range(size)
        for b in range(size)
        if matrix[a][b] and (not folded or b >= a)
    ]
