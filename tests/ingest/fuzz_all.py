"""Fuzz every adapter, two at a time, and print what was tried and found.

python -m tests.ingest.fuzz_all SECONDS [NAME...]
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from ingest.formats import ADAPTERS

# What Python and the instruments take to start, or a last slow input.
_MORE = 120
_LAST = 40


class Fuzzed(NamedTuple):
    """How an adapter was fuzzed: the number of inputs, and the end of what was printed if anything was found."""

    name: str
    inputs: int
    found: str


def fuzzed(names: Sequence[str], seconds: int, seed: int = 1) -> dict[str, Fuzzed]:
    """Fuzz adapters for some seconds each, one after the other."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.ingest.fuzz", str(seconds), str(seed), *names]
    most = (seconds + _MORE) * len(names) + _MORE
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=most)
    told = {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}
    failed = {"code": done.returncode or 1, "said": done.stderr}
    return {name: _fuzzed(name, told.get(name, failed)) for name in names}


def _fuzzed(name: str, told: Mapping[str, Any]) -> Fuzzed:
    counted = re.search(r"number_of_executed_units:\s*(\d+)", told["said"])
    is_good = told["code"] == 0 and counted
    return Fuzzed(
        name, int(counted[1]) if counted else 0, "" if is_good else "\n".join(told["said"].splitlines()[-_LAST:])
    )


def main(arguments: Sequence[str]) -> int:
    """Fuzz the adapters named, or all; returns 1 if anything was found."""
    seconds, names = int(arguments[0]), list(arguments[1:]) or sorted(ADAPTERS)
    halves = [each for each in (names[::2], names[1::2]) if each]
    with ThreadPoolExecutor(len(halves)) as pool:
        done = [each for half in pool.map(lambda half: fuzzed(half, seconds), halves) for each in half.values()]
    for each in done:
        sys.stdout.write(f"{each.name:16} {each.inputs:>10} inputs{': FOUND' if each.found else ''}\n")
        sys.stdout.write(f"{each.found}\n" if each.found else "")
    sys.stdout.write(f"{'all':16} {sum(each.inputs for each in done):>10} inputs\n")
    return int(any(each.found for each in done))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
