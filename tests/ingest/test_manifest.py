"""Manifests: a wrong name is an error at once, with its place and what to do."""

import re
from pathlib import Path

import pytest

from ingest.manifest import read_manifest, settle
from workbench.errors import InputError
from workbench.model.tie_types import RESERVED_TIE_TYPES

_DOCS = Path(__file__).parent.parent.parent / "docs" / "manifest.md"

RECORD = '[[files]]\npattern = "*"\n[[files.records]]\nname = "p"\n'
FAMILY = RECORD + 'schema = "Family"\nroles = { relative = { id = "{a}" } }\n'
KNOWS = '[types.A]\nschema = "Associate"\nsource = "person"\ntarget = "associate"\n'
PERSON = RECORD + 'schema = "Person"\nid = "{a}"\n'
JOINING = ("date", "country", "language", "gender", "topic", "mimetype", "number", "strict")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = [", "is not TOML"),
        ('agenci = "NKP"', "m.toml: no key 'agenci' here: did you mean agency[?] known are adapter, agency, "),
        ("files = 5", r"files: must be a list$"),
        ('files = ["a"]', r"files\[0\]: must be a table$"),
        ("agency = 5", "agency: must be a text$"),
        ('agency = "A"\n[[files]]\ncomplete = true', r"files\[0\].pattern: is missing: give it$"),
        ('[[files]]\npattern = ""', r"files\[0\].pattern: must not be empty$"),
        ('[[files]]\npattern = "*"\ncomplete = "oui"', r"files\[0\].complete: must be true or false$"),
        ('[[files]]\npattern = "*"\nline_breaks = "x"', r"files\[0\].line_breaks: must be a whole number$"),
        ('basis = "fct"', "basis: must be one of 'fact', 'assessment' or 'inference'$"),
        ('basis = { colum = "a" }', "basis: no key 'colum' here: did you mean column[?] known are column$"),
        ("basis = 5", "basis: must be a text or a table$"),
        ('[labels.A]\nschema = "Person"\nrest = "x"', "labels.A.rest: must be one of 'error' or 'description'$"),
        ('agency = "nkp"', "agency: 'nkp' is not the code of an agency"),
        ('marking = "TOP"', "marking: no level 'TOP'"),
        ('country = "xx"', "country: 'xx' is not a country"),
        ('timezone = "Europe/Atlantis"', "timezone: 'Europe/Atlantis' is not a time zone"),
        ('grade = { scheme = "6x6", value = "A1" }', "grade: no grading scheme '6x6'"),
        ('grade = { scheme = "4x4", value = "Z1" }', "grade: 'Z1' is not a grade of 4x4"),
        ('marking_column = "m"', "columns belong to files and records"),
        ('[markings]\nP = "SECRET//X"', r"markings.P: part 'X'"),
        ('[[files]]\npattern = "*"\nencoding = "klingon"', r"files\[0\].encoding: 'klingon' is not an encoding"),
        ('[[files]]\npattern = "*"\nencoding = "raw_unicode_escape"', r"is not an encoding"),
        ('[[files]]\npattern = "*"\nencoding = "rot13"', r"is not an encoding"),
        ('[[files]]\npattern = "*"\nencoding = "utf-7"', r"files\[0\].encoding: 'utf-7' is not an encoding"),
        ('[[files]]\npattern = "*"\ndelimiter = "||"', r"files\[0\].delimiter: '\|\|' is not a delimiter"),
        ('[[files]]\npattern = "*"\n[[files]]\npattern = "*"', r"two \[\[files\]\] have the same pattern"),
        (RECORD + 'schema = "Persn"\nid = "{a}"', r"files\[0\].records\[0\].schema: no schema 'Persn': did you"),
        (RECORD + 'schema = "Thing"\nid = "{a}"', "Thing is abstract, .* of its kind, such as Address"),
        (RECORD + 'schema = "Person"', r"records\[0\]: record 'p' is about an entity \(Person\): it wants an id"),
        (RECORD + 'schema = "Family"\nid = "{a}"', "it wants roles"),
        (RECORD + 'schema = "Person"\nid = "a"', "'a' is not a template"),
        (RECORD + 'schema = "Person"\nid = "{a}{b"', "is not a template"),
        (RECORD + 'schema = "Person"\nid = "{a|fone}"', "no type 'fone'"),
        *((RECORD + f'schema = "Person"\nid = "{{b}}:{{a|{each}}}"', f"'{each}' in .* value") for each in JOINING),
        (
            RECORD + 'schema = "Family"\nroles = { person = { id = "{a|date}" } }',
            r"roles.person\[0\].id\[0\]: 'date' in '{a\|date}' would give different values one id",
        ),
        (PERSON + 'when = { column = "b", equals = ["x", " "] }', "a cell of white space is empty, and equals nothing"),
        (PERSON + 'properties = { nam = "b" }', "Person has no property 'nam': did you mean name"),
        (PERSON + 'properties = { zzqqj = "b" }', "Person has no property 'zzqqj': see `workbench schemata`$"),
        (PERSON + 'properties = { parent = "b" }', "Person.parent is a role"),
        (PERSON + 'roles = { spouse = "b" }', "Person has no role 'spouse': known are"),
        (PERSON + 'properties = { name = { format = "%Y", column = "b" } }', "is no date"),
        (PERSON + 'properties = { name = { template = "{b|name}" } }', "has a type: types are for ids"),
        (PERSON + 'properties = { name = { } }', "give one of column, first, template"),
        (PERSON + 'properties = { birthDate = { column = "b", format = "%d/%m" } }', "is not a date format"),
        (PERSON + 'properties = { birthDate = { column = "b", format = "%d/%m/%y" } }', "first_year"),
        (PERSON + 'properties = { birthDate = { column = "b", format = "%Y-%m-%d %I:%M" } }', "write an hour as"),
        (PERSON + 'properties = { birthDate = { column = "b", format = "%Y-%m-%d %H:%M %p" } }', "write an hour as"),
        (RECORD + 'schema = "Family"\nroles = { person = "q" }', "no record about an entity is named 'q'"),
        (RECORD + 'schema = "Family"\nroles = { person = { id = "{a}{b}", split = "," } }', "one column in it"),
        ('[labels.A]\nschema = "Family"', r"labels.A: Family is no schema of things"),
        ('[types.A]\nschema = "Person"\nsource = "a"\ntarget = "b"', r"types.A: Person is no relationship"),
        ('[types.A]\nschema = "Family"\nsource = "a"\ntarget = "b"', r"types.A: Family has no role 'a'"),
        (KNOWS + 'type = "knows"', r"types.A.type: 'knows' is not a relationship type: write a capital A-Z"),
        (KNOWS + 'type = "SAME"', r"types.A.type: type 'SAME' is the store's own, as are DIFFERENT, PAST"),
        ('[labels.A]\nschema = "Person"\ntype = "A"', "labels.A: no key 'type' here: known are ignore, properties"),
        (PERSON + 'type = "IS"', r"records\[0\]: record 'p' has the type IS, which wants a relationship's schema"),
        (FAMILY + 'type = "A-B"', r"records\[0\].type: 'A-B' is not a relationship type"),
        (FAMILY + 'type = "KIN_OF"', "has the type KIN_OF, which wants the roles person and relative: not Family"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_manifest(path)
    assert re.search(message, caught.value.message)
    assert str(path) in caught.value.message
    assert caught.value.field == "manifest"


def test_the_examples_of_the_docs_are_manifests(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", _DOCS.read_text("utf-8"), re.DOTALL)
    assert len(blocks) > 1
    for block in blocks:
        path = tmp_path / "m.toml"
        path.write_text(block, "utf-8")
        assert read_manifest(path).adapter


def test_the_docs_name_the_types_of_the_store() -> None:
    assert all(f"`{name}`" in _DOCS.read_text("utf-8") for name in RESERVED_TIE_TYPES)


def test_a_load_without_a_manifest_is_secret_and_for_its_agency_only() -> None:
    settled = settle(None, "-")
    assert (settled.agency, str(settled.marking), settled.dataset) == ("LOCAL", "SECRET//REL LOCAL", None)
    assert str(settle(None, "-", agency="NKP", marking="open").marking) == "OPEN//REL NKP"


def test_the_manifests_marking_comes_before_the_option(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('agency = "NKP"\ndataset = "d"\nmarking = "RESTRICTED"\n', "utf-8")
    spec = read_manifest(path)
    settled = settle(spec, "m.toml", marking="OPEN", dataset="other")
    assert str(settled.marking) == "RESTRICTED//REL NKP"
    assert (settled.source.agency, settled.source.name) == ("NKP", "other")
