"""Names like the one that is searched, by hand-made pairs and by what must hold for any."""

from itertools import product
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.normal.similar import Said, distance, keys_in, said
from workbench.model.text import fold

NAMES = st.lists(
    st.sampled_from(
        [
            *(
                "petrov",
                "Петрова",
                "mohamed",
                "محمد",
                "العلوي",
                "王明",
                "김민준",
                "o'brien",
                "li",
                "van",
                "x",
                "é",
                "7",
            ),
            *("Γιάννης", "ΓΙΑΝΝΗΣ", "Giannis", "Χατζής", "Εύα", "Μπούρας", "Άγγελος"),
        ]
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


# A Greek name as it is written at home and, after it, abroad: in passports, and by the ear of a clerk.
GREEK = (
    ("Παύλος", "Pavlos", "Paulos"),
    ("Σταύρος", "Stavros", "Stauros"),
    ("Ευάγγελος", "Evangelos", "Evaggelos", "Euangelos"),
    ("Μπούρας", "Bouras", "Mpouras"),
    ("Ντίμας", "Dimas", "Ntimas"),
    ("Άγγελος", "Angelos", "Aggelos"),
    ("Κοτζιάς", "Kotzias"),
    ("Γιάννης", "Yannis", "Giannis", "Yiannis"),
    ("Γιώργος", "Giorgos", "Yorgos"),
    ("Βασίλης", "Vasilis", "Basilis"),
    ("Λευτέρης", "Lefteris"),
    ("Λάμπρος", "Lampros", "Lambros"),
    ("Παντελής", "Pantelis", "Pandelis"),
    ("Γκίκας", "Gikas", "Gkikas"),
    ("Σαγκάρης", "Sangaris"),
    ("Τζανάκης", "Tzanakis", "Djanakis"),
    ("Χατζής", "Chatzis", "Hatzis"),
    ("Ζαΐμης", "Zaimis"),
    ("Ταΰγετος", "Taygetos"),
    ("Ξένια", "Xenia", "Ksenia"),
    ("Εύα", "Eva"),
    ("Πέτροφ", "Petrov", "Petroff"),
    ("Βλαντίμιρ", "Vladimir"),
)
OTHERS = (
    ("Παύλος", "Petros"),
    ("Σταύρος", "Spyros"),
    ("Ευάγγελος", "Evgenios"),
    ("Μπούρας", "Mouras"),
    ("Ντίμας", "Nimas"),
    ("Άγγελος", "Achilleas"),
    ("Κοτζιάς", "Kostas"),
    ("Γιάννης", "Giorgos"),
    ("Γιάννης", "Yorgos"),
    ("Λάμπρος", "Lavros"),
    ("Βασίλης", "Vangelis"),
)


@pytest.mark.parametrize("names", GREEK, ids=[names[0] for names in GREEK])
def test_a_greek_name_is_like_its_romanisations(names: tuple[str, ...]) -> None:
    greek, *abroad = names
    written = (greek, greek.upper(), unstressed(greek).upper())
    for ours, theirs in product(written, abroad):
        assert distance(said(theirs), fold(ours)) is not None, (theirs, ours)
        assert distance(said(ours), fold(theirs)) is not None, (ours, theirs)


@pytest.mark.parametrize(("greek", "other"), OTHERS)
def test_a_greek_name_is_not_like_another(greek: str, other: str) -> None:
    for ours in (greek, unstressed(greek)):
        assert distance(said(other), fold(ours)) is None
        assert distance(said(ours), fold(other)) is None


@pytest.mark.parametrize("names", GREEK, ids=[names[0] for names in GREEK])
def test_stress_keeps_no_words_apart(names: tuple[str, ...]) -> None:
    assert distance(said(names[0]), fold(unstressed(names[0]))) == 0


def unstressed(text: str) -> str:
    """A text without stress marks, as it is in capitals; with the dots that part two vowels."""
    return normalize("NFC", normalize("NFD", text).replace("\u0301", ""))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("V. Petrov", "Vladimir Petrov"),
        ("G. Smith", "George Smith"),
        ("J. Petrova", "Jelena Petrova"),
        ("Θ. Παππάς", "Theodoros Pappas"),
        ("C. Pappas", "Χρήστος Παππάς"),
        ("G. Pappas", "Γιάννης Παππάς"),
    ],
)
def test_an_initial_stands_for_a_name(query: str, name: str) -> None:
    assert distance(said(query), fold(name)) is not None
    assert distance(said(query), fold(f"Oskar {name.split()[-1]}")) is None


# What the documents say of slips.
@pytest.mark.parametrize(
    ("query", "found", "not_found"),
    [
        ("Petrov", ("Putrov", "Ptrov", "Peetrov", "Petrvo", "Pettrov", "Potrav"), ("Pertov", "Betrov", "Petov")),
        ("Ivan", ("Evan", "Iwan"), ("Vian", "Divan")),
        ("Sara", ("Sera", "Sarah", "Zara", "Saar"), ("Seru", "Sata")),
        ("Anna", ("Ana", "Enna"), ("Nana", "Ene")),
    ],
)
def test_slips(query: str, found: tuple[str, ...], not_found: tuple[str, ...]) -> None:
    assert [each for each in found + not_found if distance(said(query), fold(each)) is not None] == list(found)


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
