"""The rows of what reads a whole view: the first answer, the cache of it, and analyses."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks.scale.by_part import ENGINE
from benchmarks.scale.processes import Cost, NotMeasured, Place, Terms, middle
from benchmarks.scale.questions import NOISE
from benchmarks.scale.rows import Row, Task, left_out, seconds, size, took
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

    def share(self, terms: Terms) -> float:
        """The time with the cache as a share of that of making it, both less start-up."""
        return _share(terms, self.cached, self.start, self.making, self.start)


def _share(terms: Terms, one: Cost, less: Cost, other: Cost, less_other: Cost) -> float:
    """One difference of costs as a share of another; the other is at least `NOISE`."""
    part, whole = (terms.took(cost) - terms.took(start) for cost, start in ((one, less), (other, less_other)))
    return max(part, 0) / max(whole, NOISE)


def tasks(shelf: Shelf, stores: Sequence[Made], before: Made | None, terms: Terms) -> list[Task]:
    """The rows of whole views; `before` is the largest store as an older checkout made it."""
    degree = "key-players --measure degree"
    return [
        Task("stats, with the cache there", _FIRST, partial(_first, stores, terms)),
        Task("bringing the cache up to date", _UPDATE, partial(_update, shelf, stores[-1], terms)),
        Task(degree, _DEGREE, partial(_degree, degree, stores[-1], before, terms)),
        *(Task("joint-value", _JOINT, partial(_joint, each)) for each in stores),
    ]


def _first(stores: Sequence[Made], terms: Terms) -> Sequence[Row]:
    found = [_cached(each, terms) for each in stores]
    largest = found[-1]
    reached = bool(largest.cache_mb) and largest.share(terms) <= 1 / 10 and largest.cached.peak_mb <= _GB
    told = {size(each.records): _told_cached(each, each.share(terms)) for each in found}
    why = "" if largest.cache_mb else _NO_CACHE
    sizes = [{**asdict(each), "share": each.share(terms)} for each in found]
    return [Row("stats, with the cache there", told, _FIRST, reached, why, {"sizes": sizes})]


def _cached(made: Made, terms: Terms) -> _Cached:
    costs: list[tuple[Cost, Cost, Cost]] = []
    made.ask("stats")  # brings the file's pages into memory
    for _ in range(terms.runs):
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


def _told_cached(each: _Cached, part: float) -> str:
    share = f"{part:.2f} of it less start-up ({took(each.start)})"
    return f"without it {took(each.making)}, with it {took(each.cached)}: {share}; the cache has {each.cache_mb:.1f} MB"


def _update(shelf: Shelf, made: Made, terms: Terms) -> Sequence[Row]:
    """The first answer after each of some loads, in a copy of the store."""
    name, more = "bringing the cache up to date", max(_LEAST, min(_MORE, made.note["records"] // 5))
    copy = made.copied(made.folder.with_name("updated"))
    try:
        rows = [_updated(shelf, copy, more, run) for run in range(terms.runs)]
        has_cache = bool(copy.cache())
    finally:
        shutil.rmtree(copy.folder)
    making, cached, after, loading = (middle(each) for each in zip(*rows, strict=True))
    share = _share(terms, after, cached, making, cached)
    told = f"after {more:,} more records {took(after)}, with the cache there {took(cached)}, making it "
    told += f"{took(making)}: {share:.2f}; the load took {took(loading)}"
    details = {
        "making": asdict(making),
        "cached": asdict(cached),
        "after": asdict(after),
        "load": asdict(loading),
        "share": share,
        "more": more,
    }
    measured = {size(made.note["records"]): told}
    return [Row(name, measured, _UPDATE, has_cache and share <= 1 / 20, "" if has_cache else _NO_CACHE, details)]


def _updated(shelf: Shelf, copy: Made, more: int, run: int) -> tuple[Cost, Cost, Cost, Cost]:
    """What making the cache, an answer with it, the answer after one more load, and this load take."""
    case = shelf.case(more, shelf.seed + 1 + run)
    copy.drop_cache()
    making, cached = copy.ask("stats").cost, copy.ask("stats").cost
    loading = load_more(copy, as_other_datasets(case, f"more-{run}")).cost
    return making, cached, copy.ask("stats").cost, loading


def _degree(name: str, made: Made, before: Made | None, terms: Terms) -> Sequence[Row]:
    words = ("key-players", "--measure", "degree")
    if before is None:
        return [left_out(name, _DEGREE, "no --before")]
    for each in (made, before):
        each.ask(*words)
    costs = [(made.ask(*words).cost, before.ask(*words).cost) for _ in range(terms.runs)]
    now, then = (middle(each) for each in zip(*costs, strict=True))
    share, commit = terms.took(now) / terms.took(then), before.note["commit"]
    told = f"{took(now)}; at {commit} {took(then)}: {share:.2f} of it"
    details = {"now": asdict(now), "before": asdict(then), "share": share, "commit": commit}
    reached = share <= 1 / 10 and now.peak_mb <= 2 * _GB
    return [Row(name, {size(made.note["records"]): told}, _DEGREE, reached, details=details)]


def _joint(made: Made) -> Sequence[Row]:
    """One run: it is there for what the parts take, not for a ratio."""
    cost, parts = _by_part(made)
    engine = sum(parts.get(each, 0.0) for each in ENGINE)
    told = f"{took(cost)}; {seconds(cost.wall - engine)} wall without the engine: "
    measured = {size(made.note["records"]): told + _told_parts(parts)}
    details = {**asdict(cost), "records": made.note["records"], "engine_s": engine, "parts": parts}
    return [Row("joint-value", measured, _JOINT, cost.peak_mb <= 4 * _GB, details=details)]


def _by_part(made: Made) -> tuple[Cost, Mapping[str, float]]:
    """What the command takes, and the seconds of each part; NotMeasured says how far it came."""
    words = made.programs.reading(made.url, ("joint-value",))[1:]
    with tempfile.TemporaryDirectory() as room:
        file = Path(room, "parts.json")
        command = made.programs.module("benchmarks.scale.by_part", str(file), *words)
        try:
            ran = Place(made.place.home, made.place.most, made.programs.folder).run(command)
        except NotMeasured as error:
            told = _told_parts(_parts_in(file)) if file.exists() else "nothing is known of its parts"
            raise NotMeasured(f"at {size(made.note['records'])} {error}; by then: {told}") from error
        return ran.cost, _parts_in(file)


def _parts_in(file: Path) -> Mapping[str, float]:
    parts: dict[str, float] = json.loads(file.read_text("utf-8"))
    return parts


def _told_parts(parts: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {seconds(spent)}" for name, spent in sorted(parts.items(), key=lambda part: -part[1]))
