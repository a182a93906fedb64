"""The command that runs a file of loads, and tells what became of each."""

from pathlib import Path
from typing import Any

import click

from ingest.deciding import FormatUnknown
from ingest.jobs import Planned, Ran, plan_jobs
from ingest.report import LoadReport
from ingest.run_files import report_folder
from ingest.run_report import RunReport
from ingest.sources import named
from workbench.commands.console import emit, json_option, loader_option, store_option, table, told_of, warn
from workbench.commands.keeper import Keeper
from workbench.commands.loading import loading, metrics_option, wait_option
from workbench.commands.reports import exit_by, tell, warn_all
from workbench.endings import FAILED
from workbench.errors import UsageError
from workbench.model.visible import count
from workbench.session import Session
from workbench.settings import loader_for, operator, store_url


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Try each load on the store as it is, and undo it.")
@click.option("--keep-going", is_flag=True, help="Go on with the next load after one that failed.")
@wait_option
@click.option(
    "--report", metavar="FOLDER", type=click.Path(path_type=Path), help="Write a report there: JSON and HTML."
)
@metrics_option
@loader_option
@store_option
@json_option
def batch(
    file: Path,
    dry_run: bool,
    keep_going: bool,
    wait: float | None,
    report: Path | None,
    metrics: Path | None,
    viewer: str | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Run the loads in a TOML file in order: one `[[loads]]` table for each; see docs/batch.md.

    All tables and manifests are checked before the first load: if one is wrong, nothing is loaded. The first load that
    fails ends the batch. Those before it are kept, and those after it are reported as not run.
    """
    if dry_run and metrics:
        raise UsageError("a dry run is no run that metrics could tell of: leave out one of the two", "metrics")
    keeper = Keeper(RunReport(named(file), dry_run=dry_run), report_folder(report) if report else None, metrics)
    with keeper.kept():
        where = store_url(url)
        who = loader_for(where, viewer)
        keeper.run.by = operator(who)
        keeper.run.loads = plan = plan_jobs(
            file, who, keeper.run.by
        )  # refuses what is wrong, before a store is created
        with loading(where, viewer, wait, dry_run=dry_run) as case:
            keeper.run.store = case.store.url
            _run(case, plan, keeper, keep_going, as_json)
    _end(keeper.run, as_json)


def _run(case: Session, plan: tuple[Planned, ...], keeper: "Keeper", keep_going: bool, as_json: bool) -> None:
    """Run the loads, telling and keeping what became of each."""
    keeper.keep()
    for ran in case.load_batch(plan, dry_run=keeper.run.dry_run, keep_going=True):
        _tell(ran, keeper, as_json)
        keeper.keep()
        if ran.error and not keep_going:
            break


def _tell(ran: Ran, keeper: "Keeper", as_json: bool) -> None:
    load, report, error = ran
    heading = f"{load.place} {load.agency}/{load.dataset or 'named by file'}"
    if error is None:
        keeper.run.note(report, load=load)
        tell(report or LoadReport((), None, 0.0), as_json, heading, dry_run=keeper.run.dry_run)
        return
    found, told = getattr(error, "report", None), told_of(error)
    read = found if isinstance(found, LoadReport) else None
    keeper.run.note(read, told, load)
    warn_all(read.messages if read else ())
    warn(f"error: {heading}: {told['message']}")


def _end(run: RunReport, as_json: bool) -> None:
    """Tell how the run ended, with exit code 1 if not all was done.

    It is 3 if nothing was, and something else failed than files whose format is not known: these are refused.
    """
    told = run.to_dict()
    failed = [each for each in told["loads"] if each["outcome"] == "failed"]
    if as_json:
        emit({**told, **({"error": failed[0]["error"]} if failed else {})})
    elif not run.clean:
        table("not done", ("load", "agency", "dataset", "manifest", "outcome"), _not_done(told))
    if failed:
        kept = sum(each["outcome"] == "done" for each in told["loads"])
        not_run = sum(each["outcome"] == "not run" for each in told["loads"])
        warn(f"{len(failed)} failed; kept: {count(kept, 'load')}; not run: {count(not_run, 'load')}")
    if run.did_nothing and any(each["error"]["kind"] != FormatUnknown.__name__ for each in failed):
        click.get_current_context().exit(FAILED)
    exit_by(run.clean)


def _not_done(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("load", "agency", "dataset", "manifest", "outcome")
    return [tuple(each[name] for name in names) for each in told["loads"] if each["outcome"] != "done"]
