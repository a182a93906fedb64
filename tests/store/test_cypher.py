"""Cypher of people's own: what is let through, and what none of it can do to a real server."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from secrets import token_hex
from typing import Any

import neo4j
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.servers import driver
from tests.stores import leased
from workbench.access.audit import NoLedger
from workbench.cli import cli
from workbench.console import run
from workbench.errors import AccessDenied, StoreError, UsageError
from workbench.store.neo4j.connection import Database, address_of
from workbench.store.neo4j.cypher import NO_COPY, Table, check, run_cypher
from workbench.store.neo4j.cypher.words import FUNCTIONS, REFUSED

ON_A_SERVER = pytest.mark.neo4j_only(reason="asks a real server")

# Each is understood by the server too, which a test below shows.
ALLOWED = (
    "RETURN 1",
    "RETURN 1;",
    "MATCH (n) RETURN n LIMIT 5",
    "MATCH (a:Person)-[r:KNOWS]->(b:Person) RETURN count(r)",
    "MATCH (a)-[:KNOWS]->{1,3}(b) RETURN DISTINCT b.name AS name ORDER BY name DESC SKIP 1 LIMIT 10",
    "MATCH p = SHORTEST 2 (a:Person)-[:KNOWS]-+(b:Person) WHERE a.name < b.name RETURN length(p)",
    "MATCH p = ALL SHORTEST (a:Person)-[:KNOWS|OWNS]-*(b:Person) RETURN [n IN nodes(p) | n.name] AS names",
    "MATCH p = ANY SHORTEST (a:Person)-[:KNOWS]->+(b) RETURN p",
    "MATCH p = SHORTEST 3 GROUPS (a:Person {name: $name}) (()-[r:KNOWS WHERE r.since > 1]-()){1,6} (b:Person) RETURN p",
    "MATCH (a)((x)-[r:KNOWS]-(y) WHERE x.name < y.name){1,3}(b) RETURN [each IN r | each.since] AS since",
    "MATCH p = shortestPath((a:Person {name: 'Ann'})-[:KNOWS*..5]-(b:Person {name: 'Cas'})) RETURN length(p)",
    "MATCH (a)-[*1..2]-(b), (c)-[:OWNS*2]->(d) RETURN *",
    "MATCH (a WHERE a.name = 'Ann')-[r WHERE r.since > 0]->(b {name: $name}) RETURN a, r, b",
    "MATCH (a:Person|Car&!Boat) WHERE a:Person AND NOT a:Car|Boat RETURN labels(a)",
    "MATCH (a)-->(b)<--(c)--(d) WHERE NOT (a)-[:OWNS]->() RETURN a.name",
    "MATCH (a) WHERE EXISTS { (a)-[:KNOWS]->(b) WHERE b.name STARTS WITH 'B' } RETURN a.name",
    "MATCH (a) WHERE EXISTS { MATCH (a)-[:OWNS]->(c) RETURN c } RETURN COUNT { (a)--() } AS n",
    "MATCH (a) RETURN COLLECT { MATCH (a)--(b) RETURN b.name ORDER BY b.name LIMIT 2 } AS names",
    "OPTIONAL MATCH (n:Person) WHERE n.name ENDS WITH 'x' OR n.name CONTAINS 'y' XOR n.name IN ['z'] RETURN n",
    "MATCH (n) WHERE n.name IS NOT NULL AND n.age IS NULL RETURN n.name[0..1], n['name'], keys(n)[..2], labels(n)[0]",
    "MATCH (n) WITH n.name AS name, count(*) AS c WHERE c > 0 RETURN collect(DISTINCT name) AS names",
    "MATCH (n) WITH DISTINCT n ORDER BY n.name OFFSET 1 LIMIT 2 RETURN n {.name, .*, twice: n.age * 2} AS n",
    "UNWIND range(1, 3) AS i RETURN i UNION ALL RETURN 4 AS i",
    "UNWIND $rows AS row WITH *, 1 AS one RETURN row.a + one AS sum UNION RETURN 2 AS sum",
    "RETURN CASE 1 WHEN 1, 2 THEN 'few' ELSE 'many' END AS a, CASE WHEN true THEN 1 END AS b",
    "RETURN [x IN [1, 2, 3] WHERE x % 2 = 1 | x ^ 2] AS odd, any(x IN [1] WHERE x = 1) AS some, {a: [], b: {}} AS c",
    "MATCH (a) RETURN [(a)-[r]->(b) WHERE b.name > 'A' | b.name] AS names, [p = (a)--(b) | length(p)] AS lengths",
    "RETURN date('2020-01-31') + duration({days: 1}) AS d, datetime('2020-01-31T00:00Z').year AS y",
    "RETURN date.truncate('month', date('2020-01-31')) AS m, duration.between(date(), date()).days AS none",
    "RETURN point.distance(point({x: 1, y: 2}), point({x: 1, y: 3})) < 2 AS near",
    "RETURN toLower('A') || upper('b') AS t, -1 - -2, 1.5e3, .5, 0x1F, 1 <> 2, NOT false, 5 / 2",
    "MATCH (start)-[r]->(end) RETURN start.name AS order, end.name AS offset, type(r) AS count",
    'MATCH (n:`Odd Label`) WHERE n.`p q` = "it\'s" RETURN n.order, {match: 1}.match',
    "MATCH (n) /* CREATE (m) */ RETURN n.name AS `SET x` // DELETE n\r\n\tORDER BY `SET x`",
    "RETURN 'CREATE \\'(n)\\' // \u200dظهير' AS text, \"/*\" AS other, '\\\\' AS more",
)

# With a part of the reason.
REFUSALS = {
    "": "its end is not understood",
    "CREATE (n)": "CREATE is not allowed",
    "MATCH (n) SET n.x = 1": "SET is not allowed",
    "MATCH (n) DETACH DELETE n": "DETACH is not allowed",
    "MATCH (n) REMOVE n.x RETURN n": "REMOVE is not allowed",
    "MATCH (n) MERGE (n)-[:X]->(m)": "MERGE is not allowed",
    "INSERT (n)": "INSERT is not allowed",
    "MATCH (n) FOREACH (x IN [1] | CREATE (m))": "FOREACH is not allowed",
    "CALL db.labels()": "CALL is not allowed",
    "MATCH (n) CALL (n) { RETURN 1 AS x } RETURN x": "CALL is not allowed",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS": "CALL is not allowed",
    "LOAD CSV FROM 'http://localhost/x' AS line RETURN line": "LOAD is not allowed",
    "USE system MATCH (n) RETURN n": "USE is not allowed",
    "SHOW USERS": "SHOW is not allowed",
    "TERMINATE TRANSACTIONS 'x'": "TERMINATE is not allowed",
    "PROFILE MATCH (n) RETURN n": "PROFILE is not allowed",
    "/**/ explain RETURN 1": "explain is not allowed",
    "CYPHER 25 RETURN 1": "CYPHER is not allowed",
    "MATCH (n) WHERE EXISTS { CREATE (m) } RETURN n": "CREATE is not allowed",
    "DROP INDEX x": "DROP is not allowed",
    "ALTER USER neo4j": "ALTER is not allowed",
    "START DATABASE x": "START is not understood",
    "MATCH (n) LET x = 1 RETURN x": "LET is not understood",
    "MATCH (n) FILTER n.x = 1 RETURN n": "FILTER is not understood",
    "MATCH (n) RETURN n NEXT RETURN n": "NEXT is not understood",
    "MATCH (n) FINISH": "FINISH is not understood",
    "WHEN true THEN RETURN 1": "WHEN is not understood",
    "RETURN 1; RETURN 2": "RETURN is not understood",
    "RETURN 1;;": "; is not understood",
    ";": "; is not understood",
    "RETURN apoc.load.json('x')": "load is not allowed",
    "RETURN apoc.text.join(['x'], '')": "apoc.text.join is not on the list",
    "RETURN date . `truncate`('day', date())": "the function date.`truncate` is not on the list",
    "RETURN `date`()": "the function `date` is not on the list",
    "RETURN file()": "the function file is not on the list",
    "RETURN db.nameFromElementId('x')": "db.nameFromElementId is not on the list",
    "MATCH (n) WHERE n.x IN apoc.f () RETURN n": "apoc.f is not on the list",
    "RETURN reduce(a = 0, x IN [1] | a + x)": "use UNWIND",
    "RETURN range(1, 10)": "write UNWIND range",
    "UNWIND range(1, 2) + [3] AS x RETURN x": r"\+ is not understood here, where AS",
    "RETURN 'x' =~ '(a|aa)+'": "no regular expressions",
    "RETURN [x IN [1] WHERE any(y IN [2] WHERE y = x) | x]": "no loop over a list in a loop",
    "RETURN [x IN [1] | [y IN [2] | COUNT { MATCH (n) WHERE all(z IN [1] WHERE z = y) }]]": "in a loop",
    "MATCH (n:$(1)) RETURN n": r"\$ is not understood",
    "MATCH (n) RETURN n.`x`()": "the function n.`x` is not on the list",
    "MATCH (n RETURN n": r"\( is not closed",
    "RETURN 1)": "nothing is open",
    "RETURN [1}": "nothing is open",
    "RETURN 'x": "this text is not closed",
    "RETURN 'x\\d'": "this text is not closed, or holds an escape",
    "RETURN `x": "this name is not closed",
    "RETURN ``": "this name is not closed",
    "RETURN `a\\b`": "this name is not closed, or holds a backslash",
    "RETURN 1 /* x": "this comment is not closed",
    "/*/*/ RETURN 1": "this comment is not closed, or holds another",
    "RETURN 1a": "this number is not understood",
    "RETURN 1 // x\r RETURN 2": "may stand in texts only",
    "RETURN\u00a01": "may stand in texts only",
    "RETURN\u200b 1": "may stand in texts only",
    "R\u0415TURN 1": "may stand in texts only",
    "RETURN 1 /* \u202e */": "does not show",
    "RETURN 1 AS `a\u200bb`": "does not show",
    "RETURN 'a\x00'": "does not show",
    "RETURN '\ud800'": "does not show",
    "RETURN 1 \\u0041S x": "could hide",
    "RETURN '\\u0027 CREATE (n) //'": "could hide",
    "RETURN 1 // \\U000a CREATE (n)": "could hide",
    "RETURN '\\\\u0041'": "could hide",
    "RETURN " + "(" * 50 + "1" + ")" * 50: "nested too deeply",
    "MATCH " + "(" * 50 + "n" + ")" * 50 + " RETURN n": "nested too deeply",
    "RETURN " + "CASE WHEN " * 50 + "1": "nested too deeply",
    "RETURN '" + "x" * 20_000 + "'": "longer than",
}


@pytest.mark.parametrize("query", ALLOWED)
def test_what_reads_is_let_through(query: str) -> None:
    check(query)


@pytest.mark.parametrize("query", REFUSALS)
def test_what_is_not_on_the_list_is_refused(query: str) -> None:
    with pytest.raises(UsageError, match=REFUSALS[query]):
        check(query)


# -- laws ---------------------------------------------------------------------------------

_PLACES = [(query, at) for query in ALLOWED for at in [0, *(found.end() for found in re.finditer(r"[ (),]", query))]]
_PLAIN = [each for each in _PLACES if not re.search(r"['\"`]|/[/*]", each[0])]


def _any_case(word: str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from((each.lower(), each.upper())) for each in word)).map("".join)


@given(place=st.sampled_from(_PLAIN), word=st.sampled_from(sorted(REFUSED)).flatmap(_any_case))
def test_a_refused_word_is_refused_wherever_it_stands(place: tuple[str, int], word: str) -> None:
    query, at = place
    with pytest.raises(UsageError, match=f"{word} is not allowed"):
        check(f"{query[:at]} {word} {query[at:]}")


@given(place=st.sampled_from(_PLAIN), word=st.sampled_from(sorted(REFUSED)).flatmap(_any_case))
def test_a_refused_word_is_nothing_in_texts_comments_and_backticks(place: tuple[str, int], word: str) -> None:
    query, at = place
    check(f"{query[:at]} /* {word} (n) */ {query[at:]}")
    check(f"{query[:at]} // {word} (n)\n {query[at:]}")
    check(f"MATCH (`{word}`:`{word}`) WHERE `{word}`.`{word}` = '{word} (n)' RETURN \"{word}\" AS `{word}`")


@given(name=st.from_regex(r"\A[a-z]{1,6}(\.[a-z]{1,6}){0,2}\Z"))
@example("apoc.cypher.doit")
def test_a_function_is_called_only_if_it_is_on_the_list(name: str) -> None:
    if name in FUNCTIONS:
        check(f"RETURN {name}(1)")
    elif name not in ("not", "exists", "case"):
        with pytest.raises(UsageError):
            check(f"RETURN {name} /**/ (1)")


_PIECES = (
    *"'\"`\\;(){}[]:|$.,=<>-+*/!&%^~ \n\r\t\u200b\u2028\u00a0",
    *("//", "/*", "*/", "\\u0027", "\\u000a", "\\'", "''", "``", "$(", "..", "CREATE (:Made)", "SET a.made = 1"),
    *("MERGE (:Made)", "DELETE a", "CALL (*) { CREATE (:Made) }", "{ CREATE (:Made) }", "FOREACH (x IN [1] |"),
    *("MATCH (a)", "RETURN 1", "UNION", "WITH a", "WHERE", "AS x", "1", "x", "'x'", "`x`", "[x IN [1] |", "EXISTS {"),
)


_PARTS = re.compile(r"\w+|\s+|'[^']*'|`[^`]*`|.", re.DOTALL)
_WORDS = sorted({part for query in ALLOWED for part in _PARTS.findall(query) if part.strip()})
_HIDING = (
    *(
        "/* CREATE (:Made) */",
        "// SET a.made = 1\n",
        "'\\' CREATE (:Made) //'",
        '"\' CREATE (:Made) //"',
        "`CREATE (:Made)`",
    ),
    *(
        "'/*'",
        "'*/'",
        "'//'",
        "`/*`",
        "`*/`",
        "`'`",
        "'`'",
        "/* ' */",
        '/* " */',
        "/* ` */",
        "// '\n",
        "// `\n",
        "/**/",
        "/*/*/",
    ),
)


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """Allowed queries, a little changed: parts of others, what hides something, and what breaks them."""
    parts = _PARTS.findall(draw(st.sampled_from(ALLOWED)))
    if draw(st.booleans()):
        parts += [" UNION ", *_PARTS.findall(draw(st.sampled_from(ALLOWED)))]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(parts) - 1))
        piece = draw(
            st.sampled_from(_WORDS) | st.sampled_from(_HIDING) | st.sampled_from(_HIDING) | st.sampled_from(_PIECES)
        )
        parts[at : at + draw(st.integers(0, 1))] = [" ", piece, " "]
    return "".join(parts)


@given(query=st.text() | mutants() | st.lists(st.sampled_from(_PIECES)).map(" ".join))
def test_any_text_is_let_through_or_refused(query: str) -> None:
    try:
        check(query)
    except UsageError as error:
        assert str(error).startswith("this query is refused, at character ")  # noqa: PT017 - both are right


# -- on a real server ---------------------------------------------------------------------

_MADE = """
CREATE (a:Person {name: 'Ann', born: date('1990-01-02'), at: point({x: 1, y: 2})})
CREATE (b:Person {name: 'Bo'}) CREATE (c:Person:Member {name: 'Cas'}) CREATE (d:Car {name: 'Dee'})
CREATE (a)-[:KNOWS {since: 2}]->(b), (b)-[:KNOWS {since: 3}]->(c), (c)-[:OWNS]->(d)
"""
_STORE = "MERGE (s:Store {name: 'workbench'}) SET s += $properties"
_COPY = {"copy_of_viewer": "ann", "copy_purpose": "investigation"}
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

    def consulted(self, viewer: str, purpose: str, what: str, subject: str) -> None:
        self.told.append((viewer, purpose, what, subject))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small graph that is the copy of a viewer."""
    with leased(tmp_path_factory.mktemp("copy"), kind="neo4j") as found, driver(found) as writing:
        writing.execute_query(_MADE)
        writing.execute_query(_STORE + ", s.copied_at = datetime()", properties=_COPY)
        yield found


