"""Loads in processes of their own, so that they can be killed and looked at from outside."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import ingest
from tests.servers import driver
from workbench.access.viewer import Viewer, local_viewer
from workbench.errors import WorkbenchError
from workbench.store.base import open_store

EVERYBODY = Viewer(name="everybody", agencies=frozenset({"SMALL", "LOCAL"}), level="SECRET")
_DONE, _FAILED = 0, 3


class Load(NamedTuple):
    """Files to load, as whom, by which adapter."""

    paths: tuple[Path, ...]
    adapter: str
    agency: str


def load(url: str, what: Load) -> None:
    """Load into a store."""
    store = open_store(url)
    try:
        options: dict[str, Any] = {"agency": what.agency, "delivered": "2026-01-01"}
        ingest.load(store, what.paths, viewer=local_viewer(()), by="crash", adapter=what.adapter, **options)
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


def digest(url: str) -> str:
    """The digest of a store, read by a process of its own."""
    reading, writing = os.pipe()

    def read() -> None:
        store = open_store(url)
        os.write(writing, store.view(EVERYBODY).digest().encode())
        store.close()

    child = start(read)
    os.close(writing)
    with os.fdopen(reading) as told:
        found = told.read()
    if wait(child) != _DONE:
        raise RuntimeError("the store could not be read")
    return found


def has_begun(url: str) -> bool:
    """Whether a load has written something that it has not published."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
            return db.execute("SELECT count(*) FROM meta WHERE name = 'writing'").fetchone()[0] > 0
    with driver(url) as server:
        return bool(server.execute_query("MATCH (s:Store) WHERE s.writing IS NOT NULL RETURN s").records)
