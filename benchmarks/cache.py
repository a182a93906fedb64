"""Measure the cache of base columns: the first answer over a whole view, without it, making it, and with it.

Each answer is given by a new process, whose peak of memory is measured. Times are in seconds. After that, more records
are loaded, and the cache is brought up to date. A store that is in `--data` already is used as it is.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.case import AGENCIES, records, second_viewer, viewer
from workbench.view.store import GraphStore, open_store

_BATCH = 20_000
_MORE = 10_000


def main() -> None:
    """Print the measurements as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--data", help="folder for the store (a temporary one)")
    parser.add_argument("--json", action="store_true", help="accepted for the sake of the other benchmarks")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_answer(options.data, Path(options.one))))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(options.records, Path(options.data or folder)), indent=1))


def measure(size: int, folder: Path) -> dict[str, Any]:
    """All measurements of one size."""
    url, cache = f"sqlite:///{folder / 'store.db'}", folder / "cache"
    if not (folder / "store.db").exists():
        with closing(open_store(url)) as store:
            _load(store, size, "")
    for each in cache.glob("*"):
        each.unlink()
    found = {"records": size, "without": _in_own_process(url, Path("/dev/null/none"))}
    found["making it"], found["with it"] = _in_own_process(url, cache), _in_own_process(url, cache)
    found["cache_mb"] = round(sum(each.stat().st_size for each in cache.glob("*")) / 1e6)
    with closing(open_store(url)) as store:
        _load(store, _MORE, f"more {time.time_ns()} ")
    found["bringing it up to date"], found["with it then"] = _in_own_process(url, cache), _in_own_process(url, cache)
    return found


def _in_own_process(url: str, cache: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.cache", "--data", url, "--one", str(cache)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _answer(url: str, cache: Path) -> dict[str, Any]:
    with closing(open_store(url, cache=cache)) as store:
        begun, of_processor = time.perf_counter(), time.process_time()
        store.backend.columns(store.backend.published())
        columns, columns_of_processor, first = time.perf_counter(), time.process_time(), store.view(viewer())
        stats = first.stats()
        answered, peak = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answered_of_processor = time.process_time()
        before, second = _resident(), store.view(second_viewer())
        second.stats()
        return {
            "base_columns_s": round(columns - begun, 2),
            "base_columns_processor_s": round(columns_of_processor - of_processor, 2),
            "stats_s": round(answered - begun, 2),
            "stats_processor_s": round(answered_of_processor - of_processor, 2),
            "peak_mb": round(peak / 1e3),
            "records_seen": stats.records,
            "second_viewer_s": round(time.perf_counter() - answered, 2),
            "second_viewer_processor_s": round(time.process_time() - answered_of_processor, 2),
            "second_viewer_mb": round((_resident() - before) / 1e3),
        }


def _resident() -> int:
    """The memory of this process that no file backs, in kB."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def _load(store: GraphStore, size: int, named: str) -> None:
    """Load a case of this size; its source ids begin with `named`."""
    for agency in AGENCIES:
        made = records(size, agency)
        with store.writer(agency=agency, by="measure", at="2026-01-01T00:00:00+00:00") as writer:
            file = writer.file("case", "0", "measure")
            while batch := list(islice(made, _BATCH)):
                renamed = [
                    replace(
                        each,
                        source_id=named + each.source_id if each.source_id else "",
                        roles=tuple(role._replace(ref=named + role.ref) for role in each.roles),
                    )
                    for each in batch
                ]
                writer.put(renamed, file, "2026-01-01")
            writer.publish(dataset="case", adapter="measure", files=())


if __name__ == "__main__":
    main()
