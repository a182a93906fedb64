"""Files from a browser on their way into the store: kept for one load, then gone."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Protocol

from ingest import LoadReport, load
from ingest.pipeline import Options, ordered
from workbench.access.viewer import Viewer
from workbench.errors import UsageError
from workbench.store.types import FileReport, Quarantined
from workbench.view.store import GraphStore

Loader = Callable[..., LoadReport]
Rows = list[dict[str, str | int]]

# What the command line calls things, and where they are on the page; what is said longest comes first.
_WORDS = (
    (
        r"name the adapter with --adapter: `ingest adapters` lists them",
        "choose an adapter, or add a manifest that names it",
    ),
    (r"give --manifest", "add one under Manifest"),
    (r"--(adapter|agency|dataset|delivered|manifest|marking)\b", lambda found: f"the field {found[1].capitalize()}"),
    (r"\S*/workbench-\w+/(?:files|manifest)/", ""),  # the folder of this load alone
)


class Uploaded(Protocol):
    """A file as a browser sends it."""

    name: str

    def getvalue(self) -> bytes:
        """Its bytes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is loaded, and for which agency; empty texts leave it to the manifest and the defaults."""

    files: Sequence[Uploaded]
    adapter: str
    manifest: Uploaded | None = None
    agency: str = ""
    dataset: str = ""
    marking: str = ""
    delivered: str = ""


def offered(viewer: Viewer) -> list[str]:
    """The agencies to choose from: all that the viewer may load for; of one who may for every one, his own."""
    return sorted(viewer.agencies if viewer.loads_for_all else viewer.loads)


def bring_in(store: GraphStore, viewer: Viewer, delivery: Delivery, how: Loader = load) -> LoadReport:
    """Load a delivery in the viewer's name; with `how=dry_run` say what loading it would change.

    UsageError without files; AccessDenied, before one is kept, for an agency that he may not load for.
    """
    if not delivery.files:
        raise UsageError("choose at least one file")
    with TemporaryDirectory(prefix="workbench-") as folder:
        root = Path(folder)
        manifest = _kept(root / "manifest", delivery.manifest) if delivery.manifest else None
        options = _options(viewer, delivery, manifest)
        ordered(options)
        return how(store, [_kept(root / "files", each) for each in delivery.files], **options)


def _options(viewer: Viewer, delivery: Delivery, manifest: Path | None) -> Options:
    return Options(
        viewer=viewer,
        by=viewer.name,
        adapter=delivery.adapter or None,
        manifest=manifest,
        agency=delivery.agency or None,
        dataset=delivery.dataset or None,
        delivered=delivery.delivered or None,
        marking=delivery.marking or None,
    )


def on_the_page(message: str) -> str:
    """What the command line would say, in the words of the page.

    >>> on_the_page("a complete delivery replaces an earlier one of its dataset: name it with --dataset")
    'a complete delivery replaces an earlier one of its dataset: name it with the field Dataset'
    """
    for words, meant in _WORDS:
        message = re.sub(words, meant, message)
    return message


def file_rows(files: Iterable[FileReport]) -> Rows:
    """A load's report as a table, a row for each file."""
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
    """Quarantine as a table: where each unit stands, and what to do about it."""
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
    """An uploaded file on disk under its own name, whatever folder its name claims."""
    name = PureWindowsPath(file.name).name
    if name in ("", ".", ".."):
        raise UsageError(f"a file needs a name, not {file.name!r}")
    folder.mkdir(exist_ok=True)
    path = folder / name
    if path.exists():
        raise UsageError(f"two files are called {name!r}: load them one after the other")
    path.write_bytes(file.getvalue())
    return path
