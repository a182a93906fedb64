"""Open the file for which a manifest is suggested: what may be hostile in a process with limits."""

from pathlib import Path

from ingest.confining import allowed
from ingest.formats import ADAPTERS
from ingest.messages import Failed, Suggest, Suggested
from ingest.pool import answer_of
from ingest.sources import Members, named, opened
from ingest.sources.opening import kind_at
from ingest.suggesting.writing import suggest
from workbench.errors import FileRefused, InputError


def suggested_apart(path: Path, adapter: str, rows: int, *, examples: bool) -> str:
    """As `suggested`, by another process if the file is packed or of a format that can be made to do harm."""
    if kind_at(path, folders=False) == "" and not ADAPTERS[adapter].confined:
        return suggested(path, adapter, rows, examples=examples)
    told = answer_of(Suggest(path, allowed(path.stat().st_size), adapter, rows, examples))
    if isinstance(told, Suggested):
        return told.text
    if isinstance(told, Failed) and not told.reason:
        raise InputError(told.message, "paths")
    reason, message = told if isinstance(told, Failed) else ("reader crashed", f"{named(path)}: try it again")
    raise FileRefused(reason, message)


def suggested(path: Path, adapter: str, rows: int, *, examples: bool) -> str:
    """A manifest for the table at a path; InputError or FileRefused if nothing can be read, or it is not one file."""
    with opened(path, Members("*"), folders=False) as sources:
        if len(sources) != 1:
            raise InputError(f"{named(path)} has {len(sources)} files: unpack it, and name one", "paths")
        return suggest(sources[0], adapter, rows=rows, examples=examples)
