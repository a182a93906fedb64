"""The audit ledger: who asked what, what for, and what came of it.

Every view has a sink from the first day. The ledger itself is a file of its own; until one is
configured `NoLedger` forgets. `Log` keeps people's queries in Cypher.
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
    """One line of the ledger: a question, or something written.

    `asked` are the arguments by name, as JSON can say them. `answered` counts what was told, None where that was
    not known yet; `refused` is the kind of the error that ended it, "" where none did.
    """

    viewer: str
    purpose: str
    what: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    answered: int | None = None
    refused: str = ""


class AuditSink(Protocol):
    """Where traces are kept. What it raises ends the question: nothing is told that leaves no trace."""

    def keep(self, trace: Trace) -> None:
        """Keep a trace."""


class NoLedger:
    """A sink that keeps nothing."""

    def keep(self, trace: Trace) -> None:
        """Forget."""


NO_LEDGER = NoLedger()


@dataclass(frozen=True, slots=True)
class Log:
    """A sink that adds a line of JSON to a file, which is made for its owner's eyes alone."""

    path: Path

    def keep(self, trace: Trace) -> None:
        """Add the line, with the time in UTC; StoreError where it can't be written: then nothing is to be read."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            make_folder(self.path.parent)
            with os.fdopen(make_file(self.path), "ab") as file:
                file.write(json.dumps({"at": at, **asdict(trace)}).encode() + b"\n")
        except OSError as error:
            raise StoreError(f"nothing is read that can't be logged in {self.path}: {error.strerror}") from error
