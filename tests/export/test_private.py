"""Files of the workbench are private; a killed export leaves nothing beside its target."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.analytics.cases import person, seen
from tests.app.case import load, record
from workbench.access.audit import Log, Trace
from workbench.commands.console import run
from workbench.commands.demo import build_demo
from workbench.commands.main import cli
from workbench.export import export_view, formats, writing
from workbench.export.writing import whole, whole_files, write_lines
from workbench.view.store import open_store

UMASKS = (0o000, 0o022, 0o077)
# An export that takes its time: its lines end when there is a file "go on", or when it is killed.
_SLOW = """
import sys, time
from pathlib import Path
from workbench.export.writing import whole, whole_files, write_lines
out = Path(sys.argv[2])
def lines():
    yield "a secret"
    Path(sys.argv[3]).touch()
    time.sleep(60)
if sys.argv[1] == "file":
    with whole(out) as place:
        write_lines(lines(), place)
else:
    with whole_files(out, ("a.csv", "b.csv")) as places:
        for each in places.values():
            write_lines(lines(), each)
"""


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """The modes of all that is in a folder."""
    return {str(each.relative_to(folder)): stat.S_IMODE(each.lstat().st_mode) for each in sorted(folder.rglob("*"))}


def assert_private(folder: Path) -> None:
    found = modes(folder)
    assert found
    for name, mode in found.items():
        assert mode == (0o700 if (folder / name).is_dir() else 0o600), f"{name}: {mode:o}"


@pytest.mark.parametrize("mask", UMASKS)
def test_a_store_and_what_lies_beside_it(tmp_path: Path, mask: int) -> None:
    room = tmp_path / "room"
    room.mkdir(mode=0o700)
    url = f"sqlite:///{room / 'new' / 'folder' / 'store.db'}"
    with umask(mask), closing(open_store(url)) as store:
        load(store, "NKP", [record("NKP", "Person", "a", name="A")])
        Log(room / "logs" / "deep" / "cypher.jsonl").keep(Trace("anna", "p", "w"))
        assert {"store.db", "store.db-wal", "store.db-shm", "store.db.writer"} <= {
            n.rpartition("/")[2] for n in modes(room)
        }
        assert_private(room)


@pytest.mark.sqlite_only(reason="no viewers file lies beside a server")
def test_the_demo(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir(mode=0o700)
    with umask(0):
        build_demo(f"sqlite:///{room / 'demo' / 'demo.db'}")
    assert {"viewers.toml", "demo.json"} <= {name.rpartition("/")[2] for name in modes(room)}
    assert_private(room)


@pytest.mark.parametrize("mask", UMASKS)
@pytest.mark.parametrize("form", formats())
def test_an_export(tmp_path: Path, form: str, mask: int) -> None:
    room = tmp_path / "room"
    room.mkdir(mode=0o700)
    with umask(mask), seen([person("a")]) as view:
        export_view(view, form, room / "out")
        export_view(view, form, room / "out")
    assert_private(room)


def test_a_store_that_somebody_opened_to_others_and_a_copy_of_it(tmp_path: Path) -> None:
    path, copy = tmp_path / "store.db", tmp_path / "new" / "copy.db"
    path.touch()
    path.chmod(0o660)
    with umask(0o022), closing(open_store(f"sqlite:///{path}")) as store:
        load(store, "NKP", [record("NKP", "Person", "a", name="A")])
        assert set(modes(tmp_path).values()) == {0o660}, "whoever may write to the store may take its lease"
    assert run(cli, ["copy", "--from", f"sqlite:///{path}", "--to", f"sqlite:///{copy}"]) == 0
    assert_private(copy.parent)


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    for mode in (0o600, 0o640, 0o644, 0o400):
        out = tmp_path / f"{mode:o}"
        out.touch()
        out.chmod(mode)
        with whole(out) as place:
            write_lines(["a line"], place)
        assert (stat.S_IMODE(out.stat().st_mode), out.read_text()) == (mode, "a line\n")


@pytest.mark.parametrize("there", ["nothing", "an older one"])
@pytest.mark.parametrize("kind", ["file", "folder"])
@pytest.mark.parametrize("mask", UMASKS)
def test_a_killed_export_leaves_nothing(tmp_path: Path, kind: str, there: str, mask: int) -> None:
    room, begun = tmp_path / "room", tmp_path / "begun"
    room.mkdir()
    out = room / "out"
    if there == "an older one" and kind == "file":
        out.write_text("older")
    elif there == "an older one":
        out.mkdir()
    before = modes(room)
    with umask(mask):
        process = subprocess.Popen([sys.executable, "-c", _SLOW, kind, str(out), str(begun)])
    while not begun.exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait(timeout=30) == -signal.SIGKILL
    assert modes(room) == before
    assert there == "nothing" or kind == "folder" or out.read_text() == "older"


def test_where_no_file_is_without_a_name_the_next_export_clears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing.os, "O_TMPFILE", os.O_RDWR | os.O_DIRECTORY)  # as systems that don't know it read it
    out, left, foreign = tmp_path / "out", tmp_path / ".out.0123abcd.unfinished", tmp_path / ".out.mine"
    left.touch()
    foreign.touch()
    with whole(out) as first:
        assert not left.exists()
        assert (first.parent, stat.S_IMODE(first.stat().st_mode)) == (tmp_path, 0o600)
        with whole(out) as second:
            assert first.exists(), "somebody writes it"
            write_lines(["second"], second)
        write_lines(["first"], first)
    assert out.read_text() == "first\n"
    with whole_files(tmp_path / "new" / "folder", ("a", "b")) as places:
        for name, place in places.items():
            write_lines([name], place)
    assert sorted(modes(tmp_path)) == [".out.mine", "new", "new/folder", "new/folder/a", "new/folder/b", "out"]
