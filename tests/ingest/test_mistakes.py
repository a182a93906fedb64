"""Wrong manifests and commands: each message says what is wrong, where, and what to do, and nothing is made.

`test_manifest.py` has more of what can be wrong in a manifest.
"""

import re
from pathlib import Path

import pytest

from tests.ingest.test_cli import call

HEAD = '[[files]]\npattern = "*"\n'
PERSON = HEAD + '[[files.records]]\nname = "p"\nschema = "Person"\nid = "{id}"\n'
CALL = '[[files.records]]\nname = "c"\nschema = "Call"\n'

# What stands in the manifest, where the mistake is, and what the message says of it.
MANIFESTS = [
    ("[[files]]\nagency = x", "m.toml is not TOML", "line 2"),
    ('contry = "nl"', "no key 'contry' here", "did you mean country?"),
    (HEAD + "skip = -1", "files[0].skip", "greater than or equal to 0"),
    (HEAD + "header = false", "files[0]", "give `columns`"),
    (HEAD + 'heder = false\ncolumns = ["a"]', "files[0]: no key 'heder'", "did you mean header?"),
    (HEAD + "trailer = '('", "files[0].trailer", "no regular expression"),
    (HEAD + 'decimal = ",."', "files[0].decimal", "1 character"),
    (HEAD + 'decimal = ","\nthousands = ","', "files[0]", "can't be both the decimal sign and that of thousands"),
    (HEAD + "sheets = 1", "files[0].sheets", "must be a list"),
    (HEAD + 'units = "a"', "files[0].units", "must be a list"),
    (
        PERSON + 'properties = { height = { column = "h", format = "%Y" } }',
        "Person.height is no date",
        "has no `format`",
    ),
    (
        PERSON + 'properties = { birthDate = { column = "b", decimal = "," } }',
        "Person.birthDate is no number",
        "`decimal`",
    ),
    (PERSON + 'properties = { birthDate = { column = "b", format = "epok" } }', "'epok' is not a date format", "epoch"),
    (
        PERSON + 'properties = { birthDate = { column = "b", precision = "decade" } }',
        "precision",
        "must be one of 'year'",
    ),
    (
        PERSON + 'properties = { birthDate = { column = "b", format = "%d.%m.%y" } }',
        "birthDate[0]",
        "need `first_year`",
    ),
    (
        PERSON + 'properties = { gender = { column = "s", map = "no.csv" } }',
        "no.csv: No such file",
        "name a TOML or CSV file",
    ),
    (PERSON + 'properties = { gender = { column = "s", map = { m = 1 } } }', "gender[0].map.m", "must be a text"),
    (PERSON + "properties = { alias = { column = 'a', take = '(a)(b)' } }", "has several groups", "keep one pair"),
    (PERSON + "properties = { alias = { column = 'a', take = '[' } }", "alias[0].take", "write it in single quotes"),
    (PERSON + "properties = { alias = { column = 'a', item = 1 } }", "alias[0]", "say `split`, or `list`"),
    (PERSON + "properties = { alias = { column = 'a', split = ';', item = 0 } }", "item", "the first is 1"),
    (PERSON + "properties = { alias = { column = 'a', list = 'csv' } }", "alias[0].list", "must be one of 'json'"),
    (
        PERSON + "properties = { alias = { column = 'a', value = 'b' } }",
        "alias[0]",
        "give one of column",
    ),
    (PERSON + "properties = { nmae = 'a' }", "Person has no property 'nmae'", "did you mean name"),
    (PERSON + "properties = { parent = 'a' }", "has no property 'parent'|parent is a role", "roles|did you mean"),
    (PERSON + "roles = { spouse = 'p' }", "Person has no role 'spouse'", "known are"),
    (PERSON + 'rest = "birthDate"', "`rest` names a property of text", "such as notes"),
    (PERSON + 'rest = "nots"', "`rest` names a property of text", "such as notes"),
    (PERSON + 'otherwise = "nothing"', "record 'p' is in every row", "wants a `when`"),
    (PERSON + "when = {}", "when", "give one of column, all, any and not"),
    (PERSON + "when = []", "when", "give one of column, all, any and not"),
    (PERSON + 'when = { column = "a", equals = "x", matches = "y" }', "when", "give one of them beside it"),
    (PERSON + 'when = { equals = "x" }', "when", "give one of column"),
    (PERSON + 'when = { column = "a", equals = " " }', "when.equals", "a cell of white space is empty"),
    (PERSON + 'when = { colum = "a" }', "when: no key 'colum'", "did you mean column?"),
    (PERSON + 'when = { any = ["a", { not = {} }] }', "when.any[1].not", "give one of"),
    (PERSON.replace("{id}", "{.id}"), "'.id' is a column of an element", "say `each`"),
    (
        PERSON.replace('id = "{id}"', 'id = "{.no}"\neach = { groups = { nr = ["a"] } }'),
        "'.no' is none of the names",
        "nr",
    ),
    (PERSON + "each = {}", "each", "give a column, or groups of columns"),
    (PERSON + 'each = { groups = { a = ["x"], b = ["y", "z"] } }', "each", "needs as many columns"),
    (PERSON.replace('id = "{id}"\n', ""), "record 'p' is about an entity (Person)", "it wants an id"),
    (PERSON.replace("{id}", "id"), "'id' is not a template", "it needs {column}"),
    (PERSON.replace("{id}", "{id|fone}"), "no type 'fone' in '{id|fone}'", "one of email"),
    (PERSON.replace("Person", "Persn"), "Persn", "did you mean|Person"),
    (PERSON + CALL, "record 'c' is a relationship (Call)", "it wants roles"),
    (PERSON + CALL + 'roles = { caller = "q", receiver = "p" }', "no record about an entity is named 'q'", "files[0]"),
    (PERSON + CALL + 'roles = { caller = { id = "a" } }', "'a' is not a template", "it needs {column}"),
    (
        PERSON + CALL + 'roles = { caller = { id = "{a}{b}", take = "x" } }',
        "`take` wants an id",
        "with one column in it",
    ),
    (PERSON + PERSON.removeprefix(HEAD), "files[0]", "two records have the same name"),
    (PERSON + PERSON, "two [[files]] have the same pattern", "only the first would be used"),
    (
        HEAD + '[files.values]\na = { column = "x" }\n' + PERSON.removeprefix(HEAD),
        "nothing uses the value 'a'",
        "leave it out",
    ),
    (
        HEAD
        + '[files.values]\na = { column = "b" }\nb = { column = "x" }\n'
        + PERSON.removeprefix(HEAD).replace("{id}", "{a}{b}"),
        "value 'a' is made of 'b'",
        "use a column",
    ),
    (HEAD + "marking_column = 5", "files[0].marking_column", "must be a text"),
    (HEAD + 'grade = { scheme = "admiralty", value = "Z9" }', "files[0].grade", "is not a grade of admiralty"),
]

