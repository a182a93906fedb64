"""The `dl` adapter: UCINET's matrices and lists, of one mode and two, with labels where they may stand."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.graphs import Graph, graph, values
from tests.within import within
from workbench.errors import FileRefused

LABELS = ("Ann", "Bo Li", "Жана", "a,b", "n")

Matrix = list[list[int]]


def weighed(found: Graph) -> list[tuple[str, str, str]]:
    """The links: both ends, and the value."""
    said = [values(each).get("description", ["weight: 1"])[0].removeprefix("weight: ") for each in found.relationships]
    return [(tie.start, tie.end, weight) for tie, weight in zip(found.ties(), said, strict=True)]


def wanted(matrix: Matrix, rows: Sequence[str], columns: Sequence[str]) -> list[tuple[str, str, str]]:
    """The links of a matrix, row by row."""
    return [(rows[a], columns[b], str(value)) for a, row in enumerate(matrix) for b, value in enumerate(row) if value]


def quoted(labels: Sequence[str]) -> str:
    return " ".join(f'"{label}"' for label in labels)


@st.composite
def matrices(draw: st.DrawFn, *, square: bool) -> Matrix:
    rows = draw(st.integers(1, 5))
    columns = rows if square else draw(st.sampled_from([n for n in range(1, 6) if n != rows]))
    return [draw(st.lists(st.integers(0, 2), min_size=columns, max_size=columns)) for _ in range(rows)]


@given(matrix=matrices(square=True), labelled=st.booleans(), wrapped=st.integers(1, 7))
def test_a_full_matrix(matrix: Matrix, labelled: bool, wrapped: int) -> None:
    """Its cells may stand in any lines."""
    size = len(matrix)
    cells = [str(cell) for row in matrix for cell in row]
    lines = [" ".join(cells[at : at + wrapped]) for at in range(0, len(cells), wrapped)]
    head = f"labels:\n{quoted(LABELS[:size])}\n" if labelled else ""
    found = graph("dl", "\n".join([f"DL N = {size}\n{head}Data:", *lines]))
    ids = LABELS[:size] if labelled else [str(n + 1) for n in range(size)]
    assert list(found.entities) == list(ids)
    assert weighed(found) == wanted(matrix, ids, ids)
    assert {tie.schema for tie in found.ties()} <= {"DirectedLink"}


@given(matrix=matrices(square=True))
def test_all_ways_to_write_a_network_say_the_same(matrix: Matrix) -> None:
    size = len(matrix)
    ids, head = LABELS[:size], f"dl n={size} labels: {quoted(LABELS[:size])}"
    links = wanted(matrix, ids, ids)
    by_number = [(a + 1, b + 1, value) for a, row in enumerate(matrix) for b, value in enumerate(row) if value]
    edges = "\n".join(f"{a} {b} {value}" for a, b, value in by_number)
    embedded = "\n".join([quoted(ids), *(f'"{ids[a]}" {" ".join(map(str, row))}' for a, row in enumerate(matrix))])
    arrays = "\n".join(f"{a} {b} {value}" for a, b, value in by_number)
    for content in (
        f"{head}\nformat=edgelist1\ndata:\n{edges}\n",
        f"{head}\nformat = edgearray1 data:\n{arrays}\n",
        f"dl n = {size}, labels embedded\ndata:\n{embedded}\n",
    ):
        assert weighed(graph("dl", content)) == links
    lists = "\n".join(f"{a} {' '.join(str(b) for x, b, _ in by_number if x == a)}" for a in range(1, size + 1))
    counted = [[b for x, b, _ in by_number if x == a] for a in range(1, size + 1)]
    numbered = "\n".join(f"{len(row)} {' '.join(map(str, row))}" for row in counted)
    for content in (f"{head} format=nodelist1 data:\n{lists}\n", f"{head} format=nodelist1b data:\n{numbered}\n"):
        assert weighed(graph("dl", content)) == [(a, b, "1") for a, b, _ in links]


@given(matrix=matrices(square=True), diagonal=st.booleans(), upper=st.booleans())
def test_half_a_matrix_has_links_without_direction(matrix: Matrix, diagonal: bool, upper: bool) -> None:
    size = len(matrix)
    half = [
        [value if (b >= a if upper else b <= a) and (diagonal or a != b) else 0 for b, value in enumerate(row)]
        for a, row in enumerate(matrix)
    ]
    rows = [
        " ".join(str(value) for b, value in enumerate(row) if (b >= a if upper else b <= a) and (diagonal or a != b))
        for a, row in enumerate(matrix)
    ]
    said = "" if diagonal else ", diagonal absent"
    found = graph("dl", "\n".join([f"DL n={size}, format = {'upper' if upper else 'lower'}half{said}\ndata:", *rows]))
    ids = [str(n + 1) for n in range(size)]
    assert weighed(found) == wanted(half, ids, ids)
    assert {tie.schema for tie in found.ties()} <= {"UnknownLink"}


@given(matrix=matrices(square=False))
def test_two_modes(matrix: Matrix) -> None:
    rows, columns = len(matrix), len(matrix[0])
    ids = [f"row/{n}" for n in LABELS[:rows]], [f"column/{n}" for n in LABELS[:columns]]
    head = f"dl nr={rows}, nc={columns}"
    labels = f"row labels:\n{quoted(LABELS[:rows])}\ncolumn labels:\n{quoted(LABELS[:columns])}\n"
    cells = "\n".join(" ".join(map(str, row)) for row in matrix)
    found = graph("dl", f"{head}\n{labels}data:\n{cells}")
    assert weighed(found) == wanted(matrix, *ids)
    assert list(found.entities) == [*ids[0], *ids[1]]
    assert [values(each)["keywords"] for each in found.entities.values()] == [["row"]] * rows + [["column"]] * columns
    edges = "\n".join(
        f'"{LABELS[a]}" "{LABELS[b]}" {value}' for a, row in enumerate(matrix) for b, value in enumerate(row) if value
    )
    listed = graph("dl", f"{head} format=edgelist2\nlabels embedded\ndata:\n{edges}")
    assert weighed(listed) == wanted(matrix, *ids)
    assert set(listed.entities) == {end for link in weighed(listed) for end in link[:2]}


def test_several_matrices_are_types() -> None:
    content = 'dl n=2 nm=2 matrix labels: likes,"pays to"\ndata:\n0 1\n0 0\n\n0 0\n3 0\n'
    found = graph("dl", content)
    assert [(*tie[1:], values(each)["role"]) for tie, each in zip(found.ties(), found.relationships, strict=True)] == [
        ("1", "2", ["likes"]),
        ("2", "1", ["pays to"]),
    ]
    lists = graph("dl", "dl n=2 nm=2 format=edgelist1 data:\n1 2\n!\n2 1 3\n")
    assert [values(each)["role"] for each in lists.relationships] == [["1"], ["2"]]
    arrays = graph("dl", "dl n=2 nm=2 format=edgearray1 data:\n1 2 0 7\n2 1 1 1\n")
    assert [values(each)["role"] for each in arrays.relationships] == [["2"], ["1"], ["2"]]


def test_the_diagonal_of_a_full_matrix_may_be_absent() -> None:
    found = graph("dl", "DL N=3 DIAGONAL=ABSENT DATA:\n1 0\n0 1\n0 1\n")
    assert [tie[1:] for tie in found.ties()] == [("1", "2"), ("2", "3"), ("3", "2")]


def test_a_value_of_0_is_no_link_and_one_that_is_not_known_is_counted() -> None:
    found = graph("dl", "dl n=2 format=edgelist1 data:\n1 2 0\n2 1 0.5\n")
    assert (found.left, [tie[1:] for tie in found.ties()]) == (["g:2"], [("2", "1")])
    assert graph("dl", "dl n=2 data: na 1 . 0").skipped == {"value not known": 2}
    array = graph("dl", "dl n=3 nm=2 format=edgearray1 labels embedded data:\na b 0 0\na c na x\n")
    assert (sorted(array.entities), array.reasons()) == (["a", "b", "c"], [("3.4", "value is no number")])


def test_labels_that_no_pair_has_are_counted() -> None:
    found = graph("dl", "dl n=5 format=edgelist1 labels embedded: data:\nAnn Bo\nBo Cy\n")
    assert list(found.entities) == ["Ann", "Bo", "Cy"]
    assert found.skipped == {"node without a label": 2}
    assert [each.locator for each in found.entities.values()] == ["g:2.1.label", "g:2.2.label", "g:3.2.label"]


def test_labels_of_a_matrix_may_be_listed_and_embedded() -> None:
    found = graph("dl", "dl n=2\ncolumn labels: Ann,Bo\nrow labels embedded\ndata:\nAnn 0 1\nBo 0 0\n")
    assert [tie[1:] for tie in found.ties()] == [("Ann", "Bo")]


def test_capitals_do_not_tell_the_label_of_a_row_from_that_of_a_column() -> None:
    found = graph("dl", "dl n=2 labels embedded data:\nann bo\nBo 1 0\nAnn 0 1\n")
    assert [tie[1:] for tie in found.ties()] == [("bo", "ann"), ("ann", "bo")]
    found = graph("dl", "dl n=2 labels: ann,bo row labels embedded data:\nAnn 0 1\nBo 0 0\n")
    assert [tie[1:] for tie in found.ties()] == [("ann", "bo")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty file"),
        ("n=3 data:\n", "not this format"),
        ("dl n=3\n1 2\n", "not this format"),
        ("dl data:\n1 2\n", "bad size"),
        ("dl n=x data:\n", "bad size"),
        ("dl n=99999999 data:\n", "bad size"),
        ("dl nr=2 nc=3 format=lowerhalf data:\n", "bad size"),
        ("dl n=2 format=blockmatrix data:\n", "unknown format"),
        ("dl n=2 datafile=x.txt data:\n", "bad header"),
        ("dl n=3 labels: a,b data:\n", "too few labels"),
        ("dl n=2 labels: a,b,c data:\n", "bad header"),
        ("dl labels: a,b n=2 data:\n", "bad header"),
        ("dl n=2 labels: a,a data:\n0 0 0 0", "label stands twice"),
        ("dl n=2 data:\n0 1\n1\n", "not a matrix"),
        ("dl n=2 data:\n0 1\n1 0 1\n", "not a matrix"),
        ("dl n=2 labels embedded data:\na b\na 0 1\nc 1 0", "wrong labels"),
        ("dl n=2 labels embedded data:\na a\na 0 1\na 1 0", "wrong labels"),
        ("dl n=2 labels embedded data:\na b\na 0 1\na 1 0", "wrong labels"),
        ("dl n=2 labels embedded data:\na A\nA 0 1\nb 1 0", "wrong labels"),
        ("dl n=2 row labels embedded data:\na 0 1\nb 1 0", "wrong labels"),
        ("dl n=2 labels: a,b row labels embedded data:\na 0 1\nc 1 0", "wrong labels"),
        ("dl n=2 format=edgelist1 labels embedded data:\na b\nc a\n", "bad size"),
    ],
)
def test_what_is_refused(content: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        graph("dl", content)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("said", "line", "reason"),
    [
        ("format=edgelist1", "1", "not a pair"),
        ("format=edgelist1", "1 2 x", "value is no number"),
        ("format=edgelist1", "1 3", "no such node"),
        ("format=nodelist1b", "2 1", "ragged row"),
        ("format=edgearray1 nm=2", "1 2 1", "ragged row"),
    ],
)
def test_a_bad_line_is_kept_alone(said: str, line: str, reason: str) -> None:
    found = graph("dl", f"dl n=2 {said} data:\n{line}\n")
    assert found.reasons() == [("2", reason)]
    assert len(found.entities) == 2


@pytest.mark.parametrize("count", ["²", "9" * 5000, "x"])
def test_a_count_that_is_no_number(count: str) -> None:
    assert graph("dl", f"dl n=2 format=nodelist1b data:\n{count} 1\n1 2\n").reasons() == [("2", "ragged row")]


def test_bad_words_are_kept_alone() -> None:
    found = graph("dl", "dl n=2 format=nodelist1 data:\n1 2 9 x\n")
    assert found.reasons() == [("2.3", "no such node"), ("2.4", "no such node")]
    assert graph("dl", "dl n=2 data:\n0 x\n1 0\n").reasons() == [("2.2", "value is no number")]


def test_a_link_costs_the_same_however_many_labels_there_are() -> None:
    """Where each took time in proportion to them, this was minutes."""
    within(60, _many)


def _many() -> None:
    count = 200_000
    labels = "\n".join(f"label-{n}" for n in range(count))
    links = "\n".join(f"{n} {n % count + 1}" for n in range(1, count + 1))
    found = graph("dl", f"DL n={count} format=edgelist1\nlabels:\n{labels}\ndata:\n{links}\n")
    assert (len(found.entities), len(found.relationships)) == (count, count)
