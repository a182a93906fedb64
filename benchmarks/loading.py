"""The store's own load of invented records, timed: `python -m benchmarks.loading --records N --data FOLDER`."""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

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
        loaded = load(store, options.records)
    print(json.dumps({"records": options.records, **loaded._asdict()}))


class Loaded(NamedTuple):
    """What a load took of the store, in seconds and in seconds of CPU, and the number of new records."""

    seconds: float
    cpu_s: float
    changed: int


def load(store: GraphStore, size: int) -> Loaded:
    """Load the case, one agency after another.

    Records are made in advance, some batches at a time, while no batch is in flight: `release` waits for that.
    """
    clock, changed = _Clock(), 0
    for agency in AGENCIES:
        with store.writer(agency=agency, by="measure", at="2026-01-01T00:00:00+00:00") as writer:
            batches = _batches(records(size, agency))
            while ahead := list(islice(batches, _AHEAD)):
                with clock.running():
                    file = writer.file("case", "0", "measure")
                    for batch in ahead:
                        changed += sum(outcome != "unchanged" for outcome in writer.put(batch, file, "2026-01-01"))
                    writer.release(())
            with clock.running():
                writer.publish(dataset="case", adapter="measure", files=())
    return Loaded(clock.seconds, clock.cpu_s, changed)


class _Clock:
    """The seconds, and the seconds of CPU, that passed while it ran."""

    def __init__(self) -> None:
        self.seconds = self.cpu_s = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what passes until the end of the block."""
        seconds, cpu_s = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - seconds
        self.cpu_s += time.process_time() - cpu_s


def _batches(source: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(source, _BATCH)):
        yield batch


if __name__ == "__main__":
    main()
