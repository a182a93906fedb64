"""Units of a file: reasons and ends that are one, counted."""

import pytest

from ingest.report import Tally
from ingest.units import remarks
from tests.analytics.cases import tie


def test_reasons_beyond_a_hundred_are_others_and_known_ones_are_counted_on() -> None:
    """Reasons name columns, and a hostile file has as many as it has units."""
    tally = Tally("t.csv")
    for n in range(150):
        tally.because(f"reason {n}")
    tally.because("reason 0")
    assert (len(tally.reasons), tally.reasons["other reasons"], tally.reasons["reason 0"]) == (101, 50, 2)


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        ({"resident": "a"}, ["one side alone: Residence"]),
        ({"resident": "a", "place": "b"}, []),
        ({"resident": "a", "place": "a"}, ["self-tie: Residence"]),
    ],
)
def test_a_tie_has_two_ends_that_differ(roles: dict[str, str], found: list[str]) -> None:
    assert remarks(tie("Residence", **roles)) == found
