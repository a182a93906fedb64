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
    [({"resident": "a"}, []), ({"resident": "a", "place": "b"}, []), ({"resident": "a", "place": "a"}, [True])],
)
def test_a_tie_of_one_with_itself_takes_two_ends(roles: dict[str, str], found: list[bool]) -> None:
    assert [each.startswith("self-tie") for each in remarks(tie("Residence", **roles))] == found
