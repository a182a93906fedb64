"""A batch of loads from a file: what agencies delivered, in the order in which it is to be loaded."""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from ingest.days import future, parse_day
from ingest.manifest import described
from ingest.pipeline import Options, load, ordered
from ingest.report import LoadReport
from workbench.access.viewer import Viewer
from workbench.errors import AccessDenied, InputError, UsageError
from workbench.view.store import GraphStore


class Job(BaseModel):
    """One load; paths are from the folder of the batch file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: tuple[Path, ...]
    adapter: str | None = None
    manifest: Path | None = None
    agency: str | None = None
    dataset: str | None = None
    delivered: date | None = None
    marking: str | None = None
    allow_empty: bool = False

    @field_validator("delivered", mode="before")
    @classmethod
    def _is_day(cls, said: Any) -> date:
        """A date of TOML, or a text as `ingest load` takes it."""
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


class _Batch(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    loads: tuple[Job, ...]


def read_jobs(path: Path) -> tuple[Job, ...]:
    """The loads of a TOML file, a `[[loads]]` table each; InputError where it can't be understood."""
    try:
        found = _Batch.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"batch file {path}: {error}") from error
    except ValidationError as error:
        raise InputError(f"batch file {path}: {described(error)}") from error
    return found.loads


def run_jobs(store: GraphStore, path: Path, viewer: Viewer, by: str) -> Iterator[tuple[Job, LoadReport]]:
    """Run the loads of a batch file one after another; each is a load of its own, and told when it is done.

    AccessDenied, before the first is run, where any is for an agency that the viewer may not load for.
    """
    refuse_jobs(path, viewer, by)
    for job in read_jobs(path):
        yield job, load(store, [path.parent / name for name in job.files], **_options(job, path.parent, viewer, by))


def refuse_jobs(path: Path, viewer: Viewer, by: str) -> None:
    """AccessDenied where any load of a batch file is for an agency that the viewer may not load for.

    What else is wrong with one is told when its turn comes.
    """
    for job in read_jobs(path):
        try:
            ordered(_options(job, path.parent, viewer, by))
        except AccessDenied:
            raise
        except (InputError, UsageError):
            continue


def _options(job: Job, folder: Path, viewer: Viewer, by: str) -> Options:
    return Options(
        viewer=viewer,
        by=by,
        adapter=job.adapter,
        manifest=folder / job.manifest if job.manifest else None,
        agency=job.agency,
        dataset=job.dataset,
        delivered=job.delivered.isoformat() if job.delivered else None,
        marking=job.marking,
        allow_empty=job.allow_empty,
    )
