"""Measure a store at growing sizes: loads, lookups, hops, search, identity, snapshots.

Each size runs in its own process, so that its peak of memory can be measured. Times are medians and 95th
percentiles in milliseconds. As a measure of the machine, the rate at which plain SQLite writes rows of the
same bytes is measured in the same run. With `--store neo4j://…` that server is measured too; its database
must be empty, and is emptied after each size.
"""

import argparse
import gc
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.case import AGENCIES, COMMON_NAME, HUB, records, second_viewer, viewer
from benchmarks.loading import load
from benchmarks.servers import emptied
from workbench.analytics.paths import paths
from workbench.model.ids import entity_id
from workbench.settings import hand_down, open_store
from workbench.store.login import shown
from workbench.view.store import GraphStore
from workbench.view.view import View


def main() -> None:
    """Run all sizes up to --records and print the results."""
    options = _options()
    if options.one:
        print(json.dumps(measure(options.one, Path(options.data), options.store)))
        return
    sizes = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size < options.records] + [options.records]
    if options.store:  # pass the password by environment: everyone can read command lines
        hand_down(options.store, None, None)
    stores = ["", shown(options.store)] if options.store else [""]
    measured = [_in_own_process(size, store) for size in sizes for store in stores]
    if options.json:
        print(json.dumps({"sizes": measured}))
        return
    for name in measured[0]:
        print(f"{name:30}", *(f"{_told(each.get(name, '')):>12}" for each in measured))


