"""kill -9 of a batch of mixed deliveries that several processes read, at random points.

The readers end by themselves. What is seen is the work of whole loads. Run again, by one worker or by four, it ends as
if nothing had happened.
"""

import json
import os
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from ingest.jobs import run_jobs
from tests.crash.kinds import command
from tests.crash.processes import (
    BETWEEN,
    DONE,
    NOT_YET,
    WROTE,
    copy_of,
    held,
    in_session,
    killed_at,
    readers,
    spending,
    spent_in_all,
    start,
    told,
    until,
    wait,
)
from tests.ingest.mixed import deliver, shuffled, write_jobs
from tests.stores import leased
from workbench.access.viewer import local_viewer
from workbench.commands.ingest import cli
from workbench.view.store import open_store

_WORKERS = 4
_KILLS = (1, 1, 2)  # of one batch, before it is left to end: one of these numbers is drawn
_SOON_S = 30  # within which readers end, on a machine that may be busy


class Told(NamedTuple):
    """How many kills fell where, how many readers were at work then, and the most seconds that these took to end."""

    seen: Counter[str]
    readers: int
    slowest: float


class _Batch(NamedTuple):
    """The loads, of which four workers read, or one; and what is seen before and after each in an undisturbed run."""

    four: Path
    one: Path
    states: list[list[str]]


class _Kill(NamedTuple):
    """How many loads were published when a kill fell, where it fell, its readers, and how long they took to end."""

    published: int
    where: str
    readers: int
    seconds: float


def kill_mixed(folder: Path, many: int, points: int, seed: int) -> Told:
    """Kill a batch of so many units at drawn points, and run it again. AssertionError if any kill did harm."""
    by, kills = Random(seed), list[_Kill]()  # noqa: S311 - no secret
    tables = shuffled(deliver(folder, many), by)
    one, four = (write_jobs(folder / f"{n}.toml", tables, n) for n in (1, _WORKERS))
    with leased(folder, "prepared") as prepared:
        open_store(prepared).close()  # so the ids of units in quarantine are the same in all copies
        with copy_of(folder, prepared) as url:
            batch = _Batch(four, one, [told(url), *_states(folder, one, url)])
        with copy_of(folder, prepared) as url:
            whole = spent_in_all(partial(_run, four, url), spending(url, family=True))
            _check_end(batch, url, "undisturbed")
        while len(kills) < points:
            with copy_of(folder, prepared) as url:
                amounts = [whole * by.random() for _ in range(by.choice(_KILLS))]
                kills += _kills(batch, url, amounts[: points - len(kills)])
                again = by.choice((one, four))
                if wait(start(partial(_run, again, url))) != 0:
                    raise AssertionError(f"kill {len(kills)}: the batch can't be run again")
                _check_end(batch, url, f"kill {len(kills)}")
    seen = Counter(each.where for each in kills)
    return Told(seen, sum(each.readers for each in kills), max(each.seconds for each in kills))


def _run(jobs: Path, url: str) -> None:
    """Run a batch in a session of its own, by which all processes that it starts can be found."""
    os.setsid()
    command(cli, "batch", str(jobs), "--store", url)


def _states(folder: Path, jobs: Path, url: str) -> list[list[str]]:
    """What is seen after each load of a batch."""
    noted = folder / "states.json"

    def work() -> None:
        with closing(open_store(url)) as store:
            found = [told(url) for _ in run_jobs(store, jobs, local_viewer(()), by="crash")]
        noted.write_text(json.dumps(found), "utf-8")

    if wait(start(work)) != 0:
        raise RuntimeError("the batch could not be run at all")
    return list(json.loads(noted.read_text("utf-8")))


def _kills(batch: _Batch, url: str, amounts: list[float]) -> list[_Kill]:
    """Kill the batch when it has spent so much, and once more for each further amount, on the same store."""
    found = list[_Kill]()
    for amount in amounts:
        found.append(_kill(batch, url, amount))
        if found[-1].published < found[0].published:
            raise AssertionError(f"after {amount} s: what was published is gone")
    return found


def _kill(batch: _Batch, url: str, amount: float) -> _Kill:
    reading, spent = set[int](), spending(url, family=True)

    def noting(child: int) -> float:
        reading.clear()
        reading.update(readers(child))
        return spent(child)

    killed = killed_at(amount, partial(_run, batch.four, url), noting)
    seconds = until(lambda: not in_session(killed.process))
    if seconds > _SOON_S:
        raise AssertionError(f"after {amount} s: readers ran for {seconds:.0f} s after the kill")
    wrote, found = held(url, killed.process), told(url)
    if found not in batch.states:
        raise AssertionError(f"after {amount} s: something partial is seen")
    published = batch.states.index(found)
    if not killed.at_work or found == batch.states[-1]:
        return _Kill(published, DONE, 0, 0.0)
    where = WROTE if wrote else BETWEEN if published else NOT_YET
    return _Kill(published, where, len(reading), seconds)


def _check_end(batch: _Batch, url: str, name: str) -> None:
    """AssertionError if the store is not as an undisturbed run by one worker leaves it."""
    if told(url) != batch.states[-1]:
        raise AssertionError(f"{name}: it ends in another state than with one worker and undisturbed")
