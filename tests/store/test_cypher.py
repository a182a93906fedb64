"""People's own Cypher on a real server: who may query, and what no query can do."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from secrets import token_hex
from typing import Any

import neo4j
import pytest
from hypothesis import example, given, settings

from tests.servers import driver
from tests.store.cypher_queries import ALLOWED, mutants
from tests.store.viewers_copy import COPY, STORE, viewers_copy
from workbench.access.audit import NoLedger, Trace
from workbench.errors import AccessDenied, StoreError, UsageError
from workbench.store.neo4j.connection import Database, address_of
from workbench.store.neo4j.cypher import NO_COPY, Table, check, run_cypher

pytestmark = pytest.mark.neo4j_only(reason="asks a real server")

_GRAPH = """
MATCH (n) RETURN elementId(n) AS id, labels(n) AS what, properties(n) AS properties
UNION ALL MATCH ()-[n]->() RETURN elementId(n) AS id, [type(n)] AS what, properties(n) AS properties
"""
_RUNNING = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS $sign RETURN count(*)"
PARAMETERS: Mapping[str, Any] = {"name": "Bo", "rows": [{"a": 1}], "x": 1}


class Ledger:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str, str]] = []

    def keep(self, trace: Trace) -> None:
        self.told.append((trace.viewer, trace.purpose, trace.what, trace.asked["query"]))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The copy of a viewer."""
    with viewers_copy(tmp_path_factory.mktemp("copy")) as found:
        yield found


@pytest.fixture(scope="module")
def database(url: str) -> Iterator[Database]:
    opened = Database(address_of(url))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def other(url: str) -> Iterator[neo4j.Driver]:
    """The server without our restrictions."""
    with driver(url) as opened:
        yield opened


@pytest.fixture
def no_copy(database: Database, other: neo4j.Driver) -> Iterator[Database]:
    """The same store, as one that was not copied for anybody."""
    other.execute_query("MATCH (s:Store) REMOVE s.copy_of_viewer")
    yield database
    other.execute_query(STORE, properties=COPY)


def ask(database: Database, query: str, **options: Any) -> Table:
    options = {"audit": NoLedger(), "parameters": PARAMETERS, **options}
    return run_cypher(database, query, **options)


@pytest.mark.parametrize("query", ALLOWED)
def test_the_server_understands_what_is_let_through(database: Database, query: str) -> None:
    found = ask(database, query)
    assert found.columns
    assert all(len(row) == len(found.columns) for row in found.rows)
    json.dumps(asdict(found), allow_nan=False)


@pytest.mark.parametrize("query", ["RETURN 1", "CREATE (n)", "", "'", "\ud800", "RETURN 1 " * 9_000])
def test_a_store_that_is_no_copy_says_one_sentence(no_copy: Database, query: str) -> None:
    ledger = Ledger()
    with pytest.raises(UsageError) as caught:
        ask(no_copy, query, audit=ledger, viewer="bob", purpose="p")
    assert str(caught.value) == NO_COPY
    assert [each[:3] for each in ledger.told] == [("bob", "p", "cypher")]


@pytest.mark.parametrize("whose", [{"viewer": "bob"}, {"purpose": "audit"}, {"viewer": "bob", "purpose": "audit"}])
def test_a_copy_answers_its_viewer_and_purpose_only(database: Database, whose: dict[str, str]) -> None:
    with pytest.raises(AccessDenied, match="made for another viewer or purpose"):
        ask(database, "RETURN 1", **whose)
    assert ask(database, "RETURN 1", viewer="ann", purpose="investigation").rows == ((1,),)


def test_every_query_is_told_before_it_runs(database: Database) -> None:
    ledger = Ledger()
    for query in ("RETURN 1 AS n", "CREATE (n)", "RETURN nobody", "RETURN '\ud800'"):
        try:
            ask(database, query, audit=ledger)
        except UsageError:
            continue
    queries = ["RETURN 1 AS n", "CREATE (n)", "RETURN nobody", r"RETURN '\ud800'"]
    assert ledger.told == [("ann", "investigation", "cypher", query) for query in queries]


def test_a_ledger_that_fails_ends_the_query(database: Database) -> None:
    class Full(NoLedger):
        def keep(self, trace: Trace) -> None:
            raise StoreError("the ledger is full")

    with pytest.raises(StoreError, match="ledger is full"):
        ask(database, "RETURN 1", audit=Full())


