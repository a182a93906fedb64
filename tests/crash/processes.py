"""Run work in separate processes, so that it can be killed and observed from outside."""

import json
import os
import signal
import sqlite3
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import ingest
from tests.servers import driver
from tests.stores import copy_store, leased
from workbench.access.viewer import Viewer, local_viewer
from workbench.errors import WorkbenchError
from workbench.view.store import open_store

EVERYBODY = Viewer(name="everybody", agencies=frozenset({"SMALL", "LOCAL"}), level="SECRET")
# Who sees as much as the others do before a marking is changed, and no more of it; and who sees it only then.
LOSES, GAINS = (Viewer(name=name.lower(), agencies=frozenset({name}), level="SECRET") for name in ("LOSES", "GAINS"))
VIEWERS = (EVERYBODY, LOSES, GAINS)
# Where a kill may fall.
WROTE = "killed as the writer, before it was published"
DONE = "killed when it was published, or done before it could be killed"
NOT_YET = "killed before it was the writer"
BETWEEN = "killed between two of its loads"
_DONE, _FAILED = 0, 3
_SQLITE = "sqlite:///"
_MOST_S = 300
_TICKS = os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """A load: its files, viewer and adapter, and the default marking and agency."""

    paths: tuple[Path, ...]
    adapter: str
    agency: str
    marking: str | None = None
    dataset: str | None = None
    delivered: str = "2026-01-01"
    resolve: bool = False


def load(url: str, what: Load) -> None:
    """Load into a store."""
    store = open_store(url)
    try:
        options = {**what._asdict(), "viewer": local_viewer(()), "by": "crash"}
        ingest.load(store, options.pop("paths"), **options)
    finally:
        store.close()


def start(work: Callable[[], None]) -> int:
    """Start some work in a process of its own; its id."""
    child = os.fork()
    if child:
        return child
    code = _FAILED
    try:
        with suppress(WorkbenchError):
            work()
            code = _DONE
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)  # none of the test's own ending happens twice


def wait(child: int) -> int:
    """Wait for a process; its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_after(seconds: float, work: Callable[[], None]) -> bool:
    """Start some work and kill it after a time; returns whether it was still running."""
    return killed_at(seconds, work, _by_clock()).at_work


class Killed(NamedTuple):
    """A process, whether it was still at work when it was killed, and what it had spent by then."""

    process: int
    at_work: bool
    spent: float


def killed_at(amount: float, work: Callable[[], None], spent: Callable[[int], float]) -> Killed:
    """Start some work and kill it when it has spent an amount."""
    child = start(work)
    while (so_far := spent(child)) < amount:
        if os.waitpid(child, os.WNOHANG)[0]:
            return Killed(child, False, so_far)
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return Killed(child, wait(child) == -signal.SIGKILL, so_far)


def spending(url: str, family: bool = False) -> Callable[[int], float]:
    """A measure of the progress of work on a store: the process's CPU seconds, because the machine is shared.

    With `family`, also those of the processes that it starts. If a server does the work, it is the elapsed time.
    """
    return (_of_family if family else _of_processor) if url.startswith(_SQLITE) else _by_clock()


def _of_processor(child: int) -> float:
    return sum(map(int, _about(child)[11:13])) / _TICKS


def _of_family(child: int) -> float:
    """The CPU seconds of a process and of those that it has started, also of those that have ended."""
    ticks = sum(map(int, _about(child)[11:15]))
    for each in [*children(child), *readers(child)]:
        with suppress(OSError):  # it has just ended
            ticks += sum(map(int, _about(each)[11:13]))
    return ticks / _TICKS


def children(process: int) -> list[int]:
    """The processes that a process has started, and that it has not seen end."""
    with suppress(OSError):  # it has just ended
        listed = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
        return [int(each) for each in listed.split()]
    return []


def readers(process: int) -> set[int]:
    """The processes that read files for a process: its prepared process has forked them."""
    return {each for prepared in children(process) for each in children(prepared)}


def runs(process: int) -> bool:
    """Whether a process has not ended, whoever has seen that."""
    try:
        return _about(process)[0] != "Z"
    except OSError:
        return False


def in_session(leader: int) -> list[int]:
    """The processes of a session that have not ended."""
    found = list[int]()
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, _, session, *_ = _about(int(each.name))
            found += [int(each.name)] if int(session) == leader and state != "Z" else []
    return found


def until(true: Callable[[], object]) -> float:
    """Wait until something is true, for five minutes at most: the machine may be busy. The seconds that it took."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > _MOST_S:
            raise AssertionError("it never was")
        time.sleep(0.01)
    return time.monotonic() - begun


def _about(process: int) -> list[str]:
    """What the system tells of a process, since its state."""
    return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()


def _by_clock() -> Callable[[int], float]:
    begun = time.monotonic()
    return lambda _: time.monotonic() - begun


def spent_in_all(work: Callable[[], None], spent: Callable[[int], float]) -> float:
    """Do some work in a process of its own; what it spent. RuntimeError if it failed."""
    child, most = start(work), 0.0
    while not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        most = spent(child)
        time.sleep(0.001)
    if wait(child) != _DONE:
        raise RuntimeError("it could not be done at all")
    return most


@contextmanager
def copy_of(folder: Path, prepared: str) -> Iterator[str]:
    """A store as it was prepared, thrown away in the end."""
    with leased(folder, "case") as url:
        copy_store(prepared, url)
        yield url


def told(url: str, viewers: tuple[Viewer, ...] = VIEWERS) -> list[str]:
    """For each viewer, the digest of his view, how many he sees as one, and his quarantine, read in another process."""
    reading, writing = os.pipe()

    def read() -> None:
        with closing(open_store(url)) as store, os.fdopen(writing, "w") as answer:
            views = [store.view(viewer) for viewer in viewers]
            units = [each.id for view in views for each in view.quarantine()]
            people = [str(len({canonical for canonical, *_ in view.clusters()})) for view in views]
            answer.write(json.dumps([*(view.digest() for view in views), *people, *units]))

    child = start(read)
    os.close(writing)
    with os.fdopen(reading) as answer:
        found = answer.read()
    if wait(child) != _DONE:
        raise RuntimeError("the store could not be read")
    return list(json.loads(found))


def digest(url: str) -> str:
    """The digest of a store, read in a separate process."""
    return told(url, (EVERYBODY,))[0]


def has_begun(url: str) -> bool:
    """Whether a load or copy has written something unpublished."""
    if url.startswith(_SQLITE):
        with closing(sqlite3.connect(url.removeprefix(_SQLITE))) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                return False
            return bool(db.execute("SELECT 1 FROM meta WHERE name IN ('writing', 'copying')").fetchone())
    with driver(url) as server:
        begun = "MATCH (s:Store) WHERE s.writing IS NOT NULL OR s.copying IS NOT NULL RETURN s"
        return bool(server.execute_query(begun).records)


def held(url: str, child: int) -> bool:
    """Whether a killed process had held the writer's lease."""
    if url.startswith(_SQLITE):
        lease = Path(f"{url.removeprefix(_SQLITE)}.writer")
        return lease.exists() and lease.read_text("ascii").endswith(f"process {child}")
    with driver(url) as server:
        return bool(server.execute_query("MATCH (l:Lease {name: 'writer'}) WHERE l.token <> '' RETURN l").records)
