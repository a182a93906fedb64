"""The sink of the audit ledger, which stands in every view from the first day.

Every read says who looked at what, for which purpose. The ledger itself is a file of its
own; until one is configured `NoLedger` forgets. `Log` keeps people's queries in Cypher.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from workbench.access.files import make_file, make_folder
from workbench.errors import StoreError


class AuditSink(Protocol):
    """Where reads are recorded."""

    def consulted(self, viewer: str, purpose: str, what: str, subject: str) -> None:
        """Record that a viewer read `what` (a function of the view) about `subject`."""


class NoLedger:
    """A sink that keeps nothing."""

    def consulted(self, viewer: str, purpose: str, what: str, subject: str) -> None:
        """Forget."""


@dataclass(frozen=True, slots=True)
class Log:
    """A sink that adds a line of JSON to a file, which is made for its owner's eyes alone."""

    path: Path

    def consulted(self, viewer: str, purpose: str, what: str, subject: str) -> None:
        """Add the line, with the time in UTC; StoreError where it can't be written: then nothing is to be read."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "viewer": viewer, "purpose": purpose, "what": what, "subject": subject}
        try:
            make_folder(self.path.parent)
            with os.fdopen(make_file(self.path), "ab") as file:
                file.write(json.dumps(said).encode() + b"\n")
        except OSError as error:
            raise StoreError(f"nothing is read that can't be logged in {self.path}: {error.strerror}") from error
