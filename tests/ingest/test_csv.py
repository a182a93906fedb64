"""The `csv` adapter: the effect of each part of a manifest on rows."""

from pathlib import Path

import pytest

from ingest.formats import ADAPTERS
from ingest.manifest import Manifest, read_manifest, settle
from ingest.mapping import read as mapped
from ingest.shapes import Reject
from tests.ingest.desk import Desk
from workbench.errors import FileRefused
from workbench.model.record import Basis, Record, Role, Value

PERSON = """
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
[files.records.properties]
name = "name"
"""

INCIDENT = """
[[files.records]]
name = "incident"
schema = "Incident"
id = "{id}"
properties = { name = "name", date = "at" }
"""


@pytest.fixture
def read(tmp_path: Path) -> "Reader":
    return Reader(tmp_path)


class Reader:
    """Reads a table under a manifest, without a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def manifest(self, files: str, top: str = "") -> Manifest:
        path = self.folder / "manifest.toml"
        path.write_text(f'adapter = "csv"\nagency = "NKP"\n{top}\n[[files]]\npattern = "*.csv"\n{files}', "utf-8")
        return settle(read_manifest(path), str(path)).within("d")

    def __call__(self, table: str | bytes, files: str, top: str = "", name: str = "t.csv") -> list[Record | Reject]:
        path = self.folder / name
        path.write_bytes(table.encode() if isinstance(table, str) else table)
        return list(mapped(ADAPTERS["csv"], path, self.manifest(files, top)))


def only(found: list[Record | Reject]) -> Record:
    (record,) = found
    assert isinstance(record, Record), record
    return record


def records(found: list[Record | Reject]) -> list[Record]:
    assert all(isinstance(each, Record) for each in found), found
    return [each for each in found if isinstance(each, Record)]


def rejects(found: list[Record | Reject]) -> list[str]:
    """The reasons of the rejects, in order."""
    return [each.reason for each in found if isinstance(each, Reject)]


def values(record: Record) -> dict[str, list[str | None]]:
    return {name: [value.value for value in found] for name, found in record.properties.items()}


def test_a_row_becomes_a_record_with_its_place(read: Reader) -> None:
    record = only(read("id,name\n\n7,Ann\n", PERSON))
    assert (record.schema, record.source_id, record.locator) == ("Person", "7", "t.csv:3")
    assert (record.dataset.agency, record.dataset.name) == ("NKP", "d")
    assert record.properties == {"name": (Value("Ann", "Ann"),)}
    assert str(record.marking) == "SECRET//REL NKP"
    assert (record.basis, record.grade, record.part) == (Basis.FACT, None, "*.csv:person")


def test_lines_are_those_of_the_file_where_cells_have_several(read: Reader) -> None:
    found = read('id,name\n1,"Ann\nLee"\n2,Bob\n', PERSON)
    assert [each.locator for each in found] == ["t.csv:2", "t.csv:4"]


@pytest.mark.parametrize("text", ['""Ann""', '""', '""Ann""\nLee', 'A""\n""""B'])
def test_quotes_may_stand_where_a_line_of_a_cell_begins(read: Reader, text: str) -> None:
    record = only(read(f'id,name\n1,"Miss\n{text}"\n', f"line_breaks = 2\n{PERSON}"))
    assert record.properties["name"][0].original == "Miss\n" + text.replace('""', '"')


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending(read: Reader, ending: str) -> None:
    found = read(ending.join(["id,name", "1,Ann", "2,Bob"]), PERSON)
    assert [each.locator for each in found] == ["t.csv:2", "t.csv:3"]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-8-sig", b"\xef\xbb\xbf"),
        ("windows-1251", b""),
        ("utf-16", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\0\0"),
        ("koi8-r", b""),
        ("gb18030", b""),
    ],
)
def test_encodings(read: Reader, encoding: str, mark: bytes) -> None:
    codec = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    table = mark + "id;name\n1;Иван\n".encode(codec)
    record = only(read(table, f'encoding = "{encoding}"\ndelimiter = ";"\n{PERSON}'))
    assert values(record) == {"name": ["Иван"]}


