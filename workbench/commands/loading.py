"""What the commands that load files share: their options, and a session that says what it does with the store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ingest.options import MOST_WORKERS
from workbench.commands.console import warn
from workbench.errors import NoStore, StoreBusy
from workbench.session import Session
from workbench.settings import existing_store, open_store, store_to_load, viewer_for
from workbench.store.login import shown
from workbench.view.store import GraphStore

_AS_LOADED = (
    click.option("--adapter", metavar="NAME", help="The format; `ingest adapters` lists them."),
    click.option(
        "--manifest", metavar="FILE", type=click.Path(path_type=Path), help="Maps columns and labels to records."
    ),
    click.option("--agency", metavar="A", help="The agency that loads. Default: the manifest's, else LOCAL."),
    click.option("--dataset", metavar="D", help="The feed. Default: the manifest's, else the file's name."),
    click.option("--marking", metavar="M", help="If the manifest has none. Default: SECRET, the loading agency only."),
    click.option("--allow-empty", is_flag=True, help="Accept an empty complete delivery, which withdraws everything."),
    click.option("--resolve", is_flag=True, help="Score what is new to the viewer, in the same revision."),
    click.option(
        "--workers",
        metavar="N",
        type=click.IntRange(1, MOST_WORKERS),
        default=1,
        help="How many files are read at once. Default: 1. It changes no result.",
    ),
    click.option(
        "--max-quarantined", metavar="N|N%", help="Load nothing if more units, or more of them, can't be read."
    ),
    click.option("--min-units", metavar="N", type=int, help="Load nothing if fewer units were read."),
    click.option("--max-units", metavar="N", type=int, help="Load nothing if more units were read."),
    click.option("--min-files", metavar="N", type=int, help="Load nothing if fewer files were read."),
    click.option("--max-files", metavar="N", type=int, help="Load nothing if more files were read."),
)

wait_option = click.option(
    "--wait", metavar="SECONDS", type=click.FloatRange(min=0), help="Wait so long for another writer. Default: 30."
)
metrics_option = click.option(
    "--metrics", metavar="FILE", type=click.Path(path_type=Path), help="Write metrics for Prometheus to this file."
)


def as_loaded(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how files are loaded, but for the day of delivery."""
    for option in reversed(_AS_LOADED):
        command = option(command)
    return command


@contextmanager
def loading(url: str, viewer: str | None, wait: float | None = None, *, dry_run: bool = False) -> Iterator[Session]:
    """A session to load in: says if it made the store, and who writes to it now.

    A dry run without a store works in a temporary one, and says so.
    """
    with TemporaryDirectory(prefix="workbench-") as folder:
        store = _for_dry_run(url, folder) if dry_run else to_load(url)
        if wait is not None:
            store.patience = wait
        with Session(store, partial(viewer_for, store, url, viewer)) as case:
            _say_who_writes(store)
            yield case


def to_load(url: str) -> GraphStore:
    """Open the store at a URL to load into it, and say so if it was made now.

    UsageError if its path is most likely mistyped.
    """
    store, is_new = store_to_load(url)
    if is_new:
        warn(f"there was no store at {store.url}: a new one was made")
    return store


def _for_dry_run(url: str, folder: str) -> GraphStore:
    try:
        return existing_store(url)
    except NoStore:
        warn(f"there is no store at {shown(url)}: tried in an empty one")
        return open_store(f"sqlite:///{folder}/store.db")


def _say_who_writes(store: GraphStore) -> None:
    """Say who holds the writer's lease, if somebody does and there is time to wait for it."""
    patience, store.patience = store.patience, 0.0
    try:
        with store.lease():
            pass
    except StoreBusy as busy:
        if patience:
            warn(f"{busy.message}: waiting up to {patience:g} seconds for each load")
    finally:
        store.patience = patience


__all__ = ["as_loaded", "loading", "metrics_option", "wait_option"]
