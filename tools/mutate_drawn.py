"""Draw mutants with a seed, apply each to a copy of the source, and check whether the tests of its area notice.

    python -m tools.mutate_drawn [--draw 300] [--seed 17] [--least 0.85]

Each mutant is shown to the tests of its area that execute its statement (tools/touching.py), or to the whole area if
none does: first those of its own module (test_paths.py for paths.py), then the quickest. They are no more than a minute
of tests, with the examples that are drawn by day, so that fewer mutants are noticed than could be. Known survivors are
in tools/survivors.toml, each with the reason why no test needs to notice it. The exit code is 1 if fewer are noticed
than `--least` asks, and 2 if tests fail without any mutant.
"""

import ast
import json
import os
import random
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import click

from tools.mutants import Mutant, mutants_of
from tools.mutate_logic import ROOT, outcome

# The tests of each area, the most specific first.
AREAS = {
    "workbench/access": ("tests/access", "tests/export/test_private.py", "tests/resolve", "tests/test_cli.py"),
    "workbench/resolve": (
        *("tests/resolve", "tests/conformance/test_batches.py", "tests/conformance/test_contradictions.py"),
        *("tests/conformance/test_judging.py", "tests/conformance/test_identity.py", "tests/conformance/test_parts.py"),
        *("tests/conformance/test_rules_of_parts.py", "tests/conformance/test_scored_parts.py"),
        *("tests/conformance/test_publishing_scores.py", "tests/conformance/test_loads_with_scores.py"),
        *("tests/test_cli.py", "tests/scenario/test_saltmarsh_loads.py"),
    ),
    "workbench/analytics": (
        *("tests/analytics", "tests/app/test_layout.py", "tests/app/test_finding_chart.py", "tests/test_session.py"),
        *("tests/test_facade.py", "tests/test_cli.py", "tests/scenario/test_saltmarsh_loads.py"),
    ),
    "ingest": ("tests/ingest", "tests/test_arguments.py", "tests/scenario/test_saltmarsh_loads.py"),
}
SURVIVORS = Path(__file__).with_name("survivors.toml")
PASSED, TOO_LONG = 0, -1
_MOST = 60.0  # seconds of tests that a mutant is shown to
_START = 60.0  # seconds for pytest to start
_SLOWER = 10  # a mistake that makes tests so many times slower is one that never ends
_WORDS = {PASSED: "SURVIVED", 1: "caught", 2: "caught", TOO_LONG: "caught: it never ends"}


class Touched(NamedTuple):
    """Which tests of an area run which lines, and how long they take."""

    area: Sequence[str]
    lines: Mapping[str, Mapping[str, Sequence[str]]]  # by file and number of line
    seconds: Mapping[str, float]

    @classmethod
    def of(cls, area: Sequence[str]) -> "Touched":
        """Run the tests of an area and note what they execute; click.UsageError if they fail."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "touched.json")
            command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "tools.touching"]
            environment = os.environ | {"WORKBENCH_TOUCHED": str(out), "WORKBENCH_TEST_STORE": "sqlite"}
            done = subprocess.run([*command, *area], cwd=ROOT, env=environment, capture_output=True, text=True)  # noqa: S603 - ours
            if done.returncode != PASSED:
                raise click.UsageError(f"without any mutant these do not pass: {' '.join(area)}\n{done.stdout}")
            return cls(area, **json.loads(out.read_text("utf-8")))

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that run the statement of a mutant: those of its own module first, then the quickest."""
        own = f"/test_{Path(mutant.file).stem}.py"
        lines = self.lines.get(mutant.file, {})
        statement = range(first_line(mutant.file, mutant.line), mutant.line + 1)
        touching = {test for line in statement for test in lines.get(str(line), ())}
        once = {test for test in touching if "::" not in test or test.partition("::")[0] not in touching}
        taken = 0.0
        within = [
            test
            for test in sorted(once, key=lambda test: (own not in test, self.time_of(test), test))
            if (taken := taken + self.time_of(test)) < _MOST
        ]
        return within or list(self.area)

    def time_of(self, test: str) -> float:
        """The seconds of a test, of a module or of a folder of tests."""
        return sum(took for name, took in self.seconds.items() if f"{name}/::".startswith((f"{test}/", f"{test}::")))


@cache
def every_mutant() -> tuple[Mutant, ...]:
    """All mutants of all areas."""
    files = sorted(path for area in AREAS for path in (ROOT / area).rglob("*.py"))
    return tuple(each for path in files for each in mutants_of(ROOT, str(path.relative_to(ROOT))))


@cache
def first_line(file: str, line: int) -> int:
    """The first line of the innermost statement in which a line of a file stands."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    around = (node for node in ast.walk(tree) if isinstance(node, ast.stmt))
    return max(node.lineno for node in around if node.lineno <= line <= (node.end_lineno or 0))


def drawn(many: int, seed: int) -> list[Mutant]:
    """Draw mutants from all areas: the same for the same seed and source."""
    every = every_mutant()
    return random.Random(seed).sample(every, min(many, len(every)))  # noqa: S311 - a draw, no secret


def known_reason(mutant: Mutant) -> str:
    """Why no test needs to notice a mutant; "" if it is not a known survivor."""
    line = (ROOT / mutant.file).read_text("utf-8").splitlines()[mutant.line - 1].strip()
    for each in tomllib.loads(SURVIVORS.read_text("utf-8")).get("survivor", []):
        if (each["file"], each["line"], each["new"]) == (mutant.file, line, mutant.new):
            return str(each["reason"])
    return ""


def area_of(mutant: Mutant) -> str:
    return next(area for area in AREAS if mutant.file.startswith(f"{area}/"))


@click.command(help=__doc__)
@click.option("--draw", "many", default=300, show_default=True, type=click.IntRange(min=1), help="Number of mutants.")
@click.option("--seed", default=17, show_default=True, help="Seed of the draw.")
@click.option(
    "--least", default=0.85, show_default=True, type=click.FloatRange(0, 1), help="Share that must be noticed."
)
def main(many: int, seed: int, least: float) -> None:
    """Run the mutants and print the result of each."""
    chosen = drawn(many, seed)
    areas = sorted(set(map(area_of, chosen)))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        touched = dict(zip(areas, pool.map(lambda area: Touched.of(AREAS[area]), areas), strict=True))
        click.echo(f"{sum(len(each.seconds) for each in touched.values())} tests and modules of tests measured")
        ended = Counter(pool.map(lambda mutant: _shown(mutant, touched[area_of(mutant)]), chosen))
    noticed = len(chosen) - ended["SURVIVED"]
    click.echo(f"{noticed} of {len(chosen)} mutants noticed ({noticed / len(chosen):.0%}), drawn by {seed}")
    sys.exit(noticed < least * len(chosen))


def _shown(mutant: Mutant, touched: Touched) -> str:
    tests = touched.tests(mutant)
    patience = _START + _SLOWER * sum(map(touched.time_of, tests))
    code = outcome(mutant, tests, "sqlite", patience, whole=False)
    word = _WORDS.get(code, f"caught: pytest ended with {code}")
    reason = known_reason(mutant) if word == "SURVIVED" else ""
    click.echo(f"{mutant}: {word}{f' ({reason})' if reason else ''}")
    return word


if __name__ == "__main__":
    main()
