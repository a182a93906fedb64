"""Loads in processes of their own, so that they can be killed and looked at from outside."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import ingest
from workbench.access.viewer import Viewer
from workbench.errors import WorkbenchError
from workbench.store.base import open_store

EVERYBODY = Viewer(name="everybody", agencies=frozenset({"SMALL", "LOCAL"}), level="SECRET")
_DONE, _FAILED = 0, 3


class Load(NamedTuple):
    """Files to load, as whom, by which adapter."""

    paths: tuple[Path, ...]
    adapter: str
    agency: str


def url(folder: Path) -> str:
    """The store in a folder."""
    return f"sqlite:///{folder / 'store.db'}"


def load(folder: Path, what: Load) -> None:
    """Load into the store of a folder."""
    store = open_store(url(folder))
    try:
        options: dict[str, Any] = {"agency": what.agency, "delivered": "2026-01-01"}
        ingest.load(store, what.paths, by="crash", adapter=what.adapter, **options)
    finally:
        store.close()


def start(work: Callable[[], None]) -> int:
    """Start some work in a process of its own; its id."""
    child = os.fork()
    if child:
        return child
    code = _DONE
    try:
        work()
    except WorkbenchError:
        code = _FAILED
    finally:
        os._exit(code)  # none of the test's own ending happens twice


def wait(child: int) -> int:
    """Wait for a process; its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_after(seconds: float, work: Callable[[], None]) -> bool:
    """Start some work and kill it after a time; whether it was still at it."""
    child = start(work)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return wait(child) == -signal.SIGKILL


def digest(folder: Path) -> str:
    """The digest of the store in a folder, read by a process of its own."""
    out = folder / "digest"

    def read() -> None:
        store = open_store(url(folder))
        out.write_text(store.view(EVERYBODY).digest(), "ascii")
        store.close()

    if wait(start(read)) != _DONE:
        raise RuntimeError(f"the store in {folder} could not be read")
    return out.read_text("ascii")


def has_begun(folder: Path) -> bool:
    """Whether a load has written something that it has not published."""
    with sqlite3.connect(folder / "store.db") as db:
        return db.execute("SELECT count(*) FROM meta WHERE name = 'writing'").fetchone()[0] > 0
