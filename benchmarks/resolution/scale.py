"""What resolution takes as records grow, each beside something else in the same run.

    python -m benchmarks.resolution.scale --data FOLDER [--new 1000] [--json]

FOLDER is made by `workbench scenario --registers N`; some records of persons are held back at first. Beside each other:

- finding and scoring the pairs of persons, given their normal forms, and plain Splink on the same forms; and the whole
  run of `workbench resolve --train`, which makes the forms and publishes the pairs too;
- `workbench resolve --new` when the records that were held back have been loaded, and a whole run instead of it;
- the identity of a new view with scores and without: as it is; and with a hundredth of all clusters in doubt, because
  two of their members are judged to be different people, and without the scores of others that are in doubt.

Each step has a process of its own, and finds the columns that were cached before it, as commands do. Ratios are of
seconds of CPU, as other programs may be at work; those by the clock are told too. What is to be reached is meant for
1,000,000 records: with fewer, what does not grow with them weighs more, such as some seconds to read the tables of
names. The seconds of an identity are the median of some views of one process; the first of all reads the scores from
the store too.
"""

import argparse
import csv
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.resolution import registers
from benchmarks.resolution.apart import run_apart
from workbench.scenario.registers.agencies import COMPANIES, PERSONS, Agency, agencies

Told = dict[str, Any]
_STORE = "store.db"
# What is to be reached: the most that each may be of what it is beside.
_PAIRS, _NEW, _IDENTITY, _MEGABYTES = 1.3, 1 / 30, 3.0, 8 * 1024
_COUNTED = ("compared", "pairs", "joins", "refused", "in_doubt")
_SHORTEST = 1e-4  # seconds that can be measured


@dataclass(frozen=True, slots=True)
class Steps:
    """Runs steps in a folder of stores and files, each in a process of its own."""

    folder: Path

    def run(self, step: str, *paths: str | Path) -> Told:
        """What a step told, and its peak of memory in MB; paths are in the folder."""
        ran = run_apart("steps", step, *(self.folder / path for path in paths))
        return {**ran.answer, "megabytes": round(ran.cost.peak_mb)}

    def on(self, step: str, store: str, *paths: str | Path) -> Told:
        """The same on a store, by the name of its folder."""
        (self.folder / store).mkdir(exist_ok=True)
        return self.run(step, Path(store, _STORE), *paths)

    def copy(self, store: str, other: str) -> None:
        """Copy a store that no process has open."""
        shutil.copytree(self.folder / store, self.folder / other)


def measured(folder: Path, new: int) -> Told:
    """What each step took, in seconds and MB, and the ratios; as JSON values."""
    with TemporaryDirectory() as work:
        steps = Steps(Path(work))
        held_back = hold_back(folder, steps.folder, new)
        took = {"load": steps.on("load", "unscored", "most")}
        took |= _of_pairs(steps) | _of_identity(steps, "identity") | _of_new(steps)
        judged = steps.on("doubt", "scored", Path("unscored", _STORE))["judgements"]
        took |= _of_identity(steps, "identity in little doubt", "calm")
    records = len(registers.truth(folder))
    told = {"records": records, "held_back": held_back, "judged_different": judged, "steps": took}
    return told | {
        "ratios": list(_ratios(took)),
        "new_is_as_whole": took["new"]["who"] == took["instead of new"]["who"],
    }


def _of_pairs(steps: Steps) -> Told:
    steps.copy("unscored", "scored")
    took = {"whole run": steps.on("train", "scored")}
    steps.on("forms", "scored", "forms")
    return took | {"pairs": steps.run("ours", "forms"), "plain Splink": steps.run("beside", "forms")}


def _of_new(steps: Steps) -> Told:
    steps.copy("scored", "grown")
    steps.on("load", "grown", "rest")
    steps.copy("grown", "again")
    return {"new": steps.on("new", "grown"), "instead of new": steps.on("whole", "again")}


def _of_identity(steps: Steps, name: str, step: str = "identity") -> Told:
    return {name: steps.on(step, "scored"), f"{name} without scores": steps.on("identity", "unscored")}


