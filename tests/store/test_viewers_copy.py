"""A viewer's copy answers like the store for him, contains nothing else, and is read-only."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.conformance.oracle.draw import VIEWERS, worlds
from tests.conformance.oracle.operations import Operation, perform, root_of
from tests.conformance.oracle.world import World
from tests.conformance.test_against_oracle import SEARCHES
from tests.laws.cases import REVIEW, cases
from tests.laws.sight import Case, Step, visible
from tests.laws.stages import play, with_more
from tests.servers import driver
from tests.stores import SQLITE, examples, fresh_url
from workbench.access.audit import NoLedger
from workbench.access.viewer import Viewer
from workbench.errors import StoreError, UsageError
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.cypher import run_cypher
from workbench.store.types import CommonEntry, Document, Judgement
from workbench.view.copies import copy_store
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View
from workbench.view.viewers_copy import copy_for_viewer

# Shrinking takes minutes.
_PHASES = [Phase.explicit, Phase.generate]
_FEW = settings(max_examples=examples(25), suppress_health_check=[*HealthCheck], phases=_PHASES)
_LAW = settings(max_examples=examples(15), suppress_health_check=[*HealthCheck], phases=_PHASES)
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

_NODES = "MATCH (n) WHERE NOT n:Lease|Heartbeat|Migration RETURN labels(n) AS labels, properties(n) AS properties"
_TIES = """
MATCH (a)-[r]->(b) RETURN labels(a) AS a, properties(a) AS of_a, type(r) AS type, properties(r) AS properties,
    labels(b) AS b, properties(b) AS of_b
