"""Loads a scenario through the real pipeline."""

import tomllib
from pathlib import Path

import ingest
from ingest import LoadReport
from workbench.store.base import GraphStore


def load_case(store: GraphStore, folder: Path) -> list[LoadReport]:
    """Load a scenario's files in its own order; a report of each load."""
    reports = []
    for load in tomllib.loads((folder / "loads.toml").read_text("utf-8"))["loads"]:
        found = ingest.load(
            store,
            [folder / name for name in load["files"]],
            adapter=load["adapter"],
            manifest=folder / load["manifest"],
            agency=load["agency"],
            dataset=load["dataset"],
            delivered=load["delivered"].isoformat(),
            by="test",
        )
        reports.append(found)
    return reports
