"""kill -9 at points spread evenly over a load: `python -m tests.crash.kills --points 50 ZIP`.

Before each a small load is acknowledged. After each that one is there and nothing partial is
seen, and the load run again ends in the digest of an undisturbed one.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.crash.processes import Load, digest, has_begun, killed_after, load, start, wait
from tests.stores import leased

SMALL = '{"id": "acknowledged", "schema": "Person", "properties": {"name": ["Ada Testcase"]}}\n'


def kill_everywhere(folder: Path, big: Load, points: int) -> Counter[str]:
    """Kill a load at evenly spread points; how many kills fell where. AssertionError if one did harm.

    A load's duration is taken from the one that ran whole just before: the machine is shared.
    """
    small = Load((_small(folder),), "ftm", "SMALL")
    seen = Counter[str]()
    duration, before, after = _undisturbed(folder, small, big)
    for n in range(points):
        for attempt in range(_ATTEMPTS):
            with _case(folder, f"kill-{n}-{attempt}") as url:
                load(url, small)
                hit = killed_after(duration * (n + 0.5) / points, partial(load, url, big))
                begun = hit and has_begun(url)
                _assert_unharmed(n, digest(url), begun, before, after)
                started = time.monotonic()
                ended = wait(start(partial(load, url, big)))
                duration = time.monotonic() - started
                if ended != 0 or digest(url) != after:
                    raise AssertionError(f"kill {n}: the load run again ends in another digest")
            if hit:
                break
        seen[_WHERE[hit, begun]] += 1
    return seen


_ATTEMPTS = 3
_WHERE = {
    (True, True): "killed after its first write",
    (True, False): "killed before its first write, or after it was published",
    (False, False): "was done before it could be killed",
}


def _assert_unharmed(n: int, found: str, begun: bool, before: str, after: str) -> None:
    if found not in (before, after):
        raise AssertionError(f"kill {n}: something partial is seen, or the acknowledged load is gone")
    if begun and found != before:
        raise AssertionError(f"kill {n}: what was not published is seen")


def _undisturbed(folder: Path, small: Load, big: Load) -> tuple[float, str, str]:
    """How long the load takes, and the digests before and after it."""
    with _case(folder, "undisturbed") as url:
        load(url, small)
        before = digest(url)
        started = time.monotonic()
        if wait(start(partial(load, url, big))) != 0:
            raise RuntimeError(f"{big.paths} could not be loaded at all")
        return time.monotonic() - started, before, digest(url)


@contextmanager
def _case(folder: Path, name: str) -> Iterator[str]:
    """An empty store, thrown away in the end."""
    case = folder / name
    case.mkdir()
    with leased(case) as url:
        yield url
    shutil.rmtree(case)


def _small(folder: Path) -> Path:
    path = folder / "small.ftm.json"
    path.write_text(SMALL, "utf-8")
    return path


def main() -> int:
    """Run it from the command line; 0 if no kill did harm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("zip", type=Path)
    parser.add_argument("--points", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_everywhere(Path(folder), Load((options.zip,), "neo4j-csv", "LOCAL"), options.points)
    lines = [f"{n:4} {where}" for where, n in sorted(seen.items())]
    sys.stdout.write("\n".join([f"{options.points} kills, none did harm:", *lines, ""]))
    return 0 if seen["killed after its first write"] >= options.points * 4 // 5 else 1


if __name__ == "__main__":
    sys.exit(main())
