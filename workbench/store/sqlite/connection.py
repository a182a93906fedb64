"""Connections, one for each reading thread, and the migrations of the file."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.errors import StoreError, StoreMismatch, damaged
from workbench.model.ids import new_file_id, new_secret, sealed
from workbench.store.facet_values import values_of
from workbench.store.sqlite.schema import APPLICATION_ID, MIGRATIONS
from workbench.store.sqlite.search import keys_of_names

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=16384",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-131072",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA mmap_size=1073741824",
    "PRAGMA busy_timeout=30000",
)


_AT_ONCE = 1_000


class StoreCursor(sqlite3.Cursor):
    """A cursor whose errors become StoreError: a damaged page can show at any row."""

    connection: "StoreConnection"

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override] # fetching rows by the thousand is faster
        """As in sqlite3; StoreError where the database can't do it."""
        while rows := self.fetchmany(_AT_ONCE):
            yield from rows

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """As in sqlite3; StoreError where the database can't do it."""
        with _as_store_error(self.connection.path):
            return super().fetchmany(size)

    def fetchone(self) -> Any:
        """As in sqlite3; StoreError where the database can't do it."""
        with _as_store_error(self.connection.path):
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        """As in sqlite3; StoreError where the database can't do it."""
        with _as_store_error(self.connection.path):
            return super().fetchall()


class StoreConnection(sqlite3.Connection):
    """A connection whose errors become StoreError, with what to do."""

    path: Path
    _thread: ThreadPoolExecutor | None = None
    _written: Future[None] | None = None

    def _asked(self) -> StoreCursor:
        return self.cursor(StoreCursor)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """As in sqlite3; StoreError where the database can't do it."""
        self.wait()
        with _as_store_error(self.path):
            return self._asked().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """As in sqlite3; StoreError where the database can't do it."""
        self.wait()
        with _as_store_error(self.path):
            return self._asked().executemany(*arguments)

    def write_later(self, works: Sequence[tuple[str, Iterable[Sequence[object]]]], last: str = "") -> None:
        """Execute statements with many rows each, then a last one, in a thread; whatever is asked next waits for that.

        What is asked next raises what failed; nothing of the transaction is kept then.
        """
        self.wait()
        self._thread = self._thread or ThreadPoolExecutor(1, "writing")
        self._written = self._thread.submit(self._write, works, last)

    def _write(self, works: Sequence[tuple[str, Iterable[Sequence[object]]]], last: str) -> None:
        try:
            with _as_store_error(self.path):
                for statement, rows in works:
                    self._asked().executemany(statement, rows)
                self._asked().execute(last)
        except BaseException:
            if self.in_transaction:
                self._asked().execute("ROLLBACK")
            raise

    def wait(self) -> None:
        """Wait until what `write_later` was given is done; raises what failed."""
        written, self._written = self._written, None
        if written is not None:
            written.result()

    def close(self) -> None:
        """As in sqlite3, when nothing is written any more."""
        if self._thread is not None:
            self._thread.shutdown()
        super().close()


# Errors that say nothing of the file's content, by their primary codes.
_OF_THE_MACHINE = frozenset(
    {
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL),
    }
)


@contextmanager
def _as_store_error(path: Path) -> Iterator[None]:
    try:
        yield
    except FAILURES as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_MACHINE:
            raise StoreError(
                f"{path}: {error}: check that the disk has room and the file can be written, then try again"
            ) from error
        raise damaged(f"{path}: {said_by(error)}") from error


# How SQLite fails; UnicodeDecodeError where a name in a damaged file is no text, which its message would have.
FAILURES = (sqlite3.DatabaseError, UnicodeDecodeError)


