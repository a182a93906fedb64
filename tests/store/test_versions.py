"""A store that a newer workbench has migrated is not written to, even by a process that opened it before."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers import driver
from tests.stores import KIND, SQLITE, fresh_url
from workbench.access.viewer import local_viewer
from workbench.errors import StoreMismatch
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.types import CommonEntry, FileReport
from workbench.view.store import GraphStore, open_store

_PREFIX = "sqlite:///"
_CONTENT = "MATCH (n) WHERE NOT n:Lease|Heartbeat RETURN labels(n), properties(n)"


def made_newer(url: str) -> None:
    """Do to a store what a newer workbench does that opens it."""
    if url.startswith(_PREFIX):
        with closing(sqlite3.connect(url.removeprefix(_PREFIX))) as db:
            db.execute("PRAGMA user_version = 999")
        return
    with driver(url) as admin:
        admin.execute_query("CREATE (:Migration {name: '9999 something'})")


def content(url: str) -> list[str]:
    """All that is in a store."""
    if url.startswith(_PREFIX):
        with closing(sqlite3.connect(url.removeprefix(_PREFIX))) as db:
            return list(db.iterdump())
    with driver(url) as reading:
        found = reading.execute_query(_CONTENT).records
        return sorted(f"{sorted(labels)} {sorted(values.items())}" for labels, values in found)


def load(store: GraphStore) -> None:
    with store.writer(agency="A", by="clerk") as writer:
        record = Record(
            "Person", Dataset("A", "d"), "1", {"name": (Value("Ann", "Ann"),)}, parse_marking("OPEN//REL A")
        )
        writer.put([record], writer.file("one.csv", "0", "csv"), "2026-01-01")
        writer.publish(dataset="d", adapter="csv", files=())


def list_common(store: GraphStore) -> None:
    store.add_common(CommonEntry("phone", "+31612345678", "A", "OPEN//REL A", "a taxi's"))


@pytest.mark.parametrize("write", [load, list_common])
def test_a_store_that_was_open_before_is_looked_at_again(tmp_path: Path, write: Callable[[GraphStore], None]) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        write(store)
        made_newer(url)
        before = content(url)
        with pytest.raises(StoreMismatch, match="was written by a newer workbench") as told:
            write(store)
        assert content(url) == before
    with pytest.raises(StoreMismatch) as opening:
        open_store(url)
    assert str(told.value) == str(opening.value)


@pytest.mark.skipif(KIND != SQLITE, reason="both stores keep the same text")
def test_a_load_from_before_late_units_were_counted_is_shown(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        load(store)
        with closing(sqlite3.connect(url.removeprefix(_PREFIX))) as db:
            db.execute("""UPDATE load SET files = '[{"path": "one.csv", "sha256": "0", "read": 1, "accepted": 1}]'""")
            db.commit()
        (entry,) = store.view(local_viewer(store.agencies())).loads()
        assert entry.files == (FileReport("one.csv", "0", read=1, accepted=1, late=0),)
