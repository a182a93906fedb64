"""What Saltmarsh's files say, read once; nothing of the workbench is imported here."""

import pytest

from tests.scenario.reading import read_case
from tests.scenario.rows import Told
from tests.scenario.truth import AGENCIES, SAMPLE, seen_by
from tests.scenario.world import World


@pytest.fixture(scope="session")
def told() -> list[Told]:
    return read_case(SAMPLE)


@pytest.fixture(scope="session")
def union(told: list[Told]) -> World:
    return seen_by(told, AGENCIES)
