"""The `ftm` adapter: lines that are entities, and the many ways in which they are not."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import ADAPTERS
from ingest.manifest import settle
from ingest.mapping import read as mapped
from ingest.shapes import Reject
from tests.ingest.desk import Desk, reasons, totals
from tests.stores import examples
from workbench.errors import FileRefused
from workbench.export import export_view
from workbench.model.record import Record, Role, Value

GOOD = '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}'


def read(folder: Path, content: str | bytes) -> list[Record | Reject]:
    path = folder / "e.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(mapped(ADAPTERS["ftm"], path, settle(None, "-").within("d")))


def test_properties_and_roles(tmp_path: Path) -> None:
    line = {
        "id": " a ",
        "schema": "Person",
        "caption": "Ann",
        "properties": {
            "name": ["Ann", " Ann ", "", None, "Аня"],
            "birthDate": "1990-04",
            "height": 1.70,
            "idNumber": [12, "007"],
            "phone": ["12"],
            "addressEntity": ["x", "y", "x"],
            "proof": [],
        },
    }
    (record,) = read(tmp_path, json.dumps(line))
    assert isinstance(record, Record)
    assert (record.source_id, record.locator, record.part) == ("a", "e.json:1", "")
    assert record.roles == (Role("addressEntity", "x"), Role("addressEntity", "y"))
    assert record.properties == {
        "name": (Value("Ann", "Ann"), Value("Ann", " Ann "), Value("Аня", "Аня")),
        "birthDate": (Value("1990-04", "1990-04"),),
        "height": (Value("1.7", "1.7"),),
        "idNumber": (Value("12", "12"), Value("007", "007")),
        "phone": (Value(None, "12"),),
    }


def test_days_stay_as_they_are_written_and_moments_are_in_utc(desk: Desk) -> None:
    manifest = desk.write("m.toml", 'adapter = "ftm"\ndataset = "d"\ntimezone = "Europe/Amsterdam"\n')
    born, until = "1980-01-01 00:00:00", "2031-01-01T12:00:00+05:00"
    lines = (
        {"id": "a", "schema": "Person", "properties": {"birthDate": [born]}},
        {"id": "b", "schema": "Passport", "properties": {"holder": ["a"], "endDate": [until]}},
        {"id": "c", "schema": "Call", "properties": {"caller": ["a"], "receiver": ["d"], "date": [born]}},
    )
    report = desk.load(desk.write("e.json", "\n".join(map(json.dumps, lines))), manifest=manifest)
    assert reasons(report) == {"time of day left out: endDate": 1}
    said = {value for each in desk.records() for name, found in each.record.properties.items() for value in found}
    assert said == {Value("1980-01-01", born), Value("2031-01-01", until), Value("1979-12-31T23:00:00", born)}


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    (record,) = read(tmp_path, '{"id": "a", "schema": "Person", "properties": {"height": [1.70]}}')
    assert isinstance(record, Record)
    assert record.properties == {"height": (Value("1.70", "1.70"),)}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("nonsense", "not JSON"),
        ('{"id": "a", "schema": "Person"', "not JSON"),
        ('{"id": "a", "schema": "Person"} x', "not JSON"),
        ('{"id": "a", "schema": "Person", "properties": {"height": [NaN]}}', "not JSON"),
        ('{"id": "a", "schema": "Person", "properties": {"height": [-Infinity]}}', "not JSON"),
        ("[1]", "not an entity"),
        ('"Person"', "not an entity"),
        ('{"id": "a", "schema": "Person", "properties": []}', None),
        ('{"id": "a", "schema": "Person", "properties": ["x"]}', "not an entity"),
        ('{"id": "a", "schema": "Person", "properties": {"name": [true]}}', "no text: name"),
        ('{"id": "a", "schema": "Person", "properties": {"name": [["x"]]}}', "no text: name"),
        ('{"id": "a", "schema": "Person", "properties": {"parent": [{"id": "b"}]}}', "no text: parent"),
        ('{"id": "a", "id": "b", "schema": "Person"}', "key stands twice"),
        ('{"id": "a", "schema": "Person", "properties": {"name": ["x"], "name": ["y"]}}', "key stands twice"),
        ('{"id": "a", "schema": "Alien"}', "unknown schema: Alien"),
        ('{"id": "a", "schema": "Thing"}', "unknown schema: Thing"),
        ('{"id": "a"}', "no schema"),
        ('{"schema": "Person"}', "no id"),
        ('{"id": " ", "schema": "Person"}', "no id"),
        ('{"id": "a", "schema": "Person", "colour": "red"}', "unknown key: colour"),
        ('{"id": "a", "schema": "Person", "properties": {"shoe": ["42"]}}', "unknown property: shoe"),
        ('{"id": "a", "schema": "Person", "properties": {"proofOf": ["x"]}}', "unknown property: proofOf"),
        ('{"id": "a", "schema": "Person", "properties": {"name": ["\\u0000"]}}', "NUL"),
        ('{"id": "a", "schema": "Person", "properties": {"name": ["\\ud800"]}}', "half a character"),
        ('{"id": "\\udfff", "schema": "Person"}', "half a character"),
        ('{"id": "a", "schema": "Person", "x\\ud800": 1}', "unknown key: x\\ud800"),
        ('{"id": "a", "schema": "Person", "properties": {"x\\ud800": 1}}', "unknown property: x\\ud800"),
        ('{"id": "a", "schema": "Person", "properties": {"birthDate": "3/4/21"}}', "date without a format: birthDate"),
        ('{"x": ' * 100_000, "nested too deeply"),
        ('{"id": ' + "9" * 10_000 + "}", "no schema"),
    ],
)  # fmt: skip
def test_a_bad_line_is_kept_and_the_others_go_on(tmp_path: Path, line: str, reason: str | None) -> None:
    found = read(tmp_path, f"{GOOD}\n\n{line}\n{GOOD}")
    assert [each.locator for each in found] == ["e.json:1", "e.json:3", "e.json:4"]
    second = found[1]
    if reason is None:
        assert isinstance(second, Record)
    else:
        assert isinstance(second, Reject)
        assert second.reason == reason
        assert second.raw == f"{line}\n".encode()


def test_a_line_that_is_not_utf8(tmp_path: Path) -> None:
    _, second = read(tmp_path, GOOD.encode() + b'\n{"id": "\xff", "schema": "Person"}\n')
    assert isinstance(second, Reject)
    assert second.reason == "wrong encoding"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n \n",
        "id,name\n1,Ann\n",
        f"[\n{GOOD}\n]",
        '{\n"id": "a"\n}',
        "<html>",
        GOOD.encode("utf-16"),
        "[1]\n" * 50,
    ],
)
def test_what_is_no_file_of_json_lines_is_refused(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(FileRefused):
        read(tmp_path, content)


def test_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    (record,) = read(tmp_path, b"\xef\xbb\xbf" + GOOD.encode())
    assert isinstance(record, Record)


def test_manifest_gives_country_marking_grade_and_what_to_ignore(desk: Desk) -> None:
    manifest = desk.write(
        "m.toml",
        """
        adapter = "ftm"
        agency = "NKP"
        country = "nl"
        grade = { scheme = "admiralty", value = "B2" }
        [[files]]
        pattern = "e*.json"
        marking = "OPEN"
        basis = "assessment"
        ignore = ["shoe", "colour"]
        """,
    )
    line = '{"id": "a", "schema": "Person", "colour": 1, "properties": {"shoe": ["42"], "phone": ["06 12345678"]}}'
    report = desk.load(desk.write("e.json", line), manifest=manifest)
    assert (totals(report), reasons(report)) == ({"read": 1, "accepted": 1}, {})
    (sourced,) = desk.records()
    record = sourced.record
    assert record.properties == {"phone": (Value("+31612345678", "06 12345678"),)}
    assert (str(record.marking), str(record.grade), record.basis) == ("OPEN//REL NKP", "B2 (admiralty)", "assessment")


def test_columns_make_no_sense_for_entities(desk: Desk) -> None:
    manifest = desk.write("m.toml", 'adapter = "ftm"\n[[files]]\npattern = "*"\nmarking_column = "x"\n')
    report = desk.load(desk.write("e.json", GOOD), manifest=manifest)
    assert reasons(report) == {"bad manifest": 1}


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "schema", "properties", "name", "parent", "birthDate", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
_LINES = st.lists(st.binary(max_size=20) | _JSON.map(lambda v: json.dumps(v).encode()), max_size=6)


@settings(max_examples=examples(200))
@given(lines=_LINES)
def test_any_lines_are_units_or_the_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    content = b"\n".join([GOOD.encode(), *lines])
    found = read(tmp_path_factory.getbasetemp(), content)
    assert len(found) == sum(1 for line in content.split(b"\n") if line.strip())


def test_an_export_of_a_view_is_refused_and_told_why(desk: Desk, tmp_path: Path) -> None:
    """It is what several records say, so one marking for it would be wrong."""
    desk.load(desk.write("e.json", GOOD + "\n"), adapter="ftm")
    assert export_view(desk.view(), "ftm", tmp_path / "export.json") == 1
    report = desk.load(tmp_path / "export.json", adapter="ftm", dataset="again")
    assert reasons(report) == {"unknown key: agencies": 1}
    (unit,) = desk.view().quarantine()
    assert "would lose who said what, and each record's marking" in unit.message
    assert "copy the store" in unit.message


def test_a_relationship_without_roles_is_kept_until_it_has_some(desk: Desk) -> None:
    """It would be accepted, and then exist nowhere."""
    line = '{"id": "f", "schema": "Ownership", "properties": {"role": ["secret partner"], "owner": ["", null]}}\n'
    report = desk.load(desk.write("e.json", line), adapter="ftm")
    assert reasons(report) == {"no roles": 1}
    assert totals(report) == {"read": 1, "quarantined": 1}
    assert report.messages[0].startswith("e.json:1: this Ownership ties nobody: fill its owner and asset")


def test_a_name_that_is_no_text_stops_no_load(desk: Desk) -> None:
    lines = ('{"id": "a", "schema": "Person", "\\ud800": 1}', GOOD)
    report = desk.load(desk.write("e.json", "\n".join(lines)), adapter="ftm")
    assert totals(report) == {"read": 2, "accepted": 1, "quarantined": 1}
    assert [unit.reason for unit in desk.view().quarantine()] == ["unknown key: \\ud800"]
