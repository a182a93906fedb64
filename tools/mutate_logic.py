"""Apply named mutations to a copy of the source, one at a time, and check whether the tests of their area notice.

    python -m tools.mutate_logic [--table FILE] [--store neo4j] [--by-day] [--part 3/15] [--seconds 60]
        [PART OF A NAME ...]

The table (tools/mutations.toml) has for each mutation its file, the text that occurs there once, the replacement,
and the tests that must fail. These run as they do by day; what they don't notice then, all of them look at with all
their examples, as at night. So it is told how much the day notices. With `--by-day` it stays at that.

The exit code is 1 if one survives, and 2 if the run proves nothing: the text does not occur exactly once (then correct
the table), the tests that noticed fail without the mutation too, or they could not be run.
"""

import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from zlib import crc32

import click
from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parent.parent
# How pytest is told to run tests that must fail.
FAILING = ("-q", "-x", "-p", "no:cacheprovider", "--hypothesis-profile", "first")
TABLE = Path(__file__).with_name("mutations.toml")
_PASSED, _FAILED, _NOTHING_PROVED, _NOTHING_RAN, _TOO_LONG = 0, 1, 2, 5, -1
_BY_DAY, _AT_NIGHT, _SURVIVED, _NOT_ENDED = "caught by day", "caught at night", "SURVIVED", "not ended in time"
_MEMORY = 8 << 30  # octets that a run of tests may take: a mistake may fill all that there are
_TOLD = 2_000  # characters of a failing run's output to show


