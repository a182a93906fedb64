"""A store whose files an older workbench named by their hashes: random and sealed ids stand in their place."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers import driver
from tests.stores import KIND, SQLITE, fresh_url
from workbench.access.viewer import Viewer
from workbench.model.ids import quarantine_id
from workbench.store.neo4j import schema as of_neo4j
from workbench.store.sqlite.connection import _statements
from workbench.store.sqlite.schema import APPLICATION_ID, MIGRATIONS
from workbench.view.store import open_store

HASH = "c" * 64
UNIT = quarantine_id("NKP", "d", HASH, "p.csv", "*.csv", "5")
FILE = quarantine_id("NKP", "d", HASH, "p.csv", "*.csv", "")
CONTEXT = {"name": "p.csv", "sha256": HASH, "file": FILE, "header": "", "delivered": "2026-01-01", "marking": "OPEN"}
REPORTS = [{"path": "/p.csv", "sha256": HASH, "read": 1, "reasons": {"a, b": 1}}]
CLERK = Viewer(name="clerk", agencies=frozenset({"NKP"}), level="OPEN")
LAST_OF_NEO4J = "0005 loads are marked"


@pytest.fixture
def old(tmp_path: Path) -> str:
    """The URL of such a store, with a file, a load and a unit in quarantine."""
    url = fresh_url(tmp_path)
    (_sqlite if KIND == SQLITE else _neo4j)(url)
    return url


def _sqlite(url: str) -> None:
    unit = (UNIT, 0, "NKP", "d", "csv", "/p.csv", "p.csv:5", "no", "no", b"raw", json.dumps(CONTEXT), None)
    load = ("l1", 1, "NKP", "d", "csv", "clerk", "2026", "2026-01-01", None, json.dumps(REPORTS), 1, "[0]", "[1]")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db, db:
        for _, script in MIGRATIONS[:2]:
            for statement in _statements(script):
                db.execute(statement)
        db.execute("INSERT INTO marking VALUES (1, 'NKP', 'OPEN//REL NKP', '[]')")
        db.execute("INSERT INTO file VALUES (1, 0, '/p.csv', ?, 'csv 1', 'NKP', 'clerk', '2026')", (HASH,))
        db.execute(f"INSERT INTO quarantine VALUES ({', '.join('?' * len(unit))})", unit)  # noqa: S608 - places of a row
        db.execute(f"INSERT INTO load VALUES ({', '.join('?' * len(load))})", load)  # noqa: S608 - places of a row
        db.execute("INSERT INTO numbering VALUES (?, ?)", (FILE, b"kept"))
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 2")


def _neo4j(url: str) -> None:
    unit = {"qid": UNIT, "rev": 0, "agency": "NKP", "dataset": "d", "adapter": "csv", "path": "/p.csv", "file": FILE}
    unit |= {"locator": "p.csv:5", "reason": "no", "message": "no", "raw": b"raw", "context": json.dumps(CONTEXT)}
    load = {"lid": "l1", "agency": "NKP", "dataset": "d", "adapter": "csv", "by": "clerk", "at": "2026", "seq": 1}
    load |= {"delivered": "2026-01-01", "files": json.dumps(REPORTS), "datasets": [0], "classes": [1]}
    file = {"fid": 1, "rev": 0, "path": "/p.csv", "sha256": HASH, "adapter": "csv 1", "agency": "NKP"}
    file |= {"loaded_by": "clerk", "loaded_at": "2026"}
    marking = {"vis": 1, "agency": "NKP", "marking": "OPEN//REL NKP", "members": []}
    nodes = {"VisibilityClass": marking, "SourceFile": file, "Quarantined": unit, "LoadEntry": load}
    with driver(url) as admin:
        for name, steps in of_neo4j.MIGRATIONS:
            for step in steps:
                admin.execute_query(step)
            admin.execute_query("CREATE (:Migration {name: $name})", name=name)
            if name == LAST_OF_NEO4J:
                break
        for label, properties in (*nodes.items(), ("Numbering", {"file": FILE, "kept": b"kept"})):
            admin.execute_query(f"CREATE (n:{label}) SET n = $properties", properties=properties)


def test_its_units_are_sealed_and_their_numbering_with_them(old: str) -> None:
    with closing(open_store(old)) as store:
        (unit,) = store.view(CLERK).quarantine()
        assert unit.raw == b"raw"
        assert set(unit.context) == set(CONTEXT) - {"sha256"}
        with store.writer(agency="NKP", by="clerk") as writer:
            assert writer.waiting() == {unit.id} == {writer.sealed(UNIT)}
            assert unit.context["file"] == writer.sealed(FILE)
            assert writer.numbering(unit.context["file"]) == b"kept"
    assert not {UNIT, FILE} & {unit.id, unit.context["file"]}


def test_its_log_tells_no_hash_as_a_replay_may_have_written_one(old: str) -> None:
    with closing(open_store(old)) as store:
        (entry,) = store.view(CLERK).loads()
    (report,) = entry.files
    assert (report.path, report.sha256, report.reasons) == ("/p.csv", "", {"a, b": 1})


def test_its_files_keep_their_hash_in_the_store(old: str) -> None:
    with closing(open_store(old)) as store:
        outgoing = store.backend.outgoing()
        ((rows, _),) = outgoing.batches("files", 0, outgoing.stamp())
        ((_, id_, path, sha256, *_),) = rows
    assert (path, sha256, len(id_)) == ("/p.csv", HASH, 16)
    with closing(open_store(old)) as again:
        ((rows, _),) = again.backend.outgoing().batches("files", 0, again.backend.outgoing().stamp())
    assert rows[0].id == id_