@pytest.fixture(scope="module")
def database(url: str) -> Iterator[Database]:
    opened = Database(address_of(url))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def other(url: str) -> Iterator[neo4j.Driver]:
    """The server as somebody else has it."""
    with driver(url) as opened:
        yield opened


@pytest.fixture
def no_copy(database: Database, other: neo4j.Driver) -> Iterator[Database]:
    """The same store, as one that was not copied for anybody."""
    other.execute_query("MATCH (s:Store) REMOVE s.copy_of_viewer")
    yield database
    other.execute_query(_STORE, properties=_COPY)


def ask(database: Database, query: str, **options: Any) -> Table:
    options = {"audit": NoLedger(), "parameters": PARAMETERS, **options}
    return run_cypher(database, query, **options)


@ON_A_SERVER
@pytest.mark.parametrize("query", ALLOWED)
def test_the_server_understands_what_is_let_through(database: Database, query: str) -> None:
    found = ask(database, query)
    assert found.columns
    assert all(len(row) == len(found.columns) for row in found.rows)
    json.dumps(asdict(found), allow_nan=False)


@ON_A_SERVER
@pytest.mark.parametrize("query", ["RETURN 1", "CREATE (n)", "", "'", "\ud800", "RETURN 1 " * 9_000])
def test_a_store_that_is_no_copy_says_one_sentence(no_copy: Database, query: str) -> None:
    ledger = Ledger()
    with pytest.raises(UsageError) as caught:
        ask(no_copy, query, audit=ledger, viewer="bob", purpose="p")
    assert str(caught.value) == NO_COPY
    assert [each[:3] for each in ledger.told] == [("bob", "p", "cypher")]


