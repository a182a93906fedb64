"""Remove filters from the running program, and check whether the tests of the laws notice.

    python -m tools.mutate_view [--store memory|neo4j] [--cases N] [NAME ...]

The filters are found in the source (tests/laws/mutations.py). A function reads through a filter if it
executes it; it is concerned if one of its answers changes without it. The test of every function concerned
must fail. Each mutation must concern a function, or have a test of its own that fails. Otherwise the exit
code is 1.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from tests.laws.bite import Bite, Trial
from tests.laws.cuts import Mutation, cut_source
from tests.laws.mutations import mutations, of_cypher, of_memory
from tests.laws.stages import close_all
from tests.laws.walk import Question, questions
from tools.mutate_logic import FAILING

ROOT = Path(__file__).resolve().parent.parent
_KNOWN = {"sqlite": mutations, "memory": of_memory, "neo4j": of_cypher}


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
@click.option("--store", type=click.Choice(list(_KNOWN)), default="sqlite", help="The store to mutate.")
@click.option("--cases", default=6, show_default=True, help="Number of cases.")
@click.option("--functions", multiple=True, help="Only functions whose names contain this.")
def main(names: tuple[str, ...], store: str, cases: int, functions: tuple[str, ...]) -> None:
    """Run the mutations and print the table."""
    asked = [each for each in questions() if not functions or any(part in each.name for part in functions)]
    known = _KNOWN[store]()
    wanted = [each for name, each in known.items() if not names or name in names]
    click.echo(f"{len(asked)} functions read a view; {len(wanted)} mutations")
    failed = bitten(asked, cases, [each for each in wanted if not each.fence])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed += filter(None, pool.map(lambda each: fenced(each, store), [each for each in wanted if each.fence]))
    click.echo(f"not caught: {', '.join(failed) or 'none'}")
    sys.exit(bool(failed))


def bitten(asked: Sequence[Question], cases: int, wanted: Sequence[Mutation]) -> list[str]:
    """Apply each mutation to this program; returns the names of those that some concerned test does not notice."""
    failed = []
    try:
        for mutation, bite in Trial(asked, cases, os.cpu_count() or 1).run(wanted) if wanted else ():
            show(mutation.name, bite)
            failed += [mutation.name] if bite.missed or not bite.caught else []
    finally:
        close_all()
    return failed


def show(name: str, bite: Bite) -> None:
    """Print a row of the table, and its functions."""
    parts = (("read through it", bite.reads), ("it holds back from", bite.held))
    parts += (("concerned", bite.concerned), ("caught", bite.caught))
    counts = ", ".join(f"{title} {len(functions)}" for title, functions in parts) + f" ({bite.seconds:.0f} s)"
    click.echo(f"{name}: {counts}")
    same = bite.held - bite.concerned
    for title, functions in (("caught", bite.caught), ("NOT CAUGHT", bite.missed), ("no answer changed", same)):
        if functions:
            text = f"{title}: {', '.join(sorted(functions))}"
            click.echo(
                textwrap.fill(text, 118, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
            )


def fenced(mutation: Mutation, store: str) -> str:
    """Say whether its fence holds a mutation back; its name if not."""
    begun = time.monotonic()
    caught = holds(mutation, store)
    said = f"{'caught' if caught else 'NOT CAUGHT'} by {mutation.fence} ({time.monotonic() - begun:.0f} s)"
    click.echo(f"{mutation.name}: {said}")
    return "" if caught else mutation.name


def holds(mutation: Mutation, store: str) -> bool:
    """Whether the test named for a fence fails on a copy of the program without the filter."""
    with tempfile.TemporaryDirectory() as room:
        for each in ("workbench", "ingest", "tests", "tools", "pyproject.toml"):
            copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy
            copy(ROOT / each, Path(room, each))
        for cut in mutation.cuts:
            path = Path(room, *cut.module.split(".")).with_suffix(".py")
            path.write_text(cut_source(cut.module, [cut]), "utf-8")
        command = [sys.executable, "-m", "pytest", *FAILING, mutation.fence]
        environment = os.environ | {"PYTHONPATH": room, "WORKBENCH_TEST_STORE": store, "WORKBENCH_TEST_ALL": "1"}
        done = subprocess.run(command, cwd=room, env=environment, capture_output=True, check=False)  # noqa: S603 - ours
    return done.returncode == 1


if __name__ == "__main__":
    main()
