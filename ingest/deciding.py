"""The adapter of a planned load that names none: it is decided by content when the load's turn comes."""

from collections.abc import Sequence
from os.path import lexists
from pathlib import Path

from ingest.detection import Undecided, adapter_of
from ingest.formats import ADAPTERS
from ingest.options import Options
from ingest.pipeline import ANY, ordered
from ingest.report import Tally, report_of
from ingest.sources import named
from workbench.errors import DeliveryRefused, FileRefused


class FormatUnknown(DeliveryRefused):
    """The content of files does not tell how to read them, so all of them are refused; see `report`."""


def told_by(files: Sequence[Path], options: Options, what: str) -> str:
    """The adapter that the content of files tells; "" if none of them is there. `what` names them in a message.

    FormatUnknown if it does not tell. AccessDenied, before any is opened, for a viewer who may not load.
    """
    ordered(options, ANY)
    there = [each for each in files if lexists(each)]
    if not there:
        return ""
    try:
        adapter, _ = adapter_of(there)
    except (Undecided, FileRefused) as error:
        said = f"the content of {what} does not tell one format for all: name the adapter"
        raise _refused(said, [(each, *_why(each)) for each in files], "adapter") from error
    if ADAPTERS[adapter].needs_manifest and not options.get("manifest"):
        said = f"adapter {adapter}, which the content of {what} shows, wants a manifest that says what its fields mean"
        why = "no manifest", f"it is {adapter}, which wants a manifest"
        raise _refused(f"{said}: give one", [(each, *why) for each in files], "manifest")
    return adapter


def _refused(said: str, files: Sequence[tuple[Path, str, str]], field: str) -> FormatUnknown:
    tallies = [Tally(named(path)) for path, _, _ in files]
    for tally, (_, reason, message) in zip(tallies, files, strict=True):
        tally.refuse(reason, message if tally.path in message else f"{tally.path}: {message}")
    return FormatUnknown(f"nothing was loaded: {said}", field, report_of(tallies, None, 0.0))


def _why(path: Path) -> tuple[str, str]:
    """Why a file of a load whose format is not known was not loaded: the reason to count, and a message."""
    try:
        adapter, _ = adapter_of([path])
    except Undecided as undecided:
        return "unknown format", undecided.message
    except FileRefused as refused:
        return refused.reason, refused.message
    return "different formats", f"it is {adapter}, and other files of this load are not"


__all__ = ["FormatUnknown", "told_by"]