@ON_A_SERVER
@pytest.mark.parametrize("whose", [{"viewer": "bob"}, {"purpose": "audit"}, {"viewer": "bob", "purpose": "audit"}])
def test_a_copy_answers_its_viewer_and_purpose_only(database: Database, whose: dict[str, str]) -> None:
    with pytest.raises(AccessDenied, match="made for another viewer or purpose"):
        ask(database, "RETURN 1", **whose)
    assert ask(database, "RETURN 1", viewer="ann", purpose="investigation").rows == ((1,),)


@ON_A_SERVER
def test_every_query_is_told_before_it_runs(database: Database) -> None:
    ledger = Ledger()
    for query in ("RETURN 1 AS n", "CREATE (n)", "RETURN nobody", "RETURN '\ud800'"):
        try:
            ask(database, query, audit=ledger)
        except UsageError:
            continue
    queries = ["RETURN 1 AS n", "CREATE (n)", "RETURN nobody", r"RETURN '\ud800'"]
    assert ledger.told == [("ann", "investigation", "cypher", query) for query in queries]


@ON_A_SERVER
def test_a_ledger_that_fails_ends_the_query(database: Database) -> None:
    class Full(NoLedger):
        def consulted(self, viewer: str, purpose: str, what: str, subject: str) -> None:
            raise StoreError("the ledger is full")

    with pytest.raises(StoreError, match="ledger is full"):
        ask(database, "RETURN 1", audit=Full())


