"""Measure resolution on labelled data.

    python -m benchmarks.resolution --data FOLDER [--json]

Measures everything that it finds in the folder and those within:

- tables of labelled pairs of names, with the columns schema, name1, name2, is_match;
- records of any table, CSV or JSON lines with Senzing's attributes, beside files that have a label for each;
- registers that `workbench scenario --registers` made, beside plain Splink.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.resolution import own, pairs, records, registers
from benchmarks.resolution.scoring import FEWEST

Told = Mapping[str, Any]


def main() -> None:
    """Measure all that is found in a folder, and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.resolution", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = dict(measured(options.data))
    if not found:
        columns = ", ".join(sorted(pairs.COLUMNS))
        parser.error(f"no labelled records or registers under {options.data}, nor pairs with the columns {columns}")
    print(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(drawn(found)))


def measured(data: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is measured, by the place of what it is measured on."""
    for path in pairs.files(data):
        yield str(path.relative_to(data)), pairs.measured(list(pairs.read(path)))
    for folder in _folders(data):
        if registers.are_in(folder):
            yield str(folder.relative_to(data)), own.measured(folder)
        elif records.are_in(folder):
            yield str(folder.relative_to(data)), records.measured(folder)


def _folders(folder: Path) -> Iterator[Path]:
    """A folder and all within, but those within registers."""
    yield folder
    if not registers.are_in(folder):
        for each in sorted(folder.iterdir()):
            if each.is_dir():
                yield from _folders(each)


def drawn(found: Mapping[str, Told]) -> Iterator[str]:
    """The lines of the table for people."""
    for path, told in found.items():
        if "threshold" in told:
            yield f"{path}, at a likeness of {told['threshold']}"
            yield from _of_pairs(told)
        else:
            yield f"{path}, seconds of CPU: {', '.join(f'{name} {n}' for name, n in told['seconds'].items())}"
            yield from _of_registers(told) if "raw" in told else _of_records(told)


def _of_pairs(told: Told) -> Iterator[str]:
    for name in ("all", "persons"):
        each = told[name]
        verdict = "reached" if each["reached"] else "NOT reached"
        yield f"    {name:8} F1 {each['f1']:.3f}, {verdict}: {each['reach']} ({each['known']} is known)"
        yield f"    {'':8} {_wrong(each)}"
    yield from _by_script(told)


def _of_records(told: Told) -> Iterator[str]:
    for name, each in told.items():
        if isinstance(each, dict) and "f1" in each:
            yield f"    {name}: {_score(each)}"
            yield from _by_script(each)


def _of_registers(told: Told) -> Iterator[str]:
    for name in ("persons", "companies", "raw", "ceiling"):
        yield f"    {name:9} {_score(told[name])}"
    verdict = "reached" if told["reached"] else "NOT reached"
    yield f"    closes {told['closes']:.0%} of what plain Splink leaves open, {verdict}: {told['reach']:.0%}"
    verdict = "reached" if told["persons"]["precision"] >= own.PRECISION else "NOT reached"
    yield f"    precision {verdict}: {own.PRECISION}"
    yield from _by_script(told)


def _score(each: Told) -> str:
    return f"F1 {each['f1']:.4f}, precision {each['precision']:.4f}, recall {each['recall']:.4f}"


def _by_script(told: Told) -> Iterator[str]:
    most, highest = (told[name] or "none" for name in ("most_errors", "highest_share"))
    yield f"  errors by script; most errors: {most}; highest share, of those with {FEWEST} pairs or more: {highest}"
    yield from (f"    {scripts:24} {_wrong(each)}" for scripts, each in told["scripts"].items())


def _wrong(each: Told) -> str:
    wrong = f"{each['wrongly_same']} wrongly one and {each['wrongly_different']} wrongly two"
    return f"{wrong} of {each['pairs']} pairs ({each['share']:.1%})"


if __name__ == "__main__":
    main()
