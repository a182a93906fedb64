"""Markings: as text and back, and what can't be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.model.marking import Level, Marking, both_markings, parse_marking, union_of_handling

CODES = st.frozensets(st.sampled_from(("A", "B", "NKP", "KFIU", "H-1", "X_2", "0")), max_size=3)
AGENCIES = CODES.filter(bool)
MARKINGS = st.builds(Marking, st.sampled_from(Level), AGENCIES, CODES, CODES, st.booleans())


@given(MARKINGS)
def test_a_marking_reads_back_from_its_text(marking: Marking) -> None:
    assert parse_marking(str(marking)) == marking
    assert parse_marking(str(marking), agency="OTHER") == marking


@given(MARKINGS)
def test_case_and_spaces_do_not_matter(marking: Marking) -> None:
    loose = "  " + str(marking).lower().replace("//", " // ").replace(",", " , ") + " "
    assert parse_marking(loose) == marking


@given(MARKINGS, MARKINGS)
def test_two_texts_are_equal_exactly_where_the_markings_are(a: Marking, b: Marking) -> None:
    assert (str(a) == str(b)) == (a == b)


def test_parts_may_stand_in_any_order() -> None:
    assert parse_marking("SECRET//PRIVILEGED//HC H1//REL A") == parse_marking("SECRET//REL A//HC H1//PRIVILEGED")


def test_what_names_nobody_is_for_the_loading_agency() -> None:
    assert parse_marking("OPEN", agency="NKP").releasable == {"NKP"}
    assert parse_marking("OPEN").releasable == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TOP SECRET",
        "OPEN//",
        "OPEN//REL",
        "OPEN//REL ",
        "OPEN//REL A,",
        "OPEN//REL A,,B",
        "OPEN//REL A B",
        "OPEN//REL A//REL B",
        "OPEN//REL A;B",
        "OPEN//NOFORN",
        "OPEN//PRIVILEGED YES",
        "OPEN/REL A",
        "REL A",
        "1",
    ],
)
def test_what_can_not_be_read_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_marking(text, agency="NKP")


@given(MARKINGS, MARKINGS)
def test_both_markings_ask_for_all_that_either_asks_for(a: Marking, b: Marking) -> None:
    both = both_markings(a, b, "OWNER")
    assert both == both_markings(b, a, "OWNER")
    for each in (a, b):
        assert both.level >= each.level
        assert both.compartments >= each.compartments
        assert both.handling >= each.handling
        assert both.privileged >= each.privileged
        assert both.releasable <= each.releasable or both.releasable == {"OWNER"}
    assert both_markings(a, a, "OWNER") == a


def test_derived_things_carry_the_union_of_handling_codes() -> None:
    markings = [parse_marking("OPEN//REL A//HC H2"), parse_marking("OPEN//REL A//HC H1,H2"), parse_marking("OPEN")]
    assert union_of_handling(markings) == ("H1", "H2")
    assert union_of_handling([]) == ()
