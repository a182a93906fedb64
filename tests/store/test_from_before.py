"""Older stores: decisions stored under record keys, and loads without markings."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.conformance.test_decisions import COMPARTED, DAYS, OPEN, SECRET, load, marks, said, unnamed
from tests.conformance.test_markings_hold import LOW, A, B, ann, bob, logged
from tests.conformance.test_markings_hold import load as load_one
from tests.store.older import make_again
from tests.stores import fresh_url
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Record
from workbench.store.neo4j.backend import Neo4jBackend
from workbench.store.sqlite.backend import SqliteBackend
from workbench.store.sqlite.interning import vis_class
from workbench.view.store import GraphStore, open_store


def test_decisions_from_before_hold_whatever_deliveries_ask_for(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        load(store, said("Ann"), said("Bob", SECRET, "2"), unnamed("Eve"))
        store.remark([said("Ann").key(), unnamed("Eve").key()], SECRET)
        store.remark([said("Bob", source_id="2").key()], OPEN)
        by_keys(store, (said("Ann"), SECRET), (said("Bob", source_id="2"), OPEN), (unnamed("Eve"), SECRET))
    with closing(open_store(url)) as store:
        load(store, said("Ann B"), said("Bob C", SECRET, "2"), unnamed("Eve"), day=DAYS[1])
        three = said("Ann B"), said("Bob C", source_id="2"), unnamed("Eve")
        assert marks(store, *three) == [str(SECRET), str(OPEN), str(SECRET)]
        store.remark([said("Bob C", source_id="2").key()], OPEN)
        load(store, said("Bob C", SECRET, "2"), day=DAYS[2])
        assert marks(store, said("Bob C", source_id="2")) == [str(OPEN)]
        load(store, said("Bob C", COMPARTED, "2"), day=DAYS[3])
        assert marks(store, said("Bob C", source_id="2")) == [str(COMPARTED)]


def test_all_that_was_decided_before_of_one_subject_binds(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        load(store, said("Ann"))
        load(store, said("Ann B"), day=DAYS[1])
        store.remark([said("Ann").key()], OPEN)
        by_keys(store, (said("Ann"), parse_marking("OPEN//REL A//COMP X")), (said("Ann B"), SECRET))
    with closing(open_store(url)) as store:
        load(store, said("Ann C"), day=DAYS[2])
        assert marks(store, said("Ann C")) == [str(COMPARTED)]


def by_keys(store: GraphStore, *decided: tuple[Record, Marking]) -> None:
    """Make a store one in which these decisions are kept by the keys of records, and bring it to this version."""
    if isinstance(store.backend, Neo4jBackend):
        _by_keys_there(store, decided)
    elif isinstance(store.backend, SqliteBackend):
        _by_keys_here(store, decided)
    make_again(store, "decisions outlive records")


def _by_keys_here(store: GraphStore, decided: Sequence[tuple[Record, Marking]]) -> None:
    for statement in (
        "DROP TABLE remarked",
        "DROP TABLE asked",
        "CREATE TABLE remarked (key BLOB PRIMARY KEY, vis INTEGER NOT NULL) WITHOUT ROWID",
        "ALTER TABLE pending_mark DROP COLUMN asked",
    ):
        store.backend._db.execute(statement)
    for record, marking in decided:
        vis = vis_class(store.backend._db, "A", str(marking), ())
        store.backend._db.execute("INSERT INTO remarked VALUES (?, ?)", (bytes.fromhex(record.key()), vis))


def _by_keys_there(store: GraphStore, decided: Sequence[tuple[Record, Marking]]) -> None:
    for query in (
        "MATCH (m:Remarked) DELETE m",
        "MATCH (r:Record) REMOVE r.asked",
        "DROP CONSTRAINT remarked_subject",
        "CREATE CONSTRAINT remarked_key FOR (n:Remarked) REQUIRE n.key IS UNIQUE",
    ):
        store.backend._database.run(query)
    for record, marking in decided:
        store.backend._database.run(
            "OPTIONAL MATCH (c:VisibilityClass) WITH coalesce(max(c.vis), 0) + 1 AS next"
            " MERGE (v:VisibilityClass {agency: 'A', marking: $marking}) ON CREATE SET v.vis = next, v.members = []"
            " CREATE (m:Remarked {key: $key, vis: v.vis})",
            marking=str(marking),
            key=record.key(),
        )


def test_loads_from_before_they_were_marked_are_told_to_those_who_see_all_of_their_agency(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        load_one(store, ann(OPEN))
        load_one(store, ann(parse_marking("SECRET//REL B"), "B"))
        _forget_markings(store)
    with closing(open_store(url)) as store:
        assert [len(store.view(viewer).loads()) for viewer in (LOW, A, B)] == [1, 1, 1]
        logged(store, bob(SECRET))
        _forget_markings(store)
    for _ in range(2):
        with closing(open_store(url)) as store:
            assert [len(store.view(viewer).loads()) for viewer in (LOW, A, B)] == [0, 2, 1]


def _forget_markings(store: GraphStore) -> None:
    """Make a store one in which no load was marked, and bring it to this version."""
    if isinstance(store.backend, Neo4jBackend):
        store.backend._database.run("MATCH (l:LoadEntry) REMOVE l.datasets, l.classes")
    elif isinstance(store.backend, SqliteBackend):
        for column in ("datasets", "classes"):
            store.backend._db.execute(f"ALTER TABLE load DROP COLUMN {column}")
    make_again(store, "loads are marked")
