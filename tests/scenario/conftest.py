"""Saltmarsh, loaded once."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest
from ingest import LoadReport
from workbench.store.base import GraphStore, open_store

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"


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


@pytest.fixture(scope="session")
def saltmarsh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[GraphStore, list[LoadReport]]]:
    """A store with Saltmarsh in it, and the reports of its loads."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('saltmarsh')}/store.db")
    yield store, load_case(store, SAMPLE)
    store.close()
