"""What the language has for formats of phones and threats: common names, dates of a file, seconds, types, markings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.manifest import ManifestSpec, read_manifest, settle
from ingest.mapping.numbers import seconds
from ingest.shapes import Reject
from tests.ingest.desk import Desk, totals
from tests.ingest.reading import read_object, read_text, records, values
from workbench.errors import FileRefused, InputError
from workbench.model.marking import is_weaker, parse_marking
from workbench.model.record import Record
from workbench.model.tie_types import type_of_text

PERSON = '[[files.records]]\nname = "p"\nschema = "Person"\nid = "{id}"\nproperties = { name = "who" }\n'
LINK = """
[[files.records]]
name = "l"
schema = "UnknownLink"
type_column = "kind"
roles = { subject = { id = "{a}" }, object = { id = "{b}" } }
"""
STRICT = """
marking = "RESTRICTED//REL LOCAL,KFIU"
ignore = ["code"]
[files.stricter]
column = "code"
[files.stricter.codes]
open = {}
Secret = { level = "SECRET" }
mine = { alone = true, handling = "H1" }
both = { compartments = ["X", "Y"], handling = ["H2", "H3"] }
"""


@pytest.mark.parametrize("header", ["Full Name", "FULL_NAME", "full-name", "fullname", "Name"])
def test_the_first_of_some_names_that_a_table_has_counts(header: str) -> None:
    said = '[files.values]\nwho = { named = ["full name", "name"] }\n' + PERSON
    (record,) = records(read_text("csv", f"id,{header}\n1,Ann\n", said))
    assert values(record)["name"] == ["Ann"]


def test_names_that_a_table_has_beside_are_no_values() -> None:
    said = '[files.values]\nwho = { named = ["full name", "name"] }\n' + PERSON
    with pytest.raises(FileRefused, match=r"nothing in m\.toml maps column 'name'"):
        read_text("csv", "id,name,Full name\n1,x,Ann\n", said)
    (record,) = records(read_text("csv", "id\n1\n", said))
    assert "name" not in record.properties


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("2026-03-01", "2026-03-01"), ("1.3.2026", "2026-03-01"), ("01.03.26", "2026-03-01"), ("2026-03", "2026-03")],
)
def test_dates_of_a_file_are_written_as_it_says_unless_a_value_says_otherwise(cell: str, expected: str) -> None:
    said = 'format = ["iso", "%d.%m.%Y", "%d.%m.%y"]\nfirst_year = 1930\n' + PERSON.replace(
        'name = "who"', 'birthDate = "d", deathDate = { column = "e", format = "%m/%d/%Y" }'
    )
    (record,) = records(read_text("csv", f"id,d,e\n1,{cell},03/01/2026\n", said))
    assert (values(record)["birthDate"], values(record)["deathDate"]) == ([expected], ["2026-03-01"])
    (reject,) = read_text("csv", "id,d,e\n1,,2026-03-01\n", said)
    assert isinstance(reject, Reject)


@given(st.integers(0, 9999), st.integers(0, 59), st.integers(0, 59))
def test_seconds_may_be_written_as_clocks_do(hours: int, minutes: int, rest: int) -> None:
    total = str((hours * 60 + minutes) * 60 + rest)
    assert seconds(f"{hours}:{minutes:02}:{rest:02}") == total
    assert seconds(f"PT{hours}H{minutes}M{rest}S") == total
    assert seconds(total) == total


@pytest.mark.parametrize("text", ["1:15", "1:75:00", "P1M", "P", "PT", "1h", ""])
def test_what_may_be_two_times_is_none(text: str) -> None:
    assert seconds(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("attributed-to", "ATTRIBUTED_TO"), (" Has Account ", "HAS_ACCOUNT"), ("2nd", ""), ("знает", ""), ("past", "")],
)
def test_a_type_of_a_tie_is_made_of_what_the_source_calls_it(text: str, expected: str) -> None:
    assert type_of_text(text) == expected
    (record,) = records(read_text("csv", f"a,b,kind\n1,2,{text}\n", LINK))
    assert record.tie_type == expected


@pytest.mark.parametrize(
    ("code", "marking"),
    [
        ("", "RESTRICTED//REL KFIU,LOCAL"),
        ("open", "RESTRICTED//REL KFIU,LOCAL"),
        ("SECRET", "SECRET//REL KFIU,LOCAL"),
        ("mine", "RESTRICTED//REL LOCAL//HC H1"),
        ("both", "RESTRICTED//REL KFIU,LOCAL//COMP X,Y//HC H2,H3"),
    ],
)
def test_a_code_makes_the_marking_stricter(code: str, marking: str) -> None:
    (record,) = records(read_text("csv", f"id,who,code\n1,Ann,{code}\n", STRICT + PERSON))
    assert str(record.marking) == marking


@given(st.lists(st.sampled_from(["open", "secret", "mine", "both"])))
def test_several_codes_demand_what_each_demands(codes: list[str]) -> None:
    (record,) = records(read_object({"id": "1", "who": "Ann", "code": codes}, STRICT + PERSON))
    each = [records(read_object({"id": "1", "who": "Ann", "code": one}, STRICT + PERSON))[0] for one in codes]
    assert not any(is_weaker(record.marking, one.marking) for one in each)


def test_a_code_that_is_not_foreseen_is_quarantined_and_a_star_foresees_all() -> None:
    (reject,) = read_text("csv", "id,who,code\n1,Ann,x\n", STRICT + PERSON)
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.marking) == ("unknown marking: code", None)
    (record,) = records(read_text("csv", "id,who,code\n1,Ann,x\n", f'{STRICT}"*" = {{ level = "SECRET" }}\n{PERSON}'))
    assert record.marking.level.name == "SECRET"


def test_a_unit_that_can_not_be_read_has_all_that_a_code_may_demand(desk: Desk) -> None:
    text = '[[files]]\npattern = "*"\n' + STRICT + PERSON
    how = desk.write("m/m.toml", f'adapter = "csv"\nagency = "LOCAL"\ndataset = "d"\n{text}')
    report = desk.load(desk.write("t.csv", "id,who,code\n1\n2,Bo,x\n"), manifest=how)
    assert totals(report) == {"read": 2, "quarantined": 2}
    assert desk.view("KFIU", compartments=frozenset("XY")).quarantine() == ()
    assert len(desk.view("LOCAL", compartments=frozenset("XY")).quarantine()) == 2
    assert desk.view("LOCAL").quarantine() == ()


def test_a_record_may_have_codes_of_its_own() -> None:
    own = 'stricter = { column = "code", codes = { mine = { level = "SECRET" } } }\n'
    said = 'marking = "OPEN//REL LOCAL"\n' + PERSON.replace('id = "{id}"\n', f'id = "{{id}}"\n{own}')
    (record,) = [e for e in read_text("csv", "id,who,code\n1,Ann,mine\n", said) if isinstance(e, Record)]
    assert record.marking == parse_marking("SECRET//REL LOCAL")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('[[files]]\npattern = "*"\nstricter = { column = "m", codes = {} }', "at least 1"),
        (
            '[[files]]\npattern = "*"\nstricter = { column = "m", codes = { a = { level = "TOP" } } }',
            "must be one of 'OPEN'",
        ),
        (
            '[[files]]\npattern = "*"\nstricter = { column = "m", codes = { a = { handling = "h h" } } }',
            "code 'H H' in marking",
        ),
        ('stricter = { column = "m", codes = { a = {} } }', "columns belong to files and records"),
        ('[[files]]\npattern = "*"\nformat = "%d.%m.%y"', "two-digit years need `first_year`"),
        (
            '[[files]]\npattern = "*"\n' + PERSON.replace('"who"', '{ column = "a", seconds = true }'),
            "it has no `seconds`",
        ),
        (
            '[[files]]\npattern = "*"\n' + PERSON.replace('"who"', '{ named = ["a"] }'),
            r"`named` is for \[files.values\]",
        ),
        ('[[files]]\npattern = "*"\n[files.values]\nx = { named = [] }', "at least 1"),
        ('[[files]]\npattern = "*"' + LINK.replace("type_column", 'type = "A"\ntype_column'), "keep one"),
        (
            '[[files]]\npattern = "*"' + LINK.replace(', object = { id = "{b}" }', ""),
            "wants the roles subject and object",
        ),
    ],
)
def test_mistakes_are_told_where_they_are(said: str, message: str, desk: Desk) -> None:
    with pytest.raises(InputError, match=message):
        read_manifest(desk.write("m.toml", said))


def test_a_manifest_without_an_adapter_of_its_own_mapping_has_any_values() -> None:
    spec = ManifestSpec.model_validate({"files": [{"pattern": "*", "values": {"x": {"column": "y"}}}]})
    assert settle(spec, "m.toml").written("t").values["x"].column == "y"
