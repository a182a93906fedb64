"""The report of a run: what became of each of its loads, also of those that failed or were not run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from ingest.jobs import Planned
from ingest.report import LoadReport
from ingest.sources import named
from workbench.store.types import now

# What is counted of units, in the order in which it is told; the first is the sum of the others.
COUNTS = ("read", "accepted", "unchanged", "late", "left", "quarantined", "refused")
DONE, FAILED, NOT_RUN = "done", "failed", "not run"

Told = Mapping[str, str]  # an error: its kind and its message


@dataclass(slots=True)
class RunReport:
    """The report of a run of these loads, which grows while they are run."""

    batch: str
    loads: Sequence[Planned] = ()
    store: str = ""
    by: str = ""
    dry_run: bool = False
    started: str = field(default_factory=now)
    ended: str | None = None
    error: Told | None = None  # why the run ended before all loads were run, or could not begin
    _begun: float = field(default_factory=monotonic)
    _seconds: float = 0.0
    _done: list[dict[str, Any]] = field(default_factory=list)

    def note(self, report: LoadReport | None, error: Told | None = None, load: Planned | None = None) -> None:
        """Note what became of the next load: its report, the error if it failed, and the load as it was run."""
        planned = load or self.loads[len(self._done)]
        self._done.append(_of_load(planned, FAILED if error else DONE, report, error))

    def end(self, error: Told | None = None) -> None:
        """Note that no more loads are run."""
        self.error = self.error or error
        self.ended, self._seconds = now(), monotonic() - self._begun

    @property
    def succeeded(self) -> bool:
        """Whether every load was run, and none failed."""
        return self.error is None and [each["outcome"] for each in self._done] == [DONE] * len(self.loads)

    @property
    def clean(self) -> bool:
        """Whether also nothing was quarantined, refused or not foreseen."""
        return self.succeeded and all(each["clean"] for each in self._done)

    @property
    def did_nothing(self) -> bool:
        """Whether no load was done."""
        return all(each["outcome"] != DONE for each in self._done)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values; `ended` is null while it runs, or if it was killed."""
        loads = self._done + [_of_load(each, NOT_RUN, None, None) for each in self.loads[len(self._done) :]]
        return {
            "batch": self.batch,
            "store": self.store,
            "by": self.by,
            "dry_run": self.dry_run,
            "started": self.started,
            "ended": self.ended,
            "seconds": round(self._seconds, 3),
            "succeeded": self.succeeded,
            "clean": self.clean,
            "counts": counted([each for load in loads if load["outcome"] == DONE for each in load["files"]]),
            "loads": loads,
            **({"error": dict(self.error)} if self.error else {}),
        }


def counted(files: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The sums of the counts of files."""
    return {name: sum(each[name] for each in files) for name in COUNTS}


def _of_load(planned: Planned, outcome: str, report: LoadReport | None, error: Told | None) -> dict[str, Any]:
    """A load as JSON values. If it failed, its counts are of what was read and not of what was changed."""
    told = (report or LoadReport((), None, 0.0)).to_dict()
    return {
        "load": planned.place,
        "outcome": outcome,
        "clean": outcome == DONE and (report is None or report.clean),
        "agency": planned.agency,
        "dataset": planned.dataset,
        "adapter": planned.adapter or None,
        "manifest": named(manifest) if (manifest := planned.said.get("manifest")) else None,
        "delivered": planned.said.get("delivered"),
        "paths": [named(each) for each in planned.files],
        **told,
        "messages": list(report.messages) if report else [],
        **({"error": dict(error)} if error else {}),
    }


def name_of_run(batch: Path, started: str) -> str:
    """The name of a run's files, without an ending: its batch file and when it began."""
    moment = datetime.fromisoformat(started).astimezone(UTC)
    return f"{named(batch.stem)}-{moment:%Y%m%dT%H%M%SZ}"


__all__ = ["COUNTS", "DONE", "FAILED", "NOT_RUN", "RunReport", "counted", "name_of_run"]
