"""Files that are not our stores are refused and left unchanged."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from workbench.access.viewer import Viewer
from workbench.errors import NoStore, StoreError, StoreMismatch
from workbench.store.sqlite.schema import APPLICATION_ID, MIGRATIONS
from workbench.view.store import existing_store, open_store

pytestmark = pytest.mark.sqlite_only(reason="about the file that a store is")
HIGH = Viewer(name="high", agencies=frozenset("A"), level="SECRET")


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def made(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_a_file_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = made(tmp_path / "other.db", "CREATE TABLE meta (name, value)", "INSERT INTO meta VALUES ('a', 1)")
    with pytest.raises(StoreMismatch, match="not a workbench store"):
        open_store(url(path))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM meta").fetchall() == [("a", 1)]
        assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (1,)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(url(path)).close()
    made(path, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreMismatch, match=r"newer.*upgrade"):
        open_store(url(path))


@pytest.mark.parametrize("content", [b"<html>404</html>", b"SQLite format 3\x00" + b"\xff" * 2000, b"\x00" * 4096])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(content)
    with pytest.raises(StoreMismatch):
        open_store(url(path))
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.touch()
    store = open_store(url(path))
    assert store.view(HIGH).stats().records == 0
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


@pytest.mark.parametrize("statements", [(), ("CREATE TABLE t (a)", "DROP TABLE t")], ids=["empty", "without a table"])
def test_reading_makes_no_store_of_an_empty_file(tmp_path: Path, statements: tuple[str, ...]) -> None:
    path = made(tmp_path / "store.db", *statements)
    before = path.read_bytes()
    with pytest.raises(NoStore, match="load something into it first"):
        existing_store(url(path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    open_store(url(path)).close()
    existing_store(url(path)).close()


def test_a_folder_is_made_and_a_folder_is_no_store(tmp_path: Path) -> None:
    open_store(url(tmp_path / "a" / "b" / "store.db")).close()
    with pytest.raises(StoreError):
        open_store(url(tmp_path / "a"))
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        open_store(url(tmp_path / "file" / "store.db"))


def test_a_store_that_the_system_does_not_open_is_still_a_store(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(url(path)).close()
    (tmp_path / "store.db-wal").mkdir()  # what a folder or a disk that can't be written is to SQLite
    with pytest.raises(StoreError, match="allow this account to write to it and to its folder") as refused:
        open_store(url(path))
    assert not isinstance(refused.value, StoreMismatch)


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(url(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        before = connection.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()
    open_store(url(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall() == before


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    store = open_store(url(tmp_path / "store.db"))
    assert store.backend._db.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert store.backend._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()
