"""The files in which a run tells of itself: its report as JSON and HTML, and its metrics."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.run_page import page
from workbench.errors import UsageError
from workbench.export.writing import whole, write_lines

JSON, HTML = ".report.json", ".report.html"
_IN_A_RUN = {"batch", "by", "started", "loads"}


def report_folder(folder: Path) -> Path:
    """The folder of reports, made private if only it is missing; UsageError if it can't be."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"no folder {folder} for reports ({error.strerror}): name one, or make the folder that it is in", "report"
        ) from error
    return folder


def free_name(folder: Path, name: str) -> str:
    """A name for a report that no other has in this folder: a number is added if it is taken."""
    names = [name, *(f"{name}-{n}" for n in range(2, 10_000))]
    return next(each for each in names if not (folder / f"{each}{JSON}").exists())


def write_json(told: Mapping[str, Any], out: Path) -> None:
    """Write a report as JSON, whole, for the account alone; UsageError if it can't be written."""
    with whole(out) as path:
        write_lines([json.dumps(told, indent=1)], path)


def write_report(run: Mapping[str, Any], folder: Path, name: str) -> None:
    """Write a run's report as JSON and HTML, each whole; UsageError if it can't be written."""
    write_json(run, folder / f"{name}{JSON}")
    with whole(folder / f"{name}{HTML}") as path:
        write_lines(page(run), path)


def runs_in(folder: Path) -> tuple[list[tuple[str, dict[str, Any]]], list[str]]:
    """The reports in a folder, by name, and names of files that should be one; UsageError for an unreadable folder."""
    try:
        files = sorted(each for each in folder.iterdir() if each.name.endswith(JSON))
    except OSError as error:
        raise UsageError(f"no folder {folder} with reports of runs ({error.strerror}): name one", "reports") from error
    found = [(each.name, _run_in(each)) for each in files]
    return [(name, run) for name, run in found if run is not None], [name for name, run in found if run is None]


def _run_in(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_bytes()) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and told.keys() >= _IN_A_RUN and isinstance(told["loads"], list) else None


__all__ = ["HTML", "JSON", "free_name", "report_folder", "runs_in", "write_json", "write_report"]
