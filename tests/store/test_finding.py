"""On Neo4j, lookups find every record, whatever was done to a store, and while it is written to."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import neo4j
import pytest
from hypothesis import HealthCheck, given, settings

from tests.conformance.oracle.draw import worlds
from tests.conformance.oracle.operations import AT, Delivery, Load, Operation, perform
from tests.conformance.test_identity import FILES, OPEN, person
from tests.conformance.test_lookups import both, compare, loaded, meeting, numbers, rows, scopes
from tests.doctor.stores import loading
from tests.servers import driver
from tests.store.older import make_again
from tests.stores import fresh_url
from workbench.model.numbers import RevisionNumber
from workbench.model.record import Record, Role, Value
from workbench.store.doctor import examine, repair
from workbench.store.leasing import PATIENCE
from workbench.store.lookups import Lookups
from workbench.store.neo4j import connection, lookups
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.backend import Neo4jBackend
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.drawing import wrongly_drawn
from workbench.store.neo4j.finding import misnumbered, of_no_record
from workbench.store.types import Judgement, Scope
from workbench.view.copies import copy_store
from workbench.view.store import GraphStore, open_store

pytestmark = [
    pytest.mark.neo4j_only(reason="SQLite has tables for claims and ties"),
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]

_DOCUMENTS = {"passportNumber": "P1234567", "idNumber": "771234", "taxNumber": "55667788"}
_ROUNDS = 8
_FEW = settings(max_examples=max(5, settings().max_examples // 4), suppress_health_check=[*HealthCheck])


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A store with records that have more numbers than their nodes."""
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        loaded(store, person(1, **_DOCUMENTS), person(2, passportNumber="P1234567"), meeting("1", "2", "3"))
    yield url
    with driver(url) as admin:
        admin.execute_query("MATCH (n) DETACH DELETE n")
    open_store(url).close()


def random() -> Random:
    return Random(1)  # noqa: S311 - draws examples


def assert_numbered(store: GraphStore) -> None:
    assert isinstance(store.backend, Neo4jBackend)
    assert not any(misnumbered(store.backend._database))
    assert not of_no_record(store.backend._database)
    assert wrongly_drawn(store.backend._database) == []


@_FEW
@given(operations=worlds())
def test_whatever_is_done_to_a_store_its_records_are_found(
    new_store: Callable[[], GraphStore], operations: list[Operation]
) -> None:
    store = new_store()
    for each in operations:
        perform(store, each)
        assert_numbered(store)
    with store.backend.leases.held(PATIENCE):
        store.backend.recompute_claims()
    assert_numbered(store)


def found_by(url: str) -> list[object]:
    """The numbers by which records are found."""
    with driver(url) as admin:
        own = admin.execute_query("MATCH (r:Record) RETURN r.rid, r.found_by ORDER BY r.rid").records
        others = admin.execute_query("MATCH (f:FoundBy) RETURN f.rid, f.number ORDER BY f.rid, f.number").records
    return [each.values() for each in (*own, *others)]


