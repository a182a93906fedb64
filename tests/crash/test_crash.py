"""Real processes, killed, crowded and starved: nothing acknowledged is lost, and nothing partial is visible."""

import json
import os
import resource
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash.batches import kill_mixed
from tests.crash.inboxes import kill_watch_everywhere
from tests.crash.kills import kill_everywhere
from tests.crash.kinds import KINDS
from tests.crash.processes import (
    BETWEEN,
    EVERYBODY,
    WROTE,
    Load,
    children,
    digest,
    in_session,
    load,
    runs,
    start,
    until,
    wait,
)
from tests.stores import KIND, NEO4J, SQLITE, fresh_url
from workbench.errors import StoreBusy
from workbench.store.file_lease import FileLease
from workbench.view.store import open_store

# Two batches; a server takes the first of them in two pieces, and for all of them longer than a file.
UNITS = 20_000 if KIND == SQLITE else 11_000


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """A load of several batches."""
    path = tmp_path_factory.mktemp("big") / "big.ftm.json"
    with path.open("w", encoding="utf-8") as lines:
        for n in range(UNITS):
            properties = {"name": [f"Person {n}"], "passportNumber": [f"P{n:07}"]}
            lines.write(json.dumps({"id": f"p{n}", "schema": "Person", "properties": properties}) + "\n")
    return Load((path,), "ftm", "LOCAL")


# Records or units, on a file and on a server: as many as take long enough to be killed on the way.
FEW = {
    "load": (5_000, 3_000),
    "score": (2_000, 400),
    "replay": (400, 200),
    "remark": (2_000, 400),
    "copy": (2_000, 400),
    "withdraw": (1_000, 300),
    "batch": (6_000, 1_500),
    "correct": (1_000, 300),
}


_SHORT = ("load", "remark")  # by day on a server, where each kind is killed in the same ways and takes half a minute
_LATER = pytest.mark.night(reason="killed as the others are", kind=NEO4J)


@pytest.mark.parametrize(
    "name", [each if each in _SHORT else pytest.param(each, marks=_LATER) for each in sorted(KINDS)]
)
def test_kill_9_loses_nothing_acknowledged_and_shows_nothing_partial(tmp_path: Path, name: str) -> None:
    with KINDS[name](tmp_path, FEW[name][KIND != SQLITE]) as kind:
        seen = kill_everywhere(tmp_path, kind, points=4)
    assert seen[WROTE] >= 2, seen


@pytest.mark.night(reason="killed as the others are", kind=NEO4J)
def test_kill_9_of_a_watch_loses_no_file(tmp_path: Path) -> None:
    seen = kill_watch_everywhere(tmp_path, 4_000 if KIND == SQLITE else 800, points=4)
    assert seen[WROTE] >= 1, seen


@pytest.mark.night(reason="other processes know no store, and a server takes long", kind=NEO4J)
def test_kill_9_of_a_batch_that_processes_read_for_at_random_points(tmp_path: Path) -> None:
    seen, readers, _ = kill_mixed(tmp_path, many=1_000, points=2, seed=10)  # both on one store
    assert seen[WROTE] + seen[BETWEEN] >= 1, seen
    assert readers, seen


def test_what_a_killed_process_leaves_behind_is_found(tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def work() -> None:
        os.setsid()
        with subprocess.Popen(["sleep", "600"]) as left:
            begun.write_text(f"{left.pid}\n", "ascii")

    leader = start(work)
    until(lambda: begun.exists() and begun.read_text("ascii").endswith("\n"))
    left = int(begun.read_text("ascii"))
    assert children(leader) == [left]
    os.kill(leader, signal.SIGKILL)
    assert wait(leader) == -signal.SIGKILL
    assert in_session(leader) == [left]
    os.kill(left, signal.SIGKILL)
    until(lambda: not in_session(leader))
    assert not runs(left)


def test_a_process_reads_while_another_writes(tmp_path: Path, big: Load) -> None:
    url = fresh_url(tmp_path)
    store = open_store(url)
    child = start(lambda: load(url, big))
    counts = []
    while not os.waitpid(child, os.WNOHANG)[0]:
        view = store.view(EVERYBODY)
        counts.append(view.stats().records)
        assert (view.search("Person 7").total > 0) == (counts[-1] == UNITS)
    assert counts
    assert set(counts) <= {0, UNITS}
    assert store.view(EVERYBODY).stats().records == UNITS
    store.close()


def test_two_writers_take_turns(tmp_path: Path, big: Load) -> None:
    small = tmp_path / "small.ftm.json"
    small.write_text('{"id": "one", "schema": "Person", "properties": {"name": ["One"]}}\n')
    url = fresh_url(tmp_path)
    open_store(url).close()
    children = [start(lambda: load(url, big)), start(lambda: load(url, Load((small,), "ftm", "SMALL")))]
    assert [wait(child) for child in children] == [0, 0]
    with closing(open_store(url)) as store:
        assert store.view(EVERYBODY).stats().records == UNITS + 1


@pytest.mark.sqlite_only(reason="about the lock on a file")
def test_who_can_not_wait_is_told_who_writes(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.touch()  # a lease has the mode of its store
    first = FileLease(path)
    first.take(patience=0.0)
    with pytest.raises(StoreBusy, match=f"process {os.getpid()} is writing"):
        FileLease(path).take(patience=0.0)
    first.give_back()
    again = FileLease(path)
    again.take(patience=0.0)
    again.give_back()


@pytest.mark.sqlite_only(reason="it is this process's file that can't grow")
def test_a_full_disk_fails_cleanly_and_changes_nothing(tmp_path: Path, big: Load) -> None:
    small = tmp_path / "small.ftm.json"
    small.write_text('{"id": "one", "schema": "Person", "properties": {"name": ["One"]}}\n')
    url = fresh_url(tmp_path)
    load(url, Load((small,), "ftm", "SMALL"))
    before = digest(url)

    def starved() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
        load(url, big)

    assert wait(start(starved)) == 3
    assert digest(url) == before
    load(url, big)
    assert digest(url) != before
