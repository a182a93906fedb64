"""Loads a scenario through the real pipeline."""

from pathlib import Path

import ingest
from ingest import LoadReport
from workbench.access.viewer import local_viewer
from workbench.view.store import GraphStore


def load_case(store: GraphStore, folder: Path) -> list[LoadReport]:
    """Load a scenario's files in its own order; a report of each load."""
    return [
        report for _, report, _ in ingest.run_jobs(store, folder / "loads.toml", local_viewer(()), by="test") if report
    ]
