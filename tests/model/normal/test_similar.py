"""Names like the one that is searched, by hand-made pairs and by what must hold for any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.normal.similar import Said, distance, keys_in, said
from workbench.model.text import fold

NAMES = st.lists(
    st.sampled_from(
        ["petrov", "Петрова", "mohamed", "محمد", "العلوي", "王明", "김민준", "o'brien", "li", "van", "x", "é", "7"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [("Petrov", "Petrova"), ("Mohamed Alaoui", "محمد العلوي"), ("V Petrov", "Vladimir Petrov")],
)
def test_the_nearer_of_two(nearer: str, farther: str) -> None:
    wanted = said({"Petrov": "Petroff", "Mohamed Alaoui": "Mohammed Alaoui"}.get(nearer, "V. Petrov"))
    near, far = (distance(wanted, fold(each)) for each in (nearer, farther))
    assert near is not None
    assert far is not None
    assert near < far


@pytest.mark.parametrize("query", ["", "  ", "Li", "el", "31612345678", "x y", "a " * 20 + "petrov", "\udcff", "''"])
def test_what_is_no_name_is_like_none(query: str) -> None:
    assert said(query) == Said()
    assert distance(said(query), "petrov") is None


def test_what_says_little_is_left_out_unless_nothing_else_is_said() -> None:
    assert said("Mr. Jan van der Berg B.V.").keys == said("Jan Berg").keys
    assert said("Van der Van").keys


@given(NAMES)
def test_a_name_is_like_itself_and_has_all_its_keys(name: str) -> None:
    wanted = said(name)
    assert all(set(keys) & keys_in([fold(name)]) for keys in wanted.keys)
    assert not wanted.words or distance(wanted, fold(name)) == 0


@given(NAMES, NAMES)
def test_whoever_is_like_another_has_a_key_of_each_word(query: str, name: str) -> None:
    """So an index that knows only keys loses nobody."""
    if distance(said(query), fold(name)) is not None:
        assert all(set(keys) & keys_in([fold(name)]) for keys in said(query).keys)


@given(NAMES, NAMES)
def test_order_of_words_changes_nothing(query: str, name: str) -> None:
    backwards = " ".join(reversed(name.split()))
    ours, theirs = distance(said(query), fold(name)), distance(said(query), fold(backwards))
    assert (ours is None) == (theirs is None)


@given(st.text(), st.text())
def test_any_text_can_be_compared(query: str, name: str) -> None:
    apart = distance(said(query), fold(name))
    assert apart is None or 0 <= apart < 1
    assert all(2 <= len(key) <= 40 for key in keys_in([fold(name)]))
