"""Line breaks inside cells are counted, and quarantined beyond the manifest's limit; no row is lost in one."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.manifest import Manifest, read_manifest, settle
from ingest.mapping import read as mapped
from ingest.quarantine import replay
from ingest.recount import Counted, count_table
from ingest.shapes import Reject
from ingest.specs import Written
from ingest.units import units
from tests.ingest.desk import Desk, reasons, totals
from tests.stores import examples
from workbench.errors import FileRefused, StoreError
from workbench.store.types import Quarantined

MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "calls"
marking = "OPEN//REL NKP"
[[files]]
pattern = "*"
{said}
[[files.records]]
name = "call"
schema = "Call"
properties = {{ summary = "note" }}
roles = {{ caller = {{ id = "{{from}}" }}, receiver = {{ id = "{{to}}" }} }}
"""
LINES = ["from,to,note", *(f"a{n},b{n},n{n}" for n in range(1, 11))]
STRAY = [each.replace("n3", '"n3').replace("n9", 'n9"') for each in LINES]


@pytest.fixture
def stray(desk: Desk) -> Path:
    """Ten calls; a quote stands before the note of the third, and one after that of the ninth."""
    return desk.write("t.csv", "\n".join(STRAY) + "\n")


def manifest(desk: Desk, said: str = "") -> Path:
    return desk.write("m/m.toml", MANIFEST.format(said=said))


def kept(desk: Desk) -> Quarantined:
    (unit,) = desk.view("NKP").quarantine()
    return unit


def test_rows_between_two_stray_quotes_are_kept(desk: Desk, stray: Path) -> None:
    report = desk.load(stray, manifest=manifest(desk))
    assert totals(report) == {"read": 4, "accepted": 3, "quarantined": 1}
    assert reasons(report) == {"line breaks: note": 1}
    assert report.messages[0].startswith("t.csv:4: note has a cell of 6 line breaks, and the manifest allows 0: ")
    assert kept(desk).raw.decode() == "\n".join(STRAY[3:10]) + "\n"


def test_they_are_kept_whatever_is_allowed(desk: Desk, stray: Path) -> None:
    report = desk.load(stray, manifest=manifest(desk, "line_breaks = 100"))
    assert reasons(report) == {"rows in a cell: note": 1}
    assert "a cell of 7 lines, some of which look like rows" in kept(desk).message
    how = manifest(desk, "line_breaks = 6\nline_breaks_checked = true")
    report = replay(desk.store, desk.view("NKP"), by="tester", manifest=how)
    assert totals(report) == {"read": 1, "accepted": 1}
    assert reasons(report) == {"line breaks in cells: note": 6}


WRITTEN = {"n3": "call me, please", "n9": "this ends, here"}
SPACED = [re.sub(r"(a\d+),", r"\1, ", each) for each in STRAY]


@pytest.mark.parametrize(
    "lines",
    [
        STRAY,
        SPACED,
        [*STRAY[:5], *STRAY[9:]],
        [*SPACED[:5], *SPACED[9:]],
        [*STRAY[:4], *STRAY[9:]],
        [*STRAY[:5], "", "a5,b5,x, y", *STRAY[9:]],
    ],
    ids=["many", "with a space", "one between", "one with a space", "none between", "one of two"],
)
def test_a_writers_comma_hides_no_rows(desk: Desk, lines: list[str]) -> None:
    """The first and the last line of such a cell are parts of cells, with what people write."""
    text = "\n".join(lines).replace("n3", WRITTEN["n3"]).replace("n9", WRITTEN["n9"]) + "\n"
    report = desk.load(desk.write("t.csv", text), manifest=manifest(desk, "line_breaks = 100"))
    assert reasons(report) == {"rows in a cell: note": 1}
    assert totals(report) == {"read": 4, "accepted": 3, "quarantined": 1}


