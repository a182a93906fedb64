"""Normal forms of names: what they have in common however they are written, and what they keep apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.normal.names import NOTHING, Kind, name_forms
from workbench.model.normal.scripts import is_syllabic, latin, readings
from workbench.model.normal.skeletons import skeleton

PERSON, ORGANISATION = Kind.PERSON, Kind.ORGANISATION
KINDS = st.sampled_from(Kind)

# Spellings and romanisations of one name each.
SPELLINGS = (
    ("Владимир Петров", "Vladimir Petrov", "Wladimir Petrow", "Petroff, Vladimir", "PETROV VLADIMIR"),
    ("محمد الحسن", "Mohammed al-Hassan", "Muhamad el Hasan", "Mohamed Hasan"),
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos", "Georgios Papadopulos"),
    ("Γιάννης", "ΓΙΑΝΝΗΣ", "Giannis", "Yannis"),
    ("Щербакова", "Shcherbakova", "Schtscherbakowa"),
    ("Евгений", "Yevgeny", "Evgenii", "Jewgenij", "Evgenij"),
    ("Елена", "Elena", "Yelena", "Jelena", "Helena"),
    ("Djamel Bouazizi", "Jamel Buazizi"),
    ("Алексей", "Aleksey", "Alexei", "Alexej"),
)
DIFFERENT = (
    ("Владимир Петров", "Vladislav Petrov"),
    ("Ivan Petrov", "Boris Petrov"),
    ("Mohammed", "Ahmed"),
    ("Nguyen", "Nowak"),
)


@pytest.mark.parametrize("names", SPELLINGS, ids=[names[0] for names in SPELLINGS])
def test_spellings_of_one_name_have_one_key(names: tuple[str, ...]) -> None:
    assert len({name_forms(each, PERSON).key for each in names}) == 1


@pytest.mark.parametrize("names", DIFFERENT, ids=[names[0] for names in DIFFERENT])
def test_different_names_have_different_keys(names: tuple[str, str]) -> None:
    assert len({name_forms(each, PERSON).key for each in names}) == 2


def test_titles_and_particles_are_left_out_and_the_order_does_not_count() -> None:
    one, other = name_forms("Dr. Hans-Peter von der Heide", PERSON), name_forms("HEIDE, Hans Peter", PERSON)
    assert one.words == ("hans", "peter", "heide")
    assert one.sorted_words == other.sorted_words


def test_a_name_of_particles_alone_keeps_them() -> None:
    assert name_forms("von der", PERSON).words == ("von", "der")


@pytest.mark.parametrize(
    ("name", "surname", "rest"),
    [
        ("王小明", "wang", "xiaoming"),
        ("曾国藩", "zeng", "guofan"),
        ("欧阳娜娜", "ouyang", "nana"),
        ("김정호", "kim", "jeongho"),
    ],
)
def test_a_name_in_han_or_hangul_keeps_its_letters_beside_how_it_sounds(name: str, surname: str, rest: str) -> None:
    forms = name_forms(name, PERSON)
    assert forms.is_syllabic
    assert forms.words == (name,)
    assert forms.romanised == (surname, rest)


def test_names_that_only_sound_alike_keep_other_words() -> None:
    one, other = name_forms("王小明", PERSON), name_forms("王晓明", PERSON)
    assert one.romanised == other.romanised
    assert one.words != other.words


def test_known_names_have_the_same_symbols_in_all_languages() -> None:
    assert name_forms("Γιώργος", PERSON).symbols & name_forms("George", PERSON).symbols


@pytest.mark.parametrize("name", ["ООО Ромашка", "Romashka LLC", "Ромашка, OOO", "Romaschka GmbH"])
def test_an_organisation_is_named_without_its_legal_form(name: str) -> None:
    forms = name_forms(name, ORGANISATION)
    assert (forms.key, forms.legal) == ("rmsk", "LLC")


@pytest.mark.parametrize("text", ["", " ", "---", "\x00", "\ud800", "…"])
def test_what_names_nobody_has_no_forms(text: str) -> None:
    assert name_forms(text, PERSON) == NOTHING


@given(st.text(), KINDS)
def test_any_text_has_forms(text: str, kind: Kind) -> None:
    forms = name_forms(text, kind)
    assert all(each and each == each.casefold() for each in forms.words)
    assert len(forms.skeletons) == len(forms.romanised)
    assert all(each.isascii() and each.isalnum() for each in forms.romanised)
    assert forms.is_syllabic <= is_syllabic(text)


@given(st.text() | st.text("αάβγγζιίμντυύϋχ王م"))
def test_a_word_is_read_as_in_its_forms_first(text: str) -> None:
    assert tuple(ways[0] for ways in readings(text)) == latin(text)
    assert all(ways == tuple(dict.fromkeys(filter(None, ways))) for ways in readings(text))


@given(st.text())
def test_a_skeleton_is_in_latin_letters_and_has_no_pair_of_equal_ones(text: str) -> None:
    found = skeleton("".join(latin(text)))
    assert found == "" or (found.isascii() and found.isalnum())
    assert all(one != other or one.isdigit() for one, other in pairwise(found))
