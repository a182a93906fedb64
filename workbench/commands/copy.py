"""The command that copies a store, whole or as one viewer sees it."""

import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from workbench.access.viewer import Viewer
from workbench.commands.console import emit, json_option, plain, say, table
from workbench.errors import UsageError, naming
from workbench.settings import existing_store, open_target, viewer_for
from workbench.store.copying import Tell
from workbench.view.copies import check_ordinary, check_whole, copy_store
from workbench.view.store import GraphStore
from workbench.view.viewers_copy import copy_for_viewer

_NOT_LONG = 1_000


@click.command()
@click.option("--from", "source", metavar="URL", required=True, help="The store to copy.")
@click.option(
    "--to", "target", metavar="URL", required=True, help="An empty or new store, or an unfinished copy to continue."
)
@click.option("--as", "viewer", metavar="VIEWER", help="Copy only what this viewer sees.")
@click.option("--purpose", metavar="P", help="The purpose, with --as.")
@json_option
def copy(source: str, target: str, viewer: str | None, purpose: str | None, as_json: bool) -> None:
    """Copy a store into an empty one: all of it with its history, or with --as what one viewer sees now.

    Without --as this is an operator's job: it copies everything and prints no content.
    Both ends are compared before the copy can be read. If it is interrupted, run it again.
    """
    if purpose and not viewer:
        raise UsageError("a purpose needs a viewer: name one", "viewer")
    begun = time.monotonic()
    with naming("source", known_as="url"):
        opened = existing_store(source)
    with closing(opened) as whole:
        who = viewer_for(whole, source, viewer) if viewer else None
        _refuse(whole, who, purpose)  # before a new store is created
        with naming("target", known_as="url"):
            made = open_target(target)
        with closing(made) as copied, _told(quiet=as_json) as tell:
            found: Any = copy_for_viewer(whole, copied, who, purpose, tell) if who else copy_store(whole, copied, tell)
        ends = {"from": whole.url, "to": copied.url}
    _show({**ends, **plain(found), "seconds": round(time.monotonic() - begun, 1)}, as_json)


def _refuse(source: GraphStore, viewer: Viewer | None, purpose: str | None) -> None:
    """UsageError if the source can't be copied, for this viewer and purpose or as a whole."""
    if viewer:
        check_ordinary(source)
        viewer.purpose(purpose)
    else:
        check_whole(source)


def _show(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(told)
        return
    moved = [(part, n) for part, n in told["parts"].items() if n]
    table(f"copied in {told['seconds']} s", ("part", "n"), moved)
    whose = f"the copy of {told['viewer']} for {told['purpose']}: " if "viewer" in told else ""
    say(f"{whose}{told['to']} has the digest of {told['from']}: {told['newest']['to']}")


@contextmanager
def _told(quiet: bool) -> Iterator[Tell]:
    """Shows progress on a terminal: position, speed and remaining time."""
    console = Console(file=sys.stderr)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
    )
    shown = quiet or not console.is_terminal
    with Progress(TextColumn("{task.description}", markup=False), *columns, console=console, disable=shown) as bars:
        yield _Bars(bars)


class _Bars:
    """A bar for each part."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, tuple[TaskID, float, int]] = {}

    def __call__(self, part: str, done: int, of: int) -> None:
        """Show the progress of a part, if it takes a while."""
        if not of and done < _NOT_LONG:
            return
        if part not in self._tasks:
            task = self._bars.add_task(part, total=of or None, rate="")
            self._tasks[part] = task, time.monotonic(), done
        task, begun, first = self._tasks[part]
        passed = time.monotonic() - begun
        rate = f"{(done - first) / passed:,.0f}/s" if passed > 0 and done > first else ""
        self._bars.update(task, completed=done, total=of or done, rate=rate)


__all__ = ["copy"]