class Mutation(BaseModel):
    """A mutation: a text that occurs once in a file, its replacement, and the tests that must notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def made(self, root: Path) -> str:
        """The text of the mutated file; click.UsageError if `old` does not occur exactly once."""
        text = (root / self.file).read_text("utf-8")
        if text.count(self.old) != 1:
            found = f"stands {text.count(self.old)} times in {self.file}: correct the table"
            raise click.UsageError(f"{self.name}: the text {self.old!r} {found}")
        return text.replace(self.old, self.new)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    mutation: tuple[Mutation, ...]


def read_mutations(table: Path, parts: Sequence[str] = ()) -> list[Mutation]:
    """The mutations of a table whose names contain one of these parts; all of the table must apply to the source."""
    known = _Table.model_validate(tomllib.loads(table.read_text("utf-8"))).mutation
    for each in known:
        each.made(ROOT)
    return [each for each in known if not parts or any(part in each.name for part in parts)]


@click.command(help=__doc__)
@click.argument("parts", nargs=-1)
@click.option("--table", type=click.Path(path_type=Path), default=TABLE, show_default=True, help="The mutations.")
@click.option("--store", type=click.Choice(["sqlite", "neo4j"]), default="sqlite", help="Where the tests run.")
@click.option("--by-day", is_flag=True, help="Run the tests of the day alone.")
@click.option("--part", metavar="N/OF", default="0/1", help="Of all mutations, every OF-th from the N-th on.")
@click.option("--seconds", type=float, default=math.inf, help="Stop after so many, and tell what was not ended.")
def main(parts: tuple[str, ...], table: Path, store: str, by_day: bool, part: str, seconds: float) -> None:
    """Run the mutations and print what became of each."""
    number, _, of = part.partition("/")
    wanted = read_mutations(table, parts)[int(number) % int(of) :: int(of)]
    if seconds < math.inf:  # each day others come first
        wanted.sort(key=lambda each: crc32(f"{datetime.now(UTC):%j} {each.name}".encode()))
    click.echo(f"{len(wanted)} mutations")
    run = _Run(store, by_day, time.monotonic() + seconds)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = dict(zip((each.name for each in wanted), pool.map(run.shown, wanted), strict=True))
    told = Counter(ended.values())
    click.echo(", ".join(f"{many} {word}" for word, many in told.items()))
    for word in (_AT_NIGHT, _SURVIVED):
        click.echo(f"{word}: {', '.join(name for name, each in ended.items() if each == word) or 'none'}")
    if told.keys() - {_BY_DAY, _AT_NIGHT, _SURVIVED, _NOT_ENDED}:
        sys.exit(_NOTHING_PROVED)
    sys.exit(_SURVIVED in told)


@dataclass(frozen=True)
class _Run:
    """How mutations are run: on which store, with the tests of the day alone, and until when."""

    store: str
    is_by_day: bool
    until: float
    proved: dict[tuple[Sequence[str], bool], int] = field(default_factory=dict)  # how tests end as it is

    def shown(self, mutation: Mutation) -> str:
        """Run the tests of a mutation, print what became of it, and tell."""
        begun = time.monotonic()
        word = self._noticed(mutation)
        click.echo(f"{mutation.name}: {word} ({time.monotonic() - begun:.0f} s)")
        return word

    def _noticed(self, mutation: Mutation) -> str:
        """When the tests of a mutation notice it."""
        for word in (_BY_DAY,) if self.is_by_day else (_BY_DAY, _AT_NIGHT):
            whole = word == _AT_NIGHT
            code = self._outcome(mutation, mutation.tests, whole)
            if code == _PASSED or (code == _NOTHING_RAN and not whole):  # by day all of them may wait
                continue
            without = code if code == _TOO_LONG else self._without(mutation.tests, whole)
            if without == _TOO_LONG:
                return _NOT_ENDED
            if without != _PASSED:
                return f"NOT RUN: without it these do not pass: {' '.join(mutation.tests)}"
            return word if code == _FAILED else f"NOT RUN: pytest ended with {code}"
        return _SURVIVED

    def _without(self, tests: Sequence[str], whole: bool) -> int:
        """How tests end without any mutation."""
        if (tests, whole) not in self.proved:
            self.proved[tests, whole] = self._outcome(None, tests, whole)
        return self.proved[tests, whole]

    def _outcome(self, mutation: Mutation | None, tests: Sequence[str], whole: bool) -> int:
        left = self.until - time.monotonic()
        return outcome(mutation, tests, self.store, left if left < math.inf else None, whole) if left > 0 else _TOO_LONG


class Mistake(Protocol):
    """A change to one file."""

    @property
    def file(self) -> str: ...

    def made(self, root: Path) -> str:
        """The text of the file with the mistake in it."""


def outcome(
    mutation: Mistake | None, tests: Sequence[str], store: str, patience: float | None = None, whole: bool = True
) -> int:
    """The exit code of these tests on a mutated copy of the source; -1 if they take too long.

    `whole`: with all their examples, not with those that are drawn by day.
    """
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder, "room")
        shutil.copytree(ROOT, room, ignore=shutil.ignore_patterns(".*", "*.egg-info"))
        if mutation:
            Path(room, mutation.file).write_text(mutation.made(ROOT), "utf-8")
        command = [sys.executable, "-m", "pytest", *FAILING, *tests]
        environment = os.environ | {
            "PYTHONPATH": str(room),
            "WORKBENCH_TEST_STORE": store,
            "WORKBENCH_TEST_ALL": "1" if whole else "",
            "WORKBENCH_TEST_PART": "",
        }
        code, said = _ended(command, room, environment, patience)
    if mutation is None and code not in (_PASSED, _TOO_LONG):
        click.echo(said, err=True)
    return code


def _ended(
    command: Sequence[str], room: Path, environment: Mapping[str, str], patience: float | None
) -> tuple[int, str]:
    """How a command ended in a folder, and the last that it said; -1 and nothing if it takes too long."""
    with subprocess.Popen(  # noqa: S603 - ours
        command, cwd=room, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        resource.prlimit(process.pid, resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
        try:
            said, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            return _TOO_LONG, ""
    return process.returncode, said[-_TOLD:]


if __name__ == "__main__":
    main()