def hold_back(folder: Path, work: Path, new: int) -> int:
    """Make the folders `most` and `rest` of registers: in `rest` so many persons, spread over all; returns how many."""
    every = max(2, len(registers.truth(folder)) // max(new, 1))
    for name in ("most", "rest"):
        shutil.copytree(folder, work / name, ignore=shutil.ignore_patterns("*.csv"))
    loads = work / "rest" / "loads.toml"
    lines = loads.read_text("utf-8").splitlines(keepends=True)
    loads.write_text("".join(line for line in lines if f"{COMPANIES}.csv" not in line), "utf-8")
    for agency in agencies():
        shutil.copyfile(_table(folder, agency, COMPANIES), _table(work / "most", agency, COMPANIES))
    return sum(_part(folder, work, agency, every) for agency in agencies())


def _table(folder: Path, agency: Agency, name: str = PERSONS) -> Path:
    return folder / agency.code / f"{name}.csv"


def _part(folder: Path, work: Path, agency: Agency, every: int) -> int:
    """Part an agency's persons: the first and each so many further on go to `rest`."""
    with _table(folder, agency).open(encoding=agency.encoding, newline="") as lines:
        head, *rows = csv.reader(lines, delimiter=agency.delimiter)
    rest = rows[::every]
    for name, some in (("most", (row for n, row in enumerate(rows) if n % every)), ("rest", rest)):
        with _table(work / name, agency).open("w", encoding=agency.encoding, newline="") as file:
            csv.writer(file, delimiter=agency.delimiter, lineterminator="\n").writerows([head, *some])
    return len(rest)


def _ratios(took: Mapping[str, Told]) -> Iterator[Told]:
    yield _ratio("pairs of the same forms, beside plain Splink", took["pairs"], took["plain Splink"], _PAIRS)
    yield _ratio("a whole run, beside plain Splink on its forms", took["whole run"], took["plain Splink"])
    yield _ratio("only what is new, beside a whole run", took["new"], took["instead of new"], _NEW)
    for name, reach in (("identity", None), ("identity in little doubt", _IDENTITY)):
        ours, without = took[name], took[f"{name} without scores"]
        yield _ratio(f"{name} with scores, beside without", ours, without, reach)
        yield _ratio(f"{name} with scores, beside without, for the first time", ours["first"], without["first"])


def _ratio(name: str, one: Told, other: Told, reach: float | None = None) -> Told:
    cpu, clock = (round(one[each] / max(other[each], _SHORTEST), 4) for each in ("seconds", "seconds_by_the_clock"))
    verdict = {} if reach is None else {"reach": round(reach, 4), "reached": cpu <= reach}
    return {"of": name, "ratio": cpu, "ratio_by_the_clock": clock, **verdict}


def drawn(told: Told) -> Iterator[str]:
    """The lines of the table for people."""
    yield f"{told['records']} records of persons, {told['held_back']} of them held back at first"
    yield from (_line(name, each) for name, each in told["steps"].items())
    memory = told["steps"]["whole run"]["megabytes"]
    yield f"  memory of a whole run: {memory} MB, {_verdict(memory <= _MEGABYTES)}: {_MEGABYTES} MB"
    same = "the same" if told["new_is_as_whole"] else "NOT the same"
    yield f"  who is who after only what is new was compared, and after all was: {same}"
    for each in told["ratios"]:
        reach = f", {_verdict(each['reached'])}: {each['reach']}" if "reach" in each else ""
        yield f"  {each['of']}: {each['ratio']} ({each['ratio_by_the_clock']} by the clock){reach}"


def _line(name: str, took: Told) -> str:
    more = ", ".join(f"{what} {took[what]}" for what in _COUNTED if what in took)
    return f"    {name:34} {took['seconds']:10.4f} s of CPU, {took['megabytes']:5} MB  {more}"


def _verdict(reached: bool) -> str:
    return "reached" if reached else "NOT reached"


def main() -> None:
    """Measure the registers in a folder, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.resolution.scale", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of registers")
    parser.add_argument("--new", type=int, default=1000, help="records that are held back (1000)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not registers.are_in(options.data):
        parser.error(f"no registers in {options.data}: make some with `workbench scenario --registers`")
    told = measured(options.data.resolve(), options.new)
    print(json.dumps(told) if options.json else "\n".join(drawn(told)))


if __name__ == "__main__":
    main()
