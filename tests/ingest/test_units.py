"""Units of a file: equal ones numbered one after another, ends that are one counted."""

import pytest

from ingest.units import Ordinals, remarks
from tests.analytics.cases import tie


def test_equal_records_are_numbered_one_after_another_also_where_numbering_goes_on() -> None:
    """A number is a part of the key: other numbers would double what earlier loads brought."""
    call, other = tie("Call", caller="a", receiver="b"), tie("Call", caller="a", receiver="c")
    first = Ordinals()
    assert [first.numbered(each).ordinal for each in (call, other, call, call)] == [0, 0, 1, 2]
    second = Ordinals(first.kept())
    assert [second.numbered(each).ordinal for each in (call, other, other, call)] == [3, 1, 2, 4]
    third = Ordinals(second.kept())
    assert [third.numbered(each).ordinal for each in (call, other)] == [5, 3]


@pytest.mark.parametrize(
    ("roles", "found"),
    [({"resident": "a"}, []), ({"resident": "a", "place": "b"}, []), ({"resident": "a", "place": "a"}, [True])],
)
def test_a_tie_of_one_with_itself_takes_two_ends(roles: dict[str, str], found: list[bool]) -> None:
    assert [each.startswith("self-tie") for each in remarks(tie("Residence", **roles))] == found
