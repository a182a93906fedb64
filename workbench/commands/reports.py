"""Print the report of a load, and show its progress."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ingest.intake import Progress as Told
from ingest.report import REMARKED, LoadReport
from workbench.commands.console import emit, say, table, warn
from workbench.commands.log import COUNTS
from workbench.model.visible import count, visible

_NOT_ALL = 1
_MOST_MESSAGES = 200  # of one load, on stderr


def show(report: LoadReport, as_json: bool, *, dry_run: bool = False) -> None:
    """Print a report; the exit code is 1 if anything went wrong."""
    tell(report, as_json, dry_run=dry_run)
    if as_json:
        emit(report.to_dict())
    exit_by(report.clean)


def warn_all(messages: Sequence[str]) -> None:
    """Print messages to stderr, and say how many were left out if there are too many."""
    for message in messages[:_MOST_MESSAGES]:
        warn(message)
    left_out = len(messages) - _MOST_MESSAGES
    if left_out > 0:
        warn(f"{count(left_out, 'more message')} left out here: the report of the run, and the quarantine, have them")


def tell(report: LoadReport, as_json: bool, heading: str = "", *, dry_run: bool = False) -> LoadReport:
    """Print what went wrong to stderr, and without --json the counts to stdout, under this heading."""
    warn_all(report.messages)
    if not as_json:
        rows = [
            (each.path, *(getattr(each, name) for name in COUNTS), _listed(each.records), _listed(each.reasons))
            for each in report.files
        ]
        title = _title(report, dry_run)
        table(f"{heading}: {title}" if heading else title, ("path", *COUNTS, "records", "reasons"), rows)
        if report.scored:
            say(f"compared {report.scored.compared} facets, kept {report.scored.pairs} pairs")
        say(f"{report.seconds} seconds")
    return report


def _title(report: LoadReport, dry_run: bool) -> str:
    if dry_run:
        return "dry run: this would be loaded, and nothing was"
    if report.revision:
        return f"revision {report.revision}"
    remarked = sum(each.reasons.get(REMARKED, 0) for each in report.files)
    return "revision none: " + (
        f"no new content, {remarked} records re-marked at every revision" if remarked else "nothing changed"
    )


def exit_by(clean: bool) -> None:
    """End the command with exit code 1 if anything went wrong."""
    if not clean:
        click.get_current_context().exit(_NOT_ALL)


def _listed(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{name}: {n}" for name, n in counts.items())


@contextmanager
def progress_shown() -> Iterator[Told | None]:
    """Shows the progress of a load on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.completed} units", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task("reading", total=None)
        yield lambda path, read: drawn.update(task, description=_name(path), completed=read)


def _name(path: str) -> str:
    """The last name in a path, or in the path of an archive's member."""
    return visible(path.rpartition("!")[2].rpartition("/")[2])
