"""Each store, empty."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree

import pytest

from tests.store.stores import STORES
from workbench.store.base import GraphStore


@pytest.fixture(params=sorted(STORES))
def store_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(store_name: str, tmp_path: Path) -> Iterator[GraphStore]:
    opened = STORES[store_name](tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def new_store(store_name: str, tmp_path: Path) -> Iterator[Callable[[], GraphStore]]:
    """Makes an empty store, and throws away the one before."""
    opened: list[GraphStore] = []

    def make() -> GraphStore:
        if opened:
            opened.pop().close()
        folder = tmp_path / "store"
        rmtree(folder, ignore_errors=True)
        folder.mkdir()
        opened.append(STORES[store_name](folder))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
