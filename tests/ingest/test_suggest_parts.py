"""Suggested manifests: entities that can be found, sheets without a table, rows behind the data, questions once."""

import tomllib
from collections.abc import Sequence
from typing import Any

import pytest

from ingest.manifest import read_manifest
from ingest.suggesting.trailers import trailer
from tests.ingest.desk import Desk, totals
from tests.ingest.test_cli import call
from tests.ingest.test_suggest import answered, questions, suggested
from tests.ingest.workbooks import number_cell, row, text_cell, workbook
from workbench.commands.console import run
from workbench.commands.main import cli as workbench_cli
from workbench.errors import InputError


def _entry(manifest: str) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(manifest)["files"][0]
    return found


# -- entities that can be found -----------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "name", "wanted"),
    [
        (["+8800182713073", "+880 018 271-3074", "00180025080"], "phone", "+8800182713073"),
        (["00185980061", "00180025080", "+8800182713073"], "idNumber", "00180025080"),
        (["K-00001", "K-00002"], "idNumber", "K-00002"),
    ],
)
def test_entities_of_one_column_can_be_found(
    desk: Desk, capsys: pytest.CaptureFixture[str], cells: Sequence[str], name: str, wanted: str
) -> None:
    text = "\n".join(["subscriber_id", *cells, ""])
    manifest = suggested(text)
    (record,) = _entry(manifest)["records"]
    assert (record["id"], record["properties"]) == ("party:{subscriber_id}", {name: "subscriber_id"})
    assert any(f"subscriber_id: it fills {name}" in each for each in questions(manifest))
    desk.load(desk.write("t.csv", text), manifest=desk.write("m.toml", answered(manifest)))
    code = run(workbench_cli, ["search", wanted, "--store", desk.url, "--json"])
    assert (code, wanted in capsys.readouterr().out) == (0, True)


def test_no_entity_is_without_a_property() -> None:
    text = "iban;balance;customer\nNL91ABNA0417164300;1.50;7\nNL02ABNA0123456789;2.50;8\n"
    records = {each["name"]: each for each in _entry(suggested(text))["records"]}
    assert records["holder"]["properties"] == {"idNumber": "customer"}
    assert "properties" not in records["holding"]
    assert "ignore" not in _entry(suggested(text))


# -- sheets without a table ---------------------------------------------------------------

PERSONS = [
    row([text_cell("Personal number"), text_cell("Full name")]),
    row([text_cell("7"), text_cell("Ann")]),
    row([text_cell("8"), text_cell("Bo")]),
]
CALLS = [
    row([text_cell("caller"), text_cell("callee"), text_cell("duration")]),
    row([text_cell("+31612345678"), text_cell("+31612345679"), number_cell("60")]),
]
NOTE = [row([text_cell("Made by nobody, for nobody, and it is a sentence that no header would ever have")])]
HEADER = [row([text_cell("id"), text_cell("name")])]


@pytest.mark.parametrize(
    ("sheets", "units"), [({"P [1]": PERSONS}, 2), ({"P [1]": PERSONS, "Calls": CALLS}, 3)], ids=["one", "two"]
)
def test_sheets_without_a_table_are_left_out(desk: Desk, sheets: dict[str, list[str]], units: int) -> None:
    book = workbook({"Cover": NOTE, **sheets, "Later": HEADER})
    manifest = suggested(book, "t.xlsx", "xlsx")
    asked = [each for each in questions(manifest) if "no table is seen there" in each]
    assert [each.partition(":")[0] for each in asked] == ["'Cover', 'Later'"]
    assert "# Left out: 'Cover', 'Later'." in manifest
    *found, rest = tomllib.loads(manifest)["files"]
    assert len(found) == len(rest["sheets"]) == len(sheets)
    assert "records" not in rest
    report = desk.load(desk.write("t.xlsx", book), manifest=desk.write("m.toml", answered(manifest)))
    assert totals(report) == {"read": units, "accepted": units}
    assert [each.path.rpartition("#")[2] for each in report.files] == [*sheets]


def test_a_workbook_without_a_table_names_its_sheets() -> None:
    with pytest.raises(InputError, match=r"t\.xlsx has no column with values .* of 'Cover', 'Later': was it"):
        suggested(workbook({"Cover": NOTE, "Later": HEADER}), "t.xlsx", "xlsx")


