"""The `jsonl` adapter: names of values, and invalid objects."""

import csv
import io
import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import ADAPTERS
from ingest.manifest import ManifestSpec, settle
from ingest.mapping import read
from ingest.shapes import Left, Readable, Reject
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.test_adapters import Memory
from workbench.errors import UsageError
from workbench.model.record import Record, Role, Value

RECORDS = """
[[files.records]]
name = "person"
schema = "Person"
id = "p:{id}"
[files.records.properties]
name = { template = "{person.name} {person.last}" }
alias = ["aka", { column = "person.nick", split = "|" }]
notes = "checked"
height = "height"
[[files.records]]
name = "phone"
schema = "Phone"
id = "t:{phone}"
when = "phone"
properties = { number = "phone" }
[[files.records]]
name = "holding"
schema = "Holding"
when = "phone"
roles = { holder = "person", held = "phone", proof = { id = "r:{reports.no}" } }
"""


def mapped(source: Readable, adapter: str = "jsonl", said: str = "") -> list[Record | Reject | Left]:
    spec = tomllib.loads(f'adapter = "{adapter}"\ndataset = "d"\n[[files]]\npattern = "*"\n{said}\n{RECORDS}')
    return list(read(ADAPTERS[adapter], source, settle(ManifestSpec.model_validate(spec), "m.toml")))


def of(*lines: object, said: str = "") -> list[Record | Reject | Left]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in ({"id": "0"}, *lines))
    return mapped(Memory("e.jsonl", text.encode()), said=said)[1:]


def test_values_are_named_by_the_keys_that_lead_to_them() -> None:
    line = {"id": 7, "person": {"name": "Ann", "last": " Lee "}, "phone": "+359888123456", "reports": {"no": "x"}}
    person, phone, holding = of(line)
    assert isinstance(person, Record)
    assert isinstance(phone, Record)
    assert isinstance(holding, Record)
    assert (person.source_id, person.locator) == ("p:7", "e.jsonl:2")
    assert person.properties == {"name": (Value("Ann Lee", "Ann Lee"),)}
    assert phone.source_id == "t:+359888123456"
    assert holding.roles == (
        Role("held", "t:+359888123456"),
        Role("holder", "p:7"),
        Role("proof", "r:x"),
    )


def test_a_list_is_several_values_wherever_it_stands() -> None:
    nick = ["C|D", "", None, "E"]
    line = {
        "id": "7",
        "aka": ["A", " B ", "A"],
        "person": {"nick": nick},
        "phone": "12",
        "reports": [{"no": 1}, {"no": 2}],
    }
    person, _, holding = of(line)
    assert isinstance(person, Record)
    assert isinstance(holding, Record)
    assert [value.value for value in person.properties["alias"]] == ["A", "B", "C", "D", "E"]
    assert [role.ref for role in holding.roles if role.name == "proof"] == ["r:1", "r:2"]


def test_numbers_and_truth_are_as_json_writes_them() -> None:
    (person,) = of('{"id": 007e1, "checked": true}'.replace("007e1", "1e400"), said="")
    assert isinstance(person, Record)
    assert (person.source_id, person.properties) == ("p:1e400", {"notes": (Value("true", "true"),)})
    (other,) = of('{"id": "1", "height": 1.70, "checked": [false, 10]}')
    assert isinstance(other, Record)
    assert other.properties["height"] == (Value("1.70", "1.70"),)
    assert [value.original for value in other.properties["notes"]] == ["false", "10"]


