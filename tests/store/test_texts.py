"""Texts in arrays are the texts, in their order, and nothing of others is with those that are taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.store import texts
from workbench.store.texts import SortedTexts

some_texts = st.sets(
    st.one_of(st.text(max_size=6), st.sampled_from(("", "a", "a\x00", "é", "\ud800", "\U0001f71a")))
).map(sorted)


@given(known=some_texts, asked=st.text(max_size=2))
def test_they_are_found_by_number_and_by_text(known: list[str], asked: str) -> None:
    packed = SortedTexts.of(known)
    assert [packed[n] for n in range(len(packed))] == known
    assert packed[np.arange(len(packed))].tolist() == known
    for text in (asked, *known):
        assert packed.find(text) == (known.index(text) if text in known else -1)
        assert packed.place(text) == sum(each < text for each in known)
    with pytest.raises(IndexError):
        packed[len(known)]


@given(known=some_texts, data=st.data())
def test_those_that_are_taken_have_nothing_of_the_others(known: list[str], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(known))), unique=True).map(sorted) if known else st.just([]))
    taken = SortedTexts.of(known).at(np.array(chosen, dtype=np.int64))
    alone = SortedTexts.of([known[n] for n in chosen])
    assert [each.tobytes() for each in (taken.octets, taken.begin, taken.end)] == [
        each.tobytes() for each in (alone.octets, alone.begin, alone.end)
    ]


def test_many_are_taken_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [f"{n:03}" * (n % 4) for n in range(100)]
    known = sorted(set(known))
    monkeypatch.setattr(texts, "_AT_ONCE", 7)
    octets, offsets = SortedTexts.of(known).tight()
    assert octets.tobytes().decode() == "".join(known)
    assert SortedTexts.packed(octets, offsets)[np.arange(len(known))].tolist() == known


def test_a_number_that_comes_again_is_decoded_for_each_place() -> None:
    assert SortedTexts.of(["", "a", "b"])[np.array([2, 0, 2])].tolist() == ["b", "", "b"]
