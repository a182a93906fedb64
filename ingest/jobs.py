"""Batches: a file of loads to run in order. All of it is checked before the first load."""

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from os.path import lexists
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationError, field_validator, model_validator

from ingest.ahead import Ahead, octets
from ingest.days import future, parse_day
from ingest.deciding import told_by
from ingest.deliveries import refuse_namesakes
from ingest.fields import Text
from ingest.limits import NAMES, limits_of
from ingest.options import MOST_WORKERS, Options, Said
from ingest.pipeline import ANY, load, named_adapter, ordered, refuse_load
from ingest.pipeline import dry_run as tried
from ingest.places import by_change, by_day, expanded
from ingest.report import LoadReport
from workbench.access.viewer import Viewer
from workbench.errors import AccessDenied, DeliveryRefused, InputError, UsageError
from workbench.model.tables import Table, described
from workbench.view.store import GraphStore

_OF_SAID = ("adapter", "agency", "dataset", "marking", "allow_empty", "resolve", "workers", *NAMES)


class Job(Table):
    """One `[[loads]]` table. Paths and patterns are relative to the folder of the batch file."""

    files: tuple[Text, ...]
    order: Literal["given", "name", "modified", "date"] = "given"
    adapter: str | None = None
    manifest: Path | None = None
    agency: str | None = None
    dataset: str | None = None
    delivered: date | None = None
    marking: str | None = None
    allow_empty: bool = False
    resolve: bool = False
    workers: int = Field(default=1, ge=1, le=MOST_WORKERS)
    max_quarantined: Any = None  # these are checked as for a load, by `limits_of`
    min_units: Any = None
    max_units: Any = None
    min_files: Any = None
    max_files: Any = None

    @field_validator("files")
    @classmethod
    def _some(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        if not files:
            raise ValueError("must name at least one file, folder or pattern")
        return files

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

    @model_validator(mode="after")
    def _limits(self) -> "Job":
        try:
            limits_of(self.model_dump(include=set(NAMES)))
        except UsageError as error:
            raise ValueError(error.message) from error
        return self

    @model_validator(mode="after")
    def _one_day(self) -> "Job":
        if self.order == "date" and self.delivered:
            raise ValueError('`order = "date"` takes the day of delivery from each file\'s name: leave out `delivered`')
        return self


class _Batch(Table):
    loads: tuple[Job, ...]

    @field_validator("loads")
    @classmethod
    def _some(cls, loads: tuple[Job, ...]) -> tuple[Job, ...]:
        if not loads:
            raise ValueError("must be at least one table: write [[loads]]")
        return loads


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


@dataclass(frozen=True, slots=True)
class Planned:
    """One load of a batch, checked: the place of its table, its files in order, and its options without the viewer.

    `dataset` is None if the files' names name datasets; `adapter` is "" until the content of the files tells it.
    `fault` says why its files can't be loaded, if that is known; `what` names them in messages.
    """

    place: str
    files: tuple[Path, ...]
    said: Said
    agency: str
    dataset: str | None
    adapter: str
    fault: str = ""
    what: str = "`files`"


class Ran(NamedTuple):
    """A load of a batch that was run, with its adapter and its report, or the error with which it failed."""

    load: Planned
    report: LoadReport | None
    error: Exception | None = None


def plan_jobs(path: Path, viewer: Viewer, by: str) -> tuple[Planned, ...]:
    """Check a batch file whole, with its manifests, and find the files of each load; opens no store and no data.

    Where nothing names the adapter, it is decided when the load's turn comes.
    A table whose files have days of their own is a load for each day. AccessDenied if any load is for an agency that
    the viewer may not load for; InputError, which names every table that is wrong, for anything else.
    """
    jobs, wrong, who = read_jobs(path), list[str](), Options(viewer=viewer, by=by)
    checked = [_checked(f"loads[{n}]", job, path.parent, who, wrong) for n, job in enumerate(jobs)]
    if wrong:
        told = wrong[0] if len(wrong) == 1 else "\n".join([f"{len(wrong)} mistakes:", *(f"- {each}" for each in wrong)])
        raise InputError(f"batch file {path}: {told}", "batch")
    return tuple(each for some in checked for each in some)


def run_jobs(
    store: GraphStore,
    path: Path | tuple[Planned, ...],
    viewer: Viewer,
    by: str,
    purpose: str | None = None,
    *,
    dry_run: bool = False,
    keep_going: bool = False,
) -> Iterator[Ran]:
    """Run the loads of a batch file, or planned ones, in order, each as a separate load; yields each when it is done.

    At once: errors as of `plan_jobs`. A load that fails ends the batch with its error; with `keep_going` it is yielded
    with the error, and the next one is run. With `dry_run` each is tried on the store as it is, and undone. Each load
    leaves its own trace, a refused one too; `purpose` is for these.
    """
    who = Options(viewer=viewer, by=by, purpose=purpose)
    if isinstance(path, Path):
        for job in read_jobs(path):
            of_table: Options = {**_said(job, path.parent), **who}
            refuse_load(store, map(path.parent.joinpath, job.files), **of_table)
        path = plan_jobs(path, viewer, by)
    whole: list[tuple[Planned, Options]] = [(each, {**each.said, **who}) for each in path]
    for each, options in whole:
        refuse_load(store, each.files, **options)
    return _run(store, whole, dry_run, keep_going)


def _run(store: GraphStore, loads: Sequence[tuple[Planned, Options]], dry_run: bool, keep_going: bool) -> Iterator[Ran]:
    with closing(Ahead(octets(path for each, _ in loads for path in each.files))) as ahead:
        for each, options in loads:
            now = each
            try:
                now = _decided(each, options)
                report = _report(store, now, {**options, **now.said}, None if dry_run else ahead)
            except Exception as error:
                if not keep_going:
                    raise
                yield Ran(now, None, error)
            else:
                yield Ran(now, report)


def _decided(planned: Planned, options: Options) -> Planned:
    """The load with its adapter, which the content of its files tells if nothing else does."""
    if planned.adapter or planned.fault or not planned.files:
        return planned
    adapter = told_by(planned.files, options, planned.what)
    return replace(planned, adapter=adapter, said={**planned.said, "adapter": adapter or ANY})


def _report(store: GraphStore, planned: Planned, options: Options, ahead: Ahead | None) -> LoadReport:
    """Run a load, or try it without a process that reads ahead."""
    if planned.fault:
        raise DeliveryRefused(planned.fault)
    if not planned.files:
        return LoadReport((), None, 0.0)
    return load(store, planned.files, ahead, **options) if ahead else tried(store, planned.files, **options)


def _said(job: Job, folder: Path) -> Said:
    """The options that a table gives."""
    said: Said = {name: getattr(job, name) for name in _OF_SAID}  # type: ignore[assignment] # by names of the same type
    said["delivered"] = job.delivered.isoformat() if job.delivered else None
    said["manifest"] = folder / job.manifest if job.manifest else None
    return said


def _checked(place: str, job: Job, folder: Path, who: Options, wrong: list[str]) -> list[Planned]:
    """The loads of a table, none if it is wrong; adds what is wrong. AccessDenied, whatever else is wrong."""
    said = _said(job, folder)
    try:
        some = list(_deliveries(job, folder))
        order = ordered({**said, **who}, ANY)
        said["adapter"] = adapter = named_adapter(said)
        manifest = order.manifest
        loads = [
            Planned(place, tuple(files), {**said, **more}, manifest.agency, manifest.dataset, adapter or "", fault)
            for files, more, fault in some
        ]
        for each in loads:
            refuse_namesakes(order, each.files)
    except AccessDenied:
        raise
    except (InputError, UsageError) as error:
        wrong.append(f"{place}{f'.{error.field}' if error.field else ''}: {error.message}")
        return []
    return loads


def _deliveries(job: Job, folder: Path) -> Iterator[tuple[list[Path], Said, str]]:
    """The files of each load of a table, options for this load alone, and why its files can't be loaded."""
    found = [each for each in expanded(map(Path, job.files), folder) if job.min_files != 0 or lexists(each)]
    if job.order != "date":
        yield by_change(found) if job.order == "modified" else sorted(found) if job.order == "name" else found, {}, ""
        return
    there, missing = [each for each in found if lexists(each)], [each for each in found if not lexists(each)]
    try:
        days = by_day(there)
    except ValueError as error:
        yield there, {}, f"nothing was loaded: {error}"
        return
    for day, files in days:
        yield files, {"delivered": day.isoformat()}, ""
    if missing or not days:
        yield missing, {}, ""


__all__ = ["Job", "Planned", "Ran", "plan_jobs", "read_jobs", "run_jobs"]
