"""`workbench doctor --contents`: whether what is in a store is what was loaded."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.doctor.stores import PASSPORT, WHO, Doctor, load, person, states
from tests.servers import driver
from tests.stores import KIND, NEO4J, fresh_url
from workbench.model.claims import NORMALISER, of_normaliser
from workbench.resolve.scoring import score
from workbench.store.doctor import examine
from workbench.store.schemes import forget
from workbench.view.copies import copy_store
from workbench.view.store import open_store

CHANGED = PASSPORT.replace("156", "157")
# The checks that changed claims fail: on a server, records are found by numbers that are made of them.
CLAIMS = ["identifiers", "lookups"] if KIND == NEO4J else ["identifiers"]

# The check that fails where names are not found by their keys.
NAMES = "lookups" if KIND == NEO4J else "names"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with two records of a person, the first superseded."""
    url = fresh_url(tmp_path)
    load(url, "Ann", "Anna")
    return url


def change(url: str, on_a_file: str, on_a_server: str, **given: str) -> None:
    if KIND == NEO4J:
        with driver(url) as admin:
            admin.execute_query(on_a_server, parameters_=given)
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db, db:
        db.execute(on_a_file, given)


def test_a_store_as_it_was_loaded(doctor: Doctor, url: str) -> None:
    code, checks = doctor(url, "--contents")
    assert (code, states(checks, "failed")) == (0, [])
    assert {name: checks[name]["state"] for name in ("rows", "contents", "identifiers", NAMES)} == {
        "rows": "ok",
        "contents": "ok",
        "identifiers": "ok",
        NAMES: "ok",
    }
    assert checks["contents"]["found"] == "as loaded: 2 records"
    assert not {"rows", "contents", "identifiers"} & doctor(url)[1].keys()


@pytest.mark.parametrize(
    ("on_a_file", "on_a_server"),
    [
        ("DELETE FROM sound WHERE tid = (SELECT min(tid) FROM sound)", "MATCH (r:Record) REMOVE r.names"),
        ("INSERT INTO sound SELECT 'ptrv', max(tid) FROM text", "MATCH (r:Record) SET r.tokens = r.tokens + '~ptrv '"),
    ],
)
def test_a_name_with_other_keys_is_told(doctor: Doctor, url: str, on_a_file: str, on_a_server: str) -> None:
    change(url, on_a_file, on_a_server)
    assert doctor(url)[0] == 0
    code, checks = doctor(url, "--contents")
    assert (code, states(checks, "failed")) == (3, [NAMES])


@pytest.mark.parametrize("name", ["Ann", "Anna"])
def test_changed_content_is_told_by_key(doctor: Doctor, url: str, name: str) -> None:
    """Also that of a superseded record."""
    change(
        url,
        "UPDATE record SET body = replace(body, :was, :now) WHERE body LIKE '%' || :name || '%'",
        "MATCH (r:Record) WHERE r.body CONTAINS $name SET r.body = replace(r.body, $was, $now)",
        was=PASSPORT,
        now=CHANGED,
        name=f'"{name}"',
    )
    assert doctor(url)[0] == 0
    code, checks = doctor(url, "--contents")
    assert (code, states(checks, "failed")) == (3, ["contents"])
    key = person(1, name).key()
    assert checks["contents"]["found"] == f"1 records whose content is not that of the key: {key}"
    assert "restore the newest backup" in checks["contents"]["todo"]
    assert PASSPORT not in str(checks)
    assert CHANGED not in str(checks)


def test_a_content_that_can_not_be_read_is_told_by_key(doctor: Doctor, url: str) -> None:
    change(url, "UPDATE record SET body = substr(body, 2)", "MATCH (r:Record) SET r.body = substring(r.body, 1)")
    code, checks = doctor(url, "--contents")
    assert (code, states(checks, "failed")) == (3, ["contents"])
    assert {person(1, name).key() for name in ("Ann", "Anna")} <= set(
        checks["contents"]["found"].replace(",", "").split()
    )


def test_a_changed_source_id_is_told(doctor: Doctor, url: str) -> None:
    change(url, "UPDATE record SET source_id = 'p2'", "MATCH (r:Record) SET r.source_id = 'p2'")
    assert states(doctor(url, "--contents")[1], "failed") == ["contents"]


