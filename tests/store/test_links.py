"""A store that is reached by several names has one writer at a time, and loses nothing where that can't be told."""

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.analytics.cases import load
from tests.resolve.test_waiting import person, viewer
from workbench.errors import StoreBusy, StoreError
from workbench.model.marking import parse_marking
from workbench.store.sqlite import writer as of_sqlite
from workbench.view.store import GraphStore, open_store

pytestmark = pytest.mark.sqlite_only(reason="a store on a server has no links")


def linked(folder: Path, until: ExitStack) -> tuple[GraphStore, GraphStore]:
    """A store with one person, and the same one by another name, for somebody who does not wait."""
    store = until.enter_context(closing(open_store(f"sqlite:///{folder}/s.db")))
    load(store, "AAA", [person("a")])
    (folder / "other.db").symlink_to(folder / "s.db")
    other = until.enter_context(closing(open_store(f"sqlite:///{folder}/other.db")))
    other.patience = 0.0
    return store, other


def test_a_link_has_the_lease_of_its_file(tmp_path: Path) -> None:
    with ExitStack() as until:
        store, other = linked(tmp_path, until)
        with store.lease(), pytest.raises(StoreBusy, match=r"is writing to s\.db"):
            load(other, "AAA", [person("b")])
        load(other, "AAA", [person("b")])
        assert store.view(viewer("ann")).stats().records == 2


def test_a_file_with_two_names_is_refused(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/s.db").close()
    os.link(tmp_path / "s.db", tmp_path / "other.db")
    for name in ("s.db", "other.db"):
        with pytest.raises(StoreError, match="has 2 names"):
            open_store(f"sqlite:///{tmp_path}/{name}")


def by_a_load(store: GraphStore) -> None:
    load(store, "AAA", [person("b")])


def by_a_person(store: GraphStore) -> None:
    assert store.remark([person("a").key()], parse_marking("OPEN//REL AAA,BBB")) == 1


@pytest.mark.parametrize("write", [by_a_load, by_a_person])
@pytest.mark.parametrize("batches", [0, 1])
def test_of_two_writers_the_one_that_was_overtaken_loads_nothing(
    tmp_path: Path, write: Callable[[GraphStore], None], batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease does not see that somebody removed its file."""
    monkeypatch.setattr(of_sqlite, "_MOST_UNCOMMITTED", 1)
    with ExitStack() as until:
        store, other = linked(tmp_path, until)
        writer = store.writer(agency="AAA", by="ann")
        for n in range(batches):
            writer.put([person(f"mine {n}")], writer.file("f.csv", "0" * 64, "csv"), "2026-01-01")
            writer.waiting()  # the batch is committed
        (tmp_path / "s.db.writer").unlink()
        write(other)
        after = other.view(viewer("ann")).digest()
        with pytest.raises(StoreError, match="somebody else wrote to this file meanwhile, so nothing was loaded"):
            writer.publish(dataset="d", adapter="csv", files=[])
        writer.abort()
        assert store.view(viewer("ann")).digest() == after
        load(store, "AAA", [person("c")])
        assert [each.view(viewer("ann")).stats().records for each in (store, other)] == [
            3 if write is by_a_load else 2
        ] * 2


def test_what_the_overtaken_writer_deletes_is_its_own_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_sqlite, "_MOST_UNCOMMITTED", 1)
    with ExitStack() as until:
        store, other = linked(tmp_path, until)
        mine = store.writer(agency="AAA", by="ann")
        (tmp_path / "s.db.writer").unlink()
        theirs = other.writer(agency="AAA", by="bob")
        theirs.put([person("b")], theirs.file("f.csv", "0" * 64, "csv"), "2026-01-01")
        theirs.waiting()
        mine.abort()
        theirs.publish(dataset="d", adapter="csv", files=[])
        assert store.view(viewer("ann")).stats().records == 2