def test_several_values_where_one_is_wanted_are_a_reject() -> None:
    found = of(
        {"id": ["1", "2"]},
        {"id": ["1", None]},
        {"id": "3", "phone": ["1", "2"]},
        {"id": "4", "person": {"name": ["A", "B"]}},
    )
    assert [each.reason if isinstance(each, Reject) else "" for each in found] == [
        "several values: id",
        "",
        "several values: phone",
        "several values: person.name",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "not an object"),
        ('"x"', "not an object"),
        ('{"id": NaN}', "not JSON"),
        ('{"id": 1', "not JSON"),
        ('{"id": 1, "id": 1}', "key stands twice"),
        ('{"id": 1, "person": {"a": 1, "a": 2}}', "key stands twice"),
        ('{"id": "\\u0000"}', "NUL"),
        ('{"id": "\\ud800"}', "half a character"),
        ('{"id": 1, "\\ud800": 1}', "half a character"),
        ('{"id": 1, "\\u0000": 1}', "NUL"),
        ('{"id": 1, "colour": null}', "unknown key: colour"),
        ('{"id": 1, "person": "Ann"}', "unknown key: person"),
        ('{"x": ' * 100_000, "nested too deeply"),
        ('{"id": 1, "more": ' + "[" * 900 + "]" * 900 + "}", "unknown key: more"),
        ("{}", "empty id: person"),
    ],
)  # fmt: skip
def test_what_is_no_object_is_kept(line: str, reason: str) -> None:
    (found,) = of(line)
    assert isinstance(found, Reject)
    assert (found.reason, found.raw, found.locator) == (reason, line.encode(), "e.jsonl:2")


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1, "a.b": 1, "a": {"b": 2}}',
        '{"id": 1, "a": {"b": 2}, "a.b": 1}',
        '{"id": 1, "a.b": {"c": 1}, "a": {"b.c": 2}}',
        '{"id": 1, "a": [{"b": 2}, {"b": 3}], "a.b": null}',
        '{"id": 1, "": {"id": 5}, ".id": 6}',
    ],
)
def test_two_ways_to_one_name_are_a_reject(line: str) -> None:
    (found,) = of(line, said='ignore = ["a", ".id"]')
    assert isinstance(found, Reject)
    name = ".id" if ".id" in line else "a.b.c" if "c" in line else "a.b"
    assert found.reason == "two ways to one name"
    assert found.message == f"two paths of keys give the name {name!r}: rename a key"


def test_several_values_come_by_one_way() -> None:
    (person,) = of({"id": 1, "reports": [{"no": 1}, {"no": 2}], "person": {"nick": ["a", ["b"]]}, "aka": [["c"]]})
    assert isinstance(person, Record)
    assert [value.value for value in person.properties["alias"]] == ["c", "a", "b"]


def test_an_empty_key_is_a_key() -> None:
    (found, other) = of({"": {"id": 5}}, {"": {"id": 5}, "id": 6})
    assert isinstance(found, Reject)
    assert isinstance(other, Reject)
    assert found.reason == other.reason == "unknown key: .id"
    (person,) = of({"": {"id": 5, "": 1}, "id": 6}, said='ignore = [".id", "."]')
    assert isinstance(person, Record)
    assert person.source_id == "p:6"


@pytest.mark.parametrize("end", ["\n", "\r\n", " \t\n", ""])
def test_a_line_that_is_cut_off_is_told_by_the_column_where_it_ends(end: str) -> None:
    found = mapped(Memory("e.jsonl", b'{"id": 0}\n{"id": 1' + end.encode()))[1]
    assert isinstance(found, Reject)
    assert found.message == "column 9: Expecting ',' delimiter: repair the line"


