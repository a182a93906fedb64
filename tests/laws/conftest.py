"""The stores of the laws are thrown away at the end."""

from collections.abc import Iterator

import pytest

from tests.laws.stages import close_all
from workbench.view import checking


@pytest.fixture(scope="session", autouse=True)
def thrown_away() -> Iterator[None]:
    yield
    close_all()


@pytest.fixture(scope="session", autouse=True)
def small_clusters_are_told() -> Iterator[None]:
    """Let clusters of two be large: none of the laws' has many referents."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checking, "SEVERAL", 2)
        patched.setattr(checking, "LARGE", 1)
        yield
