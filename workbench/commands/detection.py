"""The command that names the format of files, and the question of a load which it is."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ingest import detection
from ingest.detection import Look, Undecided
from ingest.options import Options, paths_of
from ingest.pipeline import with_adapter
from ingest.places import is_pattern
from ingest.pool import Pool
from ingest.suggesting import TABLES
from workbench.commands.console import emit, json_option, table, warn
from workbench.errors import FileRefused
from workbench.store.login import shown, without_passwords

_NOT_ALL = 1


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@json_option
def detect(paths: tuple[Path, ...], as_json: bool) -> None:
    """Name the format of files by their content, and how sure that is.

    The exit code is 1 if a file can't be read, or has no format that is known.
    """
    with closing(Pool(1)) as pool:
        found = [_told(path, pool) for path in paths]
    if as_json:
        emit({"files": found})
    else:
        rows = [row for each in found for row in _rows(each)]
        table("formats", ("path", "adapter", "what", "certainty"), rows)
    if not all(each["looks"] for each in found):
        click.get_current_context().exit(_NOT_ALL)


def _told(path: Path, pool: Pool) -> dict[str, Any]:
    """What is told of a file: its formats, or what it is if it has none."""
    try:
        found = detection.detect(path, pool)
    except FileRefused as refused:
        return {"path": shown(str(path)), "looks": [], "said": without_passwords(refused.message)}
    return {"path": shown(found.path), "looks": [look._asdict() for look in found.looks], "said": found.said}


def _rows(each: dict[str, Any]) -> list[tuple[str, ...]]:
    looks = [(each["path"], *look.values()) for look in each["looks"]]
    return looks or [(each["path"], "none", each["said"], "")]


def adapter_for(paths: Sequence[Path], options: Options) -> str | None:
    """The adapter of a load: as it was named, as the files show, or as the user answers; None if the manifest says it.

    Only a user at a terminal is asked; otherwise Undecided, a UsageError, tells what may be meant.
    """
    if options.get("adapter"):
        return options["adapter"]
    places = paths_of(paths)
    try:
        adapter = with_adapter(places, options).get("adapter")
    except Undecided as undecided:
        if not (undecided.looks and _at_a_terminal()):
            raise
        return _asked(undecided.looks)
    if all(map(is_pattern, places)):
        return adapter
    if adapter:
        warn(f"read as {adapter}, which the content shows: `ingest detect` tells more")
    if adapter in TABLES and not options.get("manifest"):
        warn("`ingest suggest FILE` writes a first manifest for a table")
    return adapter


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _asked(looks: Sequence[Look]) -> str:
    for look in looks:
        warn(f"{look.adapter}: {look.what} ({look.certainty})")
    choice = click.Choice([look.adapter for look in looks])
    return str(click.prompt("which adapter", type=choice, err=True))
