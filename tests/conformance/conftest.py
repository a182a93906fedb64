"""The store of this run, empty."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stores import fresh_url
from workbench.view.store import GraphStore, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = open_store(fresh_url(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[Callable[[], GraphStore]]:
    """Makes an empty store, and throws away the one before."""
    opened: list[GraphStore] = []

    def make() -> GraphStore:
        if opened:
            opened.pop().close()
        opened.append(open_store(fresh_url(tmp_path)))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
