"""Every fault many times, at points spread over a load: `python -m tests.faults.table --runs 20`."""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.faults.bench import Bench, End, bench_of, run
from tests.faults.case import undisturbed
from tests.faults.faults import KINDS, Kind
from tests.faults.proxy import proxy_to
from tests.faults.server import victim

_NUMBER = 901


def hit(bench: Bench, kind: Kind, runs: int) -> Counter[End]:
    """Let a fault hit a load at points spread over it; how the loads ended. AssertionError if one did harm."""
    ends = Counter[End]()
    for n in range(runs):
        share = (n + 0.5) / runs
        try:
            end = run(bench, kind.happen, share)
        except Exception as error:
            raise AssertionError(f"{kind.name}, at {share:.3f} of a load: {error}") from error
        if end not in kind.ends and end is not End.MISSED:
            raise AssertionError(f"{kind.name}, at {share:.3f} of a load: {end.value}")
        ends[end] += 1
    return ends


def main() -> int:
    """Run it from the command line; 0 if no fault did harm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="of each fault (20)")
    parser.add_argument("--only", default="", help="faults whose name holds this")
    parser.add_argument("--restarts", type=int, default=2, help="leave out faults that restart the server oftener (2)")
    options = parser.parse_args()
    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # the driver says each retry
    harm = 0
    with tempfile.TemporaryDirectory() as folder, victim(_NUMBER) as server, proxy_to(*server.place) as proxy:
        bench = bench_of(server, proxy, undisturbed(Path(folder), server))
        _say(f"{options.runs} runs of each fault, on Neo4j {server.version()}; a load has {bench.commits} commits")
        _say(f"{'fault':36}{''.join(f'{end.name.lower():>8}' for end in End)}  seconds")
        for kind in KINDS:
            if options.only in kind.name and kind.restarts <= options.restarts:
                harm += _row(bench, kind, options.runs)
    _say("".join(f"\n{end.name.lower():8}{end.value}" for end in End).strip("\n"))
    return 1 if harm else 0


def _row(bench: Bench, kind: Kind, runs: int) -> int:
    """A line of the table; 1 if the fault did harm."""
    started = time.monotonic()
    try:
        ends = hit(bench, kind, runs)
    except AssertionError as error:
        _say(f"{kind.name:36}HARM: {error}")
        return 1
    _say(f"{kind.name:36}{''.join(f'{ends[end]:8}' for end in End)}  {time.monotonic() - started:.0f}")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
