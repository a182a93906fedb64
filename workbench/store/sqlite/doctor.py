"""Checks of a store that is a file, without writing to it."""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from workbench.errors import StoreMismatch
from workbench.store.health import Check, looked, size
from workbench.store.sqlite.copying import status
from workbench.store.sqlite.schema import APPLICATION_ID, MIGRATIONS

# The log is written back at 64 MB; if it is much larger, a reader has kept the file open for long.
_LARGE_LOG = 256_000_000
_LEASE = "allow everybody who may write to the store to write to it and its folder"
_LITTLE_ROOM = 1_000_000_000


def examine_file(path: Path) -> Iterator[Check]:
    """All checks of a file."""
    if not path.is_file():
        yield Check("file", "failed", f"no store at sqlite:///{path}", "load something into it, or name another store")
        return
    try:
        with closing(_opened(path)) as db:
            version = list(looked("version", partial(_version, db)))
            yield from version
            if all(each.state != "failed" for each in version):
                yield from _integrity(db)
                yield from _writer(path, db)
    except sqlite3.Error as error:
        yield Check("file", "failed", f"{path} can't be read as a store ({error})", "name another, or restore a backup")
    yield from _log(path)
    yield from _disk(path)


def _opened(path: Path) -> sqlite3.Connection:
    # Read-only: the usual settings would give another program's file a write-ahead log.
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)


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


def _integrity(db: sqlite3.Connection) -> Iterator[Check]:
    lines = [str(line) for (line,) in db.execute("PRAGMA quick_check(5)")]
    if lines == ["ok"]:
        yield Check("integrity", "ok", "the file is intact")
    else:
        yield Check(
            "integrity", "failed", "; ".join(lines), "restore the newest backup that is intact, and check the disk"
        )


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
