"""Batches: a file of loads to run in order."""

import tomllib
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError, field_validator

from ingest.ahead import Ahead, octets
from ingest.days import future, parse_day
from ingest.options import Options
from ingest.pipeline import ANY, load, ordered, refuse_load
from ingest.report import LoadReport
from workbench.access.viewer import Viewer
from workbench.errors import AccessDenied, InputError, UsageError
from workbench.model.tables import Table, described
from workbench.view.store import GraphStore


class Job(Table):
    """One load; paths are relative to the folder of the batch file."""

    files: tuple[Path, ...]
    adapter: str | None = None
    manifest: Path | None = None
    agency: str | None = None
    dataset: str | None = None
    delivered: date | None = None
    marking: str | None = None
    allow_empty: bool = False
    resolve: bool = False

    @field_validator("delivered", mode="before")
    @classmethod
    def _is_day(cls, said: Any) -> date:
        """Accept a TOML date, or a text as for `ingest load`."""
        if isinstance(said, date) and not isinstance(said, datetime):
            return said
        return parse_day(str(said))

    @field_validator("delivered")
    @classmethod
    def _is_past(cls, day: date | None) -> date | None:
        why = future(day) if day else None
        if why is not None:
            raise ValueError(why)
        return day


class _Batch(Table):
    loads: tuple[Job, ...]


def read_jobs(path: Path) -> tuple[Job, ...]:
    """Read the `[[loads]]` tables of a TOML file; InputError if it is not valid."""
    try:
        batch = _Batch.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        said = f"{error.strerror or error}: name a file that can be read"
        raise InputError(f"batch file {path}: {said}", "batch") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"batch file {path} is not TOML: {error}", "batch") from error
    except ValidationError as error:
        raise InputError(f"batch file {path}: {described(error)}", "batch") from error
    return batch.loads


def run_jobs(
    store: GraphStore, path: Path, viewer: Viewer, by: str, purpose: str | None = None
) -> Iterator[tuple[Job, LoadReport]]:
    """Run the loads of a batch file in order, each as a separate load; yields each report when its load is done.

    At once: InputError for a wrong file; AccessDenied if any load is for an agency that the viewer may not load for.
    Each load leaves its own trace, a refused one too; `purpose` is for these.
    """
    loads = [
        (job, _files(job, path.parent), _options(job, path.parent, viewer, by, purpose)) for job in read_jobs(path)
    ]
    for _, files, options in loads:
        refuse_load(store, files, **options)
    return _reports(store, loads)


def _reports(store: GraphStore, loads: Iterable[tuple[Job, list[Path], Options]]) -> Iterator[tuple[Job, LoadReport]]:
    with closing(Ahead(octets(path for _, files, _ in loads for path in files))) as ahead:
        for job, files, options in loads:
            yield job, load(store, files, ahead, **options)


def refuse_jobs(path: Path, viewer: Viewer, by: str) -> None:
    """AccessDenied if any load of a batch file is for an agency that the viewer may not load for.

    Other errors in a load are raised when its turn comes.
    """
    for job in read_jobs(path):
        try:
            ordered(_options(job, path.parent, viewer, by), ANY)
        except AccessDenied:
            raise
        except (InputError, UsageError):
            continue


def _files(job: Job, folder: Path) -> list[Path]:
    return [folder / name for name in job.files]


def _options(job: Job, folder: Path, viewer: Viewer, by: str, purpose: str | None = None) -> Options:
    return Options(
        viewer=viewer,
        by=by,
        purpose=purpose,
        adapter=job.adapter,
        manifest=folder / job.manifest if job.manifest else None,
        agency=job.agency,
        dataset=job.dataset,
        delivered=job.delivered.isoformat() if job.delivered else None,
        marking=job.marking,
        allow_empty=job.allow_empty,
        resolve=job.resolve,
    )
