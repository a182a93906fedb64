"""The rows of what reads a whole view: the first answer, the cache of it, and analyses."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.scale.by_part import ENGINE
from benchmarks.scale.processes import Cost, Place, middle
from benchmarks.scale.questions import NOISE
from benchmarks.scale.rows import Row, Task, left_out, seconds, size
from benchmarks.scale.stores import Made, Shelf, as_other_datasets, load_more

_FIRST = "at most 1/10 of making the cache; 1 GB"
_UPDATE = "at most 1/20 of making the cache"
_DEGREE = "at most 1/10 of the older commit; 2 GB"
_JOINT = "ends; 4 GB; time by part"
_NO_CACHE = "stats leaves no cache beside the store or in the user's folders"
_GB = 1024
_MORE = 10_000
_LEAST = 200


@dataclass(frozen=True)
class _Cached:
    """Medians of a first whole-view answer at one size: without the cache, with it, and a start without an answer."""

    records: int
    making: Cost
    cached: Cost
    start: Cost
    cache_mb: float

    @property
    def share(self) -> float:
        """The time with the cache as a share of that of making it, both less start-up."""
        return max(self.cached.wall - self.start.wall, 0) / max(self.making.wall - self.start.wall, NOISE)


def tasks(shelf: Shelf, stores: Sequence[Made], before: Made | None, runs: int) -> list[Task]:
    """The rows of whole views; `before` is the largest store as an older checkout made it."""
    degree = "key-players --measure degree"
    return [
        Task("stats, with the cache there", _FIRST, partial(_first, stores, runs)),
        Task("bringing the cache up to date", _UPDATE, partial(_update, shelf, stores[-1], runs)),
        Task(degree, _DEGREE, partial(_degree, degree, stores[-1], before, runs)),
        Task("joint-value", _JOINT, partial(_joint, stores)),
    ]


def _first(stores: Sequence[Made], runs: int) -> Sequence[Row]:
    found = [_cached(each, runs) for each in stores]
    largest = found[-1]
    reached = bool(largest.cache_mb) and largest.share <= 1 / 10 and largest.cached.peak_mb <= _GB
    told = {size(each.records): _told_cached(each) for each in found}
    why = "" if largest.cache_mb else _NO_CACHE
    sizes = [{**asdict(each), "share": each.share} for each in found]
    return [Row("stats, with the cache there", told, _FIRST, reached, why, {"sizes": sizes})]


def _cached(made: Made, runs: int) -> _Cached:
    costs: list[tuple[Cost, Cost, Cost]] = []
    made.ask("stats")  # brings the file's pages into memory
    for _ in range(runs):
        made.drop_cache()
        making, cached = made.ask("stats").cost, made.ask("stats").cost
        costs.append((making, cached, _start(made)))
    making, cached, start = (middle(each) for each in zip(*costs, strict=True))
    return _Cached(made.note["records"], making, cached, start, _megabytes(made.cache()))


def _start(made: Made) -> Cost:
    """The start of the program, which answers nothing."""
    return made.place.run(made.programs.workbench("--version")).cost


def _megabytes(paths: Sequence[Path]) -> float:
    files = (file for each in paths for file in (each.rglob("*") if each.is_dir() else (each,)))
    return sum(file.stat().st_size for file in files if file.is_file()) / 2**20


def _told_cached(each: _Cached) -> str:
    making, cached = (f"{seconds(cost.wall)} and {cost.peak_mb:.0f} MB" for cost in (each.making, each.cached))
    share = f"{each.share:.2f} of it less start-up ({seconds(each.start.wall)})"
    return f"without it {making}, with it {cached}: {share}; the cache has {each.cache_mb:.1f} MB"


def _update(shelf: Shelf, made: Made, runs: int) -> Sequence[Row]:
    """The first answer after each of some loads, in a copy of the store."""
    name, more = "bringing the cache up to date", max(_LEAST, min(_MORE, made.note["records"] // 5))
    copy = made.copied(made.folder.with_name("updated"))
    rows: list[tuple[float, float, float, float]] = []
    for run in range(runs):
        case = shelf.case(more, shelf.seed + 1 + run)
        copy.drop_cache()
        making, cached = copy.ask("stats").cost.wall, copy.ask("stats").cost.wall
        loading = load_more(copy, as_other_datasets(case, f"more-{run}")).cost.wall
        rows.append((making, cached, copy.ask("stats").cost.wall, loading))
    has_cache = bool(copy.cache())
    making, cached, after, loading = (median(each) for each in zip(*rows, strict=True))
    share = max(after - cached, 0) / max(making - cached, NOISE)
    told = f"after {more:,} more records {seconds(after)}, with the cache there {seconds(cached)}, making it "
    told += f"{seconds(making)}: {share:.2f}; the load took {seconds(loading)}"
    details = {
        "making_s": making,
        "cached_s": cached,
        "after_s": after,
        "load_s": loading,
        "share": share,
        "more": more,
    }
    measured = {size(made.note["records"]): told}
    return [Row(name, measured, _UPDATE, has_cache and share <= 1 / 20, "" if has_cache else _NO_CACHE, details)]


def _degree(name: str, made: Made, before: Made | None, runs: int) -> Sequence[Row]:
    words = ("key-players", "--measure", "degree")
    if before is None:
        return [left_out(name, _DEGREE, "no --before")]
    costs: list[tuple[Cost, Cost, Cost, Cost]] = []
    for each in (made, before):
        each.ask(*words)
    for _ in range(runs):
        costs.append((made.ask(*words).cost, _start(made), before.ask(*words).cost, _start(before)))
    now, start, then, start_then = (middle(each) for each in zip(*costs, strict=True))
    share = max(now.wall - start.wall, 0) / max(then.wall - start_then.wall, NOISE)
    told = f"{seconds(now.wall)} and {now.peak_mb:.0f} MB, at {before.note['commit']} {seconds(then.wall)} and "
    told += f"{then.peak_mb:.0f} MB: {share:.2f} of it less start-up"
    details = {"now": asdict(now), "before": asdict(then), "share": share, "commit": before.note["commit"]}
    reached = share <= 1 / 10 and now.peak_mb <= 2 * _GB
    return [Row(name, {size(made.note["records"]): told}, _DEGREE, reached, details=details)]


def _joint(stores: Sequence[Made]) -> Sequence[Row]:
    """One run at each size: it is there for what the parts take, not for a ratio."""
    told, details, peaks = {}, [], []
    for made in stores:
        cost, parts = _by_part(made)
        engine = sum(parts.get(each, 0.0) for each in ENGINE)
        peaks.append(cost.peak_mb)
        each = ", ".join(f"{name} {seconds(spent)}" for name, spent in sorted(parts.items(), key=lambda p: -p[1]))
        told[size(made.note["records"])] = (
            f"{seconds(cost.wall)}, {seconds(cost.wall - engine)} without the engine, {cost.peak_mb:.0f} MB: {each}"
        )
        details.append({**asdict(cost), "records": made.note["records"], "engine_s": engine, "parts": parts})
    return [Row("joint-value", told, _JOINT, max(peaks) <= 4 * _GB, details={"sizes": details})]


def _by_part(made: Made) -> tuple[Cost, Mapping[str, float]]:
    words: list[Any] = made.programs.reading(made.url, ("joint-value",))[1:]
    with tempfile.TemporaryDirectory() as room:
        file = Path(room, "parts.json")
        command = made.programs.module("benchmarks.scale.by_part", str(file), *words)
        ran = Place(made.place.home, made.place.most, made.programs.folder).run(command)
        parts: dict[str, float] = json.loads(file.read_text("utf-8"))
    return ran.cost, parts
