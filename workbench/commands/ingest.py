"""The command line of ingest.

Exit codes: 0 done; 1 done, but something was quarantined, refused or not in the manifest; 2 wrong use;
3 failed and nothing changed.
"""

import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ingest import jobs, pipeline
from ingest.adapters import ADAPTERS
from ingest.intake import Progress as Told
from ingest.options import Said
from ingest.report import REMARKED, LoadReport
from workbench.commands.console import (
    Look,
    emit,
    json_option,
    loader_option,
    reading,
    run,
    say,
    store_option,
    table,
    told_of,
    warn,
    writing,
)
from workbench.errors import NoStore
from workbench.model.visible import visible
from workbench.session import Session, begin
from workbench.settings import existing_store, loader_for, open_store, operator, store_url
from workbench.store.types import LoadEntry, Quarantined, Withdrawn
from workbench.view.store import GraphStore

_NOT_ALL = 1
_COUNTS = ("read", "accepted", "unchanged", "late", "left", "quarantined", "refused")


@click.group("ingest", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="joint-workbench")
def cli() -> None:
    """Load files of agencies into the workbench; see docs/manifest.md."""


@cli.command("load")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--adapter", metavar="NAME", help="The format; `ingest adapters` lists them.")
@click.option("--manifest", metavar="FILE", type=click.Path(path_type=Path), help="Maps columns and labels to records.")
@click.option("--agency", metavar="A", help="The agency that loads. Default: the manifest's, else LOCAL.")
@click.option("--dataset", metavar="D", help="The feed. Default: the manifest's, else the file's name.")
@click.option("--delivered", metavar="DATE", help="Day of the delivery, such as 2026-03-31. Default: today.")
@click.option("--marking", metavar="M", help="If the manifest has none. Default: SECRET, the loading agency only.")
@click.option("--allow-empty", is_flag=True, help="Accept an empty complete delivery, which withdraws everything.")
@click.option("--dry-run", is_flag=True, help="Show what would change: it is written unseen, then undone.")
@loader_option
@store_option
@json_option
def load_command(
    paths: tuple[Path, ...],
    adapter: str | None,
    manifest: Path | None,
    agency: str | None,
    dataset: str | None,
    delivered: str | None,
    marking: str | None,
    allow_empty: bool,
    dry_run: bool,
    viewer: str | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Load files, archives or folders; each of their units is counted once."""
    where = store_url(url)
    said = Said(
        adapter=adapter,
        manifest=manifest,
        agency=agency,
        dataset=dataset,
        delivered=delivered,
        marking=marking,
        allow_empty=allow_empty,
    )
    who = loader_for(where, viewer)
    # before a store is opened or created
    pipeline.ordered({**said, "viewer": who, "by": operator(who), "purpose": None})
    with _loading(where, viewer, dry_run) as case, _shown() as progress:
        said["progress"] = progress
        report = case.dry_run(paths, **said) if dry_run else case.load(paths, **said)
    _report(report, as_json)


@cli.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@loader_option
@store_option
@json_option
def batch(file: Path, viewer: str | None, url: str | None, as_json: bool) -> None:
    """Run the loads in a TOML file in order: one `[[loads]]` table for each.

    A table has `files`, relative to the TOML file, and the options of `ingest load`.
    The first load that fails ends the batch; those before it are kept and reported, and the exit code is 1.
    """
    where = store_url(url)
    who = loader_for(where, viewer)
    jobs.refuse_jobs(file, who, operator(who))  # refuses a wrong file too, before a store is created
    done: list[LoadReport] = []
    failed: Exception | None = None
    with begin(where, viewer) as case:
        try:
            done.extend(_told(report, as_json) for _, report in case.load_batch(file))
        except Exception as error:
            if not done:
                raise
            failed = error
            warn(f"error: {told_of(error)['message']}; the {len(done)} loads before it are kept")
    if as_json:
        emit({"loads": [report.to_dict() for report in done], **({"error": told_of(failed)} if failed else {})})
    _exit(failed is None and all(report.clean for report in done))


@contextmanager
def _loading(url: str, viewer: str | None, dry_run: bool) -> Iterator[Session]:
    """A session for a load; a dry run without a store works in a temporary one."""
    with TemporaryDirectory(prefix="workbench-") as folder:
        store = _for_dry_run(url, folder) if dry_run else open_store(url)
        with Session(store, partial(loader_for, url, viewer)) as case:
            yield case


def _for_dry_run(url: str, folder: str) -> GraphStore:
    try:
        return existing_store(url)
    except NoStore:
        return open_store(f"sqlite:///{folder}/store.db")


@cli.command()
@json_option
def adapters(as_json: bool) -> None:
    """List the formats that can be read."""
    rows = [
        {"name": name, "version": a.version, "units": a.units, "needs_manifest": a.needs_manifest, "about": a.about}
        for name, a in sorted(ADAPTERS.items())
    ]
    if as_json:
        emit({"adapters": rows})
    else:
        table("adapters", tuple(rows[0]), [tuple(row.values()) for row in rows])


@cli.command("loads")
@reading
def loads_command(look: Look) -> None:
    """List the loads of your agencies, oldest first, with their ids and withdrawals."""
    rows = [_of_log(each) for each in look.case.loads()]
    names = ("id", "agency", "dataset", "delivered", "at", "by", "revision")
    shown = [(*(row[name] for name in names), _counted(row), _ended(row["withdrawn"])) for row in rows]
    look.show({"loads": rows}, lambda: table("loads", (*names, "units", "withdrawn"), shown))


def _of_log(entry: LoadEntry) -> dict[str, Any]:
    names = ("id", "agency", "dataset", "adapter", "delivered", "at", "by", "revision")
    counts = {name: sum(getattr(each, name) for each in entry.files) for name in _COUNTS}
    withdrawn = asdict(entry.withdrawn) if entry.withdrawn else None
    reasons = [reason for each in entry.files for reason in sorted(each.reasons)]
    return {**{name: getattr(entry, name) for name in names}, **counts, "reasons": reasons, "withdrawn": withdrawn}


def _counted(row: dict[str, Any]) -> str:
    return ", ".join(f"{row[name]} {name}" for name in _COUNTS if row[name])


def _ended(withdrawn: dict[str, str] | None) -> str:
    return f"{withdrawn['at']} by {withdrawn['by']}: {withdrawn['why']}" if withdrawn else ""


@cli.command("withdraw")
@click.argument("load", metavar="LOAD")
@click.option("--reason", "why", metavar="R", required=True, help="The reason, for the log of loads.")
@writing
def withdraw_command(look: Look, load: str, why: str) -> None:
    """Withdraw a load by its id (see `ingest loads`), as if it had never been."""
    done = look.case.withdraw(load, why)
    look.show(asdict(done), lambda: say(_taken_back(done)))


def _taken_back(done: Withdrawn) -> str:
    lost = f"; {done.units} units that it took out of quarantine stay out" if done.units else ""
    changed = f"{done.ended} records ended, {done.restored} stand again, {done.remarked} were re-marked"
    return f"load {done.load} was withdrawn, revision {done.revision or 'none'}: {changed}{lost}"


@cli.group()
def quarantine() -> None:
    """Units that could not be read, kept with their bytes."""


@quarantine.command("list")
@reading
def quarantine_list(look: Look) -> None:
    """List the units in quarantine of your agencies, and why they are there."""
    rows = [_in_short(each) for each in look.case.quarantine()]
    columns = tuple(rows[0]) if rows else ("nothing in quarantine",)
    look.show({"quarantine": rows}, lambda: table("quarantine", columns, [tuple(row.values()) for row in rows]))


@quarantine.command("show")
@click.argument("unit", metavar="ID")
@reading
def quarantine_show(look: Look, unit: str) -> None:
    """Show a unit in quarantine with its bytes."""
    (found,) = look.case.quarantine([unit])
    answer = {
        **_in_short(found),
        "raw": found.raw.decode("utf-8", "replace"),
        "raw_base64": b64encode(found.raw).decode("ascii"),
        "marking": str(found.marking),
        "delivered": found.context["delivered"],
    }
    if "original" in found.context:
        answer["original_base64"] = found.context["original"]
    shown = [(name, value) for name, value in answer.items() if not name.endswith("_base64")]
    look.show(answer, lambda: table(unit, ("what", "value"), shown))


@quarantine.command("replay")
@click.argument("units", nargs=-1, metavar="[ID...]")
@click.option("--adapter", metavar="NAME", help="The format. Default: as it was loaded.")
@click.option("--manifest", metavar="FILE", type=click.Path(path_type=Path), help="The corrected manifest.")
@click.option("--agency", metavar="A", help="Units of this agency only. Default: the manifest's.")
@click.option("--dataset", metavar="D", help="Units of this dataset only. Default: the manifest's.")
@click.option("--raw", metavar="FILE", type=click.File("rb"), help="Repaired bytes, for a single unit.")
@click.option("--marking", metavar="M", help="The weakest marking to accept. Default: each unit's own.")
@writing
def quarantine_replay(
    look: Look,
    units: tuple[str, ...],
    adapter: str | None,
    manifest: Path | None,
    agency: str | None,
    dataset: str | None,
    marking: str | None,
    raw: BinaryIO | None,
) -> None:
    """Read units again; those that can be read leave quarantine.

    Without an ID: all units of the manifest's agency and dataset, or all of one agency without a manifest.
    """
    report = look.case.replay(
        units,
        adapter=adapter,
        manifest=manifest,
        agency=agency,
        dataset=dataset,
        marking=marking,
        raw=raw.read() if raw else None,
    )
    _report(report, look.as_json)


@quarantine.command("discard")
@click.argument("units", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", "why", metavar="R", required=True, help="The reason, for the log of loads.")
@writing
def quarantine_discard(look: Look, units: tuple[str, ...], why: str) -> None:
    """Delete units from quarantine without reading them."""
    gone = look.case.discard(units, why)
    answer = {"discarded": [_in_short(each) for each in gone], "reason": why}
    look.show(answer, lambda: say(f"{len(gone)} discarded: {why}"))
    left = len(set(units)) - len(gone)
    if left:
        warn(f"not discarded, because they were replayed, discarded or loaded again meanwhile: {left}")


def _in_short(unit: Quarantined) -> dict[str, Any]:
    names = ("id", "agency", "dataset", "adapter", "path", "locator", "reason", "message")
    return {name: getattr(unit, name) for name in names}


def _report(report: LoadReport, as_json: bool) -> None:
    """Print a report; the exit code is 1 if anything went wrong."""
    _told(report, as_json)
    if as_json:
        emit(report.to_dict())
    _exit(report.clean)


def _told(report: LoadReport, as_json: bool) -> LoadReport:
    """Print what went wrong to stderr, and without --json the counts to stdout."""
    for message in report.messages:
        warn(message)
    if not as_json:
        rows = [
            (each.path, *(getattr(each, name) for name in _COUNTS), _listed(each.records), _listed(each.reasons))
            for each in report.files
        ]
        table(_title(report), ("path", *_COUNTS, "records", "reasons"), rows)
        say(f"{report.seconds} seconds")
    return report


def _title(report: LoadReport) -> str:
    if report.revision:
        return f"revision {report.revision}"
    remarked = sum(each.reasons.get(REMARKED, 0) for each in report.files)
    return "revision none: " + (
        f"no new content, {remarked} records re-marked at every revision" if remarked else "nothing changed"
    )


def _exit(clean: bool) -> None:
    if not clean:
        click.get_current_context().exit(_NOT_ALL)


def _listed(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{name}: {n}" for name, n in counts.items())


@contextmanager
def _shown() -> Iterator[Told | None]:
    """Shows the progress of a load on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.completed} units", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task("reading", total=None)
        yield lambda path, read: drawn.update(task, description=_name(path), completed=read)


def _name(path: str) -> str:
    """The last name in a path, or in the path of an archive's member."""
    return visible(path.rpartition("!")[2].rpartition("/")[2])


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(cli))


if __name__ == "__main__":
    main()
