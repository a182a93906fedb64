"""The rows of loads: from files to published beside the store's own, and the store beside an older commit."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.scale.processes import Cost, NotMeasured, Place, Terms, middle
from benchmarks.scale.programs import Programs
from benchmarks.scale.rows import Row, Task, left_out, size, took
from benchmarks.scale.stores import Made, Shelf, load

_FILES, _AGAIN = "at most 2 times the store's own load of as many", "at most 1/10 of the load"
_SQLITE, _SERVER = (
    "load at least 1.5 times the older commit's; reads at least 0.9",
    "load at least 1; reads at least 0.9",
)
_READS = "_p50_ms"
_LEAST = 10_000  # in smaller cases the benchmark of the store finds too few entities


def tasks(shelf: Shelf, sizes: Sequence[int], before: Programs | None, server: str, terms: Terms) -> list[Task]:
    """The rows of loads at some sizes, and of both stores at the first of them."""
    of_store = max(sizes[0], _LEAST)
    own = [Task("CSV to published", _FILES, partial(_files, shelf, each, terms)) for each in sizes]
    stores = {"SQLite": ("", _SQLITE, 1.5), "Neo4j": (server, _SERVER, 1.0)}
    beside = [
        Task(f"store on {name}", reach, partial(_beside, shelf, name, url, reach, least, of_store, before, terms.runs))
        for name, (url, reach, least) in stores.items()
    ]
    return [*own, *beside]


def _files(shelf: Shelf, records: int, terms: Terms) -> Sequence[Row]:
    """The load of a case's files, the same again, and the store's own of as many records, by turns."""
    rows = [_turn(shelf, records) for _ in range(terms.runs)]
    first, again, own = (middle(each) for each in zip(*rows, strict=True))
    ratio = median(terms.took(row[0]) / terms.took(row[2]) for row in rows)
    share = median(terms.took(row[1]) / terms.took(row[0]) for row in rows)
    told = f"{took(first)} ({records / first.wall:,.0f}/s); the store's own {took(own)} "
    told += f"({records / own.wall:,.0f}/s): {ratio:.2f} times"
    costs = {"files": asdict(first), "again": asdict(again), "own": asdict(own)}
    details = {"records": records, **costs, "ratio": ratio, "share": share}
    unchanged = f"{took(again)}: {share:.2f} of the load"
    return [
        Row("CSV to published", {size(records): told}, _FILES, ratio <= 2, details=details),
        Row("the same again, unchanged", {size(records): unchanged}, _AGAIN, share <= 1 / 10, details=details),
    ]


def _turn(shelf: Shelf, records: int) -> tuple[Cost, Cost, Cost]:
    """What the load of a case's files takes, the same again, and the store's own load of as many records.

    A load of files is a whole process; of the store's own, what the store takes of one.
    """
    batch = shelf.case(records) / "loads.toml"
    here = Programs.here()
    with _room(shelf.data) as room:
        made = Made(room, here, shelf.most)
        first, again = load(made, batch).cost, load(made, batch).cost
    with _room(shelf.data) as room:
        command = here.module("benchmarks.loading", "--records", str(records), "--data", str(room))
        own = Place(room, shelf.most, here.folder).run(command)
    return first, again, Cost(own.answer["seconds"], own.answer["cpu_s"], own.cost.peak_mb)


def _beside(
    shelf: Shelf, name: str, url: str, reach: str, least: float, records: int, before: Programs | None, runs: int
) -> Sequence[Row]:
    """`benchmarks.store` of both checkouts, by turns."""
    command = f"store on {name}"
    if before is None or (name == "Neo4j" and not url):
        return [left_out(command, reach, "no --before" if before is None else "no --store neo4j://…")]
    rows = [tuple(_store(shelf, each, records, url) for each in (Programs.here(), before)) for _ in range(runs)]
    now, then = (_medians([row[side] for row in rows]) for side in (0, 1))
    loads = now["load_records_per_s"] / then["load_records_per_s"]
    reads = {key: then[key] / now[key] for key in now if key.endswith(_READS) and now[key] and then.get(key)}
    slowest = min(reads, key=lambda key: reads[key])
    told = (
        f"load {now['load_records_per_s']:,.0f}/s, at {before.commit} {then['load_records_per_s']:,.0f}/s: {loads:.2f} "
    )
    told += f"times; slowest read {slowest.removesuffix(_READS)}: {reads[slowest]:.2f} times as fast"
    reached = loads >= least and reads[slowest] >= 0.9
    details = {"load": loads, "reads": reads, "now": now, "before": then, "commit": before.commit}
    return [Row(command, {size(records): told}, reach, reached, details=details)]


def _medians(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {key: median(row[key] for row in rows) for key in rows[0] if not isinstance(rows[0][key], str)}


def _store(shelf: Shelf, programs: Programs, records: int, url: str) -> Mapping[str, Any]:
    """One size of `benchmarks.store`, in a process of a checkout; it takes a server's login from the environment."""
    with _room(shelf.data) as room:
        words = ("--one", str(records), "--data", str(room), "--store", url)
        command = programs.module("benchmarks.store", *words)
        done = subprocess.run(command, cwd=programs.folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise NotMeasured(f"benchmarks.store of {programs.commit} ended with {done.returncode}: {done.stderr[-300:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@contextmanager
def _room(data: Path) -> Iterator[Path]:
    """An empty folder beside the stores, on the same disk. What others wrote before is on the disk by then."""
    with tempfile.TemporaryDirectory(dir=data) as room:
        os.sync()
        yield Path(room)
