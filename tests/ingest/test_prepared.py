"""Readers are forked from one prepared process, and whatever happens to that, the next load has another."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import prepared
from tests.crash.processes import children, readers, runs, start, until, wait
from tests.ingest.desk import Desk, totals
from tests.ingest.packing import PACK

pytestmark = pytest.mark.sqlite_only(reason="readers know no store")
_LINE = '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n'


def load(desk: Desk, name: str = "a.json.gz") -> dict[str, int]:
    """Load a file that is read in a process of its own."""
    return totals(desk.load(desk.write(name, PACK["gz"](_LINE.encode())), adapter="ftm", dataset=name))


def ours() -> set[int]:
    """The prepared processes of this one."""
    return {each for each in children(os.getpid()) if b"ingest.forking" in Path(f"/proc/{each}/cmdline").read_bytes()}


def test_loads_share_one_and_leave_no_reader(desk: Desk) -> None:
    for name in ("a.json.gz", "b.json.gz"):
        assert load(desk, name) == {"read": 1, "accepted": 1}
        until(lambda: not readers(os.getpid()))
    (one,) = ours()
    assert load(desk, "c.json.gz") == {"read": 1, "accepted": 1}
    assert ours() == {one}
    prepared.end()
    assert not runs(one)


def test_it_has_one_thread_when_it_forks(desk: Desk) -> None:
    """Another thread, with whatever it holds, would not be in a fork."""
    load(desk)
    (one,) = ours()
    assert len([*Path(f"/proc/{one}/task").iterdir()]) == 1


def test_after_it_was_killed_there_is_another(desk: Desk) -> None:
    load(desk)
    (one,) = ours()
    os.kill(one, signal.SIGKILL)
    until(lambda: not runs(one))
    assert load(desk, "b.json.gz") == {"read": 1, "accepted": 1}
    assert ours() != {one}


def test_a_process_that_was_forked_has_its_own(desk: Desk) -> None:
    load(desk)
    (one,) = ours()
    other = desk.folder / "of the fork"
    other.mkdir()

    def work() -> None:
        assert not ours()
        assert load(Desk(other)) == {"read": 1, "accepted": 1}
        assert len(ours()) == 1

    assert wait(start(work)) == 0
    assert load(desk, "b.json.gz") == {"read": 1, "accepted": 1}
    assert ours() == {one}


def test_a_reader_works_where_its_load_does(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    load(desk)
    folder = desk.folder / "elsewhere"
    folder.mkdir()
    (folder / "b.json.gz").write_bytes(PACK["gz"](_LINE.encode()))
    monkeypatch.chdir(folder)
    assert totals(desk.load(Path("b.json.gz"), adapter="ftm", dataset="b")) == {"read": 1, "accepted": 1}


@pytest.mark.parametrize("forks", [True, False])
def test_no_code_comes_from_the_working_folder(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, forks: bool) -> None:
    folder = desk.folder / "delivered"
    folder.mkdir()
    for module in ("json", "os", "ingest"):
        (folder / f"{module}.py").write_text(f"open({str(desk.folder / 'ran')!r}, 'w')")
    prepared.end()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(prepared, "_FORKS", forks)
    assert load(desk) == {"read": 1, "accepted": 1}
    assert not (desk.folder / "ran").exists()


def test_a_reader_needs_no_working_folder_that_may_be_entered(desk: Desk) -> None:
    """As after `su` from a folder that is closed to others."""
    file = desk.write("a.json.gz", PACK["gz"](_LINE.encode()))
    closed = desk.folder / "closed"
    closed.mkdir()
    command = ["sh", "-c", 'chmod 0 . && exec "$@"', "sh"]
    if os.geteuid() == 0:
        command += ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    command += [sys.executable, "-P", "-m", "workbench.commands.ingest", "load", str(file)]
    options = [
        "--json",
        "--adapter",
        "ftm",
        "--agency",
        "AAA",
        "--dataset",
        "a",
        "--store",
        f"sqlite:///{desk.folder}/other.db",
    ]
    said = subprocess.run([*command, *options], cwd=closed, capture_output=True, text=True, check=False)
    assert json.loads(said.stdout)["files"][0]["accepted"] == 1, said


def test_where_no_process_forks_each_reader_is_an_interpreter(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.end()
    monkeypatch.setattr(prepared, "_FORKS", False)
    assert load(desk) == {"read": 1, "accepted": 1}
    assert not ours()