CONDITIONAL = """
[[files]]
pattern = "*"
marking_column = "mark"
ignore = ["a"]
[[files.records]]
name = "person"
schema = "Person"
id = "{who.id}/{who.no}"
when = { column = "kind", equals = ["person"] }
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"a": null, "kind": []}', "all fields of this unit are empty: fill one, or delete the unit"),
        ('{"a": 1}', "no record of the manifest applies to this unit: kind is empty: correct the unit"),
        ('{"kind": "person"}', "a field for the id of record 'person' is empty: fill it"),
        ('{"kind": "person", "who": {"no": 1}}', "{who.id}/{who.no} has a field that is empty, and one that is not"),
        ('{"kind": "person", "who": {"id": 1, "no": 2}}', "mark is empty: every unit of this file needs its marking"),
    ],
)
def test_messages_speak_of_units_and_fields(line: str, told: str) -> None:
    spec = tomllib.loads('adapter = "jsonl"\ndataset = "d"\n' + CONDITIONAL)
    manifest, source = settle(ManifestSpec.model_validate(spec), "m.toml"), Memory("e.jsonl", line.encode())
    (found,) = read(ADAPTERS["jsonl"], source, manifest)
    assert isinstance(found, Reject)
    assert found.message.startswith(told)
    assert not any(word in f"{found.reason} {found.message}" for word in ("row", "cell", "column"))


def test_who_gives_no_manifest_is_asked_for_one_of_fields(desk: Desk) -> None:
    with pytest.raises(UsageError, match="adapter jsonl wants a manifest that says what its fields mean: give one"):
        desk.load(desk.write("e.jsonl", "{}"), adapter="jsonl")


def test_what_is_ignored_is_so_with_all_inside() -> None:
    (person,) = of({"id": 1, "more": {"a": {"b": 1}, "c": []}, "x": 1}, said='ignore = ["more", "x"]')
    assert isinstance(person, Record)
    (found,) = of({"id": 1, "moreover": 1}, said='ignore = ["more"]')
    assert isinstance(found, Reject)


@pytest.mark.parametrize("nothing", [None, {}, [], [None], " "])
def test_where_values_could_be_inside_there_may_be_nothing(nothing: object) -> None:
    (person,) = of({"id": 1, "person": nothing, "reports": nothing})
    assert isinstance(person, Record)
    assert person.properties == {}
    (found,) = of({"id": 1, "pers": nothing})
    assert isinstance(found, Reject)
    assert found.reason == "unknown key: pers"


_TEXT = st.sampled_from(["", " ", "a", " b ", "12", "Ж", "a|b", "true"])
_COLUMNS = ("id", "person.name", "person.last", "person.nick", "aka", "checked", "phone", "height", "reports.no")


@given(rows=st.lists(st.tuples(*[_TEXT] * len(_COLUMNS)), min_size=1, max_size=4))
def test_objects_of_texts_are_mapped_as_the_rows_of_a_table(rows: list[tuple[str, ...]]) -> None:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerows([_COLUMNS, *rows])
    lines = "\n".join(json.dumps(dict(zip(_COLUMNS, row, strict=True)), ensure_ascii=False) for row in rows)
    of_table = mapped(Memory("f:0", table.getvalue().encode()), "csv")
    of_lines = mapped(Memory("f:0", lines.encode()))
    # The header is a line more.
    assert [shown(each, 1) for each in of_table] == [shown(each, 0) for each in of_lines]


def shown(each: Record | Reject | Left, header: int) -> tuple[object, ...]:
    line = int(each.locator.rpartition(":")[2]) - header
    if isinstance(each, Record):
        return line, each.key(), each.properties, each.roles
    assert isinstance(each, Reject)
    return line, each.reason, each.message


def test_a_file_is_loaded_as_it_was_delivered(desk: Desk, tmp_path: Path) -> None:
    manifest = desk.write("m.toml", f'adapter = "jsonl"\ndataset = "d"\n[[files]]\npattern = "*"\n{RECORDS}')
    path = desk.write(
        "e.jsonl", '\ufeff{"id": 1, "person": {"name": "Ann"}}\n\n{"id": 2, "phone": [], "aka": null}\n{"id": []}\n'
    )
    report = desk.load(path, manifest=manifest)
    assert totals(report) == {"read": 3, "accepted": 2, "quarantined": 1}
    assert reasons(report) == {"empty id: person": 1}
    assert [each.locator for each in desk.view().quarantine()] == ["e.jsonl:4"]
    assert desk.view().search("Ann").total == 1


def test_a_unit_is_kept_under_the_marking_that_its_object_asks_for(desk: Desk) -> None:
    """If the marking can't be read: SECRET with everything that the unit mentions."""
    said = 'adapter = "jsonl"\nagency = "NKP"\ndataset = "d"\n[[files]]\npattern = "*"\nmarking_column = "meta.mark"\n'
    manifest = desk.write("m.toml", said + RECORDS)
    lines = ('{"id": [], "meta": {"mark": "OPEN//REL TRC"}}', '{"id": 1, "meta": {"mark": "COMP ALPHA?"}}')
    report = desk.load(desk.write("e.jsonl", "\n".join(lines)), manifest=manifest)
    assert reasons(report) == {"empty id: person": 1, "unknown marking: meta.mark": 1}
    found = {unit.reason: str(unit.marking) for unit in desk.view(compartments=frozenset({"ALPHA"})).quarantine()}
    assert found == {
        "empty id: person": "OPEN//REL TRC",
        "unknown marking: meta.mark": "SECRET//REL NKP//COMP ALPHA",
    }
