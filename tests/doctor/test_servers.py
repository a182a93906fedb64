"""`workbench doctor` on servers, and how `--repair` repairs a store."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import neo4j
import pytest

from tests.doctor.stores import WHO, Doctor, load, states
from tests.servers import driver
from tests.stores import fresh_url
from workbench import settings
from workbench.commands.console import run
from workbench.commands.main import cli
from workbench.store.health import Check
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.doctor import told_of_silence
from workbench.view.store import open_store

ON_A_SERVER = pytest.mark.neo4j_only(reason="looks at a server")


@ON_A_SERVER
def test_an_empty_database(doctor: Doctor, tmp_path: Path) -> None:
    code, checks = doctor(fresh_url(tmp_path))
    assert (code, states(checks, "warning")) == (0, ["store"])
    assert checks["rights"]["found"] == "neo4j has all rights, as every user of Community Edition has"
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
    assert checks["server"]["todo"] == "check that the server runs, and that the port is right; then try again"


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
        ("CREATE (:Car)", "store", "failed", "holds a graph that is not a workbench store"),
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
    """The URL of a store in which a test drops constraints and indexes; they are recreated afterwards."""
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
            assert checks[name]["found"] == "not checked, because of: migrations"
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
    assert "exists twice, so a constraint can't be created: restore the newest backup" in told.err
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
    """Everything in a database, without the times of migrations."""
    found = admin.execute_query("MATCH (n) WHERE NOT n:Migration RETURN labels(n), properties(n)").records
    return sorted(f"{sorted(labels)} {sorted(values.items())}" for labels, values in found)


def test_how_long_a_silence_lasts() -> None:
    assert told_of_silence("10s", "2").state == told_of_silence("30s", "2").state == "ok"
    assert "after 20 s" in told_of_silence("10s", "2").found
    assert "after 183 s" in told_of_silence("1m1s", "3").found
    assert told_of_silence("1m", "2") == Check(
        "silence",
        "warning",
        "a server that falls silent during a query is given up after 120 s",
        "set server.bolt.connection_keep_alive to 10s",
    )
