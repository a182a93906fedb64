"""Shorten the waiting time for servers."""

import os

import pytest

from workbench.store.neo4j.connection import Database


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten waiting times, and ignore this machine's settings."""
    monkeypatch.setattr(Database, "patience", 1.0)
    for name in [name for name in os.environ if name.startswith(("WORKBENCH_NEO4J_", "WORKBENCH_TO_NEO4J_"))]:
        monkeypatch.delenv(name)
