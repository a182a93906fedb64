"""Measure what commands take in a cold process, at growing sizes; `docs/scale.md` says how.

`--records 5000000` measures at 50,000, 500,000 and 5,000,000 records; several numbers are the sizes themselves.
Cases and stores are kept in `--data` and used again. Without `--before`, a checkout of an older commit with an
environment of its own, what is compared with it is left out.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.scale import loads, lookups, whole
from benchmarks.scale.choice import chosen, names
from benchmarks.scale.processes import CLOCKS, Terms
from benchmarks.scale.programs import Programs
from benchmarks.scale.questions import Subject
from benchmarks.scale.rows import Row, Task, drawn
from benchmarks.scale.stores import Made, Shelf
from workbench.settings import hand_down
from workbench.store.login import shown

_PARTS = ("lookups", "whole", "loads")
_LEAST = 500
_CANDIDATES = 1_000


def main() -> None:
    """Measure, and print the table."""
    options = _options()
    options.data.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(options.data.resolve(), options.seed, options.most)
    here = Programs.here()
    stores = [shelf.store(each, here) for each in options.sizes]
    rows: list[Row] = []
    for task in _tasks(options, shelf, stores):
        _say(task.command)
        rows.extend(task.rows())
    if options.json:
        print(json.dumps(_told(options, stores, rows), ensure_ascii=False))
    else:
        print("\n".join(drawn(rows)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--records", dest="sizes", type=_sizes, default="5000000", metavar="N[,N…]")
    parser.add_argument(
        "--data", type=Path, default=Path(".benchmarks"), help="folder for cases and stores (.benchmarks)"
    )
    parser.add_argument("--before", type=Path, metavar="FOLDER", help="a checkout of an older commit, with its .venv")
    parser.add_argument("--store", default="", help="an empty Neo4j database, to measure beside the older commit")
    parser.add_argument("--only", type=_parts, default=",".join(_PARTS), help=f"some of {','.join(_PARTS)}")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (5)")
    parser.add_argument("--clock", choices=CLOCKS, default=CLOCKS[0], help="what verdicts go by; cpu on a busy machine")
    parser.add_argument("--load-runs", type=int, help="runs of each load (as --runs)")
    parser.add_argument("--most", type=float, default=3600, help="seconds after which a command is ended (3600)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    given = sorted({int(each) for each in text.split(",")})
    if len(given) > 1:
        return given
    return sorted({part for part in (given[0] // 100, given[0] // 10) if part >= _LEAST} | {given[0]})


def _parts(text: str) -> list[str]:
    named = text.split(",")
    if unknown := set(named) - set(_PARTS):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: name some of {', '.join(_PARTS)}")
    return named


def _tasks(options: argparse.Namespace, shelf: Shelf, stores: Sequence[Made]) -> list[Task]:
    before = Programs.of(options.before) if options.before else None
    found: list[Task] = []
    terms = Terms(options.runs, options.clock)
    if "lookups" in options.only:
        found += lookups.tasks(_subjects(options, stores), terms)
    if "whole" in options.only:
        older = shelf.store(options.sizes[-1], before, f"before-{before.commit}") if before else None
        found += whole.tasks(shelf, stores, older, terms)
    if "loads" in options.only:
        if options.store:  # pass the password by environment: everyone can read command lines
            hand_down(options.store, None, None)
        sizes = sorted({max(_LEAST, options.sizes[-1] // 5), options.sizes[-1]})
        server = shown(options.store) if options.store else ""
        found += loads.tasks(shelf, sizes, before, server, Terms(options.load_runs or options.runs, options.clock))
    return found


def _subjects(options: argparse.Namespace, stores: Sequence[Made]) -> list[Subject]:
    _say("choosing whom to ask about")
    words = names(stores, _CANDIDATES)
    chose = [chosen(each, options.seed, options.runs) for each in stores]
    return [Subject(made, whom, word) for made, whom, word in zip(stores, chose, words, strict=True)]


def _told(options: argparse.Namespace, stores: Sequence[Made], rows: Sequence[Row]) -> dict[str, object]:
    machine = {
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0],
    }
    noted = [{name: each.note[name] for name in each.note if name != "chosen"} for each in stores]
    settings = {
        "runs": options.runs,
        "load_runs": options.load_runs or options.runs,
        "clock": options.clock,
        "seed": options.seed,
    }
    return {
        "commit": Programs.here().commit,
        "machine": machine,
        **settings,
        "stores": noted,
        "rows": [row.to_dict() for row in rows],
    }


def _say(text: str) -> None:
    """Tell whoever waits what is measured now."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