# -- rows behind the data -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "left_out", "pattern"),
    [
        ("Total;;4,25\n", 1, r"Total\b"),
        ('"Sub-total";;4,25\nTotal;;4,25\n', 2, r"Sub\-total\b"),
        (";Итого;4,25\n", 1, r'[;"\s]*Итого\b'),
        ("Totaal: 2;;4,25\nBron: het bureau\nGedrukt op 1 mei\n", 3, r"Totaal\b"),
        ("SUMME;;4,25 €\n\nQuelle: Amt, Abteilung 3;;\n", 2, r"SUMME\b"),
        ("المجموع;;4,25\n", 1, r"المجموع\b"),
        ("Source: the desk\n", 1, r"Source\b"),
    ],
)
def test_rows_behind_the_data_are_left_out(desk: Desk, last: str, left_out: int, pattern: str) -> None:
    text = f"id;name;amount\n7;Ann;1,25\n8;Totally Bo;3,00\n{last}"
    manifest = suggested(text)
    assert _entry(manifest)["trailer"] == pattern
    assert f"trailer = '{pattern}'" in manifest
    (asked,) = [each for each in questions(manifest) if each.startswith("trailer: ")]
    assert ("last row begins" in asked) if left_out == 1 else (f"the last {left_out} rows" in asked)
    assert _entry(manifest)["records"][0]["id"] == "party:{id}"
    assert "made from 2 rows" in manifest
    report = desk.load(desk.write("t.csv", text), manifest=desk.write("m.toml", answered(manifest)))
    assert totals(report) == {"read": 2, "accepted": 2}


def test_rows_behind_the_data_of_a_sheet(desk: Desk) -> None:
    total = row([text_cell(""), text_cell("Total"), number_cell("2")])
    sheet = [
        row([text_cell("Personal number"), text_cell("Full name"), text_cell("balance")]),
        row([text_cell("7"), text_cell("Ann"), number_cell("1")]),
        row([text_cell("8"), text_cell("Bo"), number_cell("1")]),
    ]
    book = workbook({"Persons": [*sheet, total, row([text_cell("Source: the desk")])]})
    manifest = suggested(book, "t.xlsx", "xlsx")
    assert _entry(manifest)["trailer"] == r"Total\b"
    report = desk.load(desk.write("t.xlsx", book), manifest=desk.write("m.toml", answered(manifest)))
    assert totals(report) == {"read": 2, "accepted": 2}


@pytest.mark.parametrize(
    "rows",
    [
        ["7;Ann;1", "Total;;1", "8;Bo;2"],
        ["7;Ann;1", "Totally;;1"],
        ["7;Ann;1", "Total Energies;Paris;2"],
        ["7;Ann;1", "Source, Ltd;Paris;2"],
        ["7;Total;1", "8;Total;2"],
    ],
)
def test_rows_of_data_are_no_trailer(rows: Sequence[str]) -> None:
    manifest = suggested("\n".join(["id;name;amount", *rows, ""]))
    assert "trailer" not in manifest


def test_a_word_that_begins_rows_of_data_too_is_asked_about() -> None:
    manifest = suggested("name;place;amount\nTotal Energies;Paris;1\nAcme;Oslo;2\nTotal;;3\n")
    assert "trailer" not in _entry(manifest)
    assert any("'Total' stands in the last rows, and begins others too" in each for each in questions(manifest))
    assert "made from 3 rows" in manifest


def test_a_sample_that_ends_before_the_table_says_nothing_of_its_end(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desk.write("t.csv", "id;name;amount\n7;Ann;1\nTotal;;1\n8;Bo;2\n")
    assert "trailer" not in call(capsys, "suggest", path, "--rows", "2")[1]
    path.write_text("id;name;amount\n7;Ann;1\nTotal;;1\n")
    assert "trailer" in call(capsys, "suggest", path, "--rows", "2")[1]


def test_a_company_of_one_column_is_no_trailer() -> None:
    assert trailer([["Acme"], ["Total SA"]]) is None
    assert trailer([["Acme"], ["Total: 1"]]) is not None


# -- questions ----------------------------------------------------------------------------


def test_a_column_is_asked_about_once(desk: Desk) -> None:
    manifest = suggested("antenna_id,tower_id,latitude,longitude\na0,t0,7.5,0.9\na1,t0,7.5,0.9\n")
    (asked,) = questions(manifest)
    assert asked.startswith("tower_id: nothing maps it: ")
    assert _entry(manifest)["ignore"] == ["tower_id"]
    assert read_manifest(desk.write("m.toml", answered(manifest))).adapter == "csv"