@pytest.mark.parametrize("row", ['a1,"b1,n1\nb2",n2', 'a1,"b1\na2,b2",n2'], ids=["the first", "the last"])
def test_of_two_lines_either_may_be_of_a_row(desk: Desk, row: str) -> None:
    report = desk.load(desk.write("t.csv", f"from,to,note\n{row}\n"), manifest=manifest(desk, "line_breaks = 1"))
    assert reasons(report) == {"rows in a cell: to": 1}


def test_prose_of_two_lines_is_no_row(desk: Desk) -> None:
    report = desk.load(
        desk.write("t.csv", 'from,to,note\na1,"b, c\nd",n1\n'), manifest=manifest(desk, "line_breaks = 1")
    )
    assert totals(report) == {"read": 1, "accepted": 1}


def test_rows_may_have_a_space_after_every_comma_where_the_one_around_has_one(desk: Desk) -> None:
    rows = ['a1, b1,t1,"n1', "a2, b2, t2, n2", "a3, b3, t3, n3", 'a4, b4, t4, n4"']
    table = desk.write("t.csv", "\n".join(["from,to,tel,note", *rows, ""]))
    how = MANIFEST.format(said="line_breaks = 100").replace('summary = "note"', 'summary = "note", description = "tel"')
    assert reasons(desk.load(table, manifest=desk.write("m.toml", how))) == {"rows in a cell: note": 1}


def test_a_row_of_two_columns_is_a_row(desk: Desk) -> None:
    said = MANIFEST.format(said="line_breaks = 2").replace('properties = { summary = "note" }\n', "")
    report = desk.load(desk.write("t.csv", 'from,to\na1,"b1\na2,b2\nb3"\n'), manifest=desk.write("m.toml", said))
    assert reasons(report) == {"rows in a cell: to": 1}


def test_a_repaired_unit_may_be_the_rows_that_it_held(desk: Desk, stray: Path) -> None:
    how = manifest(desk)
    desk.load(stray, manifest=how)
    raw = kept(desk).raw
    half = replay(
        desk.store, desk.view("NKP"), [kept(desk).id], by="tester", manifest=how, raw=raw.replace(b'n9"', b"n9")
    )
    assert totals(half) == {"read": 1, "quarantined": 1}
    whole = replay(desk.store, desk.view("NKP"), [kept(desk).id], by="tester", manifest=how, raw=raw.replace(b'"', b""))
    assert totals(whole) == {"read": 1, "accepted": 1}
    assert desk.view("NKP").quarantine() == ()
    assert desk.view("NKP").stats().relationships == {"Call": 10}


def test_rows_in_a_cell_have_the_strictest_marking(desk: Desk) -> None:
    """The marking of the first says nothing of the others."""
    said = 'line_breaks = 9\nmarking_column = "code"'
    table = 'from,to,note,code\na,b,"x,OPEN\nc,d,y",OPEN\n'
    desk.load(desk.write("t.csv", table), manifest=manifest(desk, said))
    assert str(kept(desk).marking) == "SECRET//REL NKP"


def test_text_of_several_lines_is_counted_and_named(desk: Desk) -> None:
    text = '"Dear colleague,\r\nthe van, a white one, was seen.\r\n\r\nRegards, Ann"'
    path = desk.write("t.csv", f"from,to,note\r\na,b,{text}\r\n\r\nc,d,\r\n")
    report = desk.load(path, manifest=manifest(desk, "line_breaks = 3"))
    assert totals(report) == {"read": 2, "accepted": 2}
    assert reasons(report) == {"line breaks in cells: note": 3}
    assert totals(desk.load(path, manifest=manifest(desk, "line_breaks = 2"))) == {
        "read": 2,
        "unchanged": 1,
        "quarantined": 1,
    }


