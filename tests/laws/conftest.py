"""The stores of the laws are thrown away at the end, and have one secret, so that their keyed hashes are alike."""

from collections.abc import Iterator

import pytest

from tests.laws.stages import close_all
from tests.laws.survey import small_clusters_told


@pytest.fixture(scope="session", autouse=True)
def one_secret() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for place in ("sqlite.connection", "memory.tables", "neo4j.sealing"):
            patched.setattr(f"workbench.store.{place}.new_secret", lambda: "5e" * 32)
        yield


@pytest.fixture(scope="session", autouse=True)
def thrown_away() -> Iterator[None]:
    yield
    close_all()


@pytest.fixture(scope="module", autouse=True)
def small_clusters_are_told() -> Iterator[None]:
    with small_clusters_told():
        yield
