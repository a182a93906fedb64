"""Make named mistakes in a copy of the source, one at a time, and see whether the tests of their area notice.

    python -m tools.mutate_logic [--table FILE] [--store neo4j] [PART OF A NAME ...]

The table (tools/mutations.toml) has a mutation for each mistake: its file, the text that stands there
once, the text instead, and the tests that have to fail then. The exit code is 1 where one survives, and
2 where the run proves nothing: the text stands there no more, or not once (then the table is to be mended),
the tests fail without any mistake, or could not be run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import click
from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_name("mutations.toml")
_PASSED, _FAILED, _NOTHING_PROVED, _TOO_LONG = 0, 1, 2, -1
_TOLD = 2_000  # characters of what a failing run said last


class Mutation(BaseModel):
    """A mistake: what stands once in a file, what instead, and who has to notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def made(self, root: Path) -> str:
        """The text of the file with the mistake in it; click.UsageError where its place is not one."""
        text = (root / self.file).read_text("utf-8")
        if text.count(self.old) != 1:
            found = f"stands {text.count(self.old)} times in {self.file}: correct the table"
            raise click.UsageError(f"{self.name}: the text {self.old!r} {found}")
        return text.replace(self.old, self.new)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    mutation: tuple[Mutation, ...]


def read_mutations(table: Path, parts: Sequence[str] = ()) -> list[Mutation]:
    """The mutations of a table, of which all places are found; those whose names hold one of these parts."""
    known = _Table.model_validate(tomllib.loads(table.read_text("utf-8"))).mutation
    for each in known:
        each.made(ROOT)
    return [each for each in known if not parts or any(part in each.name for part in parts)]


@click.command(help=__doc__)
@click.argument("parts", nargs=-1)
@click.option("--table", type=click.Path(path_type=Path), default=TABLE, show_default=True, help="The mutations.")
@click.option("--store", type=click.Choice(["sqlite", "neo4j"]), default="sqlite", help="Where the tests run.")
def main(parts: tuple[str, ...], table: Path, store: str) -> None:
    """Run the mutations and print what became of each."""
    wanted = read_mutations(table, parts)
    tests = sorted({test for each in wanted for test in each.tests})
    click.echo(f"{len(wanted)} mutations; first the tests without any")
    if outcome(None, tests, store) != _PASSED:
        raise click.UsageError(f"without any mutation these do not pass: {' '.join(tests)}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = list(pool.map(lambda each: _shown(each, store), wanted))
    survived = [each.name for each, code in zip(wanted, ended, strict=True) if code == _PASSED]
    broken = [each.name for each, code in zip(wanted, ended, strict=True) if code not in (_PASSED, _FAILED)]
    click.echo(f"{len(wanted)} mutations; survived: {', '.join(survived) or 'none'}")
    if broken:
        click.echo(f"their tests could not be run: {', '.join(broken)}")
    sys.exit(_NOTHING_PROVED if broken else bool(survived))


def _shown(mutation: Mutation, store: str) -> int:
    begun = time.monotonic()
    code = outcome(mutation, mutation.tests, store)
    word = {_PASSED: "SURVIVED", _FAILED: "caught"}.get(code, f"NOT RUN (pytest ended with {code})")
    click.echo(f"{mutation.name}: {word} ({time.monotonic() - begun:.0f} s)")
    return code


class Mistake(Protocol):
    """A change of one file."""

    @property
    def file(self) -> str: ...

    def made(self, root: Path) -> str:
        """The text of the file with the mistake in it."""


def outcome(mutation: Mistake | None, tests: Sequence[str], store: str, patience: float | None = None) -> int:
    """The exit code of these tests on a copy of the source with the mistake in it; -1 if they take too long."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder, "room")
        shutil.copytree(ROOT, room, ignore=shutil.ignore_patterns(".*", "*.egg-info"))
        if mutation:
            Path(room, mutation.file).write_text(mutation.made(ROOT), "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
        environment = os.environ | {"PYTHONPATH": str(room), "WORKBENCH_TEST_STORE": store, "WORKBENCH_TEST_ALL": "1"}
        try:
            done = subprocess.run(  # noqa: S603 - ours
                command, cwd=room, env=environment, capture_output=True, text=True, check=False, timeout=patience
            )
        except subprocess.TimeoutExpired:
            return _TOO_LONG
    if mutation is None and done.returncode != _PASSED:
        click.echo(done.stdout[-_TOLD:] + done.stderr[-_TOLD:], err=True)
    return done.returncode


if __name__ == "__main__":
    main()
