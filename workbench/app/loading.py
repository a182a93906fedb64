"""Load files from the browser: they are on disk for one load only."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Protocol

from ingest import LoadReport
from ingest.options import Said
from workbench.access.viewer import Viewer
from workbench.errors import UsageError, WorkbenchError
from workbench.store.types import FileReport, Quarantined

Loader = Callable[..., LoadReport]
Rows = list[dict[str, str | int]]


class Uploaded(Protocol):
    """An uploaded file."""

    name: str

    def getvalue(self) -> bytes:
        """Its bytes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The form's content: files and options; an empty option leaves it to the manifest or the default."""

    files: Sequence[Uploaded]
    adapter: str
    manifest: Uploaded | None = None
    agency: str = ""
    dataset: str = ""
    marking: str = ""
    delivered: str = ""


def offered(viewer: Viewer) -> list[str]:
    """The agencies to choose from: those the viewer may load for, or his own if he may load for every agency."""
    return sorted(viewer.agencies if viewer.loads_for_all else viewer.loads)


def bring_in(delivery: Delivery, how: Loader) -> LoadReport:
    """Load a delivery with `how` (`Session.load` or `Session.dry_run`, which say what they refuse); returns the report.

    UsageError without files, or for two of one name.
    """
    if not delivery.files:
        raise UsageError("choose at least one file")
    with TemporaryDirectory(prefix="workbench-") as folder:
        files, beside = Path(folder) / "files", Path(folder) / "manifest"
        with _without(files, beside):
            said = _said(delivery, _kept(beside, delivery.manifest) if delivery.manifest else None)
            report = how([_kept(files, each) for each in delivery.files], **said)
    return replace(report, messages=tuple(_named(each, files, beside) for each in report.messages))


@contextmanager
def _without(*folders: Path) -> Iterator[None]:
    """Remove the temporary folders of this load from error messages."""
    try:
        yield
    except WorkbenchError as error:
        error.message = _named(error.message, *folders)
        raise


def _named(message: str, *folders: Path) -> str:
    for folder in folders:
        message = message.replace(f"{folder}/", "")
    return message


def _said(delivery: Delivery, manifest: Path | None) -> Said:
    return Said(
        adapter=delivery.adapter or None,
        manifest=manifest,
        agency=delivery.agency or None,
        dataset=delivery.dataset or None,
        delivered=delivery.delivered or None,
        marking=delivery.marking or None,
    )


def file_rows(files: Iterable[FileReport]) -> Rows:
    """A load's report as a table with a row for each file."""
    return [
        {
            "File": PurePosixPath(each.path).name,
            "Read": each.read,
            "Accepted": each.accepted,
            "Unchanged": each.unchanged,
            "Late": each.late,
            "Left": each.left,
            "Quarantined": each.quarantined,
            "Refused": each.refused,
            "Records": ", ".join(f"{name}: {n}" for name, n in each.records.items()),
            "Reasons": ", ".join(f"{reason}: {n}" for reason, n in sorted(each.reasons.items())),
        }
        for each in files
    ]


def quarantine_rows(units: Iterable[Quarantined]) -> Rows:
    """Units in quarantine as a table: file, place, reason, and what to do."""
    return [
        {
            "Agency": each.agency,
            "File": PurePosixPath(each.path).name,
            "Place": each.locator,
            "Reason": each.reason,
            "What to do": each.message,
            "Id": each.id,
        }
        for each in units
    ]


def _kept(folder: Path, file: Uploaded) -> Path:
    """Write an uploaded file to a folder under its own name, without any folders in that name."""
    name = PureWindowsPath(file.name).name
    if name in ("", ".", ".."):
        raise UsageError(f"a file needs a name, not {file.name!r}")
    folder.mkdir(exist_ok=True)
    path = folder / name
    if path.exists():
        raise UsageError(f"two files are called {name!r}: load them one after the other")
    path.write_bytes(file.getvalue())
    return path
