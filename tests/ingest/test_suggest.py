"""Suggested manifests: what they find out, what they ask, and that they load when their questions are answered."""

import csv
import io
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.manifest import read_manifest
from ingest.specs import ManifestSpec
from ingest.suggesting import TABLES, suggest
from ingest.suggesting.dates import written
from tests.ingest.desk import Desk, totals
from tests.ingest.tables import parquet_of, sqlite_of
from tests.ingest.test_adapters import Memory
from tests.ingest.test_cli import call
from tests.ingest.workbooks import number_cell, row, text_cell, workbook
from tests.stores import examples
from workbench.errors import InputError


def suggested(text: str | bytes, name: str = "t.csv", adapter: str = "csv") -> str:
    return suggest(Memory(name, text.encode() if isinstance(text, str) else text), adapter)


def questions(manifest: str) -> list[str]:
    found: list[str] = tomllib.loads(manifest).get("questions", [])
    return found


def answered(manifest: str) -> str:
    """A manifest in which everything is left as it was proposed."""
    return re.sub(r"(?ms)^questions = \[.*?^\]\n", "", manifest)


PERSONS = """Id;Vorname;Nachname;Geburtsdatum;Geschlecht;Straße;PLZ;Ort;Telefon;Umsatz;Notiz;Farbe
1;Änne;Öz;03.04.1990;w;Am Weg 1;01067;Dresden;+49 351 1234567;1.234,50;x;rot
2;Jörg;Kühn;04.05.1985;m;Am Weg 2;01067;Dresden;+49 351 1234568;12,00;y;blau
3;Uwe;Groß;05.06.1970;m;Am Weg 3;01069;Dresden;+49 351 1234569;3.000,00;z;grün
"""


def test_a_table_of_persons_in_german(desk: Desk) -> None:
    manifest = suggested(PERSONS.encode("windows-1252"))
    said = tomllib.loads(manifest)
    (entry,) = said["files"]
    (record,) = entry["records"]
    assert entry["delimiter"] == ";"
    assert entry["encoding"] in ("windows-1252", "windows-1250", "cp1252", "cp1250", "iso8859-1", "windows-1254")
    assert (record["schema"], record["id"]) == ("Person", "person:{Id}")
    assert record["properties"] | {"birthDate": 0} == {
        "firstName": "Vorname",
        "lastName": "Nachname",
        "name": {"template": "{Vorname} {Nachname}"},
        "birthDate": 0,
        "gender": "Geschlecht",
        "address": {"template": "{Straße}, {PLZ}, {Ort}"},
        "phone": "Telefon",
        "notes": "Notiz",
    }
    assert entry["ignore"] == ["Umsatz", "Farbe"]
    open_ = questions(manifest)
    assert any(each.startswith("encoding: ") for each in open_)
    assert any(each.startswith("Geburtsdatum: nobody can tell day from month") for each in open_)
    assert any("Umsatz, Farbe" in each for each in open_)
    assert not any(name in manifest for name in ("Jörg", "Kühn", "1234567"))
    path = desk.write("t.csv", PERSONS.encode("windows-1252"))
    report = desk.load(path, manifest=desk.write("m.toml", answered(manifest)))
    assert totals(report) == {"read": 3, "accepted": 3}
    assert [hit.caption for hit in desk.view().search("Jörg Kühn").entities] == ["Jörg Kühn"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("no,first name\n1,Ann Lee\n2,Bo Day\n", "first name: is it the whole name?"),
        ("no,last name,phone\n" + "1,Lee,702-919-1300\n" * 9 + "2,Day,+39 0352 6553531\n", "give `country`"),
        ("no,dob,name\n1,12/11/1978,x\n2,20/8/1970,y\n3,8/20/70,z\n", "others with the month"),
        ("no,dob,name\n" + "1,12/11/1978,x\n" * 9 + "2,20/8/1970,y\n", "only 1 of 10 dates tell"),
        ("type,sender,recipient,amount\nin,1,,5\nout,2,3,5\nin,3,,6\nout,2,1,5\n", "does money run from sender"),
        ("type,sender,recipient,amount\nin,1,,5\nout,2,3,5\n", "in 1 of 2 rows the transfer has one side alone"),
    ],
)
def test_what_only_people_can_tell_is_asked(text: str, asked: str) -> None:
    assert any(asked in each for each in questions(suggested(text)))


def test_a_row_for_each_account_is_no_tie() -> None:
    manifest = tomllib.loads(suggested("iban,δικαιούχος,από\nCY17,Α,2020-01-01\nCY18,Β,2021-01-01\n"))
    assert [each["schema"] for each in manifest["files"][0]["records"]] == ["BankAccount"]


