"""The rows of loads: from files to published beside the store's own, and the store beside an older commit."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.scale.processes import NotMeasured, Place
from benchmarks.scale.programs import Programs
from benchmarks.scale.rows import Row, Task, left_out, seconds, size
from benchmarks.scale.stores import Made, Shelf, load

_FILES, _AGAIN = "at most 2 times the store's own load of as many", "at most 1/10 of the load"
_SQLITE, _SERVER = (
    "load at least 1.5 times the older commit's; reads at least 0.9",
    "load at least 1; reads at least 0.9",
)
_READS = "_p50_ms"


def tasks(shelf: Shelf, sizes: Sequence[int], before: Programs | None, server: str, runs: int) -> list[Task]:
    """The rows of loads at some sizes, and of both stores at the first of them."""
    own = [Task("CSV to published", _FILES, partial(_files, shelf, each, runs)) for each in sizes]
    stores = {"SQLite": ("", _SQLITE, 1.5), "Neo4j": (server, _SERVER, 1.0)}
    beside = [
        Task(f"store on {name}", reach, partial(_beside, shelf, name, url, reach, least, sizes[0], before, runs))
        for name, (url, reach, least) in stores.items()
    ]
    return [*own, *beside]


def _files(shelf: Shelf, records: int, runs: int) -> Sequence[Row]:
    """The load of a case's files, the same again, and the store's own of as many records, by turns."""
    batch = shelf.case(records) / "loads.toml"
    rows: list[tuple[float, float, float, float]] = []
    for _ in range(runs):
        with _room(shelf.data) as room:
            made = Made(room, Programs.here(), shelf.most)
            first, again = load(made, batch).cost, load(made, batch).cost
        rows.append((first.wall, again.wall, _own(shelf, records), first.peak_mb))
    first_s, again_s, own_s, peak = (median(each) for each in zip(*rows, strict=True))
    ratio, share = median(row[0] / row[2] for row in rows), median(row[1] / row[0] for row in rows)
    told = f"{seconds(first_s)} ({records / first_s:,.0f}/s), {peak:.0f} MB; the store's own {seconds(own_s)} "
    told += f"({records / own_s:,.0f}/s): {ratio:.2f} times"
    details = {
        "records": records,
        "files_s": first_s,
        "own_s": own_s,
        "again_s": again_s,
        "ratio": ratio,
        "share": share,
    }
    unchanged = f"{seconds(again_s)}, {share:.2f} of the load"
    return [
        Row("CSV to published", {size(records): told}, _FILES, ratio <= 2, details=details),
        Row("the same again, unchanged", {size(records): unchanged}, _AGAIN, share <= 1 / 10, details=details),
    ]


def _own(shelf: Shelf, records: int) -> float:
    """The seconds that the store's own load takes."""
    here = Programs.here()
    with _room(shelf.data) as room:
        command = here.module("benchmarks.loading", "--records", str(records), "--data", str(room))
        return float(Place(room, shelf.most, here.folder).run(command).answer["seconds"])


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
