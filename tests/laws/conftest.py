"""The stores of the laws are thrown away at the end."""

from collections.abc import Iterator

import pytest

from tests.laws.stages import close_all


@pytest.fixture(scope="session", autouse=True)
def thrown_away() -> Iterator[None]:
    yield
    close_all()
