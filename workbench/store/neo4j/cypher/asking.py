"""Cypher of people's own, only to read, and only on a copy that was made for one viewer.

On the shared store even a refusal would tell something about what is hidden, so that no query is looked at there. A
copy holds what its viewer may see and nothing else. Three fences stand one behind the other: the grammar lets
through only what reads (`grammar`), the server refuses to write in the transaction, and it ends it in time.

The limit of time is the server's, which looks at its clock between rows: every second or two, so that a query may
run so much longer. The grammar refuses what could go on inside one expression without a row. What is left of that, a
huge list that a query has collected and goes through doing much with each item, can outlast the limit; how much memory
one query takes is limited by the server's `db.memory.transaction.max` and its heap. So a copy has a server of its own.
"""

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

from neo4j import Result, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from workbench.access.audit import AuditSink, Trace
from workbench.errors import AccessDenied, StoreError, UsageError, WorkbenchError
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.cypher.grammar import check
from workbench.store.neo4j.cypher.values import plain

NO_COPY = (
    "Cypher is answered only by a copy that was made for one viewer: make one by"
    " `workbench copy --as VIEWER --from STORE --to URL`, and ask that"
)
_WHOSE: LiteralString = """
MATCH (s:Store {name: 'workbench'})
WHERE s.copy_of_viewer IS NOT NULL AND s.copy_purpose IS NOT NULL AND s.copied_at IS NOT NULL
RETURN s.copy_of_viewer, s.copy_purpose
"""
_MOST_ROWS, _MOST_SECONDS = 100_000, 600.0
_AT_ONCE = 1_000  # rows that the server sends before it is asked for more
_TOO_LONG = "Neo.ClientError.Transaction.TransactionTimedOut"
# Once the time is over: what a query finds that is ended while it is at something, as nobody else writes in a copy.
_ENDED = ("Neo.ClientError.Transaction.", "Neo.TransientError.Transaction.")
_NO_MEMORY = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
_OF_QUERY = ("Neo.ClientError.Statement", "Neo.DatabaseError.Statement")  # wrong as it stands, or for what it meets


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a query: rows of values in JSON's types, and whether there were more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    seconds: float


def run_cypher(
    database: Database,
    query: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    audit: AuditSink,
    viewer: str | None = None,
    purpose: str | None = None,
    limit: int = 1_000,
    seconds: float = 10.0,
) -> Table:
    """Run a query on a copy, by the viewer and for the purpose that it was made for; at most `limit` rows.

    `audit` is told before the query is looked at. UsageError for a store that is no copy, always in the same words,
    and for a query that is refused or not understood; AccessDenied for anybody else; StoreError for one that is not
    done within `seconds`, or takes too much memory: the server has then stopped it, unless the message says otherwise.
    """
    if not 1 <= limit <= _MOST_ROWS:
        raise UsageError(f"a query returns between 1 and {_MOST_ROWS} rows: give such a limit")
    if not (math.isfinite(seconds) and 0 < seconds <= _MOST_SECONDS):
        raise UsageError(f"a query may take up to {_MOST_SECONDS:g} seconds, and more than none: give such a limit")
    begun = time.monotonic()
    with database.reading(seconds, at_once=min(limit + 1, _AT_ONCE)) as tx, _explained(seconds, begun):
        whose = [row.values() for row in tx.run(_WHOSE)]
        owner, its_purpose = whose[0] if whose else ("", "")
        audit.keep(Trace(viewer or owner, purpose or its_purpose, "cypher", {"query": _writable(query)}))
        if not whose:
            raise UsageError(NO_COPY)
        if (viewer or owner, purpose or its_purpose) != (owner, its_purpose):
            raise AccessDenied("this copy was made for another viewer or purpose: make one of your own")
        check(query, parameters)
        columns, rows, truncated = _answer(tx, query, parameters or {}, limit)
    return Table(columns, rows, truncated, round(time.monotonic() - begun, 3))


def _answer(
    tx: Transaction, query: str, parameters: Mapping[str, Any], limit: int
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...], bool]:
    """Columns, up to `limit` rows, and whether there were more; the rest is left at the server."""
    result = _run(tx, query, parameters)
    columns = tuple(result.keys())
    rows = list[tuple[Any, ...]]()
    for row in result:
        if len(rows) == limit:
            break
        rows.append(tuple(plain(value) for value in row.values()))
    else:
        return columns, tuple(rows), False
    result.consume()
    return columns, tuple(rows), True


def _run(tx: Transaction, query: str, parameters: Mapping[str, Any]) -> Result:
    try:
        # The only text of a person that is run as a query, as it is: the grammar has let it through.
        return tx.run(query, dict(parameters))
    except (OverflowError, TypeError, ValueError) as error:
        raise UsageError(f"a parameter can't be given to the database ({error}): correct it") from error


@contextmanager
def _explained(seconds: float, begun: float) -> Iterator[None]:
    """What fails is told as what the query has brought about, where it has."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        told = _told(error, seconds, time.monotonic() - begun)
        if told is None:
            raise  # as what any read can fail of
        raise told from error


def _told(error: Neo4jError | DriverError, seconds: float, took: float) -> WorkbenchError | None:
    """What the query has brought about itself; None for any other failure."""
    code = (error.code or "") if isinstance(error, Neo4jError) else ""
    if code.startswith(_TOO_LONG) or (took >= seconds and code.startswith(_ENDED)):
        return StoreError(f"the query was stopped after {took:.1f} s: narrow it, or give it more time")
    if code.startswith(_NO_MEMORY):
        return StoreError("the query was stopped, as it takes too much memory: narrow it")
    if isinstance(error, Neo4jError) and code.startswith(_OF_QUERY):
        return UsageError(f"the database can't answer this query: {_line(error.message or code)}")
    if not code and took > seconds:
        return StoreError(f"no answer in {took:.0f} s, and the query may run on: restart the copy's server")
    return None


def _line(message: str) -> str:
    """The first line of a message, without what moves a cursor: values of the graph can stand in it."""
    first, *_ = message.splitlines()
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in first)


def _writable(query: str) -> str:
    """A query as a ledger can keep it, whatever it holds."""
    return query.encode("utf-8", "backslashreplace").decode("utf-8")
