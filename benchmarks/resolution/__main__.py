"""Measure resolution on labelled data.

    python -m benchmarks.resolution --data FOLDER [--json]

Now it measures pairs of names, in tables with the columns schema, name1, name2, is_match.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.resolution import pairs


def main() -> None:
    """Measure all that is found in a folder, and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolution", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data, looked at with all in it")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {
        str(each.relative_to(options.data)): pairs.measured(list(pairs.read(each)))
        for each in pairs.files(options.data)
    }
    if not found:
        parser.error(
            f"no labelled pairs under {options.data}: a table needs the columns {', '.join(sorted(pairs.COLUMNS))}"
        )
    print(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(drawn(found)))


def drawn(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The lines of the table for people."""
    for path, told in found.items():
        yield f"{path}, at a likeness of {told['threshold']}"
        for name in ("all", "persons"):
            each = told[name]
            verdict = "reached" if each["reached"] else "NOT reached"
            yield f"    {name:8} F1 {each['f1']:.3f}, {verdict}: {each['reach']} ({each['known']} is known)"
            yield f"    {'':8} {_wrong(each)}"
        yield f"  errors by script; the worst is {told['worst']}"
        yield from (f"    {scripts:24} {_wrong(each)}" for scripts, each in told["scripts"].items())


def _wrong(each: Mapping[str, Any]) -> str:
    return f"{each['wrongly_same']} wrongly one and {each['wrongly_different']} wrongly two of {each['pairs']} pairs"


if __name__ == "__main__":
    main()
