"""Take a filter out of a copy of the program and see whether the laws' tests notice: do they bite?

    python tools/mutate_view.py [--examples N] [NAME ...]

A function is concerned by a mutation if one of its answers changes. The test of every function
concerned has to fail, and a mutation has to concern somebody; else the exit code is 1. A filter
taken out everywhere is tried on all functions that read a view; in one place, on the view's own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent

# What no marking and no revision decides: a unit in quarantine belongs to its agency.
OF_NOBODY = {"Session.close", "Session.store", "View.quarantine"}


@dataclass(frozen=True)
class Cut:
    """What is taken out of a part (a function or a constant; "" is all) of a file."""

    file: str
    part: str
    pattern: str
    instead: str

    def apply(self, root: Path) -> int:
        """Cut it out of a copy; how often it was there."""
        path = root / "workbench" / self.file
        text = path.read_text("utf-8")
        start = re.search(rf"^ *{self.part}", text, re.MULTILINE)
        if start is None:
            return 0
        following = re.search(r"^(?:def |_[A-Z]|    def )", text[start.end() :], re.MULTILINE) if self.part else None
        end = start.end() + following.start() if following else len(text)
        cut, n = re.subn(self.pattern, self.instead, text[start.start() : end])
        path.write_text(text[: start.start()] + cut + text[end:], "utf-8")
        return n


def marking(part: str, file: str = "store/sqlite/reader.py") -> Cut:
    """The marking predicate of a statement."""
    return Cut(file, part, r"(\w+\.)?vis IN \(SELECT value FROM json_each\(\?\)\)", "? IS NOT NULL")


def revision(part: str, file: str = "store/sqlite/reader.py") -> Cut:
    """The revision filter of a statement."""
    return Cut(file, part, r"(\w+\.)?rev_from <= \? AND (\w+\.)?rev_to > \?", "? IS NOT NULL AND ? IS NOT NULL")


RECORDS = ("_BY_KEY", "_BY_ABOUT", r"def keys\(", "def keys_of")
SEARCH, COLUMNS = "store/sqlite/search.py", "store/sqlite/columns.py"
MASK = Cut("store/columns.py", "def masked", r"np\.zeros\(classes", "np.ones(classes")
LATER = Cut("store/view.py", "def history", r"if number <= self\._number", "")

MUTATIONS: dict[str, tuple[Cut, ...]] = {
    "marking, everywhere": (Cut("access/policy.py", "def may_read", r"return \(", "return True or ("),),
    "marking, base columns": (MASK,),
    "marking, record by key": (marking("_BY_KEY"),),
    "marking, records about": (marking("_BY_ABOUT"),),
    "marking, digest": (marking(r"def keys\("),),
    "marking, search": (marking("", SEARCH),),
    "marking, revisions shown": (marking("def publications"),),
    "marking, common values": (marking("def commons"),),
    "marking, documents": (marking("def documents"),),
    "judgements' filter": (marking("def judgements"),),
    "judgements' evidence": (Cut("store/base.py", "def _allowed", r"bool\(each\.members\) and .*", "True"),),
    "revision, everywhere": (
        *(revision(part) for part in (*RECORDS, "def judgements", "def commons")),
        revision("", SEARCH),
        revision("", COLUMNS),
        LATER,
    ),
    "revision, base columns": (revision("", COLUMNS),),
    "revision, record by key": (revision("_BY_KEY"),),
    "revision, records about": (revision("_BY_ABOUT"),),
    "revision, digest": (revision(r"def keys\("),),
    "revision, search": (revision("", SEARCH),),
    "revision, judgements": (revision("def judgements"),),
    "revision, common values": (revision("def commons"),),
    "revision, history": (LATER,),
}
# Those that are tried on all functions, and which functions none of them concerns.
OF_VIEW = "View."
EVERYWHERE = ("marking, everywhere", "judgements' filter", "revision, everywhere")
CONCERNS_ALL = {"marking, everywhere": OF_NOBODY}

# What writes acts on what stands now: what is seen afterwards is the view's to answer for.
ACTS_NOW = re.compile(r"Session\.(close|different|same|undo)|resolve\.(judgements\.(judge|undo)|listing|remarking)\b.*")


@dataclass(frozen=True)
class Result:
    """How many cuts there were, which functions answer otherwise, and which of them a test caught."""

    cuts: int
    changed: frozenset[str]
    broken: frozenset[str]


def ask(root: Path, *arguments: str) -> Any:
    """What the program in a folder does with the laws."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.laws.bite", *arguments]
    environment = os.environ | {"PYTHONPATH": str(root)}
    found = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)  # noqa: S603 - our own
    if found.returncode:
        raise click.ClickException(found.stderr.decode()[-2000:])
    return json.loads(found.stdout)


