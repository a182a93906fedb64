"""One database of a Neo4j server, over the official driver: reads, and writes that happen once.

Whatever fails is an error of the store that says what to do. What the driver calls transient is
tried again, and so is a commit whose reply was lost, because every write is told to do nothing
where it is done already.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, LiteralString, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
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

# The server ends a transaction after so many seconds: one whose client vanished without a word keeps its locks so long.
_LONGEST = 600.0
_CONNECT = 5.0
_AT_ONCE = 1_000
_COMMITS_TRIED = 5
SIDE_BY_SIDE = 2  # queries for parts of one answer

_SERVER: LiteralString = """
CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' RETURN versions[0], edition
"""

T = TypeVar("T")
Parameters = Mapping[str, Any]


# Versions of servers whose Cypher has what is written here (labels and types by a parameter, CALL (x) { }).
_OLDEST = (5, 26)


class Database:
    """The database at an address; connections are made when they are needed and kept.

    A server that refuses is tried again for `patience` seconds, however much is asked of it meanwhile: who asks when
    they are over asks once. One that falls silent is given up after the time that it named itself when it was asked
    first: twice its `server.bolt.connection_keep_alive`, two minutes where that is not set. The driver has no other
    limit for a silence.
    """

    patience = 20.0

    def __init__(self, address: Address) -> None:
        self.address = address
        self._met = False  # whether the server ever answered
        self._outage = Outage()
        self._lock = threading.Lock()
        self._kept: Driver | None = None
        self._bookmarks = GraphDatabase.bookmark_manager()
        _keep_quiet()

    def _driver(self) -> Driver:
        """The driver, made when it is first needed, and again after it was closed."""
        with self._lock:
            if self._kept is None:
                server, trust = _trusting(self.address)
                self._kept = GraphDatabase.driver(
                    server,
                    auth=(self.address.user, self.address.password),
                    **trust,
                    connection_timeout=_CONNECT,
                    connection_acquisition_timeout=self.patience,
                    max_transaction_retry_time=0,  # it is tried again here
                    notifications_min_severity=NotificationMinimumSeverity.OFF,
                    telemetry_disabled=True,
                    user_agent="joint-workbench",
                )
            return self._kept

    def close(self) -> None:
        """Close all connections; who asks again gets new ones."""
        with self._lock:
            closing, self._kept = self._kept, None
        if closing is not None:
            closing.close()

    def read(self, query: LiteralString, **parameters: Any) -> list[list[Any]]:
        """The rows of a query, in one read transaction that is tried again while the server can't do it."""
        return self._asked(READ_ACCESS, query, parameters)

    def run(self, query: LiteralString, **parameters: Any) -> None:
        """Run a statement that may be run again, in a transaction of its own (a change of schema, say)."""
        self._asked(WRITE_ACCESS, query, parameters)

    def _asked(self, access: str, query: LiteralString, parameters: Parameters) -> list[list[Any]]:
        with self._session(access) as session:
            return self._outlast(lambda: [row.values() for row in session.run(query, dict(parameters))])

    def _outlast(self, attempt: Callable[[], T]) -> T:
        """Try until it is done, while there is hope and patience."""
        done = self._outage.outlast(attempt, self.patience, self._is_hopeless)
        self._met = True
        return done

    @property
    def is_given_up(self) -> bool:
        """Whether the server is away, and was waited for in vain."""
        return self._outage.is_given_up

    def _is_hopeless(self) -> bool:
        """Whether a server that never answered will not, however long one asks."""
        why = None if self._met else reason(self.address)
        return why is not None and why.lasts

    def row(self, query: LiteralString, **parameters: Any) -> list[Any]:
        """The only row of a query; StoreError where what it is about is no more."""
        for found in self.read(query, **parameters):
            return found
        raise StoreError(f"{self.address.shown}: the store in it was emptied meanwhile: open it again, or another one")

    def row_of_each(self, query: LiteralString, asked: Sequence[Parameters], made: Callable[[list[Any]], T]) -> list[T]:
        """What is `made` of the only row of a query, for each of some parameters.

        A server answers several queries side by side; what is made of an answer is made before the next is asked for.
        """

        def one(each: Parameters) -> T:
            return made(self.row(query, **each))

        if len(asked) == 1:
            return [one(asked[0])]
        with ThreadPoolExecutor(SIDE_BY_SIDE, "reading") as threads:
            return list(threads.map(one, asked))

    def server(self) -> tuple[str, str]:
        """The server's version and edition; StoreMismatch for one that is too old, or no Neo4j."""
        version, edition = next(iter(self.read(_SERVER)), ("unknown", ""))
        if not is_supported(version):
            raise StoreMismatch(
                f"{self.address.shown} is Neo4j {version}: this workbench needs 5.26 or newer, upgrade the server"
            )
        return str(version), str(edition)

    def write(self, work: Callable[[ManagedTransaction], T], limit: float = _LONGEST) -> T:
        """Do some work in one transaction; what it does must be the same done once or twice.

        StoreBusy if it is not done in `limit` seconds.
        """
        within = unit_of_work(timeout=limit)(work)
        with self._session() as session:
            attempt = partial(session.execute_write, within)
            try:
                return self._outlast(attempt)
            except IncompleteCommit as unsure:
                return self._again(attempt, unsure)

    def _again(self, attempt: Callable[[], T], unsure: IncompleteCommit) -> T:
        """Try a commit again that may have happened; where that fails too, raise `unsure`, which says so."""
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
        """A transaction in which the server refuses to write, and that it ends after so many seconds."""
        with self._session(READ_ACCESS, at_once) as session, session.begin_transaction(timeout=seconds) as tx:
            yield tx

    @contextmanager
    def _session(self, access: str = WRITE_ACCESS, at_once: int = _AT_ONCE) -> Iterator[Session]:
        """A session; rows come from the server `at_once` many."""
        with (
            as_store_error(self.address),
            self._driver().session(
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


def is_supported(version: str) -> bool:
    """Whether this workbench runs on a server of this version.

    >>> [is_supported(each) for each in ("4.4.40", "5.25.1", "5.26.0", "5.26.30-aura", "2026.08.1", "unknown")]
    [False, False, True, True, True, False]
    """
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= _OLDEST


def _trusting(address: Address) -> tuple[str, dict[str, Any]]:
    """The server's URL and what it has to be signed by: the driver takes its own only where the URL does not say +s."""
    if address.certificates is None:
        return address.server, {}
    trusted = TrustCustomCAs(str(address.certificates))
    return address.server.replace("+s:", ":", 1), {"encrypted": True, "trusted_certificates": trusted}


def _keep_quiet() -> None:
    """Errors are told once, by us: the driver would write to stderr of what it tries again."""
    log = logging.getLogger("neo4j")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def rows(tx: ManagedTransaction, query: LiteralString, **parameters: Any) -> list[list[Any]]:
    """The rows of a query inside a transaction."""
    return [row.values() for row in tx.run(query, parameters)]


__all__ = ["SIDE_BY_SIDE", "Address", "Database", "DriverError", "Neo4jError", "address_of", "is_supported", "rows"]
