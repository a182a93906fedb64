"""Fuzz every adapter in a process of its own, two at a time, and print what was tried and found.

python -m tests.ingest.fuzz_all SECONDS [NAME...]
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from ingest.formats import ADAPTERS

# What Python and the instruments take to start, and a last slow input.
_MORE = 120
_LAST = 40


class Fuzzed(NamedTuple):
    """How an adapter was fuzzed: the number of inputs, and the end of what was printed if anything was found."""

    name: str
    inputs: int
    found: str


def fuzzed(name: str, seconds: int, seed: int = 1) -> Fuzzed:
    """Fuzz an adapter for some seconds."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.ingest.fuzz", name, str(seconds), str(seed)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds + _MORE)
    except subprocess.TimeoutExpired:
        return Fuzzed(name, 0, "it did not end")
    said = done.stdout + done.stderr
    counted = re.search(r"number_of_executed_units:\s*(\d+)", said)
    found = "" if done.returncode == 0 and counted else "\n".join(said.splitlines()[-_LAST:])
    return Fuzzed(name, int(counted[1]) if counted else 0, found)


def main(arguments: Sequence[str]) -> int:
    """Fuzz the adapters named, or all; returns 1 if anything was found."""
    seconds, names = int(arguments[0]), list(arguments[1:]) or sorted(ADAPTERS)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda name: fuzzed(name, seconds), names))
    for each in done:
        sys.stdout.write(f"{each.name:16} {each.inputs:>10} inputs{'' if not each.found else ': FOUND'}\n{each.found}")
    sys.stdout.write(f"{'all':16} {sum(each.inputs for each in done):>10} inputs\n")
    return int(any(each.found for each in done))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
