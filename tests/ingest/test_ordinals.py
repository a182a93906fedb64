"""Equal records of a file are numbered one after another: a number is a part of the key."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ingest.ordinals import Ordinals
from tests.analytics.cases import tie
from workbench.model.record import Record


def test_equal_records_are_numbered_one_after_another_also_where_numbering_goes_on() -> None:
    """Other numbers would double what earlier loads brought."""
    call, other = tie("Call", caller="a", receiver="b"), tie("Call", caller="a", receiver="c")
    first = Ordinals()
    assert _numbers(first, call, other, call, call) == [0, 0, 1, 2]
    second = Ordinals(first.kept())
    assert _numbers(second, call, other, other, call) == [3, 1, 2, 4]
    third = Ordinals(second.kept())
    assert _numbers(third, call, other) == [5, 3]


@given(st.lists(st.tuples(st.lists(st.integers(0, 40), max_size=30), st.booleans()), max_size=12))
def test_numbers_count_what_came_before_however_it_is_divided(pieces: Sequence[tuple[Sequence[int], bool]]) -> None:
    """In any batches, kept and taken up again between them, with named records among them."""
    ordinals, before = Ordinals(), Counter[int]()
    for receivers, is_kept in pieces:
        ordinals = Ordinals(ordinals.kept()) if is_kept else ordinals
        calls = [tie("Call", caller="a", receiver=f"{each}") for each in receivers]
        named = replace(tie("Call", caller="a", receiver="0"), source_id="named")
        expected = [0]
        for each in receivers:
            expected.append(before[each])
            before[each] += 1
        assert _numbers(ordinals, named, *calls) == expected


def _numbers(ordinals: Ordinals, *records: Record) -> list[int]:
    return [each.ordinal for each in ordinals.numbered(records)]