@ON_A_SERVER
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


@ON_A_SERVER
@pytest.mark.parametrize(
    ("query", "says"), [("RETURN nobody", "not defined"), ("RETURN $y", "parameter"), ("RETURN 1/0", "zero")]
)
def test_what_the_server_does_not_accept_is_told(database: Database, query: str, says: str) -> None:
    with pytest.raises(UsageError, match=rf"does not accept this query: .*{says}"):
        ask(database, query)


@ON_A_SERVER
@pytest.mark.parametrize("value", [2**70, object(), "\ud800", {1: 2}])
def test_a_parameter_that_is_none_is_told(database: Database, value: object) -> None:
    with pytest.raises(UsageError, match="a parameter can't be given"):
        ask(database, "RETURN $x", parameters={"x": value})


@ON_A_SERVER
@pytest.mark.parametrize("options", [{"limit": 0}, {"limit": 10**9}, {"seconds": 0}, {"seconds": float("nan")}])
def test_limits_have_limits(database: Database, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="give such a limit"):
        ask(database, "RETURN 1", **options)


# -- nothing is written -------------------------------------------------------------------


def graph(of: neo4j.Driver) -> list[str]:
    return sorted(repr(row.data()) for row in of.execute_query(_GRAPH).records)


@ON_A_SERVER
def test_nothing_that_is_let_through_writes(other: neo4j.Driver) -> None:
    """Run where writing is allowed, so that only the grammar stands between."""
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
            except (neo4j.exceptions.ClientError, neo4j.exceptions.TransientError):
                return
        ran[1] += 1
        assert summary.query_type == "r"
        assert not summary.counters.contains_updates
        assert not summary.counters.contains_system_updates

    attempt()
    assert graph(other) == before
    assert min(ran) > 20  # it was about something


