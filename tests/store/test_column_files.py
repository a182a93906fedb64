"""Files of base columns, cut, swapped, killed and crowded: the answers are the store's, whatever is in the folder."""

import os
import resource
import signal
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest

from tests.analytics.cases import EVERYBODY, load, person, tie
from tests.crash.processes import start, wait
from tests.store.cached import Asked, Cached, Foreign
from tests.store.test_column_changes import bases_of
from tests.stores import copy_store, fresh_url
from workbench.errors import StoreError
from workbench.model.marking import parse_marking
from workbench.store.column_file import seal_key
from workbench.store.column_files import ColumnFiles
from workbench.store.column_folder import ColumnFolder
from workbench.store.column_layout import Layout
from workbench.store.columns import Base
from workbench.store.types import Moment
from workbench.view.store import GraphStore, open_store

PASSPORT = {"passportNumber": "NX1234567", "passportCountry": "nl"}
RECORDS = [person("a", **PASSPORT), person("b", **PASSPORT), person("c"), tie("Family", person="a", relative="c")]


@pytest.fixture(autouse=True)
def also_small_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of any size has a cache."""
    monkeypatch.setattr(ColumnFiles, "FEW", 0)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh_url(tmp_path)


@pytest.fixture
def store(url: str) -> Iterator[GraphStore]:
    """The store of this run, with some records."""
    with closing(open_store(url)) as opened:
        load(opened, "AAA", RECORDS)
        yield opened


@pytest.fixture
def cached(store: GraphStore, url: str, tmp_path: Path) -> Cached:
    return Cached(store, url, tmp_path / "made" / "cache")


# -- what is in the folder ------------------------------------------------------------------


def test_files_are_of_this_account_alone(cached: Cached) -> None:
    before = os.umask(0)
    try:
        assert cached.is_right()
    finally:
        os.umask(before)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (cached.folder, cached.file)] == [0o700, 0o600]
    assert cached.names() == [cached.file.name]


def test_a_folder_that_others_can_open_is_left_alone(cached: Cached) -> None:
    cached.folder.mkdir(parents=True)
    cached.folder.chmod(0o750)
    assert cached.is_right()
    assert cached.names() == []


def test_what_lies_in_a_folder_that_others_can_open_is_removed(cached: Cached) -> None:
    assert cached.is_right()
    cached.folder.chmod(0o755)
    with closing(open_store(cached.url, cache=cached.folder)):
        assert cached.names() == []


def test_columns_come_from_the_file(cached: Cached) -> None:
    assert cached.is_right()
    before = cached.file.stat().st_ino
    base = cached.base()
    assert not base.columns.ids.flags.writeable
    assert cached.file.stat().st_ino == before


def test_a_small_store_has_no_files(cached: Cached, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ColumnFiles, "FEW", len(RECORDS) + 1)
    assert cached.is_right()
    assert cached.names() == []
    monkeypatch.setattr(ColumnFiles, "FEW", len(RECORDS))
    assert cached.is_right()
    assert cached.names() == [cached.file.name]


def test_a_view_answers_from_the_file(cached: Cached) -> None:
    expected = cached.store.view(EVERYBODY).stats()
    for _ in range(2):
        with closing(open_store(cached.url, cache=cached.folder)) as opened:
            assert opened.view(EVERYBODY).stats() == expected
            assert opened.backend.columns(opened.backend.published()).ids.flags.writeable is False
        assert cached.names() == [cached.file.name]


def test_few_files_are_kept(cached: Cached) -> None:
    for n in range(4):
        load(cached.store, "AAA", [person(f"more {n}")])
        assert cached.is_right()
        assert cached.file.name in cached.names()
    assert len(cached.names()) == 2


# -- damage ---------------------------------------------------------------------------------

CUTS: dict[str, Callable[[int], int]] = {
    "empty": lambda size: 0,
    "in the first number": lambda size: 5,
    "in the header": lambda size: 100,
    "in an array": lambda size: size // 2,
    "before the seal": lambda size: size - 32,
    "in the seal": lambda size: size - 1,
    "too long": lambda size: size + 64,
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_file_that_was_cut_is_made_again(cached: Cached, cut: str) -> None:
    assert cached.is_right()
    whole = cached.file.read_bytes()
    os.truncate(cached.file, CUTS[cut](len(whole)))
    assert cached.is_right()
    assert cached.file.read_bytes() == whole


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(cached: Cached) -> None:
    assert cached.is_right()
    cached.file.unlink()
    os.mkfifo(cached.file, 0o600)
    assert cached.is_right()
    assert cached.file.is_file()


def test_a_changed_octet_is_noticed_wherever_it_is(cached: Cached) -> None:
    assert cached.is_right()
    whole = cached.file.read_bytes()
    for place in range(0, len(whole), 97):
        cached.file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert cached.is_right()
        assert cached.file.read_bytes() == whole


def test_a_block_of_zeros_is_noticed(cached: Cached) -> None:
    assert cached.is_right()
    whole = cached.file.read_bytes()
    cached.file.write_bytes(whole[:512] + bytes(512) + whole[1024:])
    assert cached.is_right()
    assert cached.file.read_bytes() == whole


def test_the_file_of_an_older_revision_is_not_that_of_a_newer_one(cached: Cached) -> None:
    assert cached.is_right()
    older = cached.file
    load(cached.store, "AAA", [person("later")])
    copyfile(older, cached.file)
    assert cached.is_right()


def test_the_file_of_another_epoch_is_not_that_of_this_one(cached: Cached) -> None:
    assert cached.is_right()
    whole = cached.file.read_bytes()
    cached.store.remark(cached.store.view(EVERYBODY).keys()[:1], parse_marking("SECRET//REL AAA"))
    cached.file.write_bytes(whole)
    assert cached.is_right()


def test_the_file_of_another_store_is_not_that_of_this_one(cached: Cached) -> None:
    foreign = ColumnFiles(cached.folder, Foreign(cached.bases))
    foreign.base(cached.store.backend.published(), cached.moment())
    theirs = cached.file.read_bytes()
    assert cached.is_right()
    ours = cached.file.read_bytes()
    assert ours[:-32] == theirs[:-32]
    assert ours[-32:] != theirs[-32:]


def test_a_seal_is_of_one_store_epoch_and_revision() -> None:
    moments = (Moment(1, "a"), Moment(2, "a"), Moment(1, "b"))
    assert len({seal_key(secret, moment) for secret in ("one", "two") for moment in moments}) == 6


# -- a store that changes -------------------------------------------------------------------


def test_a_store_that_was_put_back_gives_what_it_has(cached: Cached, tmp_path: Path) -> None:
    backup = fresh_url(tmp_path, "backup")
    copy_store(cached.url, backup)
    load(cached.store, "AAA", [person("gone", passportNumber="NX7654321")])
    assert cached.is_right()
    gone = cached.file
    copy_store(backup, cached.url)
    load(cached.store, "AAA", [person("instead")])
    assert cached.is_right()
    assert not gone.exists()
    assert all(b"NX7654321" not in (cached.folder / each).read_bytes() for each in cached.names())


def test_a_new_epoch_leaves_no_file(cached: Cached) -> None:
    with closing(open_store(cached.url, cache=cached.folder)) as opened:
        opened.view(EVERYBODY).stats()
        assert b"NX1234567" in cached.file.read_bytes()
        opened.remark(opened.view(EVERYBODY).keys()[:1], parse_marking("SECRET//REL AAA"))
        assert cached.names() == []


def test_a_load_that_changes_a_marking_leaves_no_file(cached: Cached) -> None:
    with closing(open_store(cached.url, cache=cached.folder)) as opened:
        opened.view(EVERYBODY).stats()
        assert cached.names() == [cached.file.name]
        load(opened, "AAA", [replace(RECORDS[0], marking=parse_marking("SECRET//REL AAA"))], "2026-01-02")
        assert cached.names() == []


def test_opening_removes_what_another_process_left_of_an_older_epoch(cached: Cached) -> None:
    assert cached.is_right()
    cached.store.remark(cached.store.view(EVERYBODY).keys()[:1], parse_marking("SECRET//REL AAA"))
    assert len(cached.names()) == 1
    open_store(cached.url, cache=cached.folder).close()
    assert cached.names() == []


def test_a_file_that_was_begun_before_an_epoch_ended_is_never_kept(cached: Cached) -> None:
    folder, moment = ColumnFolder(cached.folder), cached.moment()

    def write(file: object) -> bool:
        folder.tidy(moment.epoch + 1, [moment.token])  # as whoever ends the epoch does
        return True

    assert folder.keep(moment, write, lambda: True) is None
    assert folder.keep(moment, lambda file: True, lambda: False) is None
    assert cached.names() == []


def test_columns_that_were_read_while_markings_changed_are_never_kept(cached: Cached) -> None:
    def read_and_die() -> None:
        with closing(open_store(cached.url)) as store:
            files = _Dying(cached.folder, _Remarking(store))
            files.base(store.backend.published(), bases_of(store).moment(store.backend.published()))

    assert wait(start(read_and_die)) == _Dying.CODE
    assert cached.names() == []


class _Remarking(Asked):
    """Changes a marking just after the columns were read."""

    def __init__(self, store: GraphStore) -> None:
        super().__init__(bases_of(store))
        self._store = store

    def read(self, revision: int) -> Base:
        base = super().read(revision)
        self._store.remark(self._store.view(EVERYBODY).keys()[:1], parse_marking("SECRET//REL AAA"))
        return base


class _Dying(ColumnFiles):
    """Is killed before it can tidy up."""

    CODE = 7

    def tidy(self) -> None:
        os._exit(self.CODE)


def test_a_store_that_can_not_be_asked_keeps_its_files(cached: Cached) -> None:
    assert cached.is_right()
    ColumnFiles(cached.folder, _Away(cached.bases)).tidy()
    assert cached.names() == [cached.file.name]


class _Away(Asked):
    """A server that is away."""

    def moment(self, revision: int) -> Moment:
        raise StoreError("the server is away")


def test_what_is_being_written_is_not_taken_for_abandoned(cached: Cached) -> None:
    folder, moment = ColumnFolder(cached.folder), cached.moment()

    def write(file: object) -> bool:
        folder.tidy(moment.epoch, [moment.token])
        return True

    assert folder.keep(moment, write, lambda: True) is True
    assert cached.names() == [cached.file.name]


# -- folders and disks ----------------------------------------------------------------------


def test_without_a_folder_there_is_no_cache(cached: Cached, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cached.folder = tmp_path / "file" / "cache"
    assert cached.is_right()
    assert cached.is_right()


def test_a_full_disk_leaves_nothing(cached: Cached) -> None:
    def with_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        assert cached.is_right()

    assert wait(start(with_little_room)) == 0
    assert cached.names() == []


# -- several processes ----------------------------------------------------------------------


@pytest.fixture
def larger(store: GraphStore, url: str, tmp_path: Path) -> Cached:
    """A store that takes some milliseconds to be read and written."""
    load(store, "AAA", [person(str(n), passportNumber=f"NX{n:07}") for n in range(3000)])
    return Cached(store, url, tmp_path / "cache")


def _again_and_again(url: str, folder: Path) -> None:
    """Write the file, remove it and write it again, for ever."""
    with closing(open_store(url)) as store:
        mine = Cached(store, url, folder)
        revision, moment, files = store.backend.published(), mine.moment(), mine.files()
        base = mine.bases.read(revision)
        while True:
            files._kept(Layout.of(base), revision, moment)
            mine.file.unlink(missing_ok=True)


_KILLED, _KILLED_AT_LEAST = 100, 14  # times


def test_kill_9_while_a_file_is_written_leaves_right_answers(larger: Cached) -> None:
    left = 0
    for n in range(_KILLED):
        child = start(lambda: _again_and_again(larger.url, larger.folder))
        while not larger.names():
            time.sleep(0.001)
            assert not os.waitpid(child, os.WNOHANG)[0]
        time.sleep(4 * n % 60 / 1000)
        until = time.monotonic() + n % 2  # every other time it is killed as soon as it is seen to write
        while time.monotonic() < until and not any(name.endswith(".part") for name in larger.names()):
            time.sleep(0)
        os.kill(child, signal.SIGKILL)
        assert wait(child) == -signal.SIGKILL
        left += any(name.endswith(".part") for name in larger.names())
        larger.file.unlink(missing_ok=True)
        assert larger.is_right()
        assert larger.names() == [larger.file.name]
        if left and n >= _KILLED_AT_LEAST:
            return
    assert left, "it was never killed while it wrote"


def test_two_processes_make_a_file_at_once(larger: Cached) -> None:
    def make() -> None:
        with closing(open_store(larger.url)) as store:
            mine = Cached(store, larger.url, larger.folder)
            for _ in range(5):
                assert mine.is_right()
                mine.file.unlink(missing_ok=True)
            assert mine.is_right()

    assert [wait(child) for child in [start(make) for _ in range(3)]] == [0, 0, 0]
    assert larger.is_right()
    assert larger.names() == [larger.file.name]
