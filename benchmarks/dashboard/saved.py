"""Charts to measure: saved in a copy of a store that is a file, or in the store itself if it is on a server."""

import multiprocessing
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.errors import UsageError
from workbench.settings import store_url
from workbench.store.schemes import store_place
from workbench.view.snapshot import Snapshot

_STARTS = 997  # a chart of an analyst begins so many entities after the last one's, in the order of their ties


@contextmanager
def place(url: str) -> Iterator[tuple[str, Path, str]]:
    """Where charts are saved: the URL, a temporary folder, and what to say about it."""
    file = store_place(store_url(url))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if file is None:
            yield url, folder, "the charts are saved in the store itself"
            return
        for each in file.parent.glob(f"{file.name}*"):
            (shutil.copytree if each.is_dir() else shutil.copy)(each, folder / each.name)
        if (file.parent / "viewers.toml").exists():
            shutil.copy(file.parent / "viewers.toml", folder)
        yield f"sqlite:///{folder / file.name}", folder, "the charts are saved in a copy of the store"


def save_charts(url: str, viewer: str, sizes: Sequence[int], many: Sequence[int] = ()) -> None:
    """Save a chart of each size, around the entity with most ties, under the id `measured SIZE`.

    `many` are sizes of charts around other entities, under the ids `analyst 0`, `analyst 1` ... Another process does
    it, so that this one stays small.
    """
    process = multiprocessing.get_context("spawn").Process(target=_save, args=(url, viewer, sizes, many))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit("the charts could not be saved")


def chart_id(size: int) -> str:
    """The id of the chart of a size."""
    return f"measured{size}"


def analyst_id(number: int) -> str:
    """The id of an analyst's chart."""
    return f"analyst{number}"


def _save(url: str, viewer: str, sizes: Sequence[int], many: Sequence[int]) -> None:
    from workbench.analytics.layouts import Plan, arranged
    from workbench.app import charts
    from workbench.app.beginning import new_desk
    from workbench.app.chart import Chart
    from workbench.app.drawing import pairs_among
    from workbench.session import open as opened

    with opened(url, viewer) as case:
        around = _Around(case.view.snapshot())
        wanted = [(chart_id(size), around.entities(0, size)) for size in sizes]
        wanted += [(analyst_id(n), around.entities((n + 1) * _STARTS, size)) for n, size in enumerate(many)]
        for name, ids in wanted:
            desk = new_desk()
            desk.standing = charts.Standing(name, f"{name} {charts.new_id()}")  # a link opens the newest of its id
            places = arranged("organic", Plan(ids, pairs_among(case.view, ids)))
            desk.did(replace(Chart(ids), positions=places))
            desk.save(case.store, case.view)
            if desk.note:
                raise UsageError(desk.note)


class _Around:
    """The entities around others, breadth first, those with most ties first."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.ids, self.ties = snapshot.ids, snapshot.csr
        self.by_ties = np.argsort(-np.diff(self.ties.indptr), kind="stable")

    def entities(self, start: int, size: int) -> tuple[str, ...]:
        """So many entities around the one at a place in the order of ties."""
        found = dict.fromkeys([int(self.by_ties[start % len(self.ids)])])
        queue = list(found)
        for each in queue:
            for other in map(int, self.ties.indices[self.ties.indptr[each] : self.ties.indptr[each + 1]]):
                if other not in found and len(found) < size:
                    found[other] = None
                    queue.append(other)
        if len(found) < size:
            raise UsageError(f"only {len(found)} entities are connected there: ask for fewer")
        return tuple(self.ids[each] for each in found)
