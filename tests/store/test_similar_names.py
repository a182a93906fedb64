"""The keys by which similar names are found: of older stores, and of what was never published."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.test_search import HIGH, MANY, SECRET, captions, load, named
from tests.store.older import make_again
from tests.stores import fresh_url
from workbench.model.record import Dataset, Record, Value
from workbench.store.neo4j.backend import Neo4jBackend
from workbench.store.sqlite.backend import SqliteBackend
from workbench.view.store import GraphStore, open_store

MANY_NAMES = Record("Person", Dataset("A", "d"), "1", {"name": tuple(Value(each, each) for each in MANY)}, SECRET)


def without_keys(store: GraphStore) -> None:
    """Make a store one from before there were keys of names."""
    if isinstance(store.backend, SqliteBackend):
        store.backend._db.execute("DROP TABLE sound")
    elif isinstance(store.backend, Neo4jBackend):
        store.backend._database.run("MATCH (r:Record) REMOVE r.names, r.tokens")
        store.backend._database.run("MATCH (p:TextPart) WHERE p.tokens IS NOT NULL DELETE p")


def test_an_older_store_gets_the_keys_of_its_names(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        load(store, named("Владимир Петров"), named("Petrov Quay", schema="Address", prop="full"), MANY_NAMES)
        load(store, named("Li", "Zuzana Qi"))
        without_keys(store)
        make_again(store, "similar names")
    with closing(open_store(url)) as store:
        assert captions(store, "Petroff") == ["Владимир Петров"]
        assert captions(store, "Susanna Qi") == captions(store, "Li") == ["Li"]
        assert store.view(HIGH).search("Pyotr 5999").total == 1
        keys = keys_of(store)
        with store._writing("", "refresh_claims"):
            store.backend.recompute_claims()
        assert keys_of(store) == keys


@pytest.mark.neo4j_only(reason="a damaged property")
def test_a_record_that_can_not_be_read_keeps_no_server_from_being_opened(tmp_path: Path) -> None:
    damaged(tmp_path, "MATCH (r:Record) SET r.body = substring(r.body, 1)")


@pytest.mark.sqlite_only(reason="a damaged row")
def test_a_record_that_can_not_be_read_keeps_no_file_from_being_opened(tmp_path: Path) -> None:
    damaged(tmp_path, "UPDATE record SET body = substr(body, 2)")


def damaged(place: Path, change: str) -> None:
    url = fresh_url(place)
    with closing(open_store(url)) as store:
        load(store, named("Ann"))
        without_keys(store)
        if isinstance(store.backend, SqliteBackend):
            store.backend._db.execute(change)
        elif isinstance(store.backend, Neo4jBackend):
            store.backend._database.run(change)
        make_again(store, "similar names")
    open_store(url).close()


def keys_of(store: GraphStore) -> list[object]:
    """All keys of names in a store."""
    if isinstance(store.backend, SqliteBackend):
        return store.backend._db.execute("SELECT key, tid FROM sound").fetchall()
    if isinstance(store.backend, Neo4jBackend):
        return store.backend._database.read(
            "MATCH (n) WHERE (n:Record OR n:TextPart) AND n.tokens IS NOT NULL"
            " RETURN n.rid AS rid, n.tokens AS tokens ORDER BY rid, tokens"
        )
    return []


@pytest.mark.sqlite_only(reason="a table of its own")
def test_what_is_not_published_leaves_no_keys(store: GraphStore) -> None:
    assert isinstance(store.backend, SqliteBackend)
    load(store, named("Ann"))
    before = keys_of(store)
    with store.writer(agency="A", by="clerk") as writer:
        writer.put([MANY_NAMES], writer.file("two.csv", "0", "csv"), "2026-01-01")
        writer._db.wait()
        writer._commit()
        assert len(keys_of(store)) > len(before)
    assert keys_of(store) == before