def test_values_are_those_of_json(database: Database) -> None:
    query = """
    MATCH p = (a:Person {name: 'Ann'})-[r]->(b) RETURN a, r, p, a.at AS at, 1.0 / 0 AS infinite, $bytes AS bytes,
        [date('2020-01-02'), duration({days: 1}), localtime('03:04'), datetime('2020-01-02T03:04Z')] AS times
    """
    ((a, r, p, *others),) = ask(database, query, parameters={"bytes": b"\x01\xff"}).rows
    assert a["labels"] == ["Person"]
    assert a["properties"] == {"at": {"coordinates": [1.0, 2.0], "srid": 7203}, "born": "1990-01-02", "name": "Ann"}
    assert (r["type"], r["properties"], r["start"]) == ("KNOWS", {"since": 2}, a["id"])
    assert p == {"nodes": [a, p["nodes"][1]], "relationships": [r]}
    assert p["nodes"][1]["id"] == r["end"]
    times = ["2020-01-02", "P1D", "03:04:00.000000000", "2020-01-02T03:04:00.000000000+00:00"]
    assert others == [{"coordinates": [1.0, 2.0], "srid": 7203}, "inf", "01ff", times]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("RETURN nobody", "not defined"),
        ("RETURN $y", "parameter"),
        ("RETURN 1/0", "zero"),
        ("MATCH (a:Person) MATCH p = shortestPath((a)-[:KNOWS*]-(a)) RETURN p", "same"),
    ],
)
def test_what_the_server_can_not_answer_is_told(database: Database, query: str, says: str) -> None:
    with pytest.raises(UsageError, match=rf"can't answer this query: .*{says}"):
        ask(database, query)


def test_a_message_moves_no_cursor(database: Database) -> None:
    with pytest.raises(UsageError) as caught:
        ask(database, "RETURN date($x)", parameters={"x": "\x1b[2J\r\nno date"})
    assert "can't answer" in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("value", [2**70, object(), "\ud800", {1: 2}])
def test_a_parameter_that_is_none_is_told(database: Database, value: object) -> None:
    with pytest.raises(UsageError, match="a parameter can't be sent"):
        ask(database, "RETURN $x", parameters={"x": value})


@pytest.mark.parametrize("options", [{"limit": 0}, {"limit": 10**9}, {"seconds": 0}, {"seconds": float("nan")}])
def test_limits_have_limits(database: Database, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"limit (of rows )?must be"):
        ask(database, "RETURN 1", **options)


# -- nothing is written -------------------------------------------------------------------


def graph(of: neo4j.Driver) -> list[str]:
    return sorted(repr(row.data()) for row in of.execute_query(_GRAPH).records)


def test_nothing_that_is_let_through_writes(other: neo4j.Driver) -> None:
    """Run queries where writing is allowed, so that only the grammar protects the data."""
    before, ran = graph(other), [0, 0]

    @settings(max_examples=400)
    @given(query=mutants())
    @example("RETURN 'a\\u0027 CREATE (:Made) //'")
    def attempt(query: str) -> None:
        try:
            check(query)
        except UsageError:
            return
        ran[0] += 1
        with other.session() as session:
            try:
                with session.begin_transaction(timeout=5) as tx:
                    summary = tx.run(query, dict(PARAMETERS)).consume()  # type: ignore[arg-type] # made by a test
                    tx.commit()
            except neo4j.exceptions.Neo4jError:  # it fails; what is there is compared in the end
                return
        ran[1] += 1
        assert summary.query_type == "r"
        assert not summary.counters.contains_updates
        assert not summary.counters.contains_system_updates

    attempt()
    assert graph(other) == before
    assert min(ran) > 20  # it was about something


def test_the_server_would_not_write_either(database: Database, other: neo4j.Driver) -> None:
    before = graph(other)
    for query in (
        "CREATE (n)",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) SET n.x = 1",
        "CREATE INDEX x FOR (n:X) ON (n.y)",
    ):
        with pytest.raises(StoreError, match=r"[Aa]ccess mode"), database.reading(5.0, 10) as tx:
            tx.run(query).consume()  # type: ignore[arg-type] # made by a test
    assert graph(other) == before


# -- limits -------------------------------------------------------------------------------


def a_sign() -> str:
    """A name by which a query is known among others."""
    return f"sign_{token_hex(8)}"