@dataclass(frozen=True)
class Trial:
    """A copy of the program as it is, what it answers, and room for copies that are cut."""

    room: Path
    cases: int

    def prepare(self, pool: Executor) -> None:
        """Copy the program, and ask the copy all that the mutated ones are asked."""
        for each in ("workbench", "ingest", "tests"):
            shutil.copytree(ROOT / each, self.room / "as-it-is" / each, ignore=shutil.ignore_patterns("__pycache__"))
        prefixes = ("", OF_VIEW)
        for prefix, told in zip(prefixes, pool.map(self._told, prefixes), strict=True):
            self._answers(prefix).write_text(json.dumps(told), "utf-8")

    def everybody(self) -> set[str]:
        """The names of all functions that were asked."""
        return {name.split()[1] for name in json.loads(self._answers("").read_text("utf-8"))}

    def mutate(self, name: str) -> Result:
        """Cut a copy, and ask it."""
        root = self.room / re.sub(r"\W+", "-", name)
        shutil.copytree(self.room / "as-it-is", root)
        cuts = [cut.apply(root) for cut in MUTATIONS[name]]
        if 0 in cuts:
            raise click.ClickException(
                f"{name}: nothing to cut by {MUTATIONS[name][cuts.index(0)]}: the source changed"
            )
        prefix = "" if name in EVERYWHERE else OF_VIEW
        least = self._cases(prefix) if name in EVERYWHERE else self.cases // 2
        found = ask(root, str(self._cases(prefix)), str(least), prefix, str(self._answers(prefix)))
        shutil.rmtree(root)
        broken = frozenset(found["broken"])
        return Result(sum(cuts), frozenset(found["changed"]) | broken, broken)

    def _told(self, prefix: str) -> Any:
        return ask(self.room / "as-it-is", str(self._cases(prefix)), "0", prefix)

    def _cases(self, prefix: str) -> int:
        return self.cases * 3 if prefix else self.cases

    def _answers(self, prefix: str) -> Path:
        return self.room / f"answers-{prefix or 'all'}.json"


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
@click.option("--cases", default=12, show_default=True, help="How many cases; three times as many for one place.")
@click.option("--verbose", is_flag=True, help="Name the functions, too.")
def main(names: tuple[str, ...], cases: int, verbose: bool) -> None:
    """Run the mutations and print the table."""
    with tempfile.TemporaryDirectory() as room, ThreadPoolExecutor(os.cpu_count()) as pool:
        trial = Trial(Path(room), cases)
        trial.prepare(pool)
        wanted = [name for name in MUTATIONS if not names or name in names]
        results = dict(zip(wanted, pool.map(trial.mutate, wanted), strict=True))
        everybody = trial.everybody()
    click.echo(f"{len(everybody)} functions read a view")
    click.echo(f"{'taken out':28} {'places':>6} {'concerned':>9} {'caught':>6}  not caught")
    for name, result in results.items():
        counts = f"{result.cuts:6} {len(result.changed):9} {len(result.broken):6}"
        click.echo(f"{name:28} {counts}  {', '.join(missed(name, result, everybody)) or '-'}")
        if verbose:
            click.echo("    " + ", ".join(sorted(result.broken)))
    sys.exit(any(missed(name, result, everybody) or not result.broken for name, result in results.items()))


def missed(name: str, result: Result, everybody: set[str]) -> list[str]:
    """Functions whose test should have failed."""
    concerned = result.changed | (everybody - CONCERNS_ALL.get(name, everybody))
    ours = concerned - result.broken
    return sorted(each for each in ours if not (name.startswith("revision") and ACTS_NOW.fullmatch(each)))


if __name__ == "__main__":
    main()
