"""Count the rows of a database's tables a second time: by asking it for their number."""

import sqlite3
from contextlib import closing
from fnmatch import fnmatchcase
from typing import IO
from urllib.parse import quote

from ingest.recount.copied import path_of
from ingest.recount.counted import Counted, Told
from ingest.recount.kept import kept_rows

_COPY = 0x4A49_5743


def count_sql(stream: IO[bytes], told: Told) -> Counted:
    """Ask for the number of rows of each table that the manifest names, of all tables, or of the query."""
    kept = kept_rows(stream)
    if kept is not None:
        return Counted(kept)
    with path_of(stream) as path, closing(_opened(f"file:{quote(str(path))}?mode=ro&immutable=1")) as file:
        is_copy = file.execute("PRAGMA application_id").fetchone()[0] == _COPY
        if told.query and not is_copy:
            return Counted(_number(file, f"({told.query.strip().rstrip(';')})"))
        listed = file.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        names = [name for name, kind in listed if _is_wanted(name, kind, told, bool(told.query))]
        return Counted(sum(_number(file, '"' + name.replace('"', '""') + '"') for name in names))


def _opened(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True)


def _is_wanted(name: str, kind: str, told: Told, every: bool) -> bool:
    if name.lower().startswith("sqlite_"):
        return False
    if told.sheets is None or every:
        return kind == "table"
    return any(name == each or fnmatchcase(name, each) for each in told.sheets)


def _number(file: sqlite3.Connection, what: str) -> int:
    return int(file.execute(" ".join(("SELECT count(*) FROM", what))).fetchone()[0])