"""
_RANDOM = ("token", "at", "copied_at", "touched", "secret")  # names of revisions, times, and the copy's own secret


def dump(url: str) -> list[str]:
    """All that is in a copy, in order, but for times and for how its revision and its files are called."""
    if not url.startswith("sqlite:"):
        with driver(url) as server:
            found = [row.data() for query in (_NODES, _TIES) for row in server.execute_query(query).records]
        return sorted(repr(_plain(row)) for row in found)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = [(table, row) for table in tables for row in _rows(db, table)]
    return sorted(map(repr, rows))


def _rows(db: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    cursor = db.execute(f"SELECT * FROM {table}")  # noqa: S608 - a table of the file itself
    names = [each[0] for each in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    if table == "meta":
        return [row for row in rows if row["name"] not in _RANDOM]
    random = {"revision": _RANDOM, "file": ("id",)}.get(table, ())
    return [{n: v for n, v in row.items() if n not in random} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if "SourceFile" in value.get("labels", ()):
            value["properties"].pop("id")
        return {name: _plain(each) for name, each in sorted(value.items()) if name not in _RANDOM}
    return sorted(map(str, value)) if isinstance(value, list) and name_list(value) else value


def name_list(value: list[Any]) -> bool:
    return all(isinstance(each, str) for each in value)


@_FEW
@given(operations=worlds())
def test_the_viewer_sees_in_it_what_he_sees(
    new_store: Callable[[], GraphStore], tmp_path: Path, operations: list[Operation]
) -> None:
    source = new_store()
    world = World()
    for operation in operations:
        world.note(operation, perform(source, operation))
    for viewer in VIEWERS:
        for purpose in viewer.purposes:
            with closing(open_store(fresh_url(tmp_path, "copy"))) as copy:
                told = copy_for_viewer(source, copy, viewer, purpose)
                view, original = (each.view(viewer, purpose=purpose) for each in (copy, source))
                assert told.newest["to"] == view.digest() == original.digest()
                assert list(answers(view, world)) == list(answers(original, world))
                for agency in "AB":
                    assert view.within(agency).digest() == original.within(agency).digest()
                assert (view.loads(), view.quarantine(), view.documents("chart")) == ((), (), ())


def test_the_copy_of_a_view_in_which_nothing_stands_any_more_has_its_revision(
    store: GraphStore, tmp_path: Path
) -> None:
    viewer = Viewer(name="anna", agencies=frozenset("A"), level="SECRET")
    entry = CommonEntry("phone", "+31612345678", "A", "OPEN//REL A", "a taxi")
    store.add_common(entry)
    store.remove_common(entry)
    with closing(open_store(fresh_url(tmp_path, "copy"))) as copy:
        copy_for_viewer(store, copy, viewer)
        assert copy.view(viewer).revision == store.view(viewer).revision != ""


def answers(view: View, world: World) -> Iterator[object]:
    keys = sorted(world.known)
    yield from (view.revision, view.stats(), view.clusters(), view.judgements(), view.listed_common(), view.markings())
    yield view.records(keys)
    for entity, _, _ in view.clusters():
        yield view.entity(entity)
        near = view.neighbours(entity, 2)
        yield near.entities, tuple(near.ties)
    for text in SEARCHES:
        yield view.search(text, 3)


@_LAW
@given(case=cases())
def test_what_is_hidden_leaves_no_trace_in_it(tmp_path: Path, case: Case) -> None:
    """Equal with other hidden content, and for a viewer who sees everything without any."""
    purpose, root = case.purpose, root_of(case.viewer)
    dumps = [
        copied(tmp_path, case.steps, case.viewer, purpose),
        copied(tmp_path, with_more(case), case.viewer, purpose),
        [row.replace(REVIEW, purpose) for row in copied(tmp_path, visible(case), root, REVIEW)],
    ]
    assert dumps[1] == dumps[0]
    assert dumps[2] == dumps[0]


def copied(folder: Path, steps: Sequence[Step], viewer: Viewer, purpose: str) -> list[str]:
    """A dump of the copy of a store in which these steps were done."""
    stage, url = play(steps, viewer, purpose), fresh_url(folder, "copy")
    with closing(open_store(url)) as copy:
        copy_for_viewer(stage.store, copy, viewer, purpose)
    stage.throw_away()
    return dump(url)


# -- one case ---------------------------------------------------------------------------------

OPEN, SECRET = parse_marking("OPEN//REL A,B"), parse_marking("SECRET//REL B")
ANNA = Viewer(name="anna", agencies=frozenset({"A"}), level="OPEN")
JOINT = Viewer(name="joint", agencies=frozenset({"A", "B"}), level="SECRET")


def person(agency: str, n: int, marking: Marking) -> Record:
    values = {"name": (Value(f"Ann {n}", f"Ann {n}"),), "passportNumber": (Value("P1234567", "P1234567"),)}
    values["passportCountry"] = (Value("nl", "nl"),)
    return Record("Person", Dataset(agency, "d"), f"p{n}", values, marking)


SEEN, ALSO_SEEN, HIDDEN = person("A", 1, OPEN), person("B", 2, OPEN), person("B", 3, SECRET)


def load(store: GraphStore, record: Record) -> None:
    with store.writer(agency=record.dataset.agency, by="clerk") as writer:
        writer.put([record], writer.file("f.csv", "0", "csv"), "2026-01-01")
        writer.publish(dataset="d", adapter="csv", files=())


@pytest.fixture
def source(tmp_path: Path) -> Iterator[GraphStore]:
    """A store in a file, with something that anna does not see."""
    with closing(open_store(fresh_url(tmp_path, "source", SQLITE))) as store:
        for record in (SEEN, ALSO_SEEN, HIDDEN):
            load(store, record)
        yield store


def test_it_takes_nothing_more(source: GraphStore, store: GraphStore) -> None:
    copy_for_viewer(source, store, ANNA)
    judgement = Judgement("0" * 16, SEEN.entity, ALSO_SEEN.entity, "same", "anna", "w", "2026", (SEEN.key(),))
    attempts: list[Callable[[], object]] = [
        lambda: load(store, SEEN),
        lambda: store.add_judgement(judgement),
        lambda: store.add_common(CommonEntry("phone", "+31612345678", "A", str(OPEN), "w")),
        lambda: store.remark([SEEN.key()], SECRET),
        lambda: store.save_document(Document("chart", "c", 0, "anna", "2026", {}), "A", OPEN, []),
    ]
    before = store.view(ANNA).digest()
    for attempt in attempts:
        with pytest.raises(StoreError, match="is a read-only copy made for anna"):
            attempt()
    assert store.view(ANNA).digest() == before
    with pytest.raises(UsageError, match="is not empty"):
        copy_for_viewer(source, store, ANNA)


def test_others_see_no_more_in_it(source: GraphStore, store: GraphStore) -> None:
    copy_for_viewer(source, store, ANNA)
    assert store.view(JOINT).digest() == store.view(ANNA).digest() == source.view(ANNA).digest()
    assert source.view(JOINT).digest() != source.view(ANNA).digest()


def test_it_is_not_copied_again(source: GraphStore, store: GraphStore, tmp_path: Path) -> None:
    copy_for_viewer(source, store, ANNA)
    with closing(open_store(fresh_url(tmp_path, "third", SQLITE))) as third:
        for again in (copy_store, lambda one, other: copy_for_viewer(one, other, ANNA)):
            with pytest.raises(UsageError, match="is a copy made for anna: copy from the store"):
                again(store, third)


def test_one_that_was_interrupted_shows_nothing_and_is_made_anew(source: GraphStore, store: GraphStore) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            copy_for_viewer(source, store, ANNA, tell=stop)
        assert store.view(JOINT).stats().records == 0
        with pytest.raises(StoreError, match="unfinished copy"):
            load(store, SEEN)
    assert copy_for_viewer(source, store, ANNA).newest["to"] == store.view(ANNA).digest() == source.view(ANNA).digest()


def test_access_that_changes_meanwhile_ends_it(source: GraphStore, store: GraphStore) -> None:
    with pytest.raises(StoreError, match="markings changed while this was read"):
        copy_for_viewer(source, store, ANNA, tell=lambda *_: source.remark([SEEN.key()], SECRET))
    assert store.view(JOINT).stats().records == 0
    copy_for_viewer(source, store, ANNA)
    assert store.view(JOINT).digest() == source.view(ANNA).digest()


@pytest.mark.neo4j_only(reason="asks by Cypher")
def test_cypher_groups_by_who_is_one(source: GraphStore, tmp_path: Path) -> None:
    url = fresh_url(tmp_path, "copy")
    with closing(open_store(url)) as copy:
        copy_for_viewer(source, copy, ANNA)
    database = Database(address_of(url))
    query = "MATCH (p:Person) RETURN p.canonical, collect(p.caption) AS names"
    found = run_cypher(database, query, audit=NoLedger(), viewer="anna", purpose="investigation")
    database.close()
    (row,) = found.rows
    assert row[0] == min(SEEN.entity, ALSO_SEEN.entity)
    assert sorted(row[1]) == ["Ann 1", "Ann 2"]