def test_text_that_looks_like_something_else_stays_text(read: Reader) -> None:
    mapping = """
    [[files.records]]
    name = "account"
    schema = "BankAccount"
    id = "{number}"
    properties = { accountNumber = "number", name = "name", bankName = "bank" }
    """
    record = only(read("number,name,bank\n00123,NA,1e5\n", mapping))
    assert values(record) == {"accountNumber": ["00123"], "name": ["NA"], "bankName": ["1e5"]}
    assert record.source_id == "00123"


def test_phones_want_a_country_for_national_numbers(read: Reader) -> None:
    mapping = """
    country = "nl"
    [[files.records]]
    name = "phone"
    schema = "Phone"
    id = "phone:{tel|phone}"
    properties = { number = ["tel", { column = "other", country = "ma" }] }
    """
    table = "tel,other\n06 12345678,0612345678\n+31612345678,\n12,\n"
    national, foreign, none = records(read(table, mapping))
    assert values(national) == {"number": ["+31612345678", "+212612345678"]}
    assert national.source_id == foreign.source_id == "phone:+31612345678"
    assert values(none) == {"number": [None]}
    assert none.properties["number"][0].original == none.source_id.removeprefix("phone:") == "12"


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("31.12.2025", "%d.%m.%Y", "2025-12-31"),
        ("03/2019", "%m/%Y", "2019-03"),
        ("2019", "%Y", "2019"),
        ("05.01.26", "%d.%m.%y", "2026-01-05"),
        ("05.01.30", "%d.%m.%y", "1930-01-05"),
        ("2026-01-05 23:30", "%Y-%m-%d %H:%M", "2026-01-05T22:30"),
        ("2026-07-05T23:30:05+0100", "%Y-%m-%dT%H:%M:%S%z", "2026-07-05T22:30:05"),
    ],
)
def test_dates_of_a_declared_format(read: Reader, text: str, form: str, value: str) -> None:
    mapping = f"""
    timezone = "Europe/Amsterdam"
    [[files.records]]
    name = "event"
    schema = "Incident"
    id = "1"
    properties = {{ date = {{ column = "at", format = "{form}", first_year = 1927 }} }}
    """.replace('id = "1"', 'id = "e{at}"')
    record = only(read(f"at\n{text}\n", mapping))
    assert record.properties["date"] == (Value(value, text),)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019", "2019"),
        ("2019-03", "2019-03"),
        ("2019-03-05", "2019-03-05"),
        ("2019-03-05T10:00:00.000Z", "2019-03-05T10:00:00"),
        ("2019-03-05T10:00+02:00", "2019-03-05T08:00"),
        ("31/02/2021", None),
        ("03/04/2021", None),
        ("2021/04/03", None),
        ("2021-02-30", None),
        ("20210403", None),
        ("about 1990", None),
        ("0001-01-01T00:00+14:00", None),
    ],
)
def test_dates_without_a_format_are_iso_or_nothing(read: Reader, text: str, value: str | None) -> None:
    (found,) = read(f"id,name,at\n1,Ann,{text}\n", INCIDENT)
    if value is None:
        assert isinstance(found, Reject)
        assert found.reason == "date without a format: at"
        assert found.raw == f"1,Ann,{text}\n".encode()
    else:
        assert isinstance(found, Record)
        assert found.properties["date"] == (Value(value, text),)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1980-01-01 00:00:00", None),
        ("1980-01-01T00:00:00+02:00", None),
        ("1980-01-01T23:00:00Z", None),
        ("01/01/1980 00:00", "%d/%m/%Y %H:%M"),
    ],
)
def test_a_birth_date_is_never_shifted(read: Reader, text: str, form: str | None) -> None:
    born = f'birthDate = {{ column = "dob"{f", format = {form!r}" if form else ""} }}'
    record = only(read(f"id,name,dob\n1,Ann,{text}\n", f'timezone = "Europe/Amsterdam"\n{PERSON}{born}\n'))
    assert record.properties["birthDate"] == (Value("1980-01-01", text),)


