"""Tables of databases: files of SQLite, and databases whose URL stands in a file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.manifest import FileSpec
from ingest.shapes import Header, Reject, Row
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.tables import sqlite_of
from tests.ingest.test_adapters import Memory
from workbench.errors import FileRefused

MANIFEST = """
adapter = "sql"
dataset = "d"
[[files]]
pattern = "{pattern}"
{more}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name" }}
"""
TWO = (
    "CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT)",
    "INSERT INTO persons VALUES (7, 'Ann'), (9, 'Bo')",
    'CREATE TABLE "odd ""name"" / #1" (id, name) ',
    'INSERT INTO "odd ""name"" / #1" VALUES (1, \'Cy\')',
    "CREATE VIEW all_of_them AS SELECT id, name FROM persons WHERE id > 7",
)


def read(content: bytes, **said: object) -> list[object]:
    """Headers, and cells or the reason."""
    found: list[object] = []
    for item in ADAPTERS["sql"].read(
        Memory("t.db", content), FileSpec.model_validate({"pattern": "*", **said}), Account()
    ):
        if isinstance(item, Header):
            found.append(tuple(column.name for column in item.columns))
        elif isinstance(item, Reject):
            found.append(item.reason)
        elif isinstance(item, Row):
            found.append([*item.fields, *(fault.partition(":")[0] for fault in item.faults.values())])
    return found


def test_values_are_as_they_are_kept() -> None:
    content = sqlite_of(
        "CREATE TABLE t (a)",
        "INSERT INTO t VALUES (1), (9223372036854775807), (1.5), (2.0), (1e15), (NULL), ('00123'), ('a' || char(0))",
        "INSERT INTO t VALUES (x'ff00'), (x'636166c3a9'), (CAST(x'ff' AS TEXT))",
    )
    assert read(content) == [
        ("a",),
        *(["1"], ["9223372036854775807"], ["1.5"], ["2"], ["", "a number of more than 15 digits"], [""], ["00123"]),
        *("NUL", ["ff00"], ["café"], "half a character"),
    ]


def test_each_table_is_a_file_of_its_own(desk: Desk) -> None:
    path, how = desk.write("c.db", sqlite_of(*TWO)), desk.write("m.toml", MANIFEST.format(pattern="c.db", more=""))
    report = desk.load(path, manifest=how)
    assert [(Path(each.path).name, each.accepted) for each in report.files] == [
        ('c.db#odd "name" %2F %231', 1),
        ("c.db#persons", 2),
    ]
    assert totals(desk.load(path, manifest=how)) == {"read": 3, "unchanged": 3}


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ('sheets = ["persons"]', ["Ann", "Bo"]),
        ('sheets = ["all_*"]', ["Bo"]),
        ('query = "SELECT id, upper(name) AS name FROM persons ORDER BY 1;"', ["ANN", "BO"]),
    ],
)
def test_the_manifest_says_what_to_read(desk: Desk, more: str, names: list[str]) -> None:
    how = desk.write("m.toml", MANIFEST.format(pattern="c.db", more=more))
    report = desk.load(desk.write("c.db", sqlite_of(*TWO)), manifest=how)
    assert totals(report) == {"read": len(names), "accepted": len(names)}
    assert sorted(value.original for each in desk.records() for value in each.record.properties["name"]) == names


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("DELETE FROM persons", "not authorized"),
        ("ATTACH '/tmp/x.db' AS x", "not authorized"),
        ("PRAGMA user_version = 3", "not authorized"),
        ("SELECT load_extension('x')", "not authorized"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT age FROM persons", "no such column"),
        ("SELECT id, id FROM persons", "say `AS`"),
    ],
)
def test_a_query_only_reads(query: str, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        read(sqlite_of(*TWO), query=query)


def test_no_such_table() -> None:
    with pytest.raises(FileRefused, match=r"no table 'calls': it has .*'persons', 'all_of_them'"):
        read(sqlite_of(*TWO), sheets=["calls"])


def test_a_database_in_use_is_refused(tmp_path: Path, desk: Desk) -> None:
    path = tmp_path / "live.db"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        for each in TWO[:2]:
            writer.execute(each)
        writer.commit()
        report = desk.load(path, manifest=desk.write("m.toml", MANIFEST.format(pattern="*", more="")))
        assert reasons(report) == {"open database": 1}
        assert "live.db-wal has a part of it" in report.messages[0]
    report = desk.load(path, manifest=desk.write("m.toml", MANIFEST.format(pattern="*", more="")))
    assert totals(report) == {"read": 2, "accepted": 2}
    assert [each.name for each in tmp_path.glob("live.db-*")] == []


def test_a_damaged_file_is_refused() -> None:
    content = bytearray(sqlite_of("CREATE TABLE t (a)", *["INSERT INTO t VALUES (hex(randomblob(900)))"] * 50))
    content[4096:8192] = b"\xff" * 4096
    with pytest.raises(FileRefused, match=r"t\.db can't be read"):
        read(bytes(content))


# -- databases whose URL stands in a file ---------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A database, and the file with its URL."""
    place = tmp_path / "elsewhere" / "secret-password.db"
    place.parent.mkdir()
    place.write_bytes(sqlite_of(*TWO))
    path = tmp_path / "register.url"
    path.write_text(f"sqlite:///{place}\n")
    return path


@pytest.mark.parametrize(
    ("more", "paths", "units"),
    [
        ('sheets = ["persons"]', ["register.url#persons"], 2),
        ('query = "SELECT id, name FROM persons WHERE id > 7"', ["register.url"], 1),
    ],
)
def test_the_content_of_a_database_is_read(
    desk: Desk, elsewhere: Path, more: str, paths: list[str], units: int
) -> None:
    how = desk.write("m.toml", MANIFEST.format(pattern="register.url", more=more))
    report = desk.load(elsewhere, manifest=how)
    assert [Path(each.path).name for each in report.files] == paths
    assert totals(report) == {"read": units, "accepted": units}
    assert desk.load(elsewhere, manifest=how).revision is None
    with closing(sqlite3.connect(elsewhere.parent / "elsewhere/secret-password.db")) as writer:
        writer.execute("UPDATE persons SET name = 'Boris' WHERE id = 9")
        writer.commit()
    assert totals(desk.load(elsewhere, manifest=how))["accepted"] == 1


@pytest.mark.parametrize(
    ("url", "more", "reason"),
    [
        ("sqlite:////nowhere/secret-password.db", 'sheets = ["persons"]', "bad database"),
        ("nosuch://user:secret-password@host/db", 'query = "SELECT 1"', "bad database"),
        ("sqlite:////nowhere/secret-password.db", "", "no units"),
    ],
)
def test_no_password_is_told(desk: Desk, url: str, more: str, reason: str) -> None:
    path, how = desk.write("r.url", url), desk.write("m.toml", MANIFEST.format(pattern="*", more=more))
    report = desk.load(path, manifest=how)
    assert reasons(report) == {reason: 1}
    assert "secret-password" not in str(report.to_dict()) + str(report.messages)