SPOILT = {
    "all are missing": "MATCH (r:Record) REMOVE r.found_by WITH DISTINCT 1 AS one MATCH (f:FoundBy) DELETE f",
    "one is missing": "MATCH (f:FoundBy) WITH f LIMIT 1 DELETE f",
    "one is another's": "MATCH (r:Record) WHERE r.about IS NOT NULL WITH r LIMIT 1 SET r.found_by = 7",
    "one is there twice": "MATCH (f:FoundBy) WITH f LIMIT 1 CREATE (g:FoundBy) SET g = properties(f)",
    "one is of no record": "CREATE (:FoundBy {number: 1, rid: 999})",
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_doctor_tells_of_what_is_not_found_and_repairs_it(url: str, spoil: str) -> None:
    before = found_by(url)
    with driver(url) as admin:
        admin.execute_query(neo4j.Query(spoil))
    (told,) = (each for each in examine(url, contents=True) if each.state == "failed")
    assert told.name == "lookups"
    assert "P1234567" not in str(told)
    repair(url)
    assert {each.state for each in examine(url, contents=True)} <= {"ok", "unknown", "warning"}
    assert found_by(url) == before


@pytest.mark.parametrize(
    "spoil", ["DELETE t", "CREATE (a)-[s:MET]->(b) SET s = properties(t)", "CREATE (b)-[s:MET]->(a) SET s = t DELETE t"]
)
def test_doctor_tells_of_relationships_that_are_not_those_of_ties(url: str, spoil: str) -> None:
    call = Record("Call", FILES[0], "c", {}, OPEN, (Role("caller", "1"), Role("receiver", "2")))
    with closing(open_store(url)) as store:
        perform(store, Load("A", (Delivery("two.csv", "2026-01-02", ((call,),)),)))
    assert not [each for each in examine(url, contents=True) if each.state == "failed"]
    with driver(url) as admin:
        admin.execute_query(neo4j.Query("MATCH (a:Entity)-[t:CALLED]->(b:Entity) " + spoil))
    (told,) = (each for each in examine(url, contents=True) if each.state == "failed")
    assert (told.name, told.found.endswith(f" ties: {call.key()}")) == ("ties", True)


def test_an_older_store_is_numbered_when_it_is_opened(url: str) -> None:
    before = found_by(url)
    with driver(url) as admin:
        admin.execute_query(SPOILT["all are missing"])
    with closing(open_store(url)) as store:
        make_again(store, "records are found by what they say")
    with closing(open_store(url)) as store:
        assert_numbered(store)
    assert found_by(url) == before


def judged(url: str) -> list[Judgement]:
    """Make a judgement, and one about others that overrides it."""
    key = person(1).key()
    ids = [person(n).entity for n in range(4)]
    apart = Judgement("1" * 16, ids[0], ids[1], "different", "anna", "why", "2026", (key,))
    over = Judgement("2" * 16, ids[2], ids[3], "same", "boris", "why", "2026", (key,), (apart.id,))
    with closing(open_store(url)) as store:
        for each in (apart, over):
            store.add_judgement(each)
    return [apart, over]


def outweighed(url: str) -> set[str]:
    """The ids of the judgements that lookups tell as overridden by others."""
    with closing(open_store(url)) as store:
        every = tuple(each.vis for each in store.backend.classes())
        return set(both(store, Scope(every, RevisionNumber(store.backend.published())))[0].outweighed(["1" * 16]))


def test_doctor_tells_of_overriding_judgements_that_are_not_found_and_repairs_it(url: str) -> None:
    apart, _ = judged(url)
    assert outweighed(url) == {apart.id}
    with driver(url) as admin:
        admin.execute_query("MATCH (j:Judgement) REMOVE j.overriding")
    assert outweighed(url) == set()
    (told,) = (each for each in examine(url, contents=True) if each.state == "failed")
    assert (told.name, "override" in told.found) == ("lookups", True)
    repair(url)
    assert "failed" not in {each.state for each in examine(url, contents=True)}
    assert outweighed(url) == {apart.id}


def test_overriding_judgements_of_an_older_store_and_of_a_copy_are_found(url: str, tmp_path: Path) -> None:
    apart, _ = judged(url)
    with driver(url) as admin:
        admin.execute_query("MATCH (j:Judgement) REMOVE j.overriding")
    with closing(open_store(url)) as store:
        make_again(store, "judgements by entity")
    assert outweighed(url) == {apart.id}
    target = fresh_url(tmp_path, "copy")
    with closing(open_store(url)) as store, closing(open_store(target)) as copy:
        copy_store(store, copy)
    assert outweighed(target) == {apart.id}


def test_what_a_dead_load_left_is_not_found(url: str) -> None:
    with loading(url):
        assert {each.state for each in examine(url, contents=True) if each.name == "lookups"} == {"ok"}
    with closing(open_store(url)) as store:
        store.writer(agency="A", by="next", at=AT).abort()
        assert_numbered(store)


def test_a_copy_is_found_as_its_source(url: str, tmp_path: Path) -> None:
    target = fresh_url(tmp_path, "copy")
    with closing(open_store(url)) as store, closing(open_store(target)) as copy:
        copy_store(store, copy)
        assert_numbered(copy)
        compare(copy, next(scopes(copy, random())), random())


def _round(n: int) -> list[Record]:
    """The same people, who call the first of them, and meet in threes; each record is another at every round."""
    when = {"date": (Value(f"2026-01-{n + 1:02}", ""),)}
    people = [person(i, passportNumber=f"P123{i % 3}567", name=f"Ann {n}") for i in range(8)]
    calls = [
        Record("Call", FILES[0], f"c{i}", when, OPEN, (Role("caller", str(i % 8)), Role("receiver", "0")))
        for i in range(120)
    ]
    met = [replace(meeting("0", str(i), str(i + 1)), source_id=f"m{i}", properties=when) for i in range(1, 7)]
    return [*people, *calls, *met]


def asked(ask: Lookups, entity: int) -> list[object]:
    """All that lookups tell of an entity."""
    one = numbers([entity])
    found = (ask.ties(one, None), ask.ties(one, ["Call"]), ask.about(one), ask.claims_of(one, 1_000))
    return [*(rows(each, ask) for each in found), ask.present(one).tolist()]


def test_a_writer_beside_changes_no_answer(tmp_path: Path) -> None:
    """The writer supersedes every tie, moves it to the past, and draws another."""
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store, closing(open_store(url)) as beside:
        own, columns = loaded(store, *_round(0))
        everybody = store.backend.columns(1).number.tolist()
        wanted = {entity: asked(columns, entity) for entity in everybody}
        with ThreadPoolExecutor(1) as thread:
            writing = thread.submit(_write_on, beside)
            told = [0, 0]
            while not writing.done() or told[1] < len(everybody):
                for entity in everybody:
                    told[asked(own, entity) == wanted[entity]] += 1
            writing.result()
        assert told[0] == 0
        assert store.backend.published() == 1 + _ROUNDS
        assert_numbered(store)


def _write_on(store: GraphStore) -> None:
    for n in range(1, _ROUNDS + 1):
        perform(store, Load("A", (Delivery("one.csv", f"2026-02-{n:02}", (tuple(_round(n)),)),)))


@pytest.mark.parametrize(("writes", "found"), [(3, [3]), (1_000, None)])
def test_what_is_read_at_rest_is_asked_again_until_nothing_is_written_beside_it(
    url: str, monkeypatch: pytest.MonkeyPatch, writes: int, found: list[int] | None
) -> None:
    own, asked = connection._values, list[object]()
    with driver(url) as admin, closing(Database(address_of(url))) as database:

        def beside(*given: Any) -> list[list[Any]]:
            asked.append(given)
            if len(asked) <= writes:
                admin.execute_query("CREATE (:Beside)")
            return own(*given)

        monkeypatch.setattr(connection, "_values", beside)
        assert database.row_at_rest("MATCH (b:Beside) RETURN count(b)") == found
    assert len(asked) == min(writes + 1, 20)


def test_a_database_that_does_not_come_to_rest_is_answered_from_columns(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(url)) as store:
        scope = next(scopes(store, random()))
        perform(store, Load("A", (Delivery("two.csv", "2026-01-02", ((person(7), meeting("7", "1")),)),)))
        monkeypatch.setattr(Database, "row_at_rest", lambda *_, **__: None)
        compare(store, scope, random())
        ask = store.backend.lookups(scope)
        later = numbers(ask.numbers_of([person(7).entity]).values())
        assert len(later) == 1
        assert (ask.present(later).tolist(), ask.tied(later).tolist(), len(ask.ties(later, None).a)) == ([], [0], 0)


def statements() -> list[str]:
    return [name for name, value in vars(lookups).items() if isinstance(value, str) and "RETURN" in value]


def _operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"]
    for each in plan.get("children", ()):
        yield from _operators(each)


def test_a_lookup_goes_through_indexes_alone(url: str) -> None:
    asked = {
        "entities": [1],
        "ids": ["e"],
        "numbers": [1],
        "types": ["CALLED", "PAST"],
        "schemata": ["Call"],
        "judgements": ["0"],
    }
    with driver(url) as admin:
        for name in statements():
            explained = neo4j.Query("EXPLAIN " + getattr(lookups, name))
            done = admin.execute_query(explained, asked=asked, allowed=[1], revision=1, most=1)
            operators = list(_operators(done.summary.plan))
            assert "Seek" in " ".join(operators), name
            assert not [each for each in operators if "Scan" in each or "TypeLookup" in each], (name, operators)
    assert len(statements()) == 11
