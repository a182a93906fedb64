"""The commands that load files, and the formats that they read."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ingest import jobs, pipeline
from ingest.adapters import ADAPTERS
from ingest.options import Options, Said
from ingest.report import LoadReport
from workbench.commands.console import emit, json_option, loader_option, store_option, table, told_of, warn
from workbench.commands.detection import adapter_for
from workbench.commands.reports import exit_by, progress_shown, show, tell
from workbench.errors import NoStore
from workbench.model.visible import count
from workbench.session import Session, begin
from workbench.settings import existing_store, loader_for, open_store, operator, store_url
from workbench.view.store import GraphStore


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--adapter", metavar="NAME", help="The format; `ingest adapters` lists them.")
@click.option("--manifest", metavar="FILE", type=click.Path(path_type=Path), help="Maps columns and labels to records.")
@click.option("--agency", metavar="A", help="The agency that loads. Default: the manifest's, else LOCAL.")
@click.option("--dataset", metavar="D", help="The feed. Default: the manifest's, else the file's name.")
@click.option("--delivered", metavar="DATE", help="Day of the delivery, such as 2026-03-31. Default: today.")
@click.option("--marking", metavar="M", help="If the manifest has none. Default: SECRET, the loading agency only.")
@click.option("--allow-empty", is_flag=True, help="Accept an empty complete delivery, which withdraws everything.")
@click.option("--resolve", is_flag=True, help="Score what is new to the viewer, in the same revision.")
@click.option("--dry-run", is_flag=True, help="Show what would change: it is written unseen, then undone.")
@loader_option
@store_option
@json_option
def load(
    paths: tuple[Path, ...],
    adapter: str | None,
    manifest: Path | None,
    agency: str | None,
    dataset: str | None,
    delivered: str | None,
    marking: str | None,
    allow_empty: bool,
    resolve: bool,
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
        resolve=resolve,
    )
    who = loader_for(where, viewer)
    asked = Options(viewer=who, by=operator(who), purpose=None, **said)
    said["adapter"] = asked["adapter"] = adapter_for(paths, asked)
    # before a store is opened or created
    pipeline.ordered(asked)
    with _loading(where, viewer, dry_run) as case, progress_shown() as progress:
        said["progress"] = progress
        report = case.dry_run(paths, **said) if dry_run else case.load(paths, **said)
    show(report, as_json)


@click.command()
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
            done.extend(tell(report, as_json) for _, report in case.load_batch(file))
        except Exception as error:
            if not done:
                raise
            failed = error
            warn(f"error: {told_of(error)['message']}; kept before it: {count(len(done), 'load')}")
    if as_json:
        emit({"loads": [report.to_dict() for report in done], **({"error": told_of(failed)} if failed else {})})
    exit_by(failed is None and all(report.clean for report in done))


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
