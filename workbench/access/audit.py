"""The audit ledger: who asked what, for which purpose, and with what result.

Every store has a sink, given when it is opened, and all its views share it. `NoLedger` keeps nothing, and is the sink
if none is given; `Log` appends to a file.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from workbench.access.files import make_file, make_folder
from workbench.errors import StoreError


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of the ledger: a question or a write.

    `viewer` is who asked, for `purpose`. For what is written past a view, it is who the arguments say, "" if nobody.
    `asked` holds the arguments by name, as JSON values. `answered` is the number of results, None if it was not
    known yet. `refused` is the type of the error that ended the question, "" if there was none.
    """

    viewer: str
    purpose: str
    what: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    answered: int | None = None
    refused: str = ""


class AuditSink(Protocol):
    """Where traces are kept. An exception in it ends the question, so that no answer goes without a trace."""

    def keep(self, trace: Trace) -> None:
        """Keep a trace."""


class NoLedger:
    """A sink that keeps nothing."""

    def keep(self, trace: Trace) -> None:
        """Do nothing."""


NO_LEDGER = NoLedger()


@dataclass(frozen=True, slots=True)
class Log:
    """A sink that appends a line of JSON to a file, which is created with mode 0600."""

    path: Path

    def keep(self, trace: Trace) -> None:
        """Append the line, with the time in UTC; StoreError if it can't be written: then nothing may be read."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            make_folder(self.path.parent)
            with os.fdopen(make_file(self.path), "ab") as file:
                file.write(json.dumps({"at": at, **asdict(trace)}).encode() + b"\n")
        except OSError as error:
            raise StoreError(f"nothing was done, because {self.path} can't be written: {error.strerror}") from error
