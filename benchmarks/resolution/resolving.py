"""Load records into a store of their own, score them and read who is who, and say what each step took."""

import resource
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from ingest.jobs import run_jobs
from workbench.access.viewer import EVERY_AGENCY, Viewer
from workbench.resolve.scoring import score
from workbench.view.store import GraphStore, open_store


@dataclass(frozen=True, slots=True)
class Resolved:
    """The canonical id of each record, by (agency, source id), and what it took, as JSON values."""

    clusters: dict[tuple[str, str], str]
    told: dict[str, Any]


def joint(agencies: Collection[str]) -> Viewer:
    """A viewer of all that some agencies have, who loads for each and trains."""
    loads = frozenset({EVERY_AGENCY})
    return Viewer(name="joint", level="SECRET", agencies=frozenset(agencies), loads=loads)


def load_jobs(store: GraphStore, folder: Path, viewer: Viewer) -> None:
    """Load what `loads.toml` in a folder names."""
    for _ in run_jobs(store, folder / "loads.toml", viewer, "measure", None):
        pass


def resolved(agencies: Collection[str], load: Callable[[GraphStore, Viewer], None], train: bool) -> Resolved:
    """What a joint viewer is shown of records that `load` loads.

    Told are pairs, the seconds of CPU of each step, and the most memory that the process has had so far, in MB.
    """
    viewer, times = joint(agencies), [process_time()]
    with TemporaryDirectory() as work:
        store = open_store(f"sqlite:///{work}/measured.db")
        load(store, viewer)
        times.append(process_time())
        scoring = score(store, store.view(viewer), train=train)
        times.append(process_time())
        rows = store.view(viewer).clusters()
        clusters = {(dataset.partition("/")[0], source): canonical for canonical, dataset, source in rows}
        times.append(process_time())
        store.close()
    spent = [round(after - before, 1) for before, after in pairwise(times)]
    seconds = dict(zip(("load", "resolve", "read"), spent, strict=True))
    return Resolved(clusters, {"pairs": scoring.pairs, "seconds": seconds, "megabytes": most_memory()})


def most_memory() -> int:
    """The most memory that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