def test_open_questions_keep_a_manifest_from_loading(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(suggested(PERSONS))
    with pytest.raises(InputError, match=r"mistakes:\n- open question: Geburtsdatum"):
        read_manifest(path)
    path.write_text(answered(suggested(PERSONS)))
    assert read_manifest(path).adapter == "csv"


@pytest.mark.parametrize(
    ("header", "rows", "schemata"),
    [
        (
            "from;to;amount;date",
            ["NL91ABNA0417164300;NL02ABNA0123456789;1,50;2026-01-01"] * 2,
            ["BankAccount", "Transfer"],
        ),
        (
            "звонящий;абонент б;время;длительность",
            ["+359888123456;+359888123457;2026-01-01 10:00;60"] * 2,
            ["Phone", "Call"],
        ),
        (
            "kenteken;lat;lon;tijdstip",
            ["AB-12-CD;52.1;4.3;2026-01-01 10:00"] * 2,
            ["Vehicle", "Address", "Observation"],
        ),
        ("razón social;cif;país", ["Acme SL;B12345674;ES", "Beta SL;B12345682;ES"], ["Company"]),
        ("source;target;weight", ["1;2;3", "2;1;3", "1;3;1"], ["Person", "UnknownLink"]),
        ("owner;asset;percentage", ["A;B;50", "C;B;50"], ["LegalEntity", "Ownership"]),
        ("camera;latitude;longitude", ["c1;52.1;4.3", "c2;52.2;4.4"], ["Address"]),
        (
            "iban;balance;customer",
            ["NL91ABNA0417164300;1.50;7", "NL02ABNA0123456789;2.50;8"],
            ["BankAccount", "LegalEntity", "Holding"],
        ),
        ("type of person;imię;nazwa firmy", ["person;Ewa;", "company;;Acme"], ["LegalEntity"]),
        (
            "record type;name",
            ["PERSON;Ann", "ORGANIZATION;Acme", "PERSON;Bo", "ORGANIZATION;Beta"],
            ["Company", "Person"],
        ),
    ],
)
def test_what_a_table_is_about(desk: Desk, header: str, rows: list[str], schemata: list[str]) -> None:
    text = "\n".join([header, *rows]) + "\n"
    manifest = suggested(text)
    found = [record["schema"] for record in tomllib.loads(manifest)["files"][0]["records"]]
    if schemata == ["LegalEntity"]:
        assert found in (["Person"], ["Company"], ["LegalEntity"])
    else:
        assert list(dict.fromkeys(found)) == schemata
    report = desk.load(desk.write("t.csv", text), manifest=desk.write("m.toml", answered(manifest)))
    assert totals(report).get("accepted") == totals(report)["read"]


@pytest.mark.parametrize(
    ("texts", "formats", "doubt"),
    [
        (["2026-03-01", "2026-03-01T10:00:00Z", "2026-03"], (), ""),
        (["31/03/2026", "01/04/2026"], ("%d/%m/%Y",), ""),
        (["03/31/2026", "01/04/2026"], ("%m/%d/%Y",), ""),
        (["03/04/2026", "01/04/2026"], ("%d/%m/%Y",), "nobody can tell day from month"),
        (["31/03/2026", "03/31/2026"], ("%d/%m/%Y", "%m/%d/%Y"), "some dates begin with the day"),
        (["31.03.26"], ("%d.%m.%y",), ""),
        (["2026/03/31 10:00"], ("%Y/%m/%d %H:%M",), ""),
        (["3/31/2026 1:05 PM"], ("%m/%d/%Y %I:%M %p",), ""),
        (["31 Mar 2026", "2026-03-31"], ("%Y-%m-%d", "%d %b %Y"), ""),
        (["20260331"], ("%Y%m%d",), ""),
        (["1700000000"], ("epoch",), ""),
        (["1700000000000"], ("epoch ms",), ""),
    ],
)
def test_how_dates_are_written(texts: list[str], formats: tuple[str, ...], doubt: str) -> None:
    found = written(texts, is_said=True)
    assert found is not None
    assert found.formats == formats
    assert (doubt in found.doubt) if doubt else not found.doubt


@pytest.mark.parametrize(
    "texts", [["Ann"], ["1700000000"], ["12", "13"], ["1.5"], ["31/03"], ["2026-03-31"] + ["x"] * 5]
)
def test_what_is_no_date(texts: list[str]) -> None:
    assert written(texts, is_said=False) is None


def test_lines_before_a_header_are_skipped(desk: Desk) -> None:
    text = "Report of 2026\n\nmade by nobody\nid,name\n1,Ann\n2,Bo\n"
    manifest = suggested(text)
    assert tomllib.loads(manifest)["files"][0]["skip"] == 3
    report = desk.load(desk.write("t.csv", text), manifest=desk.write("m.toml", answered(manifest)))
    assert totals(report) == {"read": 2, "accepted": 2}


def test_a_table_without_a_header_asks_for_names(desk: Desk) -> None:
    text = '36,"AERO",-0- ,"x"\n173,"ANGLO",-0- ,"x"\n306,"BANCO",-0- ,"y"\n'
    manifest = suggested(text)
    (entry,) = tomllib.loads(manifest)["files"]
    assert (entry["header"], entry["columns"]) == (False, ["column 1", "column 2", "column 3", "column 4"])
    assert any("-0- stands in column 3: does it mean nothing?" in each for each in questions(manifest))
    report = desk.load(desk.write("t.csv", text), manifest=desk.write("m.toml", answered(manifest)))
    assert totals(report) == {"read": 3, "accepted": 3}


def _book() -> bytes:
    persons = [
        row([text_cell("Staff 2026")]),
        row([text_cell("Personal number"), text_cell("Full name"), text_cell("Date of birth")]),
        row([number_cell("1"), text_cell("Ann"), number_cell("32965", 1)]),
        row([number_cell("2"), text_cell("Bo"), number_cell("32966", 1)]),
    ]
    calls = [row([text_cell("caller"), text_cell("callee"), text_cell("duration")])]
    calls += [row([text_cell("+31612345678"), text_cell("+31612345679"), number_cell("60")])]
    return workbook({"Persons": persons, "Calls": calls}, formats=["yyyy-mm-dd"])


@pytest.mark.parametrize(
    ("name", "adapter", "content", "units"),
    [
        ("t.xlsx", "xlsx", _book, 3),
        ("t.parquet", "parquet", lambda: parquet_of(pa.table({"id": [1, 2], "name": ["Ann", "Bo"]})), 2),
        ("t.db", "sql", lambda: sqlite_of("CREATE TABLE p (id, name)", "INSERT INTO p VALUES (1, 'Ann')"), 1),
        (
            "t.jsonl",
            "jsonl",
            lambda: b'{"id": 1, "name": ["Ann", "Anna"]}\n{"id": 2, "name": "Bo", "x": {"y": 1}}\n',
            2,
        ),
        ("t.json", "json", lambda: b'{"total": 2, "items": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bo"}]}', 2),
    ],
)
def test_other_tables(desk: Desk, name: str, adapter: str, content: Callable[[], bytes], units: int) -> None:
    manifest = suggested(content(), name, adapter)
    assert tomllib.loads(manifest)["adapter"] == adapter
    report = desk.load(desk.write(name, content()), manifest=desk.write("m.toml", answered(manifest)))
    assert totals(report) == {"read": units, "accepted": units}


CELLS = st.sampled_from(
    ["", "1", "Ann", "a;b", "2026-01-01", "03/04/2021", "1.234,5", '"', "{x}", "-0-", "é", "n/a", "x\ny"]
)


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from([",", ";", "\t"]))
def test_whatever_is_suggested_is_a_manifest(rows: list[list[str]], delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    told = ""
    try:
        manifest = suggested(stream.getvalue())
    except InputError as refused:
        told = str(refused)
    else:
        assert manifest == suggested(stream.getvalue())
        spec = ManifestSpec.model_validate(tomllib.loads(answered(manifest)))
        assert all(each.properties or each.is_relationship for entry in spec.files for each in entry.records)
    assert not told or told.startswith("t.csv")


# -- the command --------------------------------------------------------------------------


def test_the_command_writes_a_file_once(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = desk.write("t.csv", PERSONS), desk.folder / "m.toml"
    code, printed, _ = call(capsys, "suggest", path)
    assert code == 0
    assert tomllib.loads(printed)["adapter"] == "csv"
    assert call(capsys, "suggest", path, "-o", out)[0] == 0
    assert tomllib.loads(out.read_text()) == tomllib.loads(printed)
    code, _, err = call(capsys, "suggest", path, "-o", out)
    assert (code, "is there already" in err) == (2, True)
    code, printed, _ = call(capsys, "suggest", path, "--examples", "--rows", "2")
    assert '"Jörg"' in printed
    assert '"Uwe"' not in printed


def test_the_command_refuses_what_needs_no_manifest(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.write("e.json", '{"id": "a", "schema": "Person", "properties": {}}\n')
    code, _, err = call(capsys, "suggest", path)
    assert (code, "adapter ftm needs no manifest" in err) == (2, True)
    assert all(name in err for name in TABLES)
    assert call(capsys, "suggest", desk.folder / "nothing.csv")[0] == 2


def test_an_encoding_that_can_not_be_read_without_loss_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.write("t.csv", "氏名,住所\n山田①太郎,東京都千代田区\n佐藤花子,大阪府\n".encode("cp932"))
    code, _, err = call(capsys, "suggest", path)
    assert (code, "'cp932' is not an encoding that can be read: convert the file to utf-8" in err) == (2, True)
