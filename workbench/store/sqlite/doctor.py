"""Checks of a store that is a file, without writing to it."""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from workbench.errors import StoreMismatch
from workbench.store.contents import RESTORE, examine_contents
from workbench.store.health import Check, Looking, looked, normal_forms, size
from workbench.store.records_known import LIVE
from workbench.store.sqlite.columns import read_base
from workbench.store.sqlite.connection import FAILURES, StoreConnection, add_functions, new_tables, read_only, said_by
from workbench.store.sqlite.copying import SqliteOutgoing, status
from workbench.store.sqlite.facet_values import wrong_values
from workbench.store.sqlite.schema import APPLICATION_ID, MIGRATIONS

# The log is written back at 64 MB; if it is much larger, a reader has kept the file open for long.
_LARGE_LOG = 256_000_000
_LEASE = "allow everybody who may write to the store to write to it and its folder"
_REPAIR = "run `workbench doctor --repair`"
_LITTLE_ROOM = 1_000_000_000

# Keys that are there and should not be, or the other way round.
_MISNAMED = """
WITH wanted AS (SELECT k.value AS key, t.tid FROM text t JOIN record r ON r.rid = t.tid >> 12
    JOIN json_each(keys_of_names(r.body, t.folded)) k)
SELECT count(*) FROM (SELECT * FROM (SELECT * FROM wanted EXCEPT SELECT key, tid FROM sound)
    UNION ALL SELECT * FROM (SELECT key, tid FROM sound EXCEPT SELECT * FROM wanted))
"""


def examine_file(path: Path, contents: bool = False) -> Iterator[Check]:
    """All checks of a file; with `contents`, of every row in it too."""
    if not path.is_file():
        yield Check("file", "failed", f"no store at sqlite:///{path}", "load something into it, or name another store")
        return
    try:
        with closing(_opened(path)) as db:
            version = list(looked("version", partial(_version, db)))
            yield from version
            if all(each.state != "failed" for each in version):
                yield from _examined(path, db, contents)
    except FAILURES as error:
        found = f"{path} can't be read as a store ({said_by(error)})"
        yield Check("file", "failed", found, "name another, or restore a backup")
    yield from _log(path)
    yield from _disk(path)


def _examined(path: Path, db: sqlite3.Connection, contents: bool) -> Iterator[Check]:
    """The checks of a file that is a store."""
    yield from _tried("integrity", partial(_integrity, db, contents))
    tables = list(_tried("tables", partial(_tables, db)))
    yield from tables
    if all(each.state != "failed" for each in tables):
        yield from _tried("normal forms", partial(_normal_forms, db))
    yield from _tried("writer", partial(_writer, path, db))
    if contents and all(each.state != "failed" for each in tables):
        yield from _tried("contents", partial(_contents, path))


def _tried(name: str, look: Looking) -> Iterator[Check]:
    """The results of `look`; if the file can't be read there, one result more that says so."""
    try:
        yield from looked(name, look)
    except FAILURES as error:
        yield Check(name, "failed", f"the file can't be read ({said_by(error)})", RESTORE)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(read_only(path), uri=True, isolation_level=None)


def _version(db: sqlite3.Connection) -> Iterator[Check]:
    version, ours = (db.execute(each).fetchone()[0] for each in ("PRAGMA user_version", "PRAGMA application_id"))
    versions = f"schema {version} of {len(MIGRATIONS)}, SQLite {sqlite3.sqlite_version}"
    if ours != APPLICATION_ID:
        raise StoreMismatch("an SQLite file, but not a workbench store: name another file")
    if version > len(MIGRATIONS):
        raise StoreMismatch(f"{versions}, written by a newer workbench: upgrade this one")
    if version < len(MIGRATIONS):
        yield Check(
            "version", "warning", versions, "it is migrated to this version when it is next opened: back it up first"
        )
    else:
        yield Check("version", "ok", versions)
    copying, viewer = status(db)
    if copying:
        yield Check("copy", "warning", "the copy into it was not finished", "run `workbench copy` again")
    elif viewer:
        yield Check("copy", "ok", f"made for {viewer}")


def _integrity(db: sqlite3.Connection, contents: bool) -> Iterator[Check]:
    check = "PRAGMA integrity_check(5)" if contents else "PRAGMA quick_check(5)"  # the longer one compares indexes
    lines = [str(line) for (line,) in db.execute(check)]
    if lines == ["ok"]:
        more = (
            "pages and indexes are intact" if contents else "pages are intact; `workbench doctor --contents` reads them"
        )
        yield Check("integrity", "ok", f"the file's {more}")
    else:
        yield Check("integrity", "failed", "; ".join(lines), RESTORE)


