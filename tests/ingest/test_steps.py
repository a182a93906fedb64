"""The steps from a cell to values: lists, pieces, patterns, maps, numbers, dates that are counted."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.manifest import read_manifest
from ingest.mapping.numbers import number
from ingest.shapes import Reject
from tests.ingest.reading import read_text, records, values
from workbench.errors import FileRefused, InputError
from workbench.model.record import Value

PERSON = '[[files.records]]\nname = "p"\nschema = "Person"\nid = "p:{id}"\n'


def said(cell: str, prop: str, how: str, extra: str = "") -> tuple[Value, ...]:
    """The values of a property of a person, from a cell."""
    table = 'id;x\n1;"' + cell.replace('"', '""') + '"\n'
    (record,) = records(
        read_text(
            "csv",
            table,
            f'delimiter = ";"\n{extra}{PERSON}properties = {{ {prop} = {{ column = "x"{", " if how else ""}{how} }} }}',
        )
    )
    return record.properties.get(prop, ())


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,a,b,c", "x: a, b (c)"),
        ("1,a,,c", "x: a (c)"),
        ("1,,b,c", "x: , b (c)"),
        ("1,a,,", "x: a ()"),
        ("1,,,", None),
    ],
)
def test_an_empty_cell_is_left_out_with_what_separates_it(row: str, expected: str | None) -> None:
    how = f'{PERSON}properties = {{ notes = {{ template = "x: {{a}}, {{b}} ({{c}})" }} }}'
    (record,) = records(read_text("csv", f"id,a,b,c\n{row}\n", how))
    assert values(record).get("notes", [None]) == [expected]


def test_a_map_of_nothing_keeps_what_is_written() -> None:
    assert said("circa 1957", "birthDate", "map = {}") == (Value(None, "circa 1957"),)


@pytest.mark.parametrize(
    ("cell", "how", "expected"),
    [
        ("Ann | Bo|", 'split = "|"', ["Ann", "Bo"]),
        ("Ann; Bo / Cy", r"split = { pattern = '\s*[;/]\s*' }", ["Ann", "Bo", "Cy"]),
        ('["Ann", "Bo", null, 7, true]', 'list = "json"', ["Ann", "Bo", "7", "true"]),
        ("Ann, Bo, Cy", 'split = ",", item = 2', ["Bo"]),
        ("Ann, Bo, Cy", 'split = ",", item = -1', ["Cy"]),
        ("Ann", 'split = ",", item = 2', []),
        ("alias Ann; alias Bo; x", "take = 'alias (\\w+)'", ["Ann", "Bo"]),
        ("Ann 5, Bo 6", r"take = '[A-Z]\w+'", ["Ann", "Bo"]),
        ("nothing", "take = 'alias (\\w+)'", []),
        ("'Ann'", 'strip = "\'"', ["Ann"]),
        ("A|B|C", 'split = "|", map = { a = "Ann", B = "Bo", "*" = "" }', ["Ann", "Bo"]),
        ("A|B", 'split = "|", map = { A = "Ann", "*" = "*" }', ["Ann", "B"]),
    ],
)
def test_steps_make_texts_of_a_cell(cell: str, how: str, expected: list[str]) -> None:
    assert [each.value for each in said(cell, "alias", how)] == expected


def test_what_a_map_does_not_know_is_kept_uncleaned() -> None:
    assert said("Ж|К|?", "gender", 'split = "|", map = { "ж" = "female", "М" = "male" }') == (
        Value("female", "Ж"),
        Value(None, "К"),
        Value(None, "?"),
    )


def test_case_counts_in_a_map_where_two_keys_differ_by_it() -> None:
    how = 'split = "|", map = { a = "one", A = "two" }'
    assert [each.value for each in said("a|A", "alias", how)] == ["one", "two"]


@pytest.mark.parametrize(
    ("cell", "how", "expected"),
    [
        ("1.234,56", 'decimal = ",", thousands = "."', "1234.56"),
        ("1234,5", 'decimal = ","', "1234.5"),
        ("1 234", 'thousands = " "', "1234"),
        ("1\u202f234\u00a0567", 'thousands = " "', "1234567"),
        ("12,34,567.5", 'thousands = ","', "1234567.5"),
        ("-0.50", 'decimal = "."', "-0.50"),
        ("\u22121", 'decimal = "."', "-1"),
        ("١٢٫٥", 'decimal = "٫"', "12.5"),
        ("EUR 5,50 / USD 7", r"take = 'EUR ([\d,]+)', decimal = ','", "5.50"),
        ("1.234,56", 'decimal = "."', None),
        ("1,2345", 'thousands = ","', None),
        ("abc", 'decimal = "."', None),
        ("1,234", 'decimal = "."', None),
        ("NaN", 'decimal = "."', None),
    ],
)
def test_numbers_are_read_as_declared(cell: str, how: str, expected: str | None) -> None:
    (value,) = said(cell, "height", how)
    assert value.value == expected


def test_a_file_says_how_all_its_numbers_are_written() -> None:
    assert said("1.234,5", "height", 'country = "de"', 'decimal = ","\nthousands = "."\n')[0].value == "1234.5"


@given(st.integers(-(10**12), 10**12), st.integers(0, 999))
def test_a_grouped_number_is_its_plain_one(whole: int, part: int) -> None:
    grouped = f"{whole:,}".replace(",", ".") + f",{part:03}"
    assert number("amount", grouped, ",", ".") == f"{whole}.{part:03}"
    assert number("amount", f"{whole}.{part:03}") == f"{whole}.{part:03}"


@pytest.mark.parametrize(
    ("text", "ok"), [("52.37", True), ("-90", True), ("90.1", False), ("52,37", False), ("", False)]
)
def test_coordinates_are_checked(text: str, *, ok: bool) -> None:
    assert (number("latitude", text) is not None) == ok


@pytest.mark.parametrize("text", ['["082350"', "{}", "'12'", "???", "<a>"])
def test_no_identifier_is_a_piece_of_something_else(text: str) -> None:
    assert said(text, "idNumber", 'country = "nl"') == (Value(None, text),)


@pytest.mark.parametrize(
    ("cell", "how", "expected"),
    [
        ("1700000000", 'format = "epoch"', "2023-11-14T22:13:20"),
        ("1700000000000", 'format = "epoch ms"', "2023-11-14T22:13:20"),
        ("-1", 'format = "epoch"', "1969-12-31T23:59:59"),
        ("45383", 'format = "excel"', "2024-04-01"),
        ("45383.5", 'format = "excel"', "2024-04-01T12:00:00"),
        ("43921", 'format = "excel 1904"', "2024-04-01"),
        ("2024-04-01T23:30:00+02:00", 'precision = "day"', "2024-04-01"),
        ("2024-04-01-04:00", "", "2024-04-01"),
        ("2024-04-01Z", "", "2024-04-01"),
        ("01.04.2024 23:30", 'format = "%d.%m.%Y %H:%M", precision = "month"', "2024-04"),
    ],
)
def test_dates_that_are_counted_or_cut(cell: str, how: str, expected: str) -> None:
    assert [each.value for each in said(cell, "modifiedAt", how)] == [expected]


@pytest.mark.parametrize(
    ("cell", "form"), [("12", "excel"), ("abc", "epoch"), ("1e5", "epoch"), ("", "excel"), ("9" * 18, "epoch")]
)
def test_a_count_that_is_none_is_a_reject(cell: str, form: str) -> None:
    found = read_text(
        "csv", f"id,x\n1,{cell}\n", f'{PERSON}properties = {{ modifiedAt = {{ column = "x", format = "{form}" }} }}'
    )
    assert isinstance(found[0], Reject) == bool(cell)


def test_a_list_that_is_none_is_a_reject() -> None:
    for cell in ("Ann", '"[1"', "{}", '"[[1]]"'):
        found = read_text(
            "csv", f"id,x\n1,{cell}\n", PERSON + 'properties = { alias = { column = "x", list = "json" } }'
        )
        assert [isinstance(each, Reject) and each.reason for each in found] == ["no list: x"]


def test_values_with_a_name_are_columns() -> None:
    table = "id,x\n1,tel 088 1 mail a@b.bg\n2,none\n"
    how = f"""
    [files.values]
    number = {{ column = "x", take = 'tel ([\\d ]+)' }}
    mail = {{ column = "x", take = '\\S+@\\S+' }}
    kind = {{ value = "seen" }}
    {PERSON}
    properties = {{ phone = "number", notes = "kind" }}
    [[files.records]]
    name = "mail"
    schema = "EmailAddress"
    id = "m:{{mail}}"
    when = "mail"
    properties = {{ mailbox = "mail" }}
    """
    one, mail, two = records(read_text("csv", table, how))
    assert values(one) == {"phone": [], "notes": ["seen"]}
    assert one.properties["phone"] == (Value(None, "088 1"),)
    assert (mail.source_id, values(mail)) == ("m:a@b.bg", {"mailbox": ["a@b.bg"]})
    assert values(two) == {"notes": ["seen"]}


def test_columns_are_named_in_tables_with_a_header_alone() -> None:
    said = """[files.values]
