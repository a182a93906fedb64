"""How alike two names are, for scores and for people who review them. A search compares words (`model.normal.similar`).

Words that rigour knows to be one name are paired first, the others by the edits between them. Of two words whose
letters differ much, one rule may say that they are one name: the same consonant skeleton or the same stem ("Moony",
"Moonie"), a short form, an abbreviation, an initial, or skeletons that differ only in sounds that clerks exchange (b
and p, d and t; m or n before p, t or k may be left out) or in one sound. `Likeness.begins` says whether all words may
be slips of the pen or of the ear. A name in Han or Hangul is romanised only where the other one is in another script.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import NamedTuple
from unicodedata import normalize

from nicknames import NickNamer
from rigour.names import (
    Alignment,
    Name,
    NamePart,
    NamePartTag,
    NameTypeTag,
    SymbolCategory,
    align_person_name_order,
    compare_parts,
    pair_symbols,
)
from rigour.text.distance import jaro_winkler, levenshtein

from workbench.model.normal.names import Kind, analyse, name_forms
from workbench.model.normal.scripts import is_syllabic, latin
from workbench.model.normal.skeletons import COARSE, skeleton

# From so much on two names are alike; measured by `benchmarks.resolution` on 826 labelled pairs.
ALIKE = 0.75

# What a pair of words is worth that is known to be one name, by how it is known.
_KNOWN = {SymbolCategory.NICK: 0.8, SymbolCategory.INITIAL: 0.6}
_KNOWN_OTHERWISE = 0.9
_SAME_SKELETON = 0.85
_SAME_SOUNDS = 0.75
_NEARLY_SAME, _SHORTEST_NEAR = 0.48, 4
_BEGINNING, _SOUND_ALIKE = 2, 0.85
_SAME_CONSONANTS = 0.5  # of so few that many words have them: Zara, Sarah
_SHORTEST_SKELETON, _SHORTEST_STEM = 3, 4
_ENDING = re.compile("(ie|ey|ee|y|i|e)$")
_DOUBLED = re.compile(r"(.)\1+")
# Words that tell one of a family from another of the same name.
_NUMERALS = {"ii", "iii", "iv"}
_GENERATIONS = {"jr": "junior", "junior": "junior", "sr": "senior", "senior": "senior", **{n: n for n in _NUMERALS}}
_ANOTHER_SYLLABLE = 0.9
# How much words weigh: those that say little, and those that only one of the names has.
_WEIGHTS = {SymbolCategory.ORG_CLASS: 0.3, SymbolCategory.INITIAL: 0.6}
_ALONE = {NamePartTag.STOP: 0.2, NamePartTag.LEGAL: 0.2, NamePartTag.NUM: 1.5}
# Words that both names have beside those that are alike count as so many; those that only one has say little, once
# more than one word is alike: a patronymic, a second given name.
_BOTH_SIDES, _ONE_SIDE = 2.5, 0.2
_ENOUGH = 1.5
# Two words below this are two words, though they have letters in common.
_ONE_WORD = 0.45
_NASAL = re.compile("(?<=.)[nm](?=[ptk])")
_HISSED = {"c", "s", "j"}
_VOWEL = re.compile("[aeiouy]|[^a-z]")


class Likeness(NamedTuple):
    """How alike two names are, from 0 to 1, and how much of each has no counterpart in the other, in words."""

    score: float
    alone: tuple[float, float]
    begins: bool = False  # if they are not alike: whether each word of the name with fewer begins like one of the other
    are_kin: bool = False  # whether both say of which generation they are, and not the same

    @property
    def is_part(self) -> bool:
        """Whether one name has nothing that the other lacks."""
        return self.score > 0 and min(self.alone) == 0


_UNLIKE = Likeness(0.0, (1.0, 1.0))
_KIN = Likeness(0.0, (1.0, 1.0), are_kin=True)


def likeness(one: str, other: str, kind: Kind) -> float:
    """How alike two names are, from 0 to 1; the same in both directions."""
    return compared(one, other, kind).score


def compared(one: str, other: str, kind: Kind) -> Likeness:
    """How alike two names are, and what of each has no counterpart; the same in both directions."""
    first, second = sorted((one, other))
    return _compared_names(first, second, kind)


@lru_cache(maxsize=100_000)
def _compared_names(one: str, other: str, kind: Kind) -> Likeness:
    if _may_be_syllabic(one) or _may_be_syllabic(other):
        ours, theirs = name_forms(one, kind), name_forms(other, kind)
        if kind is Kind.PERSON and ours.is_syllabic and theirs.is_syllabic:
            return Likeness(_of_syllables("".join(ours.words), "".join(theirs.words)), (0.0, 0.0))
        one, other = (
            " ".join(each.romanised) if each.is_syllabic and not against.is_syllabic else text
            for text, each, against in ((one, ours, theirs), (other, theirs, ours))
        )
    a, b = analyse(one, kind), analyse(other, kind)
    if a is None or b is None:
        return _UNLIKE
    if _are_of_two_generations(a, b):
        return _KIN
    return max((_score(a, b, pairing) for pairing in pair_symbols(a, b)), default=_UNLIKE)


def _may_be_syllabic(name: str) -> bool:
    """Whether a name may have words in Han or Hangul."""
    return not name.isascii() and is_syllabic(normalize("NFKC", name))


def _are_of_two_generations(a: Name, b: Name) -> bool:
    """Whether both names say of which generation they are, and not the same."""
    ours, theirs = ({_GENERATIONS[p.form] for p in name.parts if p.form in _GENERATIONS} for name in (a, b))
    if (_is_first(a) and theirs & _NUMERALS) or (_is_first(b) and ours & _NUMERALS):
        return True
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


def _is_first(name: Name) -> bool:
    """Whether a name may be that of the first of some: it has an "I" beside two whole words, as Morris I Klein has."""
    return any(part.form == "i" for part in name.parts) and sum(len(part.form) > 1 for part in name.parts) > 1


def _of_syllables(one: str, other: str) -> float:
    """How alike two names in Han or Hangul are: one of their few letters makes another person."""
    return 1.0 if one == other else _ANOTHER_SYLLABLE * SequenceMatcher(None, one, other, autojunk=False).ratio()


def _score(a: Name, b: Name, pairing: Iterable[Alignment]) -> Likeness:
    """The share of both names that is alike, and what is not, if these words are one."""
    pairs = list(pairing)
    ours, theirs = ({p.index for each in pairs for p in each.qps}, {p.index for each in pairs for p in each.rps})
    residue = [p for p in a.parts if p.index not in ours], [p for p in b.parts if p.index not in theirs]
    left = compare_parts(*(align_person_name_order(*residue) if a.tag == NameTypeTag.PER else residue))
    scored = [*map(_known, pairs), *(_compared(each) for each in left if each.qps and each.rps)]
    ours_alone = [part for each in left if not each.rps for part in each.qps]
    theirs_alone = [part for each in left if not each.qps for part in each.rps]
    alone = _paired_off(ours_alone, theirs_alone, scored)
    paired = sum(weight for _, weight in scored)
    one_side = _ONE_SIDE if paired >= _ENOUGH else 1.0
    whole = paired + _BOTH_SIDES * min(alone) + one_side * (max(alone) - min(alone))
    unlike = sum(weight for score, weight in scored if score < _ONE_WORD)
    x, y = alone
    if not whole:
        return _UNLIKE
    score = sum(score * weight for score, weight in scored) / whole
    return Likeness(score, (x + unlike, y + unlike), score < ALIKE and _all_begin_alike(a, b))


def _all_begin_alike(a: Name, b: Name) -> bool:
    """Whether each word of the name with fewer, two at least, begins like a word of its own in the other."""
    fewer, more = sorted(map(_long_words, (a, b)), key=len)
    known, waiting = _known_words(a) | _known_words(b), list(more)
    for part in fewer:
        found = next((each for each in waiting if _may_be_one(part.form, each.form, known)), None)
        if found is None:
            return False
        waiting.remove(found)
    return len(fewer) > 1


def _long_words(name: Name) -> list[NamePart]:
    """The words of a name that are no particles and no legal forms; without short ones, if two others are left."""
    parts = [part for part in name.parts if part.tag not in _ALONE]
    long = [part for part in parts if len(part.form) > _SHORTEST_SKELETON]
    return long if len(long) > 1 else parts


def _may_be_one(ours: str, theirs: str, known: frozenset[str]) -> bool:
    """Whether two words are the same or begin alike; those that are known to be two names do not."""
    return ours == theirs or (not {ours, theirs} <= known and _begin_alike(ours, theirs))


@lru_cache(maxsize=500_000)
def _begin_alike(ours: str, theirs: str) -> bool:
    """Whether two words begin with the same two sounds, sound alike, or differ in a slip."""
    if _differ_in_a_slip(ours, theirs):
        return True
    one, other = _sounds(ours), _sounds(theirs)
    if min(len(one), len(other)) < _BEGINNING:
        return False
    begin_alike = all(map(_sound_alike, one[:_BEGINNING], other[:_BEGINNING]))
    return begin_alike or jaro_winkler(one.translate(COARSE), other.translate(COARSE)) >= _SOUND_ALIKE


def _differ_in_a_slip(one: str, other: str) -> bool:
    """Whether two words, neither short, differ in one letter, or in the order of two."""
    if min(len(one), len(other)) < _SHORTEST_STEM:
        return False
    edits = levenshtein(one, other, max_edits=2)
    return edits <= 1 or (edits == 2 and sorted(one) == sorted(other))


def _sound_alike(one: str, other: str) -> bool:
    """Whether two letters of skeletons may stand for one sound, in one spelling or another."""
    return one.translate(COARSE) == other.translate(COARSE) or {one, other} <= _HISSED


def _known_words(name: Name) -> frozenset[str]:
    """The words of a name that are known to be names."""
    return frozenset(
        part.form for span in name.spans if span.symbol.category == SymbolCategory.NAME for part in span.parts
    )


def _paired_off(
    ours: Sequence[NamePart], theirs: Sequence[NamePart], scored: list[tuple[float, float]]
) -> tuple[float, float]:
    """The weights of words that stand alone on each side; pairs of one skeleton, or of an initial, go into `scored`."""
    waiting, alone = list(theirs), 0.0
    for part in ours:
        found = next(((each, worth) for each in waiting if (worth := _worth(part.form, each.form))), None)
        if found is None:
            alone += _weight(part)
        else:
            waiting.remove(found[0])
            scored.append(found[1])
    return alone, sum(map(_weight, waiting))


@lru_cache(maxsize=500_000)
def _worth(ours: str, theirs: str) -> tuple[float, float] | None:
    """Score and weight of two words whose letters differ much; None if nothing says that they are one."""
    one, other = _sounds(ours), _sounds(theirs)
    if (len(one) >= _SHORTEST_SKELETON and one == other) or _have_one_stem(ours, theirs):
        return _SAME_SKELETON, 1.0
    if is_short_for(ours, theirs) or _is_abbreviated(ours, theirs) or _is_abbreviated(theirs, ours):
        return _KNOWN[SymbolCategory.NICK], 1.0
    if min(len(ours), len(theirs)) == 1 and not _first_sounds(ours).isdisjoint(_first_sounds(theirs)):
        return _KNOWN[SymbolCategory.INITIAL], _WEIGHTS[SymbolCategory.INITIAL]
    if _sound_the_same(one, other):
        return _SAME_SOUNDS, 1.0
    if _have_same_consonants(ours, theirs):
        return _SAME_CONSONANTS, 1.0
    if _sound_nearly_alike(one, other):
        return _NEARLY_SAME, 1.0
    return None


def _sound_the_same(one: str, other: str) -> bool:
    """Whether two skeletons, neither short, differ only in sounds that clerks spell in each other's letters."""
    return min(len(one), len(other)) >= _SHORTEST_SKELETON and _coarse(one) == _coarse(other)