def test_a_graph_has_the_same_rule(desk: Desk) -> None:
    rows = ':START_ID,:END_ID,:TYPE,note\n1,2,KNOWS,"x\n3,4,KNOWS,y"\n'
    report = desk.load(desk.write("g.csv", rows), adapter="neo4j-csv")
    assert reasons(report) == {"line breaks: note": 1}


def test_a_header_that_holds_rows_is_refused(desk: Desk) -> None:
    table = 'from,to,"note\na,b,x\nc,d,y"\ne,f,z\n'
    report = desk.load(desk.write("t.csv", table), manifest=manifest(desk))
    assert totals(report) == {"read": 1, "refused": 1}
    assert "the header: column 3 has a cell of 2 line breaks" in report.messages[0]


def test_a_load_whose_lines_do_not_add_up_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.write("t.csv", "\n".join(LINES) + "\n\n")
    monkeypatch.setitem(ADAPTERS, "csv", replace(ADAPTERS["csv"], count=lambda *_: Counted(10, 13)))
    with pytest.raises(StoreError, match="have 12 lines, and a second count finds 13, so nothing was loaded"):
        desk.load(path, manifest=manifest(desk))
    monkeypatch.undo()
    assert totals(desk.load(path, manifest=manifest(desk))) == {"read": 10, "accepted": 10}


class Memory:
    """A file that is not one."""

    name = "t.csv"

    def __init__(self, content: bytes) -> None:
        self.content = content

    def open(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.content)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    path = tmp_path_factory.mktemp("m") / "m.toml"
    path.write_text(MANIFEST.format(said="line_breaks = 1"), "utf-8")
    return settle(read_manifest(path), "m")


@settings(max_examples=examples(300))
@given(text=st.text(alphabet='",\n\rx', max_size=30))
def test_every_line_is_of_the_header_a_row_or_blank(settled: Manifest, text: str) -> None:
    """Also where rows can't be read; and what is read and what is kept hold all bytes of the rows."""
    content = f"from,to,note\n{text}".encode()
    account = Account()
    try:
        found = list(units(mapped(ADAPTERS["csv"], Memory(content), settled, account)))
    except FileRefused:
        return
    for chunk in (1, 3, 1 << 20):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("ingest.recount.tables._CHUNK", chunk)
            assert count_table(io.BytesIO(content), Written()).lines == account.lines(len(found))


@settings(max_examples=examples(300))
@given(
    rows=st.lists(st.tuples(*[st.text("xyz ", max_size=3)] * 3), min_size=2, max_size=8),
    data=st.data(),
    limit=st.sampled_from([0, 1, 50]),
    space=st.sampled_from(["", " "]),
    written=st.sampled_from(["", "call me, please"]),
)
def test_two_stray_quotes_lose_no_row(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    data: st.DataObject,
    limit: int,
    space: str,
    written: str,
) -> None:
    """Two stray quotes anywhere in one column: whatever is not read as without them is quarantined with all bytes.

    Also if other columns have a space after the delimiter, and if people write commas into the cell.
    """
    first = data.draw(st.integers(0, len(rows) - 2))
    last, column = data.draw(st.integers(first + 1, len(rows) - 1)), data.draw(st.integers(0, 2))
    cells = [[(space if n and n != column else "") + (row[n].strip() or "x") for n in range(3)] for row in rows]
    cells[first][column] = f'"{written}{cells[first][column]}'
    cells[last][column] += f'{written}"'
    lines = [",".join(row) + "\n" for row in cells]
    path = tmp_path_factory.mktemp("m") / "m.toml"
    path.write_text(MANIFEST.format(said=f"line_breaks = {limit}"), "utf-8")
    content = ("from,to,note\n" + "".join(lines)).encode()
    found = list(units(mapped(ADAPTERS["csv"], Memory(content), settle(read_manifest(path), "m"))))
    rejects = [each for each in found if isinstance(each, Reject)]
    assert [each.raw.decode() for each in rejects] == ["".join(lines[first : last + 1])]
    assert len(found) == len(rows) - (last - first)
