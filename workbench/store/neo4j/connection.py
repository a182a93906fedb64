"""One database of a Neo4j server, over the official driver: reads, and writes that happen once.

Whatever fails is an error of the store that says what to do. The driver tries again what the
server calls transient; a commit whose reply was lost is tried again here, because every write
is told to do nothing where it is done already.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    Driver,
    GraphDatabase,
    ManagedTransaction,
    NotificationMinimumSeverity,
    Session,
    Transaction,
    unit_of_work,
)
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError

from workbench.errors import StoreError, UsageError
from workbench.store.neo4j.failures import as_store_error, is_older

SCHEMES = frozenset({"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"})

# The server ends a transaction after so many seconds: one whose client vanished without a word keeps its locks so long.
_LONGEST = 600.0
_CONNECT = 5.0
_FIRST_PAUSE = 0.2
_AT_ONCE = 1_000
_COMMITS_TRIED = 5

T = TypeVar("T")
Parameters = Mapping[str, Any]


class Address(NamedTuple):
    """Where a database is, and who asks: taken from a URL."""

    server: str  # without user, password and database
    user: str
    password: str
    database: str | None

    @property
    def shown(self) -> str:
        """The URL as it may be printed."""
        return f"{self.server}/{self.database}" if self.database else self.server


def address_of(url: str) -> Address:
    """Take a URL apart: `neo4j://USER:PASSWORD@HOST:PORT/DATABASE`; UsageError if it is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"no URL of a Neo4j server ({error}): give neo4j://HOST:PORT") from error
    if parts.scheme not in SCHEMES or not host or parts.query or parts.fragment:
        raise UsageError("no URL of a Neo4j server: give neo4j://HOST:PORT, or neo4j+s:// for TLS")
    host = f"[{host}]" if ":" in host else host
    server = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return Address(
        server,
        unquote(parts.username or "neo4j"),
        unquote(parts.password or ""),
        unquote(parts.path.strip("/")) or None,
    )


class Database:
    """The database at an address; connections are made when they are needed and kept.

    A server that refuses is tried again for `patience` seconds. One that falls silent is given up after the time
    that it named itself when it was asked first: twice its `server.bolt.connection_keep_alive`, two minutes where
    that is not set. The driver has no other limit for a silence.
    """

    patience = 20.0

    def __init__(self, address: Address) -> None:
        self.address = address
        with as_store_error(address.shown):
            self._driver: Driver = GraphDatabase.driver(
                address.server,
                auth=(address.user, address.password),
                connection_timeout=_CONNECT,
                connection_acquisition_timeout=self.patience,
                max_transaction_retry_time=self.patience,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                telemetry_disabled=True,
                user_agent="joint-workbench",
            )
        self._bookmarks = GraphDatabase.bookmark_manager()

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def read(self, query: LiteralString, **parameters: Any) -> list[list[Any]]:
        """The rows of a query, in one read transaction that is tried again while the server can't do it."""
        deadline, pause = time.monotonic() + self.patience, _FIRST_PAUSE
        with self._session(READ_ACCESS) as session:
            while True:
                try:
                    return [row.values() for row in session.run(query, parameters)]
                except (Neo4jError, DriverError) as error:
                    if not error.is_retryable() or time.monotonic() + pause > deadline:
                        raise
                time.sleep(pause)
                pause *= 2

    def row(self, query: LiteralString, **parameters: Any) -> list[Any]:
        """The only row of a query."""
        (found,) = self.read(query, **parameters)
        return found

    def write(self, work: Callable[[ManagedTransaction], T], limit: float = _LONGEST) -> T:
        """Do some work in one transaction; what it does must be the same done once or twice.

        StoreBusy if it is not done in `limit` seconds.
        """
        within = unit_of_work(timeout=limit)(work)
        with self._session() as session:
            try:
                return session.execute_write(within)
            except IncompleteCommit as unsure:
                return self._again(session, within, unsure)

    def _again(self, session: Session, work: Callable[[ManagedTransaction], T], unsure: IncompleteCommit) -> T:
        """Do some work that may be done already; if it can't be, that it may be done is what is to be told."""
        for _ in range(_COMMITS_TRIED - 1):
            try:
                return session.execute_write(work)
            except IncompleteCommit:
                continue
            except (DriverError, Neo4jError, StoreError) as error:
                raise unsure from error
        raise unsure

    def run(self, query: LiteralString, **parameters: Any) -> None:
        """Run one statement that may be run again, in a transaction of its own (a change of schema, say)."""
        with self._session() as session:
            session.run(query, parameters).consume()

    @contextmanager
    def reading(self, seconds: float, at_once: int) -> Iterator[Transaction]:
        """A transaction in which the server refuses to write, and that it ends after so many seconds."""
        with self._session(READ_ACCESS, at_once) as session, session.begin_transaction(timeout=seconds) as tx:
            yield tx

    @contextmanager
    def _session(self, access: str = WRITE_ACCESS, at_once: int = _AT_ONCE) -> Iterator[Session]:
        """A session; rows come from the server `at_once` many."""
        with (
            as_store_error(self.address.shown),
            self._driver.session(
                database=self.address.database,
                bookmark_manager=self._bookmarks,
                default_access_mode=access,
                fetch_size=at_once,
            ) as session,
        ):
            try:
                yield session
            except Neo4jError as error:
                if is_older(error):  # whoever asks again was told, and gets what is there
                    self._bookmarks = GraphDatabase.bookmark_manager()
                raise


def rows(tx: ManagedTransaction, query: LiteralString, **parameters: Any) -> list[list[Any]]:
    """The rows of a query inside a transaction."""
    return [row.values() for row in tx.run(query, parameters)]


__all__ = ["SCHEMES", "Address", "Database", "DriverError", "Neo4jError", "address_of", "rows"]
