"""The command that loads files, and the one that lists the formats that they may have."""

from pathlib import Path
from typing import Any, cast

import click

from ingest import pipeline
from ingest.formats import ADAPTERS
from ingest.options import Options, Said
from ingest.places import refuse_missing
from ingest.report import LoadReport
from workbench.commands.console import emit, json_option, loader_option, store_option, table
from workbench.commands.detection import adapter_for
from workbench.commands.loading import as_loaded, loading, wait_option
from workbench.commands.reports import progress_shown, show, warn_all
from workbench.errors import DeliveryRefused
from workbench.session import Session
from workbench.settings import loader_for, operator, store_url


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@as_loaded
@click.option("--delivered", metavar="DATE", help="Day of the delivery, such as 2026-03-31. Default: today.")
@click.option("--dry-run", is_flag=True, help="Show what would change: it is written unseen, then undone.")
@wait_option
@loader_option
@store_option
@json_option
def load(
    paths: tuple[Path, ...],
    dry_run: bool,
    wait: float | None,
    viewer: str | None,
    url: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Load files, archives, folders or quoted patterns such as 'in/*.csv'; each of their units is counted once."""
    where, said = store_url(url), cast(Said, given)
    who = loader_for(where, viewer)
    refuse_missing(paths)
    asked = Options(viewer=who, by=operator(who), purpose=None, **said)
    said["adapter"] = asked["adapter"] = adapter_for(paths, asked)
    # before a store is opened or created
    pipeline.ordered(asked)
    with loading(where, viewer, wait, dry_run=dry_run) as case, progress_shown() as progress:
        said["progress"] = progress
        report = _run(case, paths, said, dry_run)
    show(report, as_json, dry_run=dry_run)


def _run(case: Session, paths: tuple[Path, ...], said: Said, dry_run: bool) -> LoadReport:
    """Load, or try to; if the delivery is refused, say what was wrong with it."""
    try:
        return case.dry_run(paths, **said) if dry_run else case.load(paths, **said)
    except DeliveryRefused as refused:
        if isinstance(refused.report, LoadReport):
            warn_all(refused.report.messages)
        raise


@click.command()
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
