"""Read files of SQLite, and write copies of what other databases have: the only place of adapters with SQL.

A file is opened as one that never changes, and nothing in it is run: no extension, no trigger, no other file.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

MARK = b"SQLite format 3\0"
# What says that a file is a copy that `Copy` wrote; its only query is done.
COPY = 0x4A49_5743
RESULT = "result"
_LONGEST = 1 << 26
_ROWS = 1_000
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_FORBIDDEN = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})

# What goes wrong in a file that is damaged or hostile.
WRONG = (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError)


class Found(NamedTuple):
    """The columns of a table or of an answer, and its rows."""

    columns: Sequence[str]
    rows: Iterator[tuple[Any, ...]]


class File:
    """A file of SQLite that is open to read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.is_copy = connection.execute("PRAGMA application_id").fetchone()[0] == COPY
        kinds = connection.execute("SELECT type, name FROM sqlite_master ORDER BY name").fetchall()
        self.tables = [name for kind, name in kinds if kind == "table" and not name.lower().startswith("sqlite_")]
        self.views = [name for kind, name in kinds if kind == "view"]
        connection.set_authorizer(_authorized)

    def table(self, name: str) -> Found:
        """The rows of a table or view of this file; KeyError for any other name."""
        if name not in self.tables and name not in self.views:
            raise KeyError(name)
        return self.answer(" ".join(("SELECT * FROM", quoted(name))))

    def answer(self, query: str) -> Found:
        """The rows that a query gives."""
        cursor = self._connection.execute(query)
        if cursor.description is None:
            raise sqlite3.OperationalError("it gives no rows")
        return Found([column[0] for column in cursor.description], _rows(cursor))


def _rows(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    while some := cursor.fetchmany(_ROWS):
        yield from some


def quoted(name: str) -> str:
    """The name of a table or column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _authorized(action: int, first: str | None, second: str | None, *_: object) -> int:
    allowed = action in _ALLOWED and (second or "").lower() not in _FORBIDDEN
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


@contextmanager
def opened(path: Path) -> Iterator[File]:
    """Open a file of SQLite to read; raises one of `WRONG`."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        for setting in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(" ".join(("PRAGMA", setting)))
        yield File(connection)


class Copy:
    """A new file of SQLite, for tables of another database."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute(" ".join(("PRAGMA application_id =", str(COPY))))

    def add(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add a table."""
        listed = ", ".join(map(quoted, columns))
        self._connection.execute(f"CREATE TABLE {quoted(name)} ({listed})")
        holes = ", ".join("?" * len(columns))
        self._connection.executemany(" ".join(("INSERT INTO", quoted(name), "VALUES (", holes, ")")), rows)

    def close(self) -> None:
        """Finish the file."""
        self._connection.commit()
        self._connection.close()