def _told(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--store", default="", help="an empty Neo4j database to measure beside SQLite")
    parser.add_argument("--data", help="folder for the store (a temporary one)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_own_process(size: int, store: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.store", "--one", str(size), "--data", folder, "--store", store]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def measure(size: int, folder: Path, server: str) -> dict[str, Any]:
    """All measurements of one size, on a server, or on SQLite if `server` is ""."""
    if not server:
        with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
            found = _measure(store, size, folder)
        return {**found, "store_mb": round((folder / "store.db").stat().st_size / 1e6)}
    with emptied(server), closing(open_store(server)) as store:
        return _measure(store, size, folder)


def _measure(store: GraphStore, size: int, folder: Path) -> dict[str, Any]:
    plain_rate = _plain_sqlite(size, folder / "plain.db")
    first, again = load(store, size), load(store, size)
    if again.changed:
        raise RuntimeError(f"a second load of the same records changed {again.changed}")
    return {
        "store": store.url.partition(":")[0],
        "records": size,
        "plain_sqlite_rows_per_s": round(plain_rate),
        "load_records_per_s": round(size / first.seconds),
        "reload_records_per_s": round(size / again.seconds),
        **_whole_views(store),
        **_walks(store.view(viewer()), size),
        **_reads(store.view(viewer()), size),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }


def _whole_views(store: GraphStore) -> dict[str, Any]:
    """Measure base columns, then the identity and snapshot of two viewers."""
    view, second = store.view(viewer()), store.view(second_viewer())
    columns_ms = _once(view._columns)
    canonical_ms, first_ms = _once(view._identity), _once(view.snapshot)
    mask_ms, second_canonical_ms = _once(second._columns), _once(second._identity)
    base = store.backend.columns(store.backend.published())
    return {
        "claims": len(base.claims.kind),
        "ties": len(base.ties.a),
        "base_columns_ms": round(columns_ms, 1),
        "base_columns_ties_per_s": round(len(base.ties.a) / columns_ms * 1e3),
        "canonical_map_ms": round(canonical_ms, 1),
        "snapshot_first_viewer_ms": round(first_ms, 1),
        "canonical_map_second_viewer_ms": round(second_canonical_ms, 1),
        "snapshot_second_viewer_ms": round(mask_ms + _once(second.snapshot), 1),
        "adjacency_ms": round(_once(lambda: view.snapshot().csr), 1),
    }


def _shown(view: View, size: int) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Some entities of a view, its hubs, and pairs of entities."""
    shown = [each for each in _ids(size) if view._columns().index_of(each) >= 0][:100]
    hubs = [hub for agency in AGENCIES if view._columns().index_of(hub := entity_id(agency, "case", HUB)) >= 0]
    return shown, hubs, list(zip(shown[:25], reversed(shown[25:50]), strict=False))


def _walks(view: View, size: int) -> dict[str, Any]:
    """Reads of a view without a snapshot: on Neo4j they walk in the database, on SQLite the first one makes it."""
    view._identity()
    shown, hubs, pairs = _shown(view, size)
    return {
        **_timed("walk_one_hop", [partial(_walk, view, each, 1) for each in shown]),
        **_timed("walk_two_hops", [partial(_walk, view, each, 2) for each in shown]),
        **_timed("walk_two_hops_hub", [partial(_walk, view, hub, 2) for hub in hubs * 10]),
        **_timed("walk_shortest_path", [partial(view.between, a, b) for a, b in pairs]),
        **_timed("walk_three_shortest_groups", [partial(_groups, view, a, b) for a, b in pairs]),
    }


def _reads(view: View, size: int) -> dict[str, Any]:
    """Single reads of a view whose snapshot is made."""
    view.snapshot().csr  # noqa: B018 - computed here, so that no read pays for it
    shown, hubs, pairs = _shown(view, size)
    return {
        **_timed("lookup", [partial(view.entity, each) for each in shown]),
        **_timed("one_hop", [partial(_walk, view, each, 1) for each in shown]),
        **_timed("two_hops", [partial(_walk, view, each, 2) for each in shown]),
        **_timed("two_hops_hub", [partial(_walk, view, hub, 2) for hub in hubs * 10]),
        "two_hops_hub_entities": max((_walk(view, hub, 2) for hub in hubs), default=0),
        **_timed("shortest_path", [partial(view.between, a, b) for a, b in pairs]),
        **_timed("three_shortest_groups", [partial(_groups, view, a, b) for a, b in pairs]),
        **_timed("finding_of_three_paths", [partial(paths, view, a, b, k=3) for a, b in pairs]),
        **_timed("search", [partial(view.search, COMMON_NAME)] * 40),
        "search_hits": view.search(COMMON_NAME).total,
    }


def _walk(view: View, entity: str, hops: int) -> int:
    """Walk some hops and get the ids of the entities reached; returns their number. No record is read."""
    return len(view.neighbours(entity, hops).entities)


def _groups(view: View, a: str, b: str) -> int:
    """Walk the shortest paths between two entities, then those up to two ties longer; returns how many entities."""
    found = view.between(a, b)
    return len(found.longer_by(2).entities) if found else 0


def _ids(size: int) -> list[str]:
    entities = max(size // len(AGENCIES) * 3 // 10, 2)
    step = max(entities // 60, 1)
    return [entity_id(agency, "case", f"e{i}") for i in range(1, entities, step) for agency in AGENCIES]


def _plain_sqlite(size: int, path: Path) -> float:
    """Rows per second into a plain table with one index, with the store's settings for commits."""
    rows = [(i, each.key(), each.content()) for i, each in enumerate(islice(records(size, "NKP"), 50_000))]
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE plain (rid INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT)")
    start = time.perf_counter()
    db.execute("BEGIN")
    db.executemany("INSERT INTO plain VALUES (?, ?, ?)", rows)
    db.execute("COMMIT")
    return len(rows) / (time.perf_counter() - start)


def _once(work: Callable[[], object]) -> float:
    gc.collect()  # garbage of earlier loads is not part of the measurement
    return _time(work)


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def _timed(name: str, works: list[Callable[[], object]]) -> dict[str, float]:
    gc.collect()
    times = sorted(_time(work) for work in works)
    if not times:
        return {f"{name}_p50_ms": 0.0, f"{name}_p95_ms": 0.0}
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    return {f"{name}_p50_ms": round(statistics.median(times), 2), f"{name}_p95_ms": round(p95, 2)}


if __name__ == "__main__":
    main()
