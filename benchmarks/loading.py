"""Measure the load of tables: from file to published, and the same files again, unchanged.

An invented case of this size is written as the agencies' files, and loaded as a batch into an empty SQLite store.
Beside it stands the store's own load of as many records, in the same run. Seconds are of the clock and of the
processor: on a machine that does other things too, only the second can be compared.
"""

import argparse
import json
import resource
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.case import AGENCIES
from benchmarks.store import load_case
from ingest.jobs import run_jobs
from workbench.access.viewer import Viewer
from workbench.scenario import generate
from workbench.settings import open_store
from workbench.view.store import GraphStore

_LOADER = Viewer(name="measure", agencies=frozenset(AGENCIES), level="SECRET", loads=frozenset(AGENCIES))


class Taken(NamedTuple):
    """What a batch took: seconds of the clock, seconds of the processor; and how many records the files gave."""

    clock: float
    processor: float
    records: int


def main() -> None:
    """Load a case of --records records, load it again, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", help="folder for files and stores (a temporary one)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.data) as folder:
        measured = measure(options.records, options.seed, Path(folder))
    if options.json:
        print(json.dumps(measured))
        return
    for name, value in measured.items():
        print(f"{name:24} {value:>12,}")


def measure(size: int, seed: int, folder: Path) -> dict[str, Any]:
    """The times and rates of the first load, of the second, and of the store's own load of as many records."""
    case = folder / "case"
    case.mkdir()
    generate(size, seed, case)
    with closing(open_store(f"sqlite:///{folder / 'files.db'}")) as store:
        first, again = (_batch(store, case / "loads.toml") for _ in range(2))
    with closing(open_store(f"sqlite:///{folder / 'own.db'}")) as store:
        own_rate, _ = load_case(store, first.records)
    return {
        "records": first.records,
        "load_s": round(first.clock, 2),
        "load_processor_s": round(first.processor, 2),
        "load_records_per_s": round(first.records / first.clock),
        "again_s": round(again.clock, 2),
        "again_processor_s": round(again.processor, 2),
        "own_load_records_per_s": round(own_rate),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }


def _batch(store: GraphStore, jobs: Path) -> Taken:
    clock, processor = time.perf_counter(), time.process_time()
    reports = [report for _, report in run_jobs(store, jobs, _LOADER, "measure")]
    records = sum(n for report in reports for file in report.files for n in file.records.values())
    return Taken(time.perf_counter() - clock, time.process_time() - processor, records)


if __name__ == "__main__":
    main()
