"""The store's own load of invented records, timed: `python -m benchmarks.loading --records N --data FOLDER`."""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from benchmarks.case import AGENCIES, records
from workbench.model.record import Record
from workbench.settings import open_store
from workbench.view.store import GraphStore

_BATCH = 20_000
_AHEAD = 5


def main() -> None:
    """Load the case of a size into a new store in a folder, and print how many seconds the store took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="an empty folder for the store")
    options = parser.parse_args()
    with closing(open_store(f"sqlite:///{options.data / 'store.db'}")) as store:
        rate, _ = load(store, options.records)
    print(json.dumps({"records": options.records, "seconds": options.records / rate}))


def load(store: GraphStore, size: int) -> tuple[float, int]:
    """Load the case, one agency after another; returns records per second, and the number of new records.

    Records are made in advance, some batches at a time, while no batch is in flight: `release` waits for that.
    """
    spent, changed = 0.0, 0
    for agency in AGENCIES:
        with store.writer(agency=agency, by="measure", at="2026-01-01T00:00:00+00:00") as writer:
            batches = _batches(records(size, agency))
            while ahead := list(islice(batches, _AHEAD)):
                start = time.perf_counter()
                file = writer.file("case", "0", "measure")
                for batch in ahead:
                    changed += sum(outcome != "unchanged" for outcome in writer.put(batch, file, "2026-01-01"))
                writer.release(())
                spent += time.perf_counter() - start
            start = time.perf_counter()
            writer.publish(dataset="case", adapter="measure", files=())
            spent += time.perf_counter() - start
    return size / spent, changed


def _batches(source: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(source, _BATCH)):
        yield batch


if __name__ == "__main__":
    main()
