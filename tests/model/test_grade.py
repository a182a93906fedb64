"""Grades: every code of every scheme is mapped, none to a better one, and losses are marked."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.model.grade import Grade, parse_grade, scheme_names, weakest

# What each scheme's own words mean at best on the Admiralty scale: A completely reliable, B usually,
# C fairly, D not usually, E unreliable, F can't be judged; 1 confirmed by other sources, 2 probably true,
# 3 possibly true, 4 doubtful, 5 improbable, 6 can't be judged. Written from the schemes' publications.
SOURCE_AT_BEST = {
    "admiralty": {"A": "A", "B": "B", "C": "C", "D": "D", "E": "E", "F": "F"},
    "4x4": {"A": "A", "B": "B", "C": "D", "X": "F"},  # no doubt; mostly reliable; mostly unreliable; can't be assessed
    "3x5x2": {"1": "A", "2": "F", "3": "E"},  # reliable; untested; not reliable
    "5x5x5": {"A": "A", "B": "B", "C": "C", "D": "E", "E": "F"},  # always; mostly; sometimes; unreliable; untested
}
INFORMATION_AT_BEST = {
    "admiralty": {"1": "1", "2": "2", "3": "3", "4": "4", "5": "5", "6": "6"},
    "4x4": {"1": "1", "2": "2", "3": "3", "4": "6"},  # known true; known to the source; corroborated; can't be judged
    "3x5x2": {"A": "1", "B": "2", "C": "3", "D": "6", "E": "5"},  # directly; corroborated; indirectly; not; false
    "5x5x5": {"1": "1", "2": "2", "3": "3", "4": "6", "5": "5"},
}
TAILS = {"admiralty": [""], "4x4": [""], "3x5x2": ["P", "C", "/P", "/C"], "5x5x5": ["", "1", "5", "/3"]}
UNKNOWN = {"F", "6"}


def codes(scheme: str) -> list[str]:
    return ["".join(code) for code in product(SOURCE_AT_BEST[scheme], INFORMATION_AT_BEST[scheme])]


ALL = [(scheme, code) for scheme in SOURCE_AT_BEST for code in codes(scheme)]


def full(scheme: str, code: str) -> Grade:
    return parse_grade(scheme, code + TAILS[scheme][0])


def test_the_schemes_are_those_that_are_tested() -> None:
    assert list(scheme_names()) == sorted(SOURCE_AT_BEST)


@pytest.mark.parametrize(("scheme", "code"), ALL)
def test_a_mapping_never_upgrades(scheme: str, code: str) -> None:
    grade = full(scheme, code)
    pairs = (
        (SOURCE_AT_BEST[scheme][code[0]], grade.reliability),
        (INFORMATION_AT_BEST[scheme][code[1]], grade.credibility),
    )
    for best, mapped in pairs:
        assert (best in UNKNOWN) == (mapped in UNKNOWN)
        assert mapped >= best


@pytest.mark.parametrize(("scheme", "code"), ALL)
def test_what_is_lost_is_said(scheme: str, code: str) -> None:
    grade = full(scheme, code)
    weaker = (SOURCE_AT_BEST[scheme][code[0]], INFORMATION_AT_BEST[scheme][code[1]]) != tuple(grade.mapped)
    twins = {other for other in codes(scheme) if full(scheme, other).mapped == grade.mapped}
    assert grade.lossy or (not weaker and twins == {code})


@pytest.mark.parametrize("scheme", SOURCE_AT_BEST)
def test_order_within_a_scheme_is_kept(scheme: str) -> None:
    """A code that is weaker in its own scheme is never mapped to a stronger value."""
    for table, place in ((SOURCE_AT_BEST[scheme], 0), (INFORMATION_AT_BEST[scheme], 1)):
        judged = sorted((best, code) for code, best in table.items() if best not in UNKNOWN)
        other = next(iter((INFORMATION_AT_BEST if place == 0 else SOURCE_AT_BEST)[scheme]))
        mapped = [full(scheme, code + other if place == 0 else other + code).mapped[place] for _, code in judged]
        assert mapped == sorted(mapped)


@pytest.mark.parametrize("scheme", SOURCE_AT_BEST)
def test_a_grade_is_kept_verbatim(scheme: str) -> None:
    for tail in TAILS[scheme]:
        text = codes(scheme)[0].lower() + tail
        assert parse_grade(scheme, text).text == text
        assert str(parse_grade(scheme, text)) == f"{text} ({scheme})"


@pytest.mark.parametrize(("scheme", "code"), ALL)
def test_what_could_not_be_judged_says_so(scheme: str, code: str) -> None:
    unknown = {SOURCE_AT_BEST[scheme][code[0]], INFORMATION_AT_BEST[scheme][code[1]]} & UNKNOWN
    assert full(scheme, code).unknown == bool(unknown)


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        *(("admiralty", text) for text in ("G1", "A7", "", "A")),
        *(("4x4", text) for text in ("A5", "D1", "A1\nB2")),
        *(("3x5x2", text) for text in ("1A", "4AP")),
        *(("5x5x5", text) for text in ("F1", "A16")),
        ("no such", "A1"),
    ],
)
def test_what_is_no_grade_is_refused(scheme: str, text: str) -> None:
    with pytest.raises(InputError):
        parse_grade(scheme, text)


GRADES = st.lists(st.sampled_from([full(*each) for each in ALL]), min_size=1, max_size=5)


@given(GRADES, st.randoms())
def test_the_weakest_of_a_chain_is_one_of_it_in_any_order(grades: list[Grade], rng: object) -> None:
    found = weakest(grades)
    assert found in grades
    shuffled = list(grades)
    rng.shuffle(shuffled)
    assert weakest(shuffled) == found


@given(GRADES)
def test_nothing_in_a_chain_is_weaker_than_the_weakest(grades: list[Grade]) -> None:
    found = weakest(grades)
    assert found is not None
    for each in grades:
        if found.unknown:
            continue
        assert not each.unknown
        assert (each.reliability, each.credibility) <= (found.reliability, found.credibility)


@given(GRADES)
def test_a_link_without_a_grade_leaves_the_chain_without_one(grades: list[Grade]) -> None:
    assert weakest([*grades, None]) is None


def test_a_chain_of_nothing_has_no_grade() -> None:
    assert weakest([]) is None
