"""Settings of the tests: reproducible examples, where the real input files are, and stores that are empty."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.demos import make_demo
from tests.lacking import lacking
from tests.selection import PART
from tests.store_run import StoreRun
from tests.stores import examples, fresh_url
from workbench.view.store import GraphStore, open_store

__all__ = ["make_demo"]

_DATA = Path(__file__).parent.parent.parent / "shared" / "data"

# One run is like the next, but for parts of the night. `--hypothesis-profile=deep` looks further, before a release.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
settings.register_profile(
    "default",
    max_examples=examples(100),
    deadline=None,
    derandomize=not PART,
    print_blob=bool(PART),
    database=None,
    suppress_health_check=_SLOW,
)
settings.register_profile("deep", deadline=None, max_examples=2000, suppress_health_check=_SLOW, print_blob=True)
# Tells that a law fails by the first example of it, and looks for no smaller one: for runs in which it must.
settings.register_profile("first", settings.get_profile("default"), phases=set(Phase) - {Phase.shrink, Phase.explain})
settings.load_profile("default")


def pytest_configure(config: pytest.Config) -> None:
    backends = nx.config.backends
    if "workbench" in backends:  # networkx is the oracle: a session's graph must not give its calls to our engines
        backends["workbench"].automatic = False
    config.pluginmanager.register(StoreRun(), "store-run")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input files; without it the test is skipped, or fails in CI."""
    folder = Path(os.environ.get("WORKBENCH_TEST_DATA", _DATA))
    if not folder.is_dir():
        lacking(f"no real input files in {folder}: set WORKBENCH_TEST_DATA")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    """The store of this run, empty."""
    opened = open_store(fresh_url(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def new_store(tmp_path: Path) -> Iterator[Callable[[], GraphStore]]:
    """Makes an empty store, and discards the previous one."""
    opened: list[GraphStore] = []

    def make() -> GraphStore:
        if opened:
            opened.pop().close()
        opened.append(open_store(fresh_url(tmp_path)))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