def _tables(db: sqlite3.Connection) -> Iterator[Check]:
    """Whether all tables, views and indexes of this version are there, with their columns."""
    if db.execute("PRAGMA user_version").fetchone()[0] < len(MIGRATIONS):
        return
    with closing(new_tables()) as made:
        expected, there = _named(made), _named(db)
        missing = sorted(expected - there)
        changed = [] if missing else [name for name in sorted(expected) if _columns(db, name) != _columns(made, name)]
    if missing:
        yield Check("tables", "failed", f"not there: {', '.join(missing)}", RESTORE)
    elif changed:
        yield Check("tables", "failed", f"other columns: {', '.join(changed)}", RESTORE)
    else:
        yield Check("tables", "ok", f"all {len(expected)} tables and indexes are there")


def _normal_forms(db: sqlite3.Connection) -> Iterator[Check]:
    models = [body for (body,) in db.execute("SELECT body FROM model WHERE rev_to = ?", (LIVE,))]
    for (number,) in db.execute("SELECT value FROM meta WHERE name = 'normaliser'"):
        yield normal_forms(number, models)


def _named(db: sqlite3.Connection) -> set[str]:
    return {str(name) for (name,) in db.execute("SELECT name FROM sqlite_schema")}


def _columns(db: sqlite3.Connection, name: str) -> list[tuple[object, ...]]:
    """The columns of a table, a view or an index."""
    columns = "SELECT name FROM pragma_table_info(?1) UNION ALL SELECT name FROM pragma_index_info(?1)"
    return db.execute(columns, (name,)).fetchall()


def _contents(path: Path) -> Iterator[Check]:
    db = sqlite3.connect(read_only(path), uri=True, isolation_level=None, factory=StoreConnection)
    db.path = path
    db.text_factory = partial(
        str, encoding="utf-8", errors="surrogateescape"
    )  # a text that is none is read all the same
    with closing(db):
        found = examine_contents(SqliteOutgoing(lambda: db), lambda revision: read_base(db, revision).columns)
        checks = list(found)
        yield from checks
        if all(each.state == "ok" for each in checks):  # else names, or their keys in this version, may be others
            yield from _tried("names", partial(_names, db))
            yield from _tried("values", partial(_values, db))


def _names(db: sqlite3.Connection) -> Iterator[Check]:
    """Whether names are found by the keys that follow from them."""
    add_functions(db)
    texts = db.execute(_MISNAMED).fetchone()[0]
    if texts:
        yield Check("names", "failed", f"{texts} keys of names are not those of the content", RESTORE)
    else:
        yield Check("names", "ok", "found by the keys of the content")


def _values(db: sqlite3.Connection) -> Iterator[Check]:
    """Whether facets are found by their values."""
    add_functions(db)
    if n := wrong_values(db):
        yield Check("values", "failed", f"{n} values are not those of their facets", _REPAIR)
    else:
        yield Check("values", "ok", "facets are found by their values")


def _writer(path: Path, db: sqlite3.Connection) -> Iterator[Check]:
    try:
        holder = _holder(path.with_name(path.name + ".writer"))
    except OSError as error:
        yield Check("writer", "failed", f"the lease {error.filename} can't be read ({error.strerror})", _LEASE)
        return
    left = db.execute("SELECT count(*) FROM meta WHERE name = 'writing'").fetchone()[0]
    if holder:
        yield Check("writer", "ok", holder)
    elif left:
        yield Check(
            "writer", "warning", "a load was interrupted before it was published", "load it again: that removes it"
        )
    else:
        yield Check("writer", "ok", "nobody is writing")


def _holder(file: Path) -> str:
    """Who holds the lease, and since when; "" if nobody does."""
    try:
        lease = file.open(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return ""
    with lease:
        try:
            fcntl.flock(lease, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            since = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
            return f"{lease.read().strip() or 'a process'} is writing (since {since})"
    return ""


def _log(path: Path) -> Iterator[Check]:
    log = path.with_name(path.name + "-wal")
    octets = log.stat().st_size if log.is_file() else 0
    if octets > _LARGE_LOG:
        todo = "end the program that has kept the store open (a notebook, for example): then the log is written back"
        yield Check("write-ahead log", "warning", size(octets), todo)
    else:
        yield Check("write-ahead log", "ok", size(octets))


def _disk(path: Path) -> Iterator[Check]:
    free, octets = shutil.disk_usage(path.parent).free, path.stat().st_size
    room = f"{size(free)} free beside a file of {size(octets)}"
    if free < max(_LITTLE_ROOM, octets):
        yield Check("disk", "warning", room, "make room: a load or a backup may need as much space as the file")
    else:
        yield Check("disk", "ok", room)
