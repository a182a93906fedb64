"""The command that watches a folder, and loads what is delivered into it."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from types import FrameType
from typing import Any, cast

import click

from ingest.inbox import Inbox, Wanted
from ingest.jobs import Planned, Ran
from ingest.metrics import Figures, write_metrics
from ingest.options import Options, Said
from ingest.pipeline import ANY, named_adapter, ordered
from ingest.run_report import COUNTS, counted
from ingest.sources import named
from ingest.watch import Moved, Watch
from workbench.commands.console import emit, json_option, loader_option, say, store_option, told_of, warn
from workbench.commands.loading import as_loaded, loading, metrics_option, wait_option
from workbench.commands.reports import exit_by, warn_all
from workbench.endings import FAILED
from workbench.errors import UsageError
from workbench.session import Session
from workbench.settings import loader_for, operator, store_url
from workbench.store.leasing import PATIENCE


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@as_loaded
@click.option("--dated", is_flag=True, help="The day of delivery is the one in each file's name.")
@click.option(
    "--still",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    help="Take a file so long after its last change. Default: 10.",
)
@click.option("--done", "marked", is_flag=True, help="Take a file when NAME.done lies beside it, and not before.")
@click.option("--once", is_flag=True, help="Load what is complete, and end: for cron.")
@click.option(
    "--every", metavar="SECONDS", type=click.FloatRange(min=0.1), default=5.0, help="Look so often. Default: 5."
)
@wait_option
@metrics_option
@loader_option
@store_option
@json_option
def watch(
    folder: Path,
    dated: bool,
    still: float | None,
    marked: bool,
    once: bool,
    every: float,
    wait: float | None,
    metrics: Path | None,
    viewer: str | None,
    url: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Load each file that is delivered into a folder, then move it to done/ or rejected/ in it, with its report.

    Subfolders, links, hidden names and NAME.part, NAME.tmp, NAME.filepart are not taken. SIGTERM and Ctrl-C end it
    after the file at work.
    """
    if as_json and not once:
        raise UsageError("one JSON object can only be printed where it ends: add --once", "once")
    if marked and still is not None:
        raise UsageError("a file is taken when it is still, or when its mark has come: give one of the two", "still")
    where, said = store_url(url), cast(Said, given)
    who = loader_for(where, viewer)
    usual = _usual({**said, "viewer": who, "by": operator(who), "purpose": None}, said)
    inbox = Inbox(folder, Wanted(marked, 10.0 if still is None else still))
    with inbox.held(PATIENCE if wait is None else wait), loading(where, viewer, wait) as case, _stopping() as stop:
        teller = Teller(folder, metrics, as_json)
        watching = Watch(inbox, usual, _loader(case), told_of, stop.is_set, case.store.url, case.by, dated)
        _watch(watching, teller, stop, every, once=once)
    teller.end(once=once)


def _usual(options: Options, said: Said) -> Planned:
    """The load of each file, checked before a store is opened or created."""
    order = ordered(options, ANY)
    adapter = named_adapter(options) or ""
    return Planned("", (), said, order.manifest.agency, order.manifest.dataset, adapter)


def _watch(watching: Watch, teller: "Teller", stop: Event, every: float, *, once: bool) -> None:
    """Look again and again, or once: then a second time, if there are files that may be complete after a while."""
    teller.looked(watching, watching.look(teller.tell))
    if once and watching.inbox.patience and not stop.wait(watching.inbox.patience):
        teller.looked(watching, watching.look(teller.tell))
    while not (once or stop.wait(every)):
        teller.looked(watching, watching.look(teller.tell))


class Teller:
    """Tells what becomes of files, counts it, and keeps the metrics."""

    def __init__(self, folder: Path, metrics: Path | None, as_json: bool) -> None:
        self._folder, self._metrics, self._as_json = folder, metrics, as_json
        self._figures, self._begun = Figures(named(folder.resolve().name)), monotonic()
        self._outcomes, self._is_clean = Counter[str](), True
        self._files, self._odd = list[dict[str, Any]](), dict[str, str]()

    def tell(self, moved: Moved) -> None:
        """Tell what became of a file."""
        run, where = moved.run.to_dict(), named(moved.path.relative_to(self._folder))
        self._outcomes[moved.outcome] += 1
        self._is_clean &= moved.clean
        self._figures.add(run)
        warn_all(moved.report.messages if moved.report else ())
        if moved.error is not None:
            warn(f"error: {named(moved.name)}: {told_of(moved.error)['message']}")
        if self._as_json:
            became = {"file": named(moved.name), "outcome": moved.outcome, "path": where}
            self._files.append({**run["loads"][0], **became})
        else:
            say(f"{named(moved.name)}: {_counted(run)} -> {where}")

    def looked(self, watching: Watch, odd: Mapping[str, str]) -> None:
        """Note that somebody looked, and tell of what is new there and is never taken."""
        for name, why in odd.items():
            if self._odd.get(name) != why:
                warn(f"{named(name)} {why}")
        self._odd = dict(odd)
        if self._metrics is not None:
            figures = self._figures
            figures.ended, figures.seconds = datetime.now(UTC).timestamp(), monotonic() - self._begun
            figures.succeeded = not watching.inbox.left()
            write_metrics(figures, self._metrics)

    def end(self, *, once: bool) -> None:
        """Tell all as JSON, and after a single look end with exit code 1 if something went wrong, 3 if nothing went."""
        if self._as_json:
            emit({"folder": named(self._folder), "files": self._files, "passed_over": self._odd})
        if once and self._outcomes["kept"] and not self._outcomes["done"]:
            click.get_current_context().exit(FAILED)
        exit_by(self._is_clean or not once)


def _counted(run: Mapping[str, Any]) -> str:
    """What became of the units of a file, in words."""
    counts = counted(run["loads"][0]["files"])
    said = ", ".join(f"{counts[name]:,} {name}" for name in COUNTS if counts[name])
    return said or "nothing was read"


def _loader(case: Session) -> Callable[[Planned], Ran]:
    """A function that runs one load, and tells its error instead of raising it."""

    def load(planned: Planned) -> Ran:
        (ran,) = case.load_batch((planned,), keep_going=True)
        return ran

    return load


@contextmanager
def _stopping() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set; a second signal ends the process as if there were none."""
    stop, kinds = Event(), (signal.SIGTERM, signal.SIGINT)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def ask(kind: int, _: FrameType | None) -> None:
        stop.set()
        signal.signal(kind, before[signal.Signals(kind)])

    for kind in kinds:
        signal.signal(kind, ask)
    try:
        yield stop
    finally:
        for kind in kinds:
            signal.signal(kind, before[kind])
