"""One database of a Neo4j server, over the official driver: reads, and writes that happen once.

Whatever fails is an error of the store that says what to do. The driver tries again what the
server calls transient; a commit whose reply was lost is tried again here, because every write
is told to do nothing where it is done already.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from neo4j import Driver, GraphDatabase, ManagedTransaction, NotificationMinimumSeverity, Session
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError

from workbench.errors import UsageError
from workbench.store.neo4j.failures import as_store_error

SCHEMES = frozenset({"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"})

# How long the driver tries again, in seconds, before it says that the server is away.
_PATIENCE = 20.0
_CONNECT = 5.0
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
    """The database at an address; connections are made when they are needed and kept."""

    def __init__(self, address: Address) -> None:
        self.address = address
        with as_store_error(address.shown):
            self._driver: Driver = GraphDatabase.driver(
                address.server,
                auth=(address.user, address.password),
                connection_timeout=_CONNECT,
                connection_acquisition_timeout=_PATIENCE,
                max_transaction_retry_time=_PATIENCE,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                telemetry_disabled=True,
                user_agent="joint-workbench",
            )
        self._bookmarks = GraphDatabase.bookmark_manager()

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def read(self, query: LiteralString, **parameters: Any) -> list[list[Any]]:
        """The rows of a query, in one read transaction that may be tried again."""

        def work(tx: ManagedTransaction) -> list[list[Any]]:
            return [row.values() for row in tx.run(query, parameters)]

        with self._session() as session:
            return session.execute_read(work)

    def row(self, query: LiteralString, **parameters: Any) -> list[Any]:
        """The only row of a query."""
        (found,) = self.read(query, **parameters)
        return found

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Do some work in one transaction; what it does must be the same done once or twice."""
        with self._session() as session:
            for _ in range(_COMMITS_TRIED - 1):
                try:
                    return session.execute_write(work)
                except IncompleteCommit:  # it may have happened
                    continue
            return session.execute_write(work)

    def run(self, query: LiteralString, **parameters: Any) -> None:
        """Run one statement that may be run again, in a transaction of its own (a change of schema, say)."""
        with self._session() as session:
            session.run(query, parameters).consume()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with (
            as_store_error(self.address.shown),
            self._driver.session(database=self.address.database, bookmark_manager=self._bookmarks) as session,
        ):
            yield session


def rows(tx: ManagedTransaction, query: LiteralString, **parameters: Any) -> list[list[Any]]:
    """The rows of a query inside a transaction."""
    return [row.values() for row in tx.run(query, parameters)]


__all__ = ["SCHEMES", "Address", "Database", "DriverError", "Neo4jError", "address_of", "rows"]
