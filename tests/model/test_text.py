"""Forms of texts for searching and comparing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.text import code, fold, romanise, words

ANY = st.text(st.characters(exclude_categories=()), max_size=20)


@given(ANY)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_a_folded_text_can_be_kept_and_indexed(text: str) -> None:
    folded = fold(text)
    folded.encode("utf-8")
    assert "\x00" not in folded
    assert "\n" not in folded
    assert folded == folded.strip()


@given(ANY)
def test_a_romanised_text_stays_as_it_is(text: str) -> None:
    roman = romanise(text)
    assert romanise(roman) == roman
    roman.encode("utf-8")


@given(ANY)
def test_a_code_is_digits_and_latin_capitals(text: str) -> None:
    assert all(letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" for letter in code(text))
    assert code(code(text)) == code(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Petrov", "PETROV"),
        ("e\u0301", "é"),
        ("ﬁn", "fin"),
        (" a \t\n b ", "a b"),
        ("a\x00b", "a b"),
        ("Straße", "STRASSE"),
    ],
)
def test_texts_that_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "roman"), [("Петров", "petrov"), ("Łukasz", "lukasz"), ("Παπαδόπουλος", "papadopoulos"), ("Ünal", "unal")]
)
def test_texts_of_other_scripts_are_found_in_latin_letters(text: str, roman: str) -> None:
    assert romanise(text) == roman


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AB-12-CD", "ab 12 cd"),
        ("АВ 12 СЕ", "AB12CE"),
        ("СА1234АВ", "CA1234AB"),
        ("ΑΒ1234", "AB1234"),
        ("ＡＢ１２", "AB12"),
    ],
)
def test_plates_that_look_alike_are_alike(one: str, other: str) -> None:
    assert code(one) == code(other)


def test_words_keep_their_order() -> None:
    assert words("li wei, 王明 3") == ["li", "wei", "王明", "3"]