who = { named = ["nm"] }
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "who" }
"""
    (person,) = records(read_text("csv", "id,NM\n1,Ann\n", said))
    assert values(person) == {"name": ["Ann"]}
    with pytest.raises(FileRefused, match="'who' is made of `named` columns, and this has no header"):
        read_text("jsonl", '{"id": "1", "nm": "Ann"}\n', said)


def test_a_named_value_of_several_texts_is_no_id() -> None:
    how = f'[files.values]\nx2 = {{ column = "x", split = "|" }}\n{PERSON.replace("{id}", "{x2}")}'
    one, two = read_text("csv", "id,x\n1,a\n2,a|b\n", f'ignore = ["id"]\n{how}')
    assert not isinstance(one, Reject)
    assert isinstance(two, Reject)
    assert two.reason == "several values: x2"


def test_the_first_id_that_is_filled_counts() -> None:
    how = """
    [[files.records]]
    name = "a"
    schema = "BankAccount"
    id = ["iban:{iban|iban}", "bank:{bank}/{number}"]
    """
    table = "iban,bank,number\nNL26 VAYB 8060 4768 90,,\n,B,7\nNL26VAYB8060476890,B,7\n,B,\n,,\n"
    one, two, three, half, none = read_text("csv", table, how)
    assert [each.source_id for each in records([one, two, three])] == [
        "iban:NL26VAYB8060476890",
        "bank:B/7",
        "iban:NL26VAYB8060476890",
    ]
    assert isinstance(half, Reject)
    assert half.reason.startswith("half an id")
    assert isinstance(none, Reject)
    assert none.reason == "empty id: a"


def test_conditions_are_joined_and_denied() -> None:
    how = PERSON + "when = [{ column = 'x', matches = '^[AB]' }, { not = { column = 'y', equals = 'no' } }]\n"
    how += 'otherwise = "nothing"\n'
    table = "id,x,y\n1,A,\n2,A,no\n3,C,yes\n4,B,yes\n"
    assert [getattr(each, "source_id", "") for each in read_text("csv", table, how)] == ["p:1", "", "", "p:4"]
    either = PERSON + "when = { any = ['x', { column = 'y', equals = ['1', '2'] }] }\notherwise = 'nothing'\n"
    table = "id,x,y\n1,A,\n2,,3\n3,,2\n"
    assert [getattr(each, "source_id", "") for each in read_text("csv", table, either)] == ["p:1", "", "p:3"]


def test_a_map_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "sex.csv").write_text("m,male\nf,female\n", "utf-8")
    (tmp_path / "sex.toml").write_text('m = "male"\nf = "female"\n', "utf-8")
    for name in ("sex.csv", "sex.toml"):
        text = f'[[files]]\npattern = "*"\n{PERSON}properties = {{ gender = {{ column = "x", map = "{name}" }} }}'
        path = tmp_path / "m.toml"
        path.write_text(text, "utf-8")
        (spec,) = read_manifest(path).files[0].records[0].properties["gender"]
        assert spec.map == {"m": "male", "f": "female"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        ("a\n", "row 1 has 1 cells"),
        ("a,b\nA,c\na,d\n", "row 3: 'a' stands twice"),
        ("", "maps 0 texts"),
    ],
)
def test_a_map_that_can_not_be_read_is_told(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "x.csv").write_text(content, "utf-8")
    path = tmp_path / "m.toml"
    path.write_text(f'[[files]]\npattern = "*"\n{PERSON}properties = {{ gender = {{ column = "x", map = "x.csv" }} }}')
    with pytest.raises(InputError, match=message):
        read_manifest(path)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(
        """
        contry = "nl"
        [[files]]
        pattern = "*"
        timezone = "Mars"
        [[files.records]]
        name = "p"
        schema = "Person"
        id = "{id}"
        properties = { nme = "a", birthDate = { column = "b", formt = "%Y" }, height = { column = "c", take = "(" } }
        """,
        "utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_manifest(path)
    told: list[Any] = caught.value.message.split("\n- ")
    assert told[0].endswith("4 mistakes:") or told[0].endswith("5 mistakes:")
    assert "no key 'contry' here: did you mean country?" in caught.value.message
    assert "files[0].timezone: 'Mars' is not a time zone" in caught.value.message
    assert "birthDate[0]: no key 'formt' here: did you mean format?" in caught.value.message
    assert "height[0].take: '(' is no regular expression" in caught.value.message