def test_changed_identifiers_are_told(doctor: Doctor, url: str) -> None:
    change(
        url,
        "UPDATE claim SET value = :now WHERE value = :was",
        "MATCH (r:Record) SET r.claims = [each IN r.claims | CASE each WHEN $was THEN $now ELSE each END]",
        was=PASSPORT,
        now=CHANGED,
    )
    code, checks = doctor(url, "--contents")
    assert (code, states(checks, "failed")) == (3, CLAIMS)
    assert checks["identifiers"]["found"].endswith(f": {person(1, 'Anna').key()}")


def test_lost_identifiers_are_told(doctor: Doctor, url: str) -> None:
    change(url, "DELETE FROM claim", "MATCH (r:Record) REMOVE r.claims")
    assert states(doctor(url, "--contents")[1], "failed") == CLAIMS


def test_identifiers_of_another_version_are_not_compared(doctor: Doctor, url: str) -> None:
    change(url, "UPDATE meta SET value = 99 WHERE name = 'normaliser'", "MATCH (s:Store) SET s.normaliser = 99")
    code, checks = doctor(url, "--contents")
    assert (code, checks["identifiers"]["state"]) == (0, "unknown")
    assert "workbench resolve" in checks["identifiers"]["todo"]


def test_normal_forms_of_another_version_are_told_and_made_again(doctor: Doctor, url: str) -> None:
    older = 306_001
    sql = "UPDATE meta SET value = 306001 WHERE name = 'normaliser'"
    change(url, sql, "MATCH (s:Store) SET s.normaliser = 306001")
    check = doctor(url)[1]["normal forms"]
    assert check["found"] == f"made by {of_normaliser(older)}, and this workbench has {of_normaliser(NORMALISER)}"
    assert "rules 3, ICU 60.1" in check["found"]
    assert (check["state"], "workbench resolve" in check["todo"]) == ("warning", True)
    with closing(open_store(url)) as store:
        store.refresh_claims()
    assert doctor(url)[1]["normal forms"]["state"] == "ok"


def test_what_was_compared_by_other_normal_forms_is_told_until_it_is_compared_again(
    doctor: Doctor, url: str, tmp_path: Path
) -> None:
    """Though identifiers and keys of names were made again before, and though it was copied."""
    who = WHO.model_copy(update={"loads": frozenset("*")})
    with closing(open_store(url)) as store:
        assert score(store, store.view(who)).revision
    sql = "UPDATE model SET body = replace(body, :ours, '306001')"
    cypher = "MATCH (m:ScoringModel) SET m.body = replace(m.body, $ours, '306001')"
    change(url, sql, cypher, ours=str(NORMALISER))
    copied = fresh_url(tmp_path, "copy")
    with closing(open_store(url)) as store, closing(open_store(copied)) as target:
        store.refresh_claims()
        copy_store(store, target)
    for each in (url, copied):
        assert doctor(each)[1]["normal forms"]["state"] == "warning"
        with closing(open_store(each)) as store:
            score(store, store.view(who), new=True)
        assert doctor(each)[1]["normal forms"]["state"] == "ok"


def test_a_marking_that_is_none_is_told(doctor: Doctor, url: str) -> None:
    change(url, "UPDATE marking SET marking = 'SECRETT'", "MATCH (c:VisibilityClass) SET c.marking = 'SECRETT'")
    code, checks = doctor(url, "--contents")
    assert (code, checks["rows"]["found"]) == (3, "can't be read: classes")


def test_a_store_in_memory() -> None:
    url = "memory://looked-at"
    load(url, "Ann")
    try:
        assert {each.state for each in examine(url, contents=True)} == {"ok"}
        with closing(open_store(url)) as store:
            rows = store.backend._tables.parts["records"]
            rows.update({rid: row._replace(source_id="p2") for rid, row in rows.items()})
        assert [each.name for each in examine(url, contents=True) if each.state == "failed"] == ["contents"]
        assert [each.name for each in examine(url)] == ["memory"]
    finally:
        forget(url)