# What is typed after `ingest`, where the mistake is, and what the message says of it.
COMMANDS = [
    (["load"], "Missing argument", "PATH"),
    (["lod", "t.csv"], "No such command 'lod'", "load"),
    (["load", "t.cvs", "--manifest", "right.toml"], "t.cvs is not there", "check its name"),
    (["load", "t.csv", "--adaptor", "csv"], "No such option", "--adapter"),
    (["load", "t.csv", "--adapter", "cvs"], "no adapter 'cvs'", "csv"),
    (["load", "t.csv", "--adapter", "csv"], "wants a manifest", "give one"),
    (["load", "t.csv", "--manifest", "none.toml"], "none.toml", "name a file that can be read"),
    (["load", "t.csv", "--manifest", "t.csv"], "t.csv is not TOML", "line 1"),
    (["load", "t.csv", "--manifest", "right.toml", "--adapter", "ftm"], "the manifest says csv", "one is wrong"),
    (["load", "t.csv", "--manifest", "right.toml", "--agency", "nkp"], "agency nkp was named", "one of them is wrong"),
    (["load", "t.csv", "--manifest", "right.toml", "--agency", "XXX"], "agency XXX was named", "one of them is wrong"),
    (
        ["load", "t.csv", "--manifest", "right.toml", "--delivered", "31.12.2025"],
        "is not a day",
        "write it as 2026-03-31",
    ),
    (
        ["load", "t.csv", "--manifest", "right.toml", "--delivered", "9999-01-01"],
        "is in the future",
        "the day on which",
    ),
    (["load", "t.csv", "--manifest", "right.toml", "--marking", "TOP"], "no level 'TOP'", "OPEN"),
    (["load", "t.csv", "--manifest", "right.toml", "--dataset", " "], "dataset ' '", "printable characters"),
    (["load", "t.csv", "--manifest", "right.toml", "--as", "nobody"], "no viewer 'nobody'", "viewer"),
    (["load", "t.csv", "--manifest", "right.toml", "--store", "slqite:///x.db"], "slqite", "sqlite"),
    (["batch", "none.toml"], "none.toml", "name a file that can be read"),
    (["batch", "t.csv"], "t.csv is not TOML", "line 1"),
    (["batch", "jobs.toml"], "loads[0]: no key 'file'", "did you mean files?"),
    (["mapping", "cvs"], "no adapter 'cvs'", "csv"),
    (["mapping", "csv"], "adapter csv has no mapping of its own", "a manifest says"),
    (["withdraw", "x"], "Missing option '--reason'", "--reason"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_STORE", f"sqlite:///{tmp_path}/store.db")
    (tmp_path / "t.csv").write_text("id,h\n1,2\n", "utf-8")
    (tmp_path / "right.toml").write_text(f'adapter = "csv"\nagency = "NKP"\n{PERSON}rest = "notes"\n', "utf-8")
    (tmp_path / "jobs.toml").write_text('[[loads]]\nfile = ["t.csv"]\n', "utf-8")
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> str:
    """The message of a command that is refused; it made nothing."""
    before = sorted(each.name for each in folder.iterdir())
    code, _, err = call(capsys, *arguments)
    assert code == 2
    assert sorted(each.name for each in folder.iterdir()) == before
    return err


@pytest.mark.parametrize(("text", "where", "what"), MANIFESTS)
def test_a_wrong_manifest_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, where: str, what: str
) -> None:
    (folder / "m.toml").write_text(text, "utf-8")
    told = refused(capsys, folder, "load", "t.csv", "--adapter", "csv", "--manifest", "m.toml")
    assert "m.toml" in told
    assert has(told, where), told
    assert has(told, what), told


@pytest.mark.parametrize(("arguments", "where", "what"), COMMANDS)
def test_a_wrong_command_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], where: str, what: str
) -> None:
    told = refused(capsys, folder, *arguments)
    assert has(told, where), told
    assert has(told, what), told


def has(told: str, wanted: str) -> bool:
    """Whether a message has one of the texts; its lines may be broken anywhere."""
    flat = re.sub(r"\s+", " ", told)
    return any(each in flat for each in wanted.split("|"))


def test_there_are_seventy() -> None:
    assert len(MANIFESTS) + len(COMMANDS) >= 70
