"""What a load writes while it goes on: all of it or nothing, and whoever asks next waits for it."""

from contextlib import closing
from pathlib import Path

import pytest

from workbench.errors import StoreError
from workbench.store.sqlite.connection import StoreConnection, connect
from workbench.store.sqlite.insertion import _VALUES, _inserts

WIDTH = 15
AT_ONCE = _VALUES // WIDTH


def begun(path: Path) -> StoreConnection:
    db = connect(path / "some.db")
    db.execute("CREATE TABLE some (a INTEGER PRIMARY KEY, b)")
    db.execute("BEGIN IMMEDIATE")
    return db


def test_whoever_asks_next_waits_for_what_is_written(tmp_path: Path) -> None:
    with closing(begun(tmp_path)) as db:
        db.write_later([("INSERT INTO some VALUES (?, 1)", [(n,) for n in range(50_000)])], "COMMIT")
        assert db.execute("SELECT count(*) FROM some").fetchone() == (50_000,)
        assert not db.in_transaction


def test_a_connection_is_closed_when_all_is_written(tmp_path: Path) -> None:
    with closing(begun(tmp_path)) as db:
        db.write_later([("INSERT INTO some VALUES (?, 1)", [(n,) for n in range(50_000)])], "COMMIT")
    with closing(connect(tmp_path / "some.db")) as db:
        assert db.execute("SELECT count(*) FROM some").fetchone() == (50_000,)


def test_what_fails_is_told_to_whoever_asks_next_and_nothing_is_kept(tmp_path: Path) -> None:
    with closing(begun(tmp_path)) as db:
        db.write_later(
            [("INSERT INTO some VALUES (?, 1)", [(1,)]), ("INSERT INTO some VALUES (?, 2)", [(1,)])], "COMMIT"
        )
        with pytest.raises(StoreError):
            db.execute("SELECT 1")
        assert not db.in_transaction
        assert db.execute("SELECT count(*) FROM some").fetchone() == (0,)


@pytest.mark.parametrize("many", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE + 7])
def test_many_rows_at_once_are_the_rows_in_their_order(tmp_path: Path, many: int) -> None:
    columns = ", ".join(f"c{n}" for n in range(WIDTH))
    rows = [tuple(f"{n} {place}" for place in range(WIDTH)) for n in range(many)]
    with closing(begun(tmp_path)) as db:
        db.execute(f"CREATE TABLE wide ({columns})")
        for work in _inserts("wide", rows):
            db.executemany(*work)
        assert db.execute("SELECT * FROM wide ORDER BY rowid").fetchall() == rows
        db.execute("COMMIT")
