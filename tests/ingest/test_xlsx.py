"""Workbooks: what their cells say, which sheets are read, and what is refused."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.manifest import FileSpec, ManifestSpec, settle
from ingest.quarantine import replay
from ingest.shapes import Header, Reject, Row
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.test_adapters import Memory
from tests.ingest.workbooks import number_cell, row, shared_cell, text_cell, workbook
from tests.stores import examples
from workbench.errors import FileRefused

PERSONS = """
adapter = "xlsx"
dataset = "d"
[[files]]
pattern = "{pattern}"
{more}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = "born" }}
"""
HEADER = row([text_cell("id"), text_cell("name"), text_cell("born")])


def cells(content: bytes, **said: Any) -> list[Sequence[str]]:
    """The header and the cells of all rows; a reject as its reason."""
    found: list[Sequence[str]] = []
    written = FileSpec(pattern="*", **said)
    for item in ADAPTERS["xlsx"].read(Memory("t.xlsx", content), written, Account()):
        if isinstance(item, Header):
            found.append([column.name for column in item.columns])
        else:
            assert isinstance(item, Row | Reject)
            found.append([item.reason] if isinstance(item, Reject) else list(item.fields))  # type: ignore[arg-type]
    assert ADAPTERS["xlsx"].count(io.BytesIO(content), written).units == len(found) - 1
    return found


def one(cell: str, **more: Any) -> str:
    """The text of a cell, or what keeps it from being read."""
    content = workbook({"S": [row([text_cell("a"), text_cell("b")]), row([text_cell("x"), cell])]}, **more)
    _, unit = ADAPTERS["xlsx"].read(Memory("t.xlsx", content), FileSpec(pattern="*"), Account())
    assert isinstance(unit, Row)
    return unit.faults.get("b", "").partition(":")[0] or list(unit.fields)[1]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("12", "12"),
        ("12.0", "12"),
        ("-3", "-3"),
        ("0.1", "0.1"),
        ("1.5E+3", "1500"),
        ("5547.92", "5547.92"),
        ("999999999999999", "999999999999999"),
        ("1.23456789012345E+15", "a number of more than 15 digits"),
        ("1234567890123456", "a number of more than 15 digits"),
        ("-1E+16", "a number of more than 15 digits"),
        ("1E-7", "1e-07"),
    ],
)
def test_a_number_is_as_it_is_kept(number: str, text: str) -> None:
    assert one(number_cell(number)) == text


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("123", "00000", "00123"),
        ("123456", "00000", "123456"),
        ("123", "0.00", "123"),
        ("0.15", "0%", "0.15"),
        ("36526", "yyyy-mm-dd", "2000-01-01"),
        ("36526.5", "yyyy-mm-dd", "2000-01-01T12:00:00"),
        ("36526", "dd/mm/yyyy hh:mm", "2000-01-01T00:00:00"),
        ("36526.25", '[$-409]d\\-mmm\\-yyyy h:mm "Uhr"', "2000-01-01T06:00:00"),
        ("43862.999988425923", "m/d/yy h:mm:ss", "2020-02-01T23:59:59"),
        ("0.75", "h:mm", "18:00:00"),
        ("1.5", "[h]:mm:ss", "36:00:00"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("60", "yyyy-mm-dd", "a date that is none"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("2958465", "yyyy-mm-dd", "9999-12-31"),
        ("2958466", "yyyy-mm-dd", "a date that is none"),
        ("-1", "yyyy-mm-dd", "a date that is none"),
        ("7", '"Shed" 0', "7"),
    ],
)
def test_a_number_is_what_its_format_shows(number: str, code: str, text: str) -> None:
    assert one(number_cell(number, 1), formats=[code]) == text


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    said = {"formats": ["yyyy-mm-dd"], "settings": '<workbookPr date1904="1"/>'}
    assert one(number_cell("0", 1), **said) == "1904-01-01"
    assert one(number_cell("60", 1), **said) == "1904-03-01"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="b"><v>0</v></c>', "FALSE"),
        ('<c t="e"><v>#REF!</v></c>', "an error instead of a value"),
        ('<c t="e"><v>#N/A</v></c>', ""),
        ("<c><f>1+1</f><v>2</v></c>", "2"),
        ("<c><f>1+1</f></c>", "a formula without its result"),
        ('<c t="str"><f>"a"</f><v>a</v></c>', "a"),
        ('<c t="str"><f>""</f><v></v></c>', ""),
        ('<c t="d"><v>2026-03-01</v></c>', "2026-03-01"),
        ('<c t="inlineStr"><is><r><t>An</t></r><r><t>n</t></r></is></c>', "Ann"),
        ('<c t="inlineStr"><is><t>a_x000D_\nb</t></is></c>', "a\r\nb"),
        ('<c t="inlineStr"><is><t>=HYPERLINK("http://x")</t></is></c>', '=HYPERLINK("http://x")'),
    ],
)
def test_a_cell_is_what_excel_kept(cell: str, text: str) -> None:
    assert one(cell) == text


def test_shared_texts_have_no_phonetic_guides() -> None:
    shared = ["<si><t>x</t></si>", '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>']
    assert one(shared_cell(1), shared=shared) == "東京"
    for number in (2, 10**30):
        with pytest.raises(FileRefused, match=f"refers to text '{number}', and there are 2"):
            one(shared_cell(number), shared=shared)


def test_blank_rows_and_formulas_that_show_nothing_are_no_units() -> None:
    blank = row(['<c t="str"><f>IF(A9="","",1)</f><v></v></c>', text_cell(" ")])
    content = workbook({"S": [row([]), row([text_cell("a"), text_cell("b")]), blank, row([text_cell("1")]), blank]})
    assert cells(content) == [["a", "b"], ["1", ""]]


@given(code=st.one_of(st.sampled_from([0x0B, 0x0C, 0x1F, 0x85, 0xA0, 0x2003, 0x5F]), st.integers(0, 0xFFFF)))
def test_an_escaped_character_is_blank_or_not_to_both_counts(code: int) -> None:
    assume(code)  # NUL is a fault
    said = f"_x{code:04X}_"
    blank = [text_cell(said), f'<c t="str"><v>{said}</v></c>', shared_cell(0)]
    content = workbook(
        {"S": [row([text_cell("a")]), *(row([each]) for each in blank)]}, shared=[f"<si><t>{said}</t></si>"]
    )
    assert len(cells(content)) == (1 if chr(code).isspace() else 4)


def test_what_is_merged_over_rows_is_in_each() -> None:
    rows = [
        row([text_cell("group"), text_cell("name"), text_cell("more")]),
        row([text_cell("A"), text_cell("x")]),
        row(["<c/>", text_cell("y")]),
        row(["<c/>", "<c/>", text_cell("z")]),
        row(["<c/>", text_cell("w")]),
    ]
    merged = '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="B2:C2"/></mergeCells>'
    found = cells(workbook({"S": rows}, behind=merged))
    assert found[1:] == [["A", "x", ""], ["A", "y", ""], ["A", "", "z"], ["", "w", ""]]


def test_places_come_from_references_where_there_are_any() -> None:
    rows = ['<row r="3"><c r="B3" t="str"><v>a</v></c></row>', '<row r="7"><c r="B7"><v>1</v></c></row>']
    content = workbook({"S": rows})
    assert cells(content) == [["", "a"], ["", "1"]]
    found = list(ADAPTERS["xlsx"].read(Memory("t.xlsx", content), FileSpec(pattern="*"), Account()))
    assert isinstance(found[1], Row)
    assert found[1].locator == "t.xlsx:7"


def test_settings_of_tables_hold() -> None:
    rows = [
        row([text_cell("Report of 2026")]),
        row([text_cell("a"), text_cell("b")]),
        row([number_cell("1"), text_cell("x")]),
        row(["<c/>", text_cell("Total: 1")]),
        row([number_cell("2"), text_cell("y")]),
    ]
    content = workbook({"S": rows})
    assert cells(content, skip=1, trailer="Total") == [["a", "b"], ["1", "x"]]
    assert cells(content, skip=1, trailer="Total", columns=("c", "d")) == [["c", "d"], ["1", "x"]]
    assert cells(content, skip=2, header=False, columns=("c", "d"), trailer="Total") == [["c", "d"], ["1", "x"]]


@pytest.mark.parametrize(
    ("cell_texts", "reason"),
    [(("a", "a"), "duplicate header"), (("a", "b" * 1001), "bad header"), (("a", "\0"), "bad header")],
)
def test_a_header_that_names_nothing_is_refused(cell_texts: Sequence[str], reason: str) -> None:
    content = workbook({"S": [row([text_cell(each) for each in cell_texts]), row([text_cell("1")])]})
    with pytest.raises(FileRefused) as refused:
        cells(content)
    assert refused.value.reason == reason


def test_a_cell_under_no_header_is_told() -> None:
    rows = [row([text_cell("a"), "<c/>", text_cell("c")]), row([text_cell("1"), "<c/>", text_cell("3")])]
    assert cells(workbook({"S": rows})) == [["a", "", "c"], ["1", "", "3"]]
    assert cells(workbook({"S": [*rows, row([text_cell("1"), text_cell("2")])]}))[2] == ["ragged row"]


# -- sheets -------------------------------------------------------------------------------


def two_sheets() -> bytes:
    persons = [HEADER, row([number_cell("1"), text_cell("Ann")])]
    others = [row([text_cell("id"), text_cell("name"), text_cell("born")]), row([number_cell("2"), text_cell("Bo")])]
    return workbook({"2024": persons, "Old/new 1!": others, "Empty": []}, hidden=["Old/new 1!"])


def test_each_sheet_is_a_file_of_its_own(desk: Desk) -> None:
    report = desk.load(
        desk.write("b.xlsx", two_sheets()), manifest=desk.write("m.toml", PERSONS.format(pattern="*", more=""))
    )
    assert [(Path(each.path).name, each.accepted) for each in report.files] == [
        ("b.xlsx#2024", 1),
        ("b.xlsx#Old%2Fnew 1%21", 1),
    ]
    assert sorted(each.record.locator for each in desk.records()) == ["b.xlsx#2024:2", "b.xlsx#Old%2Fnew 1%21:2"]


@pytest.mark.parametrize(
    ("pattern", "more", "read"),
    [
        ("b.xlsx", 'sheets = ["2024"]', ["b.xlsx#2024"]),
        ("b.xlsx", 'sheets = ["20*"]', ["b.xlsx#2024"]),
        ("B.XLSX#2024", "", ["b.xlsx#2024", "b.xlsx#Old%2Fnew 1%21"]),
        ("b.xlsx", 'sheets = ["2025"]', ["b.xlsx"]),
    ],
)
def test_the_manifest_chooses_sheets(desk: Desk, pattern: str, more: str, read: list[str]) -> None:
    how = desk.write("m.toml", PERSONS.format(pattern=pattern, more=more))
    report = desk.load(desk.write("b.xlsx", two_sheets()), manifest=how)
    assert [Path(each.path).name for each in report.files] == read
    if "2025" in more:
        assert report.messages == ("b.xlsx has no sheet '2025': it has '2024', 'Old/new 1!', 'Empty'",)
    elif len(read) > 1:
        assert "no [[files]]" in report.messages[0]


def test_a_row_whose_cell_is_unreadable_waits_only_if_the_column_is_mapped(desk: Desk) -> None:
    error = '<c t="e"><v>#REF!</v></c>'
    rows = [HEADER, row([number_cell("1"), text_cell("Ann"), error]), row([number_cell("2"), error])]
    path = desk.write("b.xlsx", workbook({"S": rows}))
    how = desk.write("m.toml", PERSONS.format(pattern="*", more=""))
    report = desk.load(path, manifest=how)
    assert totals(report) == {"read": 2, "quarantined": 2}
    assert reasons(report) == {"an error instead of a value: born": 1, "an error instead of a value: name": 1}
    ignoring = PERSONS.format(pattern="*", more='ignore = ["born"]').replace(', birthDate = "born"', "")
    report = replay(desk.store, desk.view(), by="tester", manifest=desk.write("m.toml", ignoring))
    assert totals(report) == {"read": 2, "accepted": 1, "quarantined": 1}
    (left,) = desk.view().quarantine()
    assert left.raw.decode() == "2,⟪an error instead of a value⟫,\n"
    fixed = left.raw.replace("⟪an error instead of a value⟫".encode(), b"Bo")
    replay(desk.store, desk.view(), [left.id], by="tester", manifest=desk.write("m.toml", ignoring), raw=fixed)
    assert sorted(value.value or "" for each in desk.records() for value in each.record.properties["name"]) == [
        "Ann",
        "Bo",
    ]


# -- what is refused ----------------------------------------------------------------------


def refused(content: bytes) -> str:
    with pytest.raises(FileRefused) as told:
        list(ADAPTERS["xlsx"].read(Memory("t.xlsx", content), FileSpec(pattern="*"), Account()))
    return f"{told.value.reason}: {told.value.message}"


def test_other_kinds_of_workbooks_say_what_to_do() -> None:
    assert "save it as .xlsx" in refused(b"\xd0\xcf\x11\xe0" + bytes(600))
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert "OpenDocument" in refused(other.getvalue())
    assert "xlsb" in refused(workbook({"S": [HEADER]}, more={"xl/workbook.bin": "x"}))
    assert "is it a table of text" in refused(b"id,name\n1,Ann\n")
    assert refused(b"").startswith("empty file")
    assert refused(workbook({"S": []})).startswith("empty file")


def test_a_part_that_declares_entities_is_refused() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    bad = {"xl/worksheets/sheet1.xml": f"{laughs}<worksheet><sheetData/></worksheet>"}
    assert "document type" in refused(workbook({"S": [HEADER]}, more=bad))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    content = workbook({"S": [HEADER]}, more={"xl/media/image1.png": "\0" * (17 << 20)})
    assert refused(content).startswith("zip bomb")


def test_a_row_out_of_order_is_refused() -> None:
    rows = ['<row r="3"><c><v>1</v></c></row>', '<row r="2"><c><v>1</v></c></row>']
    assert "row 2 stands after row 3" in refused(workbook({"S": rows}))


def test_links_to_elsewhere_are_not_followed() -> None:
    links = (
        '<Relationships><Relationship Id="rId1" TargetMode="External" Target="http://x.invalid/t"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"/></Relationships>'
    )
    more = {"xl/externalLinks/_rels/externalLink1.xml.rels": links, "xl/vbaProject.bin": "macro"}
    assert cells(workbook({"S": [HEADER, row([number_cell("1")])]}, more=more))[1] == ["1", "", ""]


# -- against openpyxl, which writes and reads workbooks by itself ---------------------------

VALUES = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(9999, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(9999, 12, 31)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 6)),
)


@settings(max_examples=examples(100))
@given(rows=st.lists(st.lists(VALUES, min_size=1, max_size=4), max_size=6))
def test_what_openpyxl_writes_is_read(rows: list[list[Any]]) -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["a", "b", "c", "d"])
    for each in rows:
        book.active.append(each)
    for cell in (cell for line in book.active for cell in line):
        if isinstance(cell.value, str):
            cell.data_type = "s"
    book.save(stream)
    found = cells(stream.getvalue())[1:]
    wanted = [[text(value) for value in (*each, None, None, None)[:4]] for each in rows]
    assert found == [each for each in wanted if any(cell.strip() for cell in each)]


def text(value: Any) -> str:
    """A value as people would write it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else value.isoformat() if isinstance(value, time) else str(value)


def test_a_manifest_may_say_nothing_of_sheets() -> None:
    spec = ManifestSpec(files=(FileSpec(pattern="a*.xlsx", skip=1), FileSpec(pattern="*#Persons", skip=2)))
    how = settle(spec, "m.toml")
    assert how.written("z.zip!f/a b.xlsx#X").skip == 1
    assert how.written("c.xlsx#Persons").skip == 2
    assert how.written("c.xlsx#Per%23s").sheets == ("Per#s",)
    assert how.written("c.csv").sheets is None
