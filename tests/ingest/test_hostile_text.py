"""Cells that programs like to change: loaded by each adapter of tables, and out again, they are what was written."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import networkx as nx
import pytest

from tests.export.test_formulas import as_a_spreadsheet_reads
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.tables import parquet_of_text, sqlite_of_text
from tests.ingest.workbooks import number_cell, row, text_cell, workbook, workbook_of_text
from workbench.app.text import lines_of, plain, short
from workbench.export import export_view
from workbench.export.tables import unquoted

NUMBERS = ("+31612345678", "00123", "1E5", "1e999", "9007199254740993", "18446744073709551617", "1.10", "-0", "0x1F")
WORDS = ("NA", "N/A", "NULL", "nan", "null", "None", "NaN", "inf", "true", "#N/A", "SEPT2", "03/04/2021")
FORMULAS = ('=HYPERLINK("http://x.invalid","y")', "+1-1", "-1+1", "@SUM(A1)", "＝1+1", "=cmd|' /C calc'!A0", "'=1")
NAMES = {
    "homoglyph": "Iv\u0430nov",
    "composed": "Jos\u00e9",
    "decomposed": "Jose\u0301",
    "zero width": "An\u200bna",
    "override": "\u202egnp.exe",
    "isolate": "\u2066a\u2069",
    "arabic": "محمد",
    "emoji": "👩\u200d👧",
    "replacement": "Jos\ufffd",
    "short": "x",
    "mebibyte": "y" * (1 << 20),
}
CELLS = (*NUMBERS, *WORDS, *FORMULAS, *NAMES.values())
# White space at the ends, which is no part of a value and of no id, and what a spreadsheet strips before a formula.
EDGES = ("\t=1+1", " =1+1", "\u00a0=1+1")
PERSON = """
adapter = "{}"
agency = "NKP"
dataset = "d"
[[files]]
pattern = "*"
{}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name" }}
"""


Rows = Sequence[tuple[str, str]]


def csv_of(rows: Rows) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows([("id", "name"), *rows])
    return made.getvalue().encode()


def objects_of(rows: Rows) -> list[dict[str, str]]:
    return [{"id": key, "name": name} for key, name in rows]


def xml_of(rows: Rows) -> bytes:
    return (
        f"<all>{''.join(f'<p><id>{escape(k)}</id><name>{escape(name)}</name></p>' for k, name in rows)}</all>".encode()
    )


def neo4j_of(rows: Rows) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows([(":ID", "name", ":LABEL"), *((*each, "Person") for each in rows)])
    return made.getvalue().encode()


MAKERS: Mapping[str, tuple[str, Callable[[Rows], bytes]]] = {
    "csv": ("t.csv", csv_of),
    "json": ("t.json", lambda rows: json.dumps(objects_of(rows)).encode()),
    "jsonl": ("t.jsonl", lambda rows: "\n".join(map(json.dumps, objects_of(rows))).encode()),
    "parquet": ("t.parquet", lambda rows: parquet_of_text(csv_of(rows))),
    "sql": ("t.db", lambda rows: sqlite_of_text(csv_of(rows))),
    "xlsx": ("t.xlsx", lambda rows: workbook_of_text(csv_of(rows))),
    "xml": ("t.xml", xml_of),
}
# A cell of a workbook has 32,767 characters at most.
FITTING = [each for each in CELLS if len(each) <= 32_767]
table = pytest.mark.parametrize("adapter", sorted(MAKERS))


def loaded(desk: Desk, adapter: str, rows: Rows) -> None:
    name, made = MAKERS[adapter]
    units = 'units = ["p"]' if adapter == "xml" else ""
    report = desk.load(desk.write(name, made(rows)), manifest=desk.write("m/m.toml", PERSON.format(adapter, units)))
    assert totals(report) == {"read": len(rows), "accepted": len(rows)}


def twice(cells: Sequence[str]) -> Rows:
    """Each as an id and as a name."""
    return [(each, each) for each in cells]


def written(desk: Desk) -> dict[str, str]:
    """The name of each person as it was written, by id."""
    return {each.record.source_id: each.record.properties["name"][0].original for each in desk.records("NKP")}


@table
def test_cells_are_kept_as_they_are_written(desk: Desk, adapter: str) -> None:
    """Numbers, words of programs for nothing, formulas, and names that look like others or have no end."""
    rows = twice(FITTING if adapter == "xlsx" else CELLS)
    loaded(desk, adapter, rows)
    assert written(desk) == dict(rows)


@table
def test_what_stands_at_the_ends_of_a_cell_is_kept(desk: Desk, adapter: str) -> None:
    rows = [(f"e{number}", cell) for number, cell in enumerate(EDGES)]
    loaded(desk, adapter, rows)
    assert written(desk) == dict(rows)


def test_the_same_of_a_graph(desk: Desk) -> None:
    path = desk.write("n.csv", neo4j_of(twice(CELLS)))
    report = desk.load(path, adapter="neo4j-csv", agency="NKP", dataset="d")
    assert totals(report) == {"read": len(CELLS), "accepted": len(CELLS)}
    found = [each.record.properties["name"][0].original for each in desk.records("NKP")]
    assert sorted(found) == sorted(CELLS)


@pytest.mark.parametrize("number", ["9007199254740993", "1.10", "1E5", "123456789012345678901234567890"])
def test_numbers_of_formats_that_have_numbers_keep_their_digits(desk: Desk, number: str) -> None:
    """But in a workbook, where 1E5 is shown as Excel shows it, 100000."""
    how = desk.write("m/json.toml", PERSON.format("jsonl", ""))
    desk.load(desk.write("t.jsonl", f'{{"id": {number}, "name": {number}}}\n'), manifest=how)
    assert written(desk) == {number: number}
    head, cells = row([text_cell("id"), text_cell("name")]), row([number_cell(number), number_cell(number)])
    how = desk.write("m/xlsx.toml", PERSON.format("xlsx", ""))
    desk.load(desk.write("t.xlsx", workbook({"S": [head, cells]})), manifest=how, dataset="e")
    assert "9007199254740992" not in written(desk)


@pytest.mark.parametrize("order", [("id", "name", "more"), ("more", "name", "id"), ("name", "id", "more")])
def test_columns_are_known_by_name_in_any_order(desk: Desk, order: Sequence[str]) -> None:
    cells = {"id": "1", "name": "Ann", "more": "2"}
    content = f"{','.join(order)}\n{','.join(cells[each] for each in order)}\n"
    how = desk.write("m/m.toml", PERSON.format("csv", 'ignore = ["more"]'))
    assert totals(desk.load(desk.write("t.csv", content), manifest=how)) == {"read": 1, "accepted": 1}
    assert written(desk) == {"1": "Ann"}


# -- out again ----------------------------------------------------------------------------


def cells_of(path: Path) -> list[list[str]]:
    before = csv.field_size_limit(1 << 22)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    finally:
        csv.field_size_limit(before)


def test_tables_for_people_have_no_formula_and_machines_get_every_text(desk: Desk, tmp_path: Path) -> None:
    loaded(desk, "csv", twice(CELLS))
    view = desk.view("NKP")
    export_view(view, "csv", tmp_path / "out")
    head, *rows = cells_of(tmp_path / "out" / "entities.csv")
    assert not [cell for each in rows for cell in each if cell[:1] != "'" and as_a_spreadsheet_reads(cell)]
    assert {unquoted(each[head.index("original")]) for each in rows} == set(CELLS)
    export_view(view, "ftm", tmp_path / "ftm.json")
    lines = (tmp_path / "ftm.json").read_text("utf-8").splitlines()
    values = {json.loads(each)["properties"]["name"][0] for each in lines}
    cleaned = {each.record.properties["name"][0].value for each in desk.records("NKP")}
    assert values == cleaned >= {*NUMBERS, *WORDS, *FORMULAS}
    export_view(view, "graphml", tmp_path / "g.graphml")
    captions = {said for _, data in nx.read_graphml(tmp_path / "g.graphml").nodes(data=True) for said in data.values()}
    assert captions >= {*NUMBERS, *FORMULAS}


@pytest.mark.parametrize("header", FORMULAS)
def test_a_header_that_is_a_formula_is_a_name(desk: Desk, tmp_path: Path, header: str) -> None:
    """It is refused if nobody foresaw it, mapped by its name, and kept with its name where the rest is kept."""
    content = io.StringIO()
    csv.writer(content).writerows([("id", "name", header), ("1", "Ann", "x")])
    path = desk.write("t.csv", content.getvalue())
    plain_manifest = desk.write("m/a.toml", PERSON.format("csv", ""))
    report = desk.load(path, manifest=plain_manifest)
    assert reasons(report) == {"unknown column": 1}
    assert repr(header) in report.messages[0] or header in report.messages[0]
    mapped = PERSON.format("csv", "").replace('"name" }', f'"name", notes = {json.dumps(header)} }}')
    assert totals(desk.load(path, manifest=desk.write("m/b.toml", mapped))) == {"read": 1, "accepted": 1}
    (record,) = desk.records("NKP")
    assert record.record.properties["notes"][0].original == "x"
    export_view(desk.view("NKP"), "csv", tmp_path / "out")
    assert not [c for each in cells_of(tmp_path / "out/entities.csv") for c in each if as_a_spreadsheet_reads(c)]


# -- names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Jos\u00e9", {"composed", "decomposed"}),
        ("Jose\u0301", {"composed", "decomposed"}),
        ("Ivanov", {"homoglyph"}),
        ("Anna", {"zero width"}),
        ("محمد", {"arabic"}),
    ],
)
def test_names_are_compared_without_what_only_looks(desk: Desk, asked: str, found: set[str]) -> None:
    """Each stands as it was written."""
    loaded(desk, "csv", twice(list(NAMES.values())))
    view = desk.view("NKP")
    hits = {each.caption for each in view.search(asked).entities}
    assert {unicodedata.normalize("NFC", each).replace("\u200b", "") for each in hits} >= {
        unicodedata.normalize("NFC", NAMES[each]).replace("\u200b", "") for each in found
    }
    assert set(written(desk).values()) == set(NAMES.values())


@pytest.mark.parametrize("shown", [plain, lines_of, short])
@pytest.mark.parametrize("sign", "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\u061c\ufeff")
def test_signs_that_turn_or_hide_text_are_shown_as_escapes(shown: Callable[[str], str], sign: str) -> None:
    assert sign not in shown(f"a{sign}b")
    assert f"u{ord(sign):04x}" in shown(f"a{sign}b")
    assert len(short("y" * (1 << 20))) == 28
