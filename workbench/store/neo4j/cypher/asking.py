"""Run people's own Cypher queries: read-only, and only on a copy that was made for one viewer.

On the shared store even a refusal would reveal something hidden, so no query is examined there. A copy holds only
what its viewer may see. There are three safeguards: the grammar accepts only reading queries (`grammar`), the
transaction is read-only on the server, and the server ends it after a time limit.

The server checks its clock between rows, every second or two, so a query may run that much longer. The grammar
refuses whatever could run long inside one expression without producing a row. One case is left: a query that collects
a huge list and does much work on each item can exceed the limit. Its memory is limited by the server's
`db.memory.transaction.max` and heap. So give a copy a server of its own.
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
    "Cypher runs only on a copy that was made for one viewer: make one with"
    " `workbench copy --as VIEWER --from STORE --to URL`, and query that"
)
_WHOSE: LiteralString = """
MATCH (s:Store {name: 'workbench'})
WHERE s.copy_of_viewer IS NOT NULL AND s.copy_purpose IS NOT NULL AND s.copied_at IS NOT NULL
RETURN s.copy_of_viewer, s.copy_purpose
"""
_MOST_ROWS, _MOST_SECONDS = 100_000, 600.0
_AT_ONCE = 1_000  # rows that the server sends at a time
_TOO_LONG = "Neo.ClientError.Transaction.TransactionTimedOut"
# Errors of a query that the server ends when its time is over (nobody else writes to a copy).
_ENDED = ("Neo.ClientError.Transaction.", "Neo.TransientError.Transaction.")
_NO_MEMORY = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
_OF_QUERY = (
    "Neo.ClientError.Statement",
    "Neo.DatabaseError.Statement",
)  # a wrong query, or wrong for the data it meets


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a query: rows of JSON values; `truncated` if there were more."""

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
    """Run a query on a copy, for the viewer and the purpose that it was made for; returns at most `limit` rows.

    The query is logged in `audit` before it is examined. UsageError if the store is not a viewer's copy (always with
    the same message), or if the query is refused or wrong. AccessDenied for any other viewer or purpose. StoreError if
    it takes more than `seconds` or too much memory; the server has stopped it, unless the message says otherwise.
    """
    if not 1 <= limit <= _MOST_ROWS:
        raise UsageError(f"the limit of rows must be between 1 and {_MOST_ROWS}")
    if not (math.isfinite(seconds) and 0 < seconds <= _MOST_SECONDS):
        raise UsageError(f"the time limit must be more than 0 and at most {_MOST_SECONDS:g} seconds")
    begun = time.monotonic()
    with database.reading(seconds, at_once=min(limit + 1, _AT_ONCE)) as tx, _explained(seconds, begun):
        whose = [row.values() for row in tx.run(_WHOSE)]
        owner, its_purpose = whose[0] if whose else ("", "")
        audit.keep(Trace(viewer or owner, purpose or its_purpose, "cypher", {"query": _writable(query)}))
        if not whose:
            raise UsageError(NO_COPY)
        if (viewer or owner, purpose or its_purpose) != (owner, its_purpose):
            raise AccessDenied("this copy was made for another viewer or purpose: make one for yourself")
        check(query, parameters)
        columns, rows, truncated = _answer(tx, query, parameters or {}, limit)
    return Table(columns, rows, truncated, round(time.monotonic() - begun, 3))


def _answer(
    tx: Transaction, query: str, parameters: Mapping[str, Any], limit: int
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...], bool]:
    """Columns, up to `limit` rows, and whether there were more; the others are not fetched."""
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
        # The only place where a person's text runs as a query, unchanged: the grammar has accepted it.
        return tx.run(query, dict(parameters))
    except (OverflowError, TypeError, ValueError) as error:
        raise UsageError(f"a parameter can't be sent to the database ({error}): correct it") from error


@contextmanager
def _explained(seconds: float, begun: float) -> Iterator[None]:
    """Explain errors that the query itself caused; others are handled as for any read."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        told = _told(error, seconds, time.monotonic() - begun)
        if told is None:
            raise  # handled as a failure of any read
        raise told from error


def _told(error: Neo4jError | DriverError, seconds: float, took: float) -> WorkbenchError | None:
    """The error to raise if the query itself caused the failure; None for any other."""
    code = (error.code or "") if isinstance(error, Neo4jError) else ""
    if code.startswith(_TOO_LONG) or (took >= seconds and code.startswith(_ENDED)):
        return StoreError(f"the query was stopped after {took:.1f} s: narrow it, or give it more time")
    if code.startswith(_NO_MEMORY):
        return StoreError("the query was stopped because it takes too much memory: narrow it")
    if isinstance(error, Neo4jError) and code.startswith(_OF_QUERY):
        return UsageError(f"the database can't answer this query: {_line(error.message or code)}")
    if not code and took > seconds:
        return StoreError(f"no answer in {took:.0f} s, and the query may run on: restart the copy's server")
    return None


def _line(message: str) -> str:
    """The first line of a message, without control characters: it may contain values of the graph."""
    first, *_ = message.splitlines()
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in first)


def _writable(query: str) -> str:
    """A query in a form that a ledger can store, whatever characters it has."""
    return query.encode("utf-8", "backslashreplace").decode("utf-8")
