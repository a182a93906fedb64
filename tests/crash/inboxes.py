"""kill -9 of a process that watches a folder: run again, it loads what is left, and no file is lost or overwritten."""

import shutil
from collections import Counter
from functools import partial
from pathlib import Path

from tests.crash.kinds import command, persons
from tests.crash.processes import (
    DONE,
    NOT_YET,
    WROTE,
    digest,
    has_begun,
    held,
    killed_at,
    spending,
    spent_in_all,
    start,
    wait,
)
from tests.stores import leased
from workbench.commands.ingest import cli
from workbench.view.store import open_store

_FILES = 4


def kill_watch_everywhere(folder: Path, many: int, points: int) -> Counter[str]:
    """Kill a watch of some files, so many records in all, at evenly spread points; returns how many fell where.

    AssertionError if any did harm.
    """
    delivered = folder / "delivered"
    delivered.mkdir()
    for n in range(_FILES):
        path = persons(delivered, many // _FILES, "LOCAL", said=f"{n}", since=n * many).paths[0]
        path.rename(delivered / f"{n}.json")
    with leased(folder, "whole") as url:
        _begin(folder, url)
        whole = spent_in_all(partial(_watch, folder / "in", url), spending(url))
        expected = digest(url)
    seen = Counter[str]()
    for n in range(points):
        with leased(folder, f"case{n}") as url:
            _begin(folder, url)
            work = partial(_watch, folder / "in", url)
            killed = killed_at(whole * (n + 0.5) / points, work, spending(url))
            wrote = has_begun(url) or held(url, killed.process)
            seen[WROTE if wrote and killed.at_work else NOT_YET if killed.at_work else DONE] += 1
            _check_files(folder)
            if wait(start(work)) != 0:
                raise AssertionError(f"kill {n}: the watch can't be run again")
            _check_files(folder)
            done = sorted(each.name for each in (folder / "in/done").iterdir() if "report" not in each.name)
            if done != sorted(each.name for each in delivered.iterdir()) or digest(url) != expected:
                raise AssertionError(f"kill {n}: run again it ends in another state: {done}")
    return seen


def _begin(folder: Path, url: str) -> None:
    """An empty store, and a folder into which all was delivered."""
    open_store(url).close()
    shutil.rmtree(folder / "in", ignore_errors=True)
    shutil.copytree(folder / "delivered", folder / "in")


def _watch(inbox: Path, url: str) -> None:
    said = ("--adapter", "ftm", "--dataset", "persons")
    command(cli, "watch", str(inbox), *said, "--once", "--still", "0", "--store", url)


def _check_files(folder: Path) -> None:
    """AssertionError if a file is not in exactly one place, as it was delivered."""
    for each in (folder / "delivered").iterdir():
        places = [place for place in (folder / "in").rglob(each.name) if place.is_file()]
        if len(places) != 1 or places[0].read_bytes() != each.read_bytes():
            raise AssertionError(f"{each.name} is in {places}")