def said_by(error: Exception) -> str:
    """What SQLite says of a failure, without a text of the store, which may be hidden from the reader."""
    not_text = isinstance(error, UnicodeDecodeError) or "Could not decode to UTF-8" in str(error)
    return "a text in it is not UTF-8" if not_text else str(error)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one transaction, as the only writer."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def connect(path: Path) -> StoreConnection:
    """A connection with our settings, for one thread. StoreError if the file can't be opened."""
    try:
        connection = sqlite3.connect(
            path, isolation_level=None, cached_statements=256, check_same_thread=False, factory=StoreConnection
        )
        connection.path = path
        add_functions(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except (sqlite3.DatabaseError, StoreError) as error:
        cause = error.__cause__ or error
        code = getattr(cause, "sqlite_errorcode", 0)
        if isinstance(cause, UnicodeDecodeError) or code == sqlite3.SQLITE_CORRUPT:
            raise
        if path.is_file() and code & 0xFF in _OF_THE_MACHINE:
            raise StoreError(
                f"{path} can't be opened ({cause}): allow this account to write to it and to its folder, which SQLite"
                " needs for reading, too"
            ) from error
        raise StoreMismatch(f"{path} is not a store, or can't be opened ({cause}): name another file") from error
    return connection


def add_functions(connection: sqlite3.Connection) -> None:
    """Add the functions that our statements and migrations use."""
    connection.create_function("unhex_text", 1, bytes.fromhex, deterministic=True)  # SQLite 3.40 has no unhex
    connection.create_function("sealed", 2, sealed, deterministic=True)
    connection.create_function("new_secret", 0, new_secret)
    connection.create_function("new_file_id", 0, new_file_id)
    connection.create_function("keys_of_names", 2, keys_of_names, deterministic=True)
    connection.create_function("values_of", 2, lambda *facet: json.dumps(values_of(*facet)), deterministic=True)


def read_only(path: Path) -> str:
    """The URI of a file that is only read: with our settings, another program's file would get a write-ahead log."""
    return f"file:{quote(str(path))}?mode=ro"


def holds_nothing(path: Path) -> bool:
    """Whether a file is empty, or a database without a table: writing makes a store of it, reading does not."""
    if not path.stat().st_size:
        return True
    try:
        with closing(sqlite3.connect(read_only(path), uri=True)) as db:
            return bool(db.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,))
    except FAILURES:
        return False  # whoever opens it is told


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Migrate the file to this version; StoreMismatch if it is not ours, or newer."""
    if _version(connection) == len(MIGRATIONS) and _is_ours(connection):
        return
    with transaction(connection):
        empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
        if not (empty or _is_ours(connection)):
            raise StoreMismatch(f"{path} is an SQLite file, but not a workbench store: name another file")
        refuse_newer(connection, path)
        _make_tables(connection, _version(connection))
        connection.execute("PRAGMA application_id = %d" % APPLICATION_ID)  # noqa: UP031 - a pragma takes no parameter; the number is ours
        connection.execute("PRAGMA user_version = %d" % len(MIGRATIONS))  # noqa: UP031 - the same


def _make_tables(connection: sqlite3.Connection, version: int) -> None:
    """Run the migrations that come after a version."""
    for _, script in MIGRATIONS[version:]:
        for statement in _statements(script):
            connection.execute(statement)


def new_tables() -> sqlite3.Connection:
    """A database in memory with the tables of an empty store."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    add_functions(connection)
    _make_tables(connection, 0)
    return connection


def refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    """StoreMismatch if a newer version wrote the file."""
    version = _version(connection)
    if version > len(MIGRATIONS):
        raise StoreMismatch(f"{path} was written by a newer workbench (schema {version}): upgrade this one")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _is_ours(connection: sqlite3.Connection) -> bool:
    return int(connection.execute("PRAGMA application_id").fetchone()[0]) == APPLICATION_ID


def _statements(script: str) -> list[str]:
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements


class Connections:
    """A reading connection for each thread of this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._all: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._lock = threading.Lock()

    def get(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            if not self._path.exists():
                raise StoreError(f"{self._path} is gone: the store was moved or deleted")
            connection = self._local.connection = connect(self._path)
            with self._lock:
                self._forget_dead()
                self._all.append((threading.current_thread(), connection))
        return connection

    def _forget_dead(self) -> None:
        """Close the connections of threads that have ended: a dashboard uses a new thread for each run."""
        for thread, connection in self._all:
            if not thread.is_alive():
                connection.close()
        self._all = [kept for kept in self._all if kept[0].is_alive()]

    def close(self) -> None:
        """Close all connections; a thread that reads again gets a new one."""
        with self._lock:
            for _, connection in self._all:
                connection.close()
            self._all.clear()
            self._local = threading.local()
