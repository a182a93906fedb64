"""kill -9 at points spread evenly over a command: `python -m tests.crash.kills --kind remark --points 50`.

Before each kill something is acknowledged. After it, everybody sees all of the command's work or none of it, and
running the command again gives the result of an undisturbed run. The points of `mixed` are random.
"""

import argparse
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.crash.batches import kill_mixed
from tests.crash.inboxes import kill_watch_everywhere
from tests.crash.kinds import KINDS, Kind
from tests.crash.processes import (
    BETWEEN,
    DONE,
    NOT_YET,
    WROTE,
    copy_of,
    has_begun,
    held,
    killed_at,
    spending,
    spent_in_all,
    start,
    told,
    wait,
)
from tests.stores import KIND, SQLITE, leased

# How many records or units each is about, where nobody says.
MANY = {
    "load": 20_000,
    "score": 20_000,
    "replay": 5_000,
    "remark": 100_000,
    "copy": 100_000,
    "withdraw": 20_000,
    "batch": 20_000,
    "watch": 20_000,
    "mixed": 4_000,
}
WATCHED = "watch"  # is killed otherwise: its files move
MIXED = "mixed"  # is killed at random points, and processes read for it
OTHERS = (WATCHED, MIXED)
_TRIES = 4  # at a point, while the command is done sooner than the runs before: a server's first runs are slower


def kill_everywhere(folder: Path, kind: Kind, points: int) -> Counter[str]:
    """Kill a command at evenly spread points; returns how many kills fell where. AssertionError if any did harm."""
    with leased(folder, "prepared") as prepared:
        if wait(start(partial(kind.prepare, prepared))) != 0:
            raise RuntimeError("what is to be there before could not be made")
        with copy_of(folder, prepared) as url:
            before = told(url)
            whole = spent_in_all(partial(kind.work, url), spending(url))
            after = told(url)
        states = (before, *(_after(folder, prepared, each) for each in kind.between), after)
        if before == after:
            raise RuntimeError("the command changes nothing that somebody sees")
        seen = Counter[str]()
        for n in range(points):
            for _ in range(_TRIES):
                with copy_of(folder, prepared) as url:
                    where, spent = _killed(url, kind, whole * (n + 0.5) / points, f"kill {n}", states)
                if where != DONE:
                    break
                whole = min(whole, spent)
            seen[where] += 1
    return seen


def _killed(url: str, kind: Kind, amount: float, name: str, states: Sequence[list[str]]) -> tuple[str, float]:
    """Kill the command when it has spent so much, and run it again; returns where the kill fell, and what was spent.

    `states` is what is seen before and after it, and after each step between.
    """
    killed = killed_at(amount, partial(kind.work, url), spending(url))
    begun, wrote, found = has_begun(url), held(url, killed.process), told(url)
    if found not in states:
        raise AssertionError(f"{name}: something partial is seen, or what was acknowledged is gone")
    if begun and found == states[-1]:
        raise AssertionError(f"{name}: what was not published is seen")
    ended = wait(start(partial(kind.work, url)))
    if told(url) != states[-1] or (ended != 0 and found != states[-1]):  # what is done may be refused
        raise AssertionError(f"{name}: the command run again ends in another state, or with {ended}")
    if not killed.at_work or found == states[-1]:
        return DONE, killed.spent
    return WROTE if wrote else NOT_YET, killed.spent


def _after(folder: Path, prepared: str, work: Callable[[str], None]) -> list[str]:
    """What is seen after some work on a store as it was prepared."""
    with copy_of(folder, prepared) as url:
        if wait(start(partial(work, url))) != 0:
            raise RuntimeError("a step of it could not be done")
        return told(url)


def main() -> int:
    """Run it from the command line; 0 if no kill did harm, and most fell where harm could be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=[*sorted(KINDS), *OTHERS], action="append", help="Default: all of them.")
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--many", type=int, help=f"Records or units. Default: {MANY}, a tenth on a server.")
    parser.add_argument("--seed", type=int, help=f"Of the random points of {MIXED}. Default: another one each time.")
    options = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    return max(run(name, options.points, options.many, seed) for name in options.kind or [*KINDS, *OTHERS])


def run(name: str, points: int, many: int | None, seed: int) -> int:
    """Kill one kind of command and print the results."""
    many, more = many or (MANY[name] if KIND == SQLITE else MANY[name] // 10), list[str]()
    with tempfile.TemporaryDirectory() as folder:
        if name == MIXED:
            sys.stdout.write(f"the points of {name} are drawn with --seed {seed}\n")
            sys.stdout.flush()
            seen, *rest = kill_mixed(Path(folder), many, points, seed)
            more = ["     with {} readers at work, the last of which ended {:.1f} s after the kill".format(*rest)]
        elif name == WATCHED:
            seen = kill_watch_everywhere(Path(folder), many, points)
        else:
            with KINDS[name](Path(folder), many) as kind:
                seen = kill_everywhere(Path(folder), kind, points)
    lines = [f"{n:4} {where}" for where, n in sorted(seen.items())]
    sys.stdout.write("\n".join([f"{name} of {many:,}: {points} kills, none did harm:", *lines, *more, ""]))
    return 0 if seen[WROTE] + seen[BETWEEN] >= points // 2 else 1


if __name__ == "__main__":
    sys.exit(main())