@lru_cache(maxsize=200_000)
def _coarse(skeleton_of: str) -> str:
    return _DOUBLED.sub(r"\1", _NASAL.sub("", skeleton_of.translate(COARSE)))


def _sound_nearly_alike(one: str, other: str) -> bool:
    """Whether two skeletons, neither short, differ in one sound at most."""
    return min(len(one), len(other)) >= _SHORTEST_NEAR and levenshtein(one, other, max_edits=1) <= 1


def _have_same_consonants(ours: str, theirs: str) -> bool:
    """Whether two words have one skeleton; where one is in another script, sounds that clerks exchange are the same."""
    one, other = _sounds(ours), _sounds(theirs)
    if not ours.isascii() or not theirs.isascii():
        one, other = one.translate(COARSE), other.translate(COARSE)
    return bool(one) and one == other


@lru_cache(maxsize=200_000)
def _first_sounds(word: str) -> set[str]:
    """The first letter, and if that is no vowel also the sound that the skeleton begins with."""
    first = "".join(latin(word))[:1]
    return {first} if first in tuple("aeiouy") else {first, _sounds(word)[:1]}


def _is_abbreviated(short: str, long: str) -> bool:
    """Whether a word has no vowels, and the other one has its letters in order, from the first to the last: Mhd."""
    if not 1 < len(short) < len(long) or _VOWEL.search(short) or short[-1] != long[-1]:
        return False
    rest = iter(long)
    return short[0] == long[0] and all(letter in rest for letter in short)


