"""The commands that list loads, and take one back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from workbench.commands.console import Look, reading, say, table, warn, writing
from workbench.errors import UsageError
from workbench.store.types import LoadEntry, Withdrawn

# What a load counts of its units, in the order in which it is told.
COUNTS = ("read", "accepted", "unchanged", "late", "left", "quarantined", "refused")
_OF_LOAD = ("id", "agency", "dataset", "delivered", "at", "by", "revision")
_OF_FAILED = ("run", "load", "agency", "dataset", "at", "by", "outcome")


@click.command()
@click.option("--since", metavar="DATE", help="Loads of this day (UTC) and later, such as 2026-03-31.")
@click.option("--dataset", metavar="D", help="Loads of this dataset: its name, or AGENCY/NAME.")
@click.option("--failed", is_flag=True, help="Only loads that failed or were not run; wants --reports.")
@click.option(
    "--reports", metavar="FOLDER", type=click.Path(path_type=Path), help="Reports of runs, for loads that failed."
)
@reading
def log(look: Look, since: str | None, dataset: str | None, failed: bool, reports: Path | None) -> None:
    """List the loads of your agencies, oldest first, with their ids and withdrawals.

    A load that failed changed nothing, and the store does not know it: the reports of runs do (see `ingest batch`).
    """
    if failed and reports is None:
        raise UsageError("the store keeps no load that failed: name the folder with the reports of runs", "reports")
    wanted = _filter(since, dataset)
    rows = [] if failed else [each for each in map(_of_log, look.case.loads()) if wanted(each)]
    more = {"failed": _failed_in(reports, look, wanted)} if reports is not None else {}

    def text() -> None:
        if not failed:
            table("loads", (*_OF_LOAD, "units", "withdrawn"), map(_shown, rows))
        for some in more.values():
            shown = [(*(row[name] for name in _OF_FAILED), row.get("error", {}).get("message", "")) for row in some]
            table("failed, or not run", (*_OF_FAILED, "why"), shown)

    look.show({"loads": rows, **more}, text)


loads = click.Command("loads", callback=log.callback, params=log.params, hidden=True, help="The same as `ingest log`.")


def _filter(since: str | None, dataset: str | None) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a row is of a day and of a dataset that are asked for."""
    from ingest.days import parse_day  # imported here: printing help needs no ingest

    try:
        day = parse_day(since).isoformat() if since is not None else ""
    except ValueError as error:
        raise UsageError(str(error), "since") from error
    return lambda row: (
        row["at"][: len(day)] >= day
        and dataset
        in (
            *(None, row["dataset"]),
            f"{row['agency']}/{row['dataset']}",
        )
    )


def _failed_in(folder: Path, look: Look, wanted: Callable[[Mapping[str, Any]], bool]) -> list[dict[str, Any]]:
    """The loads of the viewer's agencies that failed or were not run, by the reports in a folder."""
    from ingest.run_files import runs_in

    mine = look.case.viewer.agencies
    runs, unread = runs_in(folder)
    for each in unread:
        warn(f"{each} is no report of a run: passed over")
    found = [row for name, run in runs for row in _not_done(name, run) if row["agency"] in mine]
    return sorted(filter(wanted, found), key=lambda row: (row["at"], row["run"]))


def _not_done(name: str, run: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    names = ("load", "outcome", "agency", "dataset", "adapter", "manifest", "delivered", "paths", "error")
    for load in run["loads"]:
        if load["outcome"] != "done":
            told = {each: load[each] for each in names if each in load}
            yield {"run": name, "at": run["started"], "by": run["by"], **told}


def _of_log(entry: LoadEntry) -> dict[str, Any]:
    names = ("id", "agency", "dataset", "adapter", "delivered", "at", "by", "revision")
    counts = {name: sum(getattr(each, name) for each in entry.files) for name in COUNTS}
    withdrawn = asdict(entry.withdrawn) if entry.withdrawn else None
    reasons = [reason for each in entry.files for reason in sorted(each.reasons)]
    return {**{name: getattr(entry, name) for name in names}, **counts, "reasons": reasons, "withdrawn": withdrawn}


def _shown(row: Mapping[str, Any]) -> tuple[Any, ...]:
    counted = ", ".join(f"{row[name]} {name}" for name in COUNTS if row[name])
    return (*(row[name] for name in _OF_LOAD), counted, _ended(row["withdrawn"]))


def _ended(withdrawn: dict[str, str] | None) -> str:
    return f"{withdrawn['at']} by {withdrawn['by']}: {withdrawn['why']}" if withdrawn else ""


@click.command()
@click.argument("load", metavar="LOAD")
@click.option("--reason", "why", metavar="R", required=True, help="The reason, for the log of loads.")
@writing
def withdraw(look: Look, load: str, why: str) -> None:
    """Withdraw a load by its id (see `ingest log`), as if it had never been."""
    done = look.case.withdraw(load, why)
    look.show(asdict(done), lambda: say(_taken_back(done)))


def _taken_back(done: Withdrawn) -> str:
    lost = f"; {done.units} units that it took out of quarantine stay out" if done.units else ""
    changed = f"{done.ended} records ended, {done.restored} stand again, {done.remarked} were re-marked"
    return f"load {done.load} was withdrawn, revision {done.revision or 'none'}: {changed}{lost}"
