"""Watch a folder: each file that is complete is loaded by itself, and moved to `done/` or `rejected/`."""

import stat
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from ingest.inbox import DONE, REJECTED, Inbox
from ingest.jobs import Planned, Ran
from ingest.places import day_in
from ingest.report import LoadReport
from ingest.run_report import RunReport
from ingest.sources import named
from workbench.errors import DeliveryRefused, StoreBusy, UsageError

_FIRST_PAUSE, _LONGEST_PAUSE = 10.0, 600.0  # seconds before a file that could not be loaded is tried again

Outcome = Literal["done", "rejected", "kept"]


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a file: where it is now, its run, and the error if it was not loaded.

    It is `kept` where it was taken if something else failed than the file: it is tried again.
    """

    name: str
    outcome: Outcome
    path: Path
    run: RunReport
    report: LoadReport | None
    error: Exception | None = None

    @property
    def clean(self) -> bool:
        """Whether it was loaded, and nothing was quarantined, refused or not foreseen."""
        return self.outcome == "done" and self.run.clean


@dataclass(slots=True)
class Watch:
    """Loads what comes into an inbox, one file after another.

    `usual` is the load of each, `load` runs one, `told` words its error, `stopped` says whether to begin no other.
    With `dated` the day of delivery is the one in a file's name.
    """

    inbox: Inbox
    usual: Planned
    load: Callable[[Planned], Ran]
    told: Callable[[Exception], dict[str, str]]
    stopped: Callable[[], bool]
    store: str = ""
    by: str = ""
    dated: bool = False
    clock: Callable[[], float] = time.monotonic
    _again: dict[str, tuple[float, float]] = field(default_factory=dict)  # when to try again, and the pause before it

    def look(self, moved: Callable[[Moved], None]) -> dict[str, str]:
        """Load what is complete now, first what an earlier look left; calls `moved` for each.

        Returns why others will never be taken, by name. OSError if a file can't be moved.
        """
        names, odd = self.inbox.look()
        for path in self.inbox.left():
            if not self._goes_on(self._again.get(path.name, (0.0, 0.0))[0] <= self.clock(), path, moved):
                return odd
        for name in names:
            taken = None if self.stopped() else self._taken(name)
            if self.stopped() or (taken and not self._goes_on(True, taken, moved)):
                break
        return odd

    def _taken(self, name: str) -> Path | None:
        with suppress(FileNotFoundError):  # whoever delivered it took it away again
            return self.inbox.take(name)
        return None

    def _goes_on(self, is_due: bool, path: Path, moved: Callable[[Moved], None]) -> bool:
        """Load a file if it is due; returns whether the next one may be loaded: nobody else writes, and no stop."""
        if self.stopped():
            return False
        if not is_due:
            return True
        done = self._moved(path)
        moved(done)
        return not isinstance(done.error, StoreBusy)

    def _moved(self, path: Path) -> Moved:
        """Load a file that was taken, and move it on."""
        planned = self._planned(path)
        run = RunReport(named(path.name), [planned], self.store, self.by)
        ran = self.load(planned)
        run.note(_read(ran), self.told(ran.error) if ran.error else None, ran.load)
        run.end()
        outcome = _outcome(ran)
        if outcome == "kept":
            return self._kept(path, run, ran.error)
        try:
            there = self.inbox.finish(path, DONE if outcome == "done" else REJECTED, run.to_dict())
        except (OSError, UsageError) as error:  # it is loaded again, without harm
            return self._kept(path, run, error)
        self._again.pop(path.name, None)
        return Moved(path.name, outcome, there, run, _read(ran), ran.error)

    def _kept(self, path: Path, run: RunReport, error: Exception | None) -> Moved:
        """Leave a file where it was taken, and try it again after a pause, longer each time."""
        pause = min(2 * self._again.get(path.name, (0.0, _FIRST_PAUSE / 2))[1], _LONGEST_PAUSE)
        self._again[path.name] = self.clock() + pause, pause
        return Moved(path.name, "kept", path, run, None, error)

    def _planned(self, path: Path) -> Planned:
        planned = replace(self.usual, place=named(path.name), files=(path,), what=named(path.name))
        if not stat.S_ISREG(path.lstat().st_mode):
            return replace(planned, fault=f"{named(path.name)} is no file: it was another when it was taken")
        if not self.dated:
            return planned
        try:
            return replace(planned, said={**planned.said, "delivered": day_in(path.name).isoformat()})
        except ValueError as error:
            return replace(planned, fault=f"nothing was loaded: {error}")


def _read(ran: Ran) -> LoadReport | None:
    """What was read, also if it was then refused."""
    found: Any = ran.report or getattr(ran.error, "report", None)
    return found if isinstance(found, LoadReport) else None


def _outcome(ran: Ran) -> Outcome:
    """Rejected is what is not as it should be: nothing of it was loaded. What failed otherwise may not be its fault."""
    if ran.error is not None:
        return "rejected" if isinstance(ran.error, DeliveryRefused) else "kept"
    files = ran.report.files if ran.report else ()
    return "rejected" if all(each.refused for each in files) else "done"


__all__ = ["Moved", "Watch"]