def test_values_from_several_places(read: Reader) -> None:
    mapping = """
    [[files.records]]
    name = "person"
    schema = "Person"
    id = "{id}"
    [files.records.properties]
    name = ["full", { template = "{first} {last}" }]
    alias = { column = "aka", split = "|" }
    nationality = { value = "bg" }
    """
    record = only(read("id,full,first,last,aka\n1,Ann Lee, Ann ,,A| |B|A\n", mapping))
    assert values(record) == {"name": ["Ann Lee", "Ann"], "alias": ["A", "B"], "nationality": ["bg"]}


@pytest.mark.parametrize(("spec", "place"), [("month", "month"), ('{ template = "{day} {month}" }', "{day} {month}")])
def test_a_value_that_cant_be_read_is_told_with_its_place(read: Reader, spec: str, place: str) -> None:
    mapping = f"""
    ignore = ["day", "month"]
    [[files.records]]
    name = "person"
    schema = "Person"
    id = "{{id}}"
    properties = {{ birthDate = {spec if spec.startswith("{") else repr(spec)} }}
    """
    assert rejects(read("id,day,month\n1,31,June\n", mapping)) == [f"date without a format: {place}"]


CALLS = """
[[files.records]]
name = "caller"
schema = "Phone"
id = "{a}"
when = "a"
properties = { number = "a" }
[[files.records]]
name = "receiver"
schema = "Phone"
id = "{b}"
when = { column = "kind", equals = ["call", "sms"] }
properties = { number = "b" }
[[files.records]]
name = "call"
schema = "Call"
properties = { callType = "kind" }
roles = { caller = "caller", receiver = "receiver", proof = { id = "report:{reports}", split = "," } }
"""


def test_roles_are_records_of_the_row_or_ids_of_the_dataset(read: Reader) -> None:
    found = read('a,b,kind,reports\nx,y,call,"1, 2"\nx,y,data,\n', CALLS)
    assert [(each.schema, each.locator) for each in found if isinstance(each, Record)] == [
        ("Phone", "t.csv:2"),
        ("Phone", "t.csv:2"),
        ("Call", "t.csv:2"),
        ("Phone", "t.csv:3"),
        ("Call", "t.csv:3"),
    ]
    first, second = (each for each in found if isinstance(each, Record) and each.schema == "Call")
    assert first.roles == (
        Role("caller", "x"),
        Role("proof", "report:1"),
        Role("proof", "report:2"),
        Role("receiver", "y"),
    )
    assert second.roles == (Role("caller", "x"),)
    assert first.source_id == ""


def test_a_relationship_is_called_what_its_source_calls_it(read: Reader) -> None:
    lent = 'name = "{}"\nschema = "Holding"\nroles = {{ held = {{ id = "{{b}}" }}, holder = {{ id = "{{a}}" }} }}\n'
    files = f'[[files.records]]\n{lent.format("x")}[[files.records]]\n{lent.format("y")}type = "BORROWED"\n'
    plain, own = records(read("a,b\n1,2\n", files))
    assert (plain.tie_type, own.tie_type) == ("", "BORROWED")
    assert plain.arrow("holder", "held") == ("HOLDS", True)
    assert own.arrow("holder", "held") == ("BORROWED", True)


def test_a_row_without_any_record_is_no_unit_that_can_be_read(read: Reader) -> None:
    (found,) = read("a,b,kind,reports\n,,,\n", CALLS.replace('schema = "Call"', 'schema = "Call"\nwhen = "a"'))
    assert isinstance(found, Reject)
    assert found.reason == "empty unit"


def test_a_relationship_without_roles_puts_its_row_into_quarantine(read: Reader) -> None:
    found = read("a,b,kind,reports\n,,,\n,y,call,\n,y,data,\nx,,data,\n", CALLS)
    assert rejects(found) == ["no roles", "no roles"]
    assert [each.locator for each in found if isinstance(each, Record)] == ["t.csv:3"] * 2 + ["t.csv:5"] * 2
    reject = found[0]
    assert isinstance(reject, Reject)
    assert (
        reject.message
        == "this Call ties nobody: fill its caller and receiver, or in a manifest say `when` a row has one"
    )