@ON_A_SERVER
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


def gone(other: neo4j.Driver, sign: str) -> bool:
    """Whether the server runs nothing any more that holds a sign."""
    for _ in range(100):
        if other.execute_query(_RUNNING, sign=sign).records[0][0] == 0:
            return True
        time.sleep(0.1)
    return False


ENDLESS = {
    "aggregation": "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN sum(a * b) AS {sign}",
    "sorting": "UNWIND range(1, 1000000) AS a UNWIND [1, 2] AS b MATCH (n), (m), (o) RETURN max(a) AS {sign}",
    "paths": """
        UNWIND range(1, 10000000) AS a MATCH p = (x:Person)-[:KNOWS|OWNS*1..3]-(y) WHERE y.name > 'Z' + a
        RETURN count(p) AS {sign}
    """,
    "slow rows": """
        UNWIND range(1, 10000000) AS a UNWIND range(1, 1000000) AS b WITH a, b WHERE b % 500000 = 0 RETURN a AS {sign}
    """,
}


@ON_A_SERVER
@pytest.mark.parametrize("kind", ENDLESS)
def test_the_limit_of_time_stops_a_query(database: Database, other: neo4j.Driver, kind: str) -> None:
    sign = a_sign()
    with pytest.raises(StoreError, match=r"stopped after 0\.5 s"):
        ask(database, ENDLESS[kind].replace("{sign}", sign), seconds=0.5, limit=100_000)
    assert gone(other, sign)
    assert ask(database, "RETURN 1").rows == ((1,),)