def running(other: neo4j.Driver, sign: str) -> bool:
    """Whether the server runs a query that holds a sign."""
    return other.execute_query(_RUNNING, sign=sign).records[0][0] > 0


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold within ten seconds."""
    return any(holds() or time.sleep(0.05) for _ in range(200))


ENDLESS = {
    "aggregation": "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN sum(a * b) AS {sign}",
    "sorting": "UNWIND range(1, 1000000) AS a UNWIND [1, 2] AS b MATCH (n), (m), (o) RETURN max(a) AS {sign}",
    "paths": """
        UNWIND range(1, 10000000) AS a MATCH p = (x:Person)-[:KNOWS|OWNS*1..3]-(y) WHERE y.name > 'Z' + a
        RETURN count(p) AS {sign}
    """,
    "shortest paths": """
        UNWIND range(1, 10000000) AS i MATCH (a), (b) WHERE a <> b MATCH p = allShortestPaths((a)-[*]-(b))
        RETURN count(p) AS {sign}
    """,
    "a shortest path": """
        UNWIND range(1, 10000000) AS i MATCH (a), (b) WHERE a <> b
        RETURN sum(length(shortestPath((a)-[*..8]-(b)))) AS {sign}
    """,
    "slow rows": """
        UNWIND range(1, 10000000) AS a UNWIND range(1, 1000000) AS b WITH a, b WHERE b % 500000 = 0 RETURN a AS {sign}
    """,
}


@pytest.mark.fewer_cases(reason="each waits a second, for the same limit")
@pytest.mark.parametrize("kind", ENDLESS)
def test_the_limit_of_time_stops_a_query(database: Database, other: neo4j.Driver, kind: str) -> None:
    sign = a_sign()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, database, ENDLESS[kind].replace("{sign}", sign), seconds=1.0, limit=100_000)
        assert soon(lambda: running(other, sign))
        with pytest.raises(StoreError, match=r"stopped after [0-9.]+ s"):
            asked.result()
    assert soon(lambda: not running(other, sign))
    assert ask(database, "RETURN 1").rows == ((1,),)


def _nested(kind: str, depth: int) -> str:
    """Nested subqueries of one kind."""
    return f"{kind} {{ RETURN " * depth + "1" + " AS x }" * depth


# Each is close to what is refused.
LARGEST = {
    "sum": "RETURN " + " + ".join(["'a'"] * 60) + " AS x",
    "negations": f"RETURN {'NOT ' * 60}true AS x",
    "properties": f"RETURN $map{'.a' * 60} AS x",
    "items": f"RETURN $map{'[0]' * 60} AS x",
    "powers": "RETURN 1" + " ^ 1" * 60 + " AS x",
    "brackets": "RETURN " + "(1 + " * 29 + "1" + ")" * 29 + " AS x",
    "labels": "MATCH (n:" + "&".join(f"L{i}" for i in range(20)) + ") RETURN count(n) AS x",
    "subqueries": "RETURN " + ", ".join(f"{_nested(kind, 4)} AS x{kind}" for kind in ("EXISTS", "COUNT", "COLLECT")),
    "search": "RETURN ($a + $a + $a + $a) CONTAINS ($a + $a + $a + $b) AS x",
    "split": "RETURN size(split($a + $a + $a + $a, $a + $b)) AS x",
    "replace": f"WITH {' + '.join(['$a'] * 60)} AS s RETURN size(replace(s, '{'a' * 990}b', '')) AS x",
}


@pytest.mark.parametrize("kind", LARGEST)
def test_the_largest_queries_are_answered_soon(database: Database, kind: str) -> None:
    parameters = {"map": None, "a": "a" * 1_000, "b": "a" * 500 + "b"}
    found = ask(database, LARGEST[kind], parameters=parameters, seconds=60)
    assert len(found.rows) == 1
    assert found.seconds < 5


def test_no_more_rows_come_than_the_limit(database: Database, other: neo4j.Driver) -> None:
    sign = a_sign()
    found = ask(database, f"UNWIND range(1, 1000000000) AS {sign} RETURN {sign}", limit=3)
    assert (found.rows, found.truncated) == (((1,), (2,), (3,)), True)
    assert soon(lambda: not running(other, sign))
    found = ask(database, "UNWIND range(1, 3) AS n RETURN n", limit=3)
    assert (found.rows, found.truncated) == (((1,), (2,), (3,)), False)


def test_a_query_that_takes_too_much_memory_is_stopped(database: Database, other: neo4j.Driver) -> None:
    sign = a_sign()
    with pytest.raises(StoreError, match="too much memory"):
        ask(database, f"UNWIND range(1, 1000000000) AS a RETURN size(collect(a)) AS {sign}", seconds=100)
    assert soon(lambda: not running(other, sign))
