"""Draw mistakes by a seed, make each in a copy of the source, and see whether the tests of its area notice.

    python -m tools.mutate_drawn [--draw 300] [--seed 17] [--least 0.85]

Survivors that are known are in tools/survivors.toml, each with the reason why nobody has to notice. The exit code
is 1 where fewer are noticed than `--least` asks, and 2 where tests fail without any mistake.
"""

import os
import random
import sys
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import click

from tools.mutants import Mutant, mutants_of
from tools.mutate_logic import ROOT, outcome

# The tests of each area, the nearest first.
AREAS = {
    "workbench/access": ("tests/access", "tests/export/test_private.py", "tests/resolve", "tests/test_cli.py"),
    "workbench/resolve": ("tests/resolve", "tests/test_cli.py", "tests/scenario/test_saltmarsh_loads.py"),
    "workbench/analytics": ("tests/analytics", "tests/test_cli.py", "tests/scenario/test_saltmarsh_loads.py"),
    "ingest": ("tests/ingest", "tests/scenario/test_saltmarsh_loads.py"),
}
SURVIVORS = Path(__file__).with_name("survivors.toml")
PASSED, TOO_LONG = 0, -1
_PATIENCE = 900.0  # seconds for the tests of an area: they take a few minutes
_WORDS = {PASSED: "SURVIVED", 1: "caught", 2: "caught", TOO_LONG: "caught: it never ends"}


@cache
def every_mutant() -> tuple[Mutant, ...]:
    """All that can be made in the areas."""
    files = sorted(path for area in AREAS for path in (ROOT / area).rglob("*.py"))
    return tuple(each for path in files for each in mutants_of(ROOT, str(path.relative_to(ROOT))))


def drawn(many: int, seed: int) -> list[Mutant]:
    """So many mutants of all areas, the same for a seed as long as the source is the same."""
    every = every_mutant()
    return random.Random(seed).sample(every, min(many, len(every)))  # noqa: S311 - a draw, no secret


def known_reason(mutant: Mutant) -> str:
    """Why nobody has to notice a mutant; "" for one that is not known."""
    line = (ROOT / mutant.file).read_text("utf-8").splitlines()[mutant.line - 1].strip()
    for each in tomllib.loads(SURVIVORS.read_text("utf-8")).get("survivor", []):
        if (each["file"], each["line"], each["new"]) == (mutant.file, line, mutant.new):
            return str(each["reason"])
    return ""


def area_of(mutant: Mutant) -> str:
    return next(area for area in AREAS if mutant.file.startswith(f"{area}/"))


@click.command(help=__doc__)
@click.option("--draw", "many", default=300, show_default=True, type=click.IntRange(min=1), help="How many.")
@click.option("--seed", default=17, show_default=True, help="Another one draws others.")
@click.option("--least", default=0.85, show_default=True, type=click.FloatRange(0, 1), help="The share to be noticed.")
def main(many: int, seed: int, least: float) -> None:
    """Run the mutants and print what became of each."""
    chosen = drawn(many, seed)
    for area in sorted(set(map(area_of, chosen))):
        if outcome(None, AREAS[area], "sqlite", _PATIENCE) != PASSED:
            raise click.UsageError(f"without any mistake these do not pass: {' '.join(AREAS[area])}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = Counter(pool.map(_shown, chosen))
    noticed = len(chosen) - ended["SURVIVED"]
    click.echo(f"{noticed} of {len(chosen)} mutants noticed ({noticed / len(chosen):.0%}), drawn by {seed}")
    sys.exit(noticed < least * len(chosen))


def _shown(mutant: Mutant) -> str:
    code = outcome(mutant, AREAS[area_of(mutant)], "sqlite", _PATIENCE)
    word = _WORDS.get(code, f"caught: pytest ended with {code}")
    reason = known_reason(mutant) if word == "SURVIVED" else ""
    click.echo(f"{mutant}: {word}{f' ({reason})' if reason else ''}")
    return word


if __name__ == "__main__":
    main()