def is_short_for(one: str, other: str) -> bool:
    """Whether one of two words is a short form of the other, among English given names."""
    return other in _short_forms(one) or one in _short_forms(other)


@lru_cache(maxsize=200_000)
def _short_forms(word: str) -> frozenset[str]:
    return frozenset(_known_short_forms().nicknames_of(word))


@cache
def _known_short_forms() -> NickNamer:
    return NickNamer()


def _known(pair: Alignment) -> tuple[float, float]:
    """Score and weight of words that are known to be one name."""
    category = pair.symbol.category if pair.symbol else SymbolCategory.NAME
    score = 1.0 if pair.qstr == pair.rstr else _KNOWN.get(category, _KNOWN_OTHERWISE)
    return score, len(pair.qps) * _WEIGHTS.get(category, 1.0)


def _compared(pair: Alignment) -> tuple[float, float]:
    """Score and weight of words that are compared by their letters."""
    weight = float(max(len(pair.qps), len(pair.rps)))
    worth = _worth(pair.qps[0].form, pair.rps[0].form) if len(pair.qps) == len(pair.rps) == 1 else None
    if worth and worth[0] > pair.score:
        return worth
    same = _SAME_SKELETON if _have_one_skeleton(pair.qps, pair.rps) else 0.0
    return max(pair.score, same), weight


def _have_one_skeleton(ours: Iterable[NamePart], theirs: Iterable[NamePart]) -> bool:
    one = _skeleton(ours)
    return len(one) >= _SHORTEST_SKELETON and one == _skeleton(theirs)


def _have_one_stem(one: str, other: str) -> bool:
    """Whether words differ in an ending that is spelt in several ways, or in doubled letters: Daisy, Daisie."""
    stem = _stem(one)
    return len(stem) >= _SHORTEST_STEM and stem == _stem(other)


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return _DOUBLED.sub(r"\1", _ENDING.sub("", word))


def _skeleton(parts: Iterable[NamePart]) -> str:
    """The skeleton of words."""
    return "".join(_sounds(part.form) for part in parts)


@lru_cache(maxsize=200_000)
def _sounds(word: str) -> str:
    """The skeleton of a word; none in Han or Hangul, where both names are in it by now."""
    return "" if is_syllabic(word) else "".join(map(skeleton, latin(word)))


def _weight(part: NamePart) -> float:
    return _ALONE.get(part.tag, 1.0)