@ON_A_SERVER
def test_no_more_rows_come_than_the_limit(database: Database, other: neo4j.Driver) -> None:
    sign = a_sign()
    found = ask(database, f"UNWIND range(1, 1000000000) AS {sign} RETURN {sign}", limit=3)
    assert (found.rows, found.truncated) == (((1,), (2,), (3,)), True)
    assert gone(other, sign)
    found = ask(database, "UNWIND range(1, 3) AS n RETURN n", limit=3)
    assert (found.rows, found.truncated) == (((1,), (2,), (3,)), False)


@ON_A_SERVER
def test_a_query_that_takes_too_much_memory_is_stopped(database: Database, other: neo4j.Driver) -> None:
    sign = a_sign()
    with pytest.raises(StoreError, match="too much memory"):
        ask(database, f"UNWIND range(1, 1000000000) AS a RETURN size(collect(a)) AS {sign}", seconds=100)
    assert gone(other, sign)


# -- the command --------------------------------------------------------------------------

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command; its exit code, and what it printed."""

    def ask(*arguments: str) -> tuple[int, str, str]:
        code = run(cli, ["cypher", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return ask


def test_another_kind_of_store_says_what_to_do(command: Command, tmp_path: Path) -> None:
    code, out, err = command("RETURN 1", "--store", f"sqlite:///{tmp_path / 'x.db'}", "--json")
    assert code == 2
    assert json.loads(out)["error"]["kind"] == "UsageError"
    assert "workbench copy --as VIEWER" in err


@ON_A_SERVER
def test_the_command_prints_one_object(command: Command, url: str) -> None:
    arguments = ("--store", url, "--json", "--param", "n=41", "--param", "t=0 1", "--param", 'l=["a"]')
    code, out, _ = command("RETURN $n + 1 AS n, $t AS t, $l AS l", *arguments)
    found = json.loads(out)
    assert (code, found["columns"], found["rows"]) == (0, ["n", "t", "l"], [[42, "0 1", ["a"]]])
    assert found["truncated"] is False
    assert found["seconds"] >= 0


@ON_A_SERVER
def test_the_command_prints_a_table(command: Command, url: str) -> None:
    query = "MATCH (n:Person) RETURN n.name AS name, labels(n) AS labels ORDER BY name"
    code, out, err = command(query, "--store", url, "--limit", "2")
    assert code == 0
    assert "2 rows" in out
    assert "Ann" in out
    assert '["Person"]' in out
    assert "Cas" not in out
    assert "more than 2 rows" in err


@ON_A_SERVER
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("CREATE (n)",), 2, "CREATE is not allowed"),
        (("RETURN nobody",), 2, "not defined"),
        (("RETURN 1", "--viewer", "bob"), 2, "another viewer"),
        (("RETURN 1", "--param", "x"), 2, "--param name=value"),
        ((ENDLESS["aggregation"].replace("{sign}", "x"), "--seconds", "0.5"), 3, "stopped after"),
    ],
)
def test_the_command_tells_errors(command: Command, url: str, arguments: tuple[str, ...], code: int, says: str) -> None:
    found, out, err = command(*arguments, "--store", url, "--json")
    assert found == code
    assert says in json.loads(out)["error"]["message"]
    assert says in err
