"""Measure what the load of a file takes, for each adapter, at growing sizes.

    python -m benchmarks.ingest [--sizes 10000,100000,1000000] [--adapters csv,ftm,cdr] [--json]

Each file has invented values that repeat as real ones do, in as many units as make the records of a size. `ingest
load` loads it into a new store on SQLite, as a process of its own: seconds, and the peak of memory of its largest
process. Beside it, in the same run, another process measures the parts: see `benchmarks.ingest.parts`. A million
records of every format take some hours.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.ingest.formats import FORMS, HALF, JSON, XML
from benchmarks.ingest.parts import AGENCY, DATASET
from benchmarks.rows import Row, table
from benchmarks.scale.processes import NotMeasured, Place
from benchmarks.scale.programs import Programs

_MOST_S = 7_200
_MORE_MEMORY = 1.1
_TWICE = 2.0
_TRIED = 300  # units of the file that tells how many records are made of one
_LARGE = 100_000  # records of a file of which a load is much longer than the start of a process


def main() -> None:
    """Measure the adapters that are asked for, at all sizes, and print what was found."""
    formed = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m benchmarks.ingest", description=__doc__, formatter_class=formed)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="records of each file")
    parser.add_argument("--adapters", default=",".join(sorted(FORMS)))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sizes, before = [int(each) for each in options.sizes.split(",")], os.getloadavg()
    rows = []
    for adapter in options.adapters.split(","):
        for row in measured(adapter, sizes):
            rows.append(row)
            if not options.json:
                print(table([row]), flush=True)
    if options.json:
        loads = {"load before": [*before], "load after": [*os.getloadavg()]}
        print(json.dumps({**loads, "rows": [row.to_dict() for row in rows]}))


def measured(adapter: str, sizes: Sequence[int]) -> Iterator[Row]:
    """The rows of one adapter: what its loads take at each size, and how memory grows from one to the next."""
    before, units = 0.0, _units(adapter)
    for size in sizes:
        where, peak = f"{size}", 0.0
        for row in _of_size(adapter, size, units, where):
            peak = row.value if row.unit == "MB" else peak
            yield row
        if before:
            most = _MORE_MEMORY if size > _LARGE else None
            yield Row(f"{adapter}: memory, of that before", where, peak / before, "times", most)
        before = peak


def _units(adapter: str) -> float:
    """How many units make a record: one, or less."""
    with tempfile.TemporaryDirectory() as folder:
        parts = _parts(adapter, *_made(adapter, _TRIED, Path(folder)))
    return parts["units"] / parts["records"]


def _made(adapter: str, units: int, room: Path) -> tuple[Path, Path]:
    """A file of so many units, and its manifest."""
    form = FORMS[adapter]
    file, manifest = room / form.name, room / "manifest.toml"
    form.write(file, units)
    manifest.write_text(form.manifest or f'adapter = "{adapter}"\n', "utf-8")
    return file, manifest


def _parts(adapter: str, file: Path, manifest: Path) -> dict[str, float]:
    """What `benchmarks.ingest.parts` measured."""
    room, here = file.parent, Programs.here()
    words = ["--adapter", adapter, "--file", str(file), "--manifest", str(manifest), "--data", str(room)]
    ran = Place(room, _MOST_S, here.folder).run(here.module("benchmarks.ingest.parts", *words))
    return dict(ran.answer)


def _of_size(adapter: str, size: int, units: float, where: str) -> Iterator[Row]:
    here = Programs.here()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        file, manifest = _made(adapter, max(round(size * units), 1), room)
        parts = _parts(adapter, file, manifest)
        said = ["--manifest", str(manifest), "--agency", AGENCY, "--dataset", DATASET, "--json"]
        command = here.ingest("load", str(file), *said, "--store", f"sqlite:///{room / 'load.db'}")
        loaded = Place(room, _MOST_S, here.folder).run(command)
        _check(adapter, loaded.answer, parts)
    records = parts["records"]
    yield Row(f"{adapter}: load", where, records / loaded.cost.wall, "records/s")
    yield Row(f"{adapter}: peak of memory", where, loaded.cost.peak_mb, "MB")
    yield Row(f"{adapter}: the store's own load", where, records / parts["store_s"], "records/s")
    most = _TWICE if adapter in HALF and size >= _LARGE else None
    yield Row(f"{adapter}: load, of the store's own", where, loaded.cost.wall / parts["store_s"], "times", most)
    yield Row(f"{adapter}: reading and mapping", where, records / parts["read_s"], "records/s")
    yield Row(f"{adapter}: FollowTheMoney", where, records / parts["ftm_s"], "records/s")
    if "plain_s" in parts:
        more = (parts["read_s"] - parts["plain_s"]) / parts["ftm_s"]
        bound = _TWICE if adapter in XML or adapter in JSON else None
        yield Row(f"{adapter}: a plain library", where, records / parts["plain_s"], "records/s")
        yield Row(f"{adapter}: more than it, of FollowTheMoney", where, more, "times", bound)


def _check(adapter: str, report: dict[str, list[dict[str, int]]], parts: dict[str, float]) -> None:
    """NotMeasured if the load lost or refused anything."""
    accepted = sum(file["accepted"] for file in report["files"])
    if accepted != parts["units"]:
        raise NotMeasured(f"{adapter}: {accepted} of {parts['units']} units were accepted: {str(report)[:500]}")


if __name__ == "__main__":
    main()
