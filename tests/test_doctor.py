"""`workbench doctor`: what an operator is told of stores that are well, and of those that are not."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import neo4j
import pytest

from tests.servers import driver
from tests.stores import KIND, NEO4J, fresh_url
from workbench import settings
from workbench.access.viewer import Viewer
from workbench.cli import cli
from workbench.console import run
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.base import open_store
from workbench.store.doctor import Check
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.doctor import told_of_silence
from workbench.store.types import FileReport

ON_A_SERVER = pytest.mark.neo4j_only(reason="looks at a server")
ON_A_FILE = pytest.mark.sqlite_only(reason="looks at a file")
DATASET = Dataset("NKP", "case")
WHO = Viewer(name="who", agencies=frozenset({"NKP"}), level="SECRET")

Doctor = Callable[..., tuple[int, dict[str, dict[str, str]]]]


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Ask; the exit code, and what was found, by name."""

    def ask(url: str) -> tuple[int, dict[str, dict[str, str]]]:
        code = run(cli, ["doctor", "--store", url, "--json"])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert found["ok"] == (code == 0)
        return code, {each["name"]: each for each in found["checks"]}

    return ask


def states(checks: dict[str, dict[str, str]], state: str) -> list[str]:
    return sorted(name for name, each in checks.items() if each["state"] == state)


def person(number: int, name: str = "Ann") -> Record:
    said = {"name": (Value(name, name),)}
    return Record("Person", DATASET, f"p{number}", said, parse_marking("SECRET", "NKP"))


def load(url: str, *names: str) -> None:
    """Load a person under each name, one delivery after the other."""
    with closing(open_store(url)) as store:
        for day, name in enumerate(names, 1):
            with store.writer(agency="NKP", by="test") as writer:
                file = writer.file("persons.csv", "0" * 64, "csv 1")
                writer.put([person(1, name)], file, f"2026-01-{day:02}")
                writer.publish(dataset="case", adapter="csv 1", files=[FileReport("persons.csv", "0" * 64)])


