"""One database of a Neo4j server, over the official driver: reads, and writes that take effect once.

Every failure becomes a StoreError that says what to do. Errors that the driver calls transient are
retried. So is a commit whose reply was lost: every write does nothing if it has been done before.
"""

import logging
import re
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, LiteralString, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    Bookmarks,
    Driver,
    GraphDatabase,
    ManagedTransaction,
    NotificationMinimumSeverity,
    Session,
    Transaction,
    TrustCustomCAs,
    unit_of_work,
)
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError

from workbench.errors import StoreError, StoreMismatch
from workbench.store.neo4j.address import Address, address_of
from workbench.store.neo4j.failures import as_store_error, is_older
from workbench.store.neo4j.outage import Outage
from workbench.store.neo4j.probe import reason

# Seconds after which the server ends a transaction: that long a vanished client keeps its locks.
LONGEST = 600.0
_CONNECT = 5.0
_AT_ONCE = 1_000
_COMMITS_TRIED = 5
SIDE_BY_SIDE = 2  # parallel queries for one answer
_TRIED_AT_REST = 20

_SERVER: LiteralString = """
CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' RETURN versions[0], edition
"""

T = TypeVar("T")
Parameters = Mapping[str, Any]


# The oldest server whose Cypher has all that is used here (labels and types by parameter, CALL (x) { }).
_OLDEST = (5, 26)


class Database:
    """The database at an address; connections are made when needed, reused, and closed with it.

    A server that refuses connections is retried for `patience` seconds in all; after that each call tries once. A
    server that falls silent is given up after twice its own `server.bolt.connection_keep_alive`, two minutes if
    that is not set: the driver has no other limit for silence.
    """

    patience = 20.0

    def __init__(self, address: Address) -> None:
        self.address = address
        self._met = False  # whether the server has ever answered
        self._outage = Outage()
        self._lock = threading.Lock()
        self._kept: Driver | None = None
        self._end: weakref.finalize[..., Database] | None = None
        self._bookmarks = GraphDatabase.bookmark_manager()
        self._last = frozenset[str]()  # what the last query at rest ended with
        _keep_quiet()

    def _driver(self) -> Driver:
        """The driver, made on first use, and again after it was closed."""
        with self._lock:
            if self._kept is None:
                server, trust = _trusting(self.address)
                self._kept = GraphDatabase.driver(
                    server,
                    auth=(self.address.user, self.address.password),
                    **trust,
                    connection_timeout=_CONNECT,
                    connection_acquisition_timeout=self.patience,
                    max_transaction_retry_time=0,  # retries are done here
                    notifications_min_severity=NotificationMinimumSeverity.OFF,
                    telemetry_disabled=True,
                    user_agent="joint-workbench",
                )
                self._end = weakref.finalize(self, self._kept.close)
                self._end.atexit = False  # a process forked from this one may end while this one uses the connections
            return self._kept

    def close(self) -> None:
        """Close all connections; the next call makes new ones."""
        with self._lock:
            end, self._kept, self._end = self._end, None, None
        if end is not None:
            end()

    def read(self, query: LiteralString, **parameters: Any) -> list[list[Any]]:
        """The rows of a query, in one read transaction, which is retried while the server is unavailable."""
        return self._asked(READ_ACCESS, query, parameters)

    def run(self, query: LiteralString, **parameters: Any) -> None:
        """Run a statement that may be repeated, in a transaction of its own (a schema change, for example)."""
        self._asked(WRITE_ACCESS, query, parameters)

    def _asked(self, access: str, query: LiteralString, parameters: Parameters) -> list[list[Any]]:
        with self._session(access) as session:
            return self._outlast(partial(_values, session, query, parameters))

    def _outlast(self, attempt: Callable[[], T]) -> T:
        """Retry an attempt until it succeeds, patience runs out, or the error is permanent."""
        done = self._outage.outlast(attempt, self.patience, self._is_hopeless)
        self._met = True
        return done

    @property
    def is_given_up(self) -> bool:
        """Whether the server is away and the waiting time is used up."""
        return self._outage.is_given_up

    def _is_hopeless(self) -> bool:
        """Whether a server that has never answered can't be expected to."""
        why = None if self._met else reason(self.address)
        return why is not None and why.lasts

    def row(self, query: LiteralString, **parameters: Any) -> list[Any]:
        """The only row of a query; StoreError if there is none, because the store was emptied."""
        for values in self.read(query, **parameters):
            return values
        raise StoreError(self._emptied)

    @property
    def _emptied(self) -> str:
        return f"{self.address.shown}: the store was emptied meanwhile: open it again, or open another one"

    def row_at_rest(self, query: LiteralString, **parameters: Any) -> list[Any] | None:
        """As `row`, of a database at rest; None if transactions were committed all the time.

        The server reads committed data as it goes, and applies a transaction bit by bit. But a query waits until the
        transactions that its bookmarks name are applied, and ends with a bookmark of the last one that is committed.
        If that is one which it waited for, no transaction was applied while it ran. Else it is tried again.
        """
        for _ in range(_TRIED_AT_REST):
            before = frozenset(self._bookmarks.get_bookmarks()) | self._last
            with self._session(READ_ACCESS, bookmarks=before) as session:
                found = self._outlast(partial(_values, session, query, parameters))
                ended = session.last_bookmarks().raw_values
            if not found:
                raise StoreError(self._emptied)
            if ended and ended <= before:
                return found[0]
            self._last = ended
        return None

    def row_of_each(self, query: LiteralString, asked: Sequence[Parameters], made: Callable[[list[Any]], T]) -> list[T]:
        """Run a query that has one row for each set of parameters, and apply `made` to each row.

        Queries run in parallel; `made` runs on an answer before its thread asks the next query.
        """

        def one(each: Parameters) -> T:
            return made(self.row(query, **each))

        if len(asked) == 1:
            return [one(asked[0])]
        with ThreadPoolExecutor(SIDE_BY_SIDE, "reading") as threads:
            return list(threads.map(one, asked))

    def server(self) -> tuple[str, str]:
        """The server's version and edition; StoreMismatch if it is too old, or not Neo4j."""
        version, edition = next(iter(self.read(_SERVER)), ("unknown", ""))
        if not is_supported(version):
            raise StoreMismatch(
                f"{self.address.shown} is Neo4j {version}: this workbench needs 5.26 or newer, upgrade the server"
            )
        return str(version), str(edition)

    def write(self, work: Callable[[ManagedTransaction], T], limit: float = LONGEST) -> T:
        """Do the work in one transaction; it must have the same effect if it is done twice.

        StoreBusy if it takes more than `limit` seconds.
        """
        within = unit_of_work(timeout=limit)(work)
        with self._session() as session:
            attempt = partial(session.execute_write, within)
            try:
                return self._outlast(attempt)
            except IncompleteCommit as unsure:
                return self._again(attempt, unsure)

    def _again(self, attempt: Callable[[], T], unsure: IncompleteCommit) -> T:
        """Retry a commit that may have happened; if that fails too, raise `unsure`, which says so."""
        for _ in range(_COMMITS_TRIED - 1):
            try:
                return self._outlast(attempt)
            except IncompleteCommit:
                continue
            except (DriverError, Neo4jError, StoreError) as error:
                raise unsure from error
        raise unsure

    @contextmanager
    def reading(self, seconds: float, at_once: int) -> Iterator[Transaction]:
        """A read-only transaction, which the server ends after so many seconds."""
        with self._session(READ_ACCESS, at_once) as session, session.begin_transaction(timeout=seconds) as tx:
            yield tx

    @contextmanager
    def _session(
        self, access: str = WRITE_ACCESS, at_once: int = _AT_ONCE, bookmarks: Collection[str] | None = None
    ) -> Iterator[Session]:
        """A session; rows are fetched from the server `at_once` at a time.

        With bookmarks of its own it leaves those of the other sessions alone.
        """
        manager = self._bookmarks if bookmarks is None else None
        with (
            as_store_error(self.address),
            self._driver().session(
                database=self.address.database,
                bookmarks=Bookmarks.from_raw_values(bookmarks or ()),
                bookmark_manager=manager,
                default_access_mode=access,
                fetch_size=at_once,
            ) as session,
        ):
            try:
                yield session
            except Neo4jError as error:
                if is_older(error):  # the caller is told, and the next call reads what is there now
                    self._bookmarks, self._last = GraphDatabase.bookmark_manager(), frozenset()
                raise