def test_markings_come_from_the_innermost_that_says_one(read: Reader) -> None:
    top = 'marking = "RESTRICTED//REL NKP,TRC"\n[markings]\nP = "CONFIDENTIAL//REL NKP//HC H1"'
    found = read(
        "id,name,code\n1,Ann,P\n2,Bob,open//rel trc\n3,Cy,\n4,Di,Q\n", f'marking_column = "code"\n{PERSON}', top
    )
    first, second = records(found[:2])
    assert str(first.marking) == "CONFIDENTIAL//REL NKP//HC H1"
    assert str(second.marking) == "OPEN//REL TRC"
    assert rejects(found) == ["empty marking: code", "unknown marking: code"]
    own = 'marking = "OPEN//REL NKP"'
    assert str(only(read("id,name\n1,Ann\n", PERSON.replace("id =", f"{own}\nid ="), top)).marking) == "OPEN//REL NKP"
    assert str(only(read("id,name\n1,Ann\n", PERSON, top)).marking) == "RESTRICTED//REL NKP,TRC"


def test_grades_and_bases(read: Reader) -> None:
    table = "id,name,eval,kind\n1,Ann,B2,assessment\n2,Bob,,fact\n3,Cy,Z9,fact\n4,Di,B2,hearsay\n"
    mapping = f'grade = {{ scheme = "4x4", column = "eval" }}\nbasis = {{ column = "kind" }}\n{PERSON}'
    found = read(table, mapping)
    first, second = records(found[:2])
    assert (str(first.grade), first.basis) == ("B2 (4x4)", Basis.ASSESSMENT)
    assert (second.grade, second.basis) == (None, Basis.FACT)
    assert rejects(found) == ["unknown grade: eval", "unknown basis: kind"]
    constant = only(read("id,name\n1,Ann\n", f'grade = {{ scheme = "4x4", value = "X4" }}\n{PERSON}'))
    assert str(constant.grade) == "X4 (4x4)"


def test_an_id_wants_its_cells(read: Reader) -> None:
    (found,) = read("id,name\n,Ann\n", PERSON)
    assert isinstance(found, Reject)
    assert found.reason == "empty id: person"


def test_the_first_pattern_that_fits_counts(read: Reader) -> None:
    mapping = f'encoding = "latin-1"\n{PERSON}[[files]]\npattern = "t*"\n{PERSON}'
    assert values(only(read("id,name\n1,Zo\xeb\n".encode("latin-1"), mapping))) == {"name": ["Zoë"]}
    with pytest.raises(FileRefused, match=r"no \[\[files\]\] .* fits its name; it has '\*\.csv': add one"):
        read("id,name\n1,Ann\n", PERSON, name="t.txt"[1:])


def test_what_the_manifest_ignores_is_no_error(read: Reader) -> None:
    assert only(read("id,name,remarks\n1,Ann,x\n", f'ignore = ["remarks"]\n{PERSON}')).source_id == "1"


def test_columns_can_be_named_by_the_manifest(read: Reader) -> None:
    mapping = f'columns = ["id", "name", "second"]\nignore = ["second"]\n{PERSON}'
    assert only(read("Account,Name,Account\n1,Ann,2\n", mapping)).source_id == "1"
    (short,) = read("Account,Name,Account\n1,Ann\n", mapping)
    assert isinstance(short, Reject)
    assert short.message.startswith("2 cells under 3 headers")


def test_a_file_is_read_as_it_was_delivered(desk: Desk) -> None:
    """From the file to a value's line with its locator."""
    manifest = desk.write(
        "m.toml", f'adapter = "csv"\nagency = "NKP"\ndataset = "p"\n[[files]]\npattern = "*.csv"\n{PERSON}'
    )
    desk.load(desk.write("people.csv", "id,name\n1,Ann\n"), adapter="csv", manifest=manifest)
    (hit,) = desk.view().search("Ann").entities
    (line,) = desk.view().entity(hit.id).values
    assert (line.property, line.value, line.dataset, line.locator) == ("name", "Ann", "NKP/p", "people.csv:2")