_DIES = """
import os, sys
from tests.test_doctor import person
from workbench.store.base import open_store
writer = open_store(sys.argv[1]).writer(agency="NKP", by="test")
writer.put([person(n) for n in range(2, 7)], writer.file("more.csv", "1" * 64, "csv 1"), "2026-02-01")
writer.file("last.csv", "2" * 64, "csv 1")  # a step of its own: what was on its way has arrived
print("written", flush=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""


@contextmanager
def loading(url: str) -> Iterator[None]:
    """Another process is in the midst of a load, and killed at the end."""
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-c", _DIES, url]
    with subprocess.Popen(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        yield
        process.kill()


# -- both kinds of stores ---------------------------------------------------------------------


def test_a_store_that_is_well(doctor: Doctor, tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann", "Anna")
    code, checks = doctor(url)
    assert code == 0
    assert states(checks, "failed") == states(checks, "warning") == []
    assert checks["writer"]["found"] == "nobody is writing"
    assert states(checks, "unknown") == (["disk"] if KIND == NEO4J else [])


def test_it_changes_nothing_and_tells_nothing_of_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = fresh_url(tmp_path)
    load(url, "Annabella")
    before = digest(url)
    assert run(cli, ["doctor", "--store", url]) == 0
    told = capsys.readouterr().out
    assert "server" in told or "integrity" in told
    assert "Annabella" not in told
    assert "NKP" not in told
    assert digest(url) == before


def digest(url: str) -> Any:
    if KIND == NEO4J:
        with driver(url) as reading:
            return sorted(map(str, reading.execute_query("MATCH (n) RETURN labels(n), properties(n)").records))
    return Path(url.removeprefix("sqlite:///")).read_bytes()


def test_who_writes_and_what_a_dead_writer_left(doctor: Doctor, tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    with loading(url):
        code, checks = doctor(url)
        assert (code, checks["writer"]["state"]) == (0, "ok")
        assert "is writing (since 20" in checks["writer"]["found"]
    code, checks = doctor(url)
    if KIND == NEO4J:
        assert "left 5 records that nobody sees" in checks["writer"]["found"]
    assert (code, states(checks, "warning")) == (0, ["writer"])
    assert "a load ended before it was published" in checks["writer"]["found"]
    assert "load it again" in checks["writer"]["todo"]
    load(url, "Ann")
    assert doctor(url)[1]["writer"]["found"] == "nobody is writing"


def test_no_store(doctor: Doctor, tmp_path: Path) -> None:
    code, checks = doctor(f"sqlite:///{tmp_path / 'none.db'}")
    assert (code, list(checks)) == (3, ["file"])
    assert not (tmp_path / "none.db").exists()
    assert run(cli, ["doctor", "--store", "neo5j://a:secret@host", "--json"]) == 2


# -- files ------------------------------------------------------------------------------------


@ON_A_FILE
@pytest.mark.parametrize(
    ("change", "name", "state", "said"),
    [
        ("PRAGMA user_version = 999", "version", "failed", "a newer workbench wrote it"),
        ("PRAGMA user_version = 0", "version", "warning", "schema 0 of"),
        ("PRAGMA application_id = 5", "version", "failed", "no store of this workbench"),
        ("INSERT INTO meta VALUES ('copying', '{}')", "copy", "warning", "was not finished"),
        ("INSERT INTO meta VALUES ('copy_of_viewer', 'ann')", "copy", "ok", "made for ann"),
    ],
)
def test_a_file_of_another_kind(doctor: Doctor, tmp_path: Path, change: str, name: str, state: str, said: str) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        db.execute(change)
        db.commit()
    code, checks = doctor(url)
    assert checks[name]["state"] == state
    assert said in checks[name]["found"]
    assert bool(checks[name]["todo"]) == (state != "ok")
    assert code == (3 if state == "failed" else 0)


@ON_A_FILE
def test_nothing_is_made_again_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = fresh_url(tmp_path)
    assert run(cli, ["doctor", "--store", url, "--repair"]) == 2
    assert "is a file, in which nothing is made again" in capsys.readouterr().err
    assert run(cli, ["doctor", "--store", "neo5j://host", "--repair"]) == 2
    assert list(tmp_path.iterdir()) == []


@ON_A_FILE
def test_a_file_that_is_damaged_or_no_database(doctor: Doctor, tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    file = Path(url.removeprefix("sqlite:///"))
    octets = bytearray(file.read_bytes())
    octets[8192:40960] = bytes(32768)
    file.write_bytes(octets)
    code, checks = doctor(url)
    assert code == 3
    assert states(checks, "failed")[0] in ("file", "integrity")
    file.write_bytes(b"no database at all" * 1000)
    code, checks = doctor(url)
    assert (code, states(checks, "failed")) == (3, ["file"])
    assert "can't be read as a store" in checks["file"]["found"]


@ON_A_FILE
def test_a_log_that_grew(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    monkeypatch.setattr("workbench.store.sqlite.doctor._LARGE_LOG", -1)
    monkeypatch.setattr("workbench.store.sqlite.doctor._LITTLE_ROOM", 1 << 60)
    code, checks = doctor(url)
    assert (code, states(checks, "warning")) == (0, ["disk", "write-ahead log"])


# -- servers ------------------------------------------------------------------------------------


@ON_A_SERVER
def test_an_empty_database(doctor: Doctor, tmp_path: Path) -> None:
    code, checks = doctor(fresh_url(tmp_path))
    assert (code, states(checks, "warning")) == (0, ["store"])
    assert checks["rights"]["found"] == "neo4j has all rights, as all users of Community have"
    assert "community (5.26 or newer is supported), driver " in checks["server"]["found"]


@ON_A_SERVER
def test_a_server_that_can_not_be_reached(doctor: Doctor, tmp_path: Path) -> None:
    address = address_of(fresh_url(tmp_path))
    code, checks = doctor(f"neo4j://nosuch:wrong-one@{address.host}:{address.port}")
    assert (code, list(checks)) == (3, ["server"])
    assert checks["server"]["found"].endswith("the server refused the user nosuch or the password")
    assert checks["server"]["todo"].startswith("see WORKBENCH_NEO4J_USER and WORKBENCH_NEO4J_PASSWORD, or the URL")


def test_what_to_do_is_told_apart(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.neo4j.doctor._Asked.patience", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code, checks = doctor(f"neo4j://ann:x@127.0.0.1:{port}")
    assert (code, checks["server"]["state"]) == (3, "failed")
    assert checks["server"]["found"].endswith(f"the server is away: nothing listens at 127.0.0.1:{port}")
    assert checks["server"]["todo"] == "see that the server runs, and that the port is right; then try again"


@ON_A_SERVER
@pytest.mark.parametrize("name", ["neo4j", "Neo4J", "NEO4J"])
def test_the_name_of_a_database_in_other_capitals(doctor: Doctor, tmp_path: Path, name: str) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    code, checks = doctor(f"{url}/{name}")
    assert (code, checks["database"]["found"]) == (0, "neo4j is online")
    assert states(checks, "warning") == []


@ON_A_SERVER
def test_a_database_that_is_not_listed(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "workbench.store.neo4j.doctor._DATABASES", "UNWIND [] AS name RETURN name, name AS a, name AS b"
    )
    code, checks = doctor(fresh_url(tmp_path))
    assert (code, checks["database"]["state"]) == (0, "unknown")


@ON_A_SERVER
@pytest.mark.parametrize(
    ("change", "name", "state", "said"),
    [
        ("CREATE (:Car)", "store", "failed", "holds a graph, but no store of this workbench"),
        ("CREATE (:Migration {name: '9999 x'})", "store", "failed", "written by a newer workbench (9999 x)"),
    ],
)
def test_a_database_that_holds_something_else(
    doctor: Doctor, tmp_path: Path, change: str, name: str, state: str, said: str
) -> None:
    url = fresh_url(tmp_path)
    with driver(url) as admin:
        admin.execute_query(change)
    code, checks = doctor(url)
    assert (code, checks[name]["state"]) == (3, state)
    assert said in checks[name]["found"]


@ON_A_SERVER
@pytest.mark.parametrize(
    ("change", "name", "state", "said"),
    [
        ("DROP INDEX record_texts", "indexes", "failed", "not there: record_texts"),
        ("DROP CONSTRAINT load_id", "constraints", "failed", "not there: load_id"),
        ("MATCH (m:Migration {name: '0002 indexes'}) DELETE m", "migrations", "warning", "not made: 0002 indexes"),
        ("MATCH (s:Store) SET s.copying = '{}'", "copy", "warning", "was not finished"),
        ("MATCH (s:Store) SET s.copy_of_viewer = 'ann'", "copy", "ok", "made for ann"),
        ("MATCH (r:Record) WHERE r.rev_to = 2 SET r:Closing", "past", "warning", "1 records that have ended"),
    ],
)
def test_a_store_on_a_server_that_is_not_well(
    doctor: Doctor, tmp_path: Path, change: str, name: str, state: str, said: str
) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann", "Anna")
    with driver(url) as admin:
        admin.execute_query(change)
        try:
            code, checks = doctor(url)
        finally:
            admin.execute_query("MATCH (m:Migration) DELETE m")
    assert checks[name]["state"] == state
    assert said in checks[name]["found"]
    assert code == (3 if state == "failed" else 0)
    for _ in range(2):  # what was dropped is made again
        with driver(url) as admin:
            admin.execute_query("MATCH (n) DETACH DELETE n")
        open_store(url).close()
    assert states(doctor(url)[1], "failed") == []


DROPS = {
    "a constraint": ("DROP CONSTRAINT entity_id", "entity_id"),
    "an index": ("DROP INDEX record_key", "record_key"),
}


@pytest.fixture
def stripped(tmp_path: Path) -> Iterator[str]:
    """The URL of a store in which a test drops things: what it leaves dropped is made again."""
    url = fresh_url(tmp_path)
    load(url, "Ann", "Anna")
    yield url
    with driver(url) as admin:
        admin.execute_query("MATCH (n) DETACH DELETE n")
    open_store(url).close()


@ON_A_SERVER
@pytest.mark.parametrize("notes", ["there", "lost"])
@pytest.mark.parametrize(("drop", "name"), DROPS.values(), ids=DROPS)
def test_what_doctor_says_of_a_drop_makes_the_store_well(
    doctor: Doctor, stripped: str, capsys: pytest.CaptureFixture[str], drop: str, name: str, notes: str
) -> None:
    with driver(stripped) as admin:
        admin.execute_query(drop)
        before = held(admin)
        code, checks = doctor(stripped)
        assert (code, checks["indexes"]["found"]) == (3, f"not there: {name}")
        (said,) = re.findall(r"`workbench (.+?)`", checks["indexes"]["todo"])
        if notes == "lost":
            admin.execute_query("MATCH (m:Migration) DETACH DELETE m")
        assert run(cli, [*said.split(), "--store", stripped]) == 0
        capsys.readouterr()
        assert held(admin) == before
    code, checks = doctor(stripped)
    assert (code, states(checks, "failed"), states(checks, "warning")) == (0, [], [])
    load(stripped, "Ann", "Anna", "Annabel")
    with closing(settings.existing_store(stripped)) as store:
        assert "Annabel" in str(store.view(WHO).search("Annabel").entities)


@ON_A_SERVER
def test_a_store_without_notes_of_migrations_is_known(doctor: Doctor, stripped: str) -> None:
    with driver(stripped) as admin:
        before = held(admin)
        admin.execute_query("MATCH (m:Migration) DETACH DELETE m")
        code, checks = doctor(stripped)
        assert (code, states(checks, "warning")) == (0, ["migrations"])
        for name in ("constraints", "indexes", "writer", "past"):
            assert checks[name]["state"] == "unknown"
            assert checks[name]["found"] == "not looked at, because of what is said of: migrations"
            assert checks[name]["todo"] == checks["migrations"]["todo"]
        settings.existing_store(stripped).close()
        assert held(admin) == before
    assert states(doctor(stripped)[1], "warning") == []


@ON_A_SERVER
def test_what_is_there_twice_is_not_made_to_be_there_once(stripped: str, capsys: pytest.CaptureFixture[str]) -> None:
    with driver(stripped) as admin:
        admin.execute_query("DROP CONSTRAINT entity_id")
        admin.execute_query("MATCH (e:Entity) CREATE (twin:Entity {eid: 999, id: e.id})")
    assert run(cli, ["doctor", "--store", stripped, "--repair"]) == 3
    told = capsys.readouterr()
    assert "is there twice, so that no constraint can be made of it: take the newest backup" in told.err
    assert run(cli, ["doctor", "--store", stripped]) == 3


@ON_A_SERVER
def test_repair_makes_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["doctor", "--store", fresh_url(tmp_path), "--repair"]) == 2
    assert "load something into it first" in capsys.readouterr().err


@ON_A_SERVER
def test_an_unfinished_copy_is_looked_at_all_the_same(doctor: Doctor, stripped: str) -> None:
    with driver(stripped) as admin:
        admin.execute_query("DROP CONSTRAINT load_id")
        admin.execute_query("MATCH (s:Store) SET s.copying = '{}'")
    code, checks = doctor(stripped)
    assert (code, states(checks, "failed")) == (3, ["constraints", "indexes"])
    assert checks["copy"]["state"] == "warning"
    assert checks["writer"]["found"] == "nobody is writing"
    assert checks["past"]["state"] == "ok"


def held(admin: neo4j.Driver) -> list[str]:
    """All that is in a database but for when migrations were made."""
    found = admin.execute_query("MATCH (n) WHERE NOT n:Migration RETURN labels(n), properties(n)").records
    return sorted(map(str, found))


def test_how_long_a_silence_lasts() -> None:
    assert told_of_silence("10s", "2").state == told_of_silence("30s", "2").state == "ok"
    assert "after 20 s" in told_of_silence("10s", "2").found
    assert "after 183 s" in told_of_silence("1m1s", "3").found
    assert told_of_silence("1m", "2") == Check(
        "silence",
        "warning",
        "a server that falls silent in the midst of a query is given up after 120 s",
        "set server.bolt.connection_keep_alive to 10s",
    )
