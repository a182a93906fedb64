"""A desk to load from: a folder for files, a store, and looks at what came in."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest import LoadReport, load
from tests.stores import fresh_url
from workbench.access.viewer import Viewer, local_viewer
from workbench.store.types import SourcedRecord
from workbench.view.store import open_store
from workbench.view.view import View

COUNTS = ("read", "accepted", "unchanged", "late", "quarantined", "refused")


class Desk:
    """Loads files that it writes, and shows what is in its store: its test's own, or the one at a URL."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.url = url or fresh_url(folder)
        self.store = open_store(self.url)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, *paths: Path, how: Callable[..., LoadReport] = load, **options: Any) -> LoadReport:
        return how(self.store, paths, **{"viewer": local_viewer(()), "by": "tester", **options})

    def view(self, *agencies: str, compartments: frozenset[str] = frozenset()) -> View:
        """The view of one of these agencies, or of all of them without a name."""
        seen = frozenset(agencies) or self.store.agencies()
        viewer = Viewer(name="tester", agencies=seen, level="SECRET", compartments=compartments, loads=seen)
        return self.store.view(viewer)

    def records(self, *agencies: str) -> tuple[SourcedRecord, ...]:
        """Every record that is seen, through the ties and entities that the view knows."""
        view = self.view(*agencies)
        found = {line.record for entity, _, _ in view.clusters() for line in view.entity(entity).values}
        found.update(tie.record for entity, _, _ in view.clusters() for tie in view.neighbours(entity).ties)
        return view.records(sorted(found))


def totals(report: LoadReport) -> dict[str, int]:
    """The sums of a load's counts that are not 0."""
    found = Counter({name: sum(getattr(each, name) for each in report.files) for name in COUNTS})
    return {name: n for name, n in found.items() if n}


def reasons(report: LoadReport) -> dict[str, int]:
    """All reasons of a load with how often they were."""
    found: Counter[str] = Counter()
    for each in report.files:
        found.update(each.reasons)
    return dict(found)