def is_supported(version: str) -> bool:
    """Whether this workbench supports a server of this version.

    >>> [is_supported(each) for each in ("4.4.40", "5.25.1", "5.26.0", "5.26.30-aura", "2026.08.1", "unknown")]
    [False, False, True, True, True, False]
    """
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= _OLDEST


def _trusting(address: Address) -> tuple[str, dict[str, Any]]:
    """The URL and the driver's settings for trust: it accepts own certificates only for URLs without +s."""
    if address.certificates is None:
        return address.server, {}
    trusted = TrustCustomCAs(str(address.certificates))
    return address.server.replace("+s:", ":", 1), {"encrypted": True, "trusted_certificates": trusted}


def _keep_quiet() -> None:
    """Silence the driver's log: errors are reported once, by us, and it would write to stderr about each retry."""
    log = logging.getLogger("neo4j")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def _values(session: Session, query: LiteralString, parameters: Parameters) -> list[list[Any]]:
    return [row.values() for row in session.run(query, dict(parameters))]


def rows(tx: ManagedTransaction, query: LiteralString, **parameters: Any) -> list[list[Any]]:
    """The rows of a query inside a transaction."""
    return [row.values() for row in tx.run(query, parameters)]


__all__ = [
    "LONGEST",
    "SIDE_BY_SIDE",
    "Address",
    "Database",
    "DriverError",
    "Neo4jError",
    "address_of",
    "is_supported",
    "rows",
]
