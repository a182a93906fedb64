"""Names like the one that is searched: other spellings and romanisations, and many a slip of the pen.

A search says a part of a name, so words are compared, not whole names. Two words are candidates if they have a key in
common, their consonant skeleton (`skeletons`); a Greek word has one for each way to read it. Then they are alike if few
edits lie between how they sound. No name is analysed by rigour here: its tables take seconds to read, which one search
can't wait for.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from rigour.text import levenshtein

from workbench.model.normal.scripts import is_read_by_words, is_syllabic, readings
from workbench.model.normal.skeletons import skeleton
from workbench.model.text import KEPT, fold, romanise, words

# Words are alike if edits are at most this share of the longer one's letters: of those with at least three consonants,
# and of shorter ones, which have less in common.
_MOST_EDITS, _MOST_EDITS_OF_SHORT = 0.4, 0.34
_SHORTEST_SKELETON = 3
_SHORTEST_KEY, _LONGEST_KEY = 2, 40  # one consonant says nothing: it is in no index
_SHORTEST_WORD, _MOST_WORDS = 3, 12  # one of the words has so many letters; more words are no name
# What an initial that is asked for is apart from a name that begins so.
_INITIAL = 0.4
# Marks within words: apostrophes, accents without a letter of their own, and Arabic vowel signs.
_INSIDE = re.compile("['`\u00b4\u02b0-\u02ff\u0300-\u036f\u064b-\u065f\u0670\u2018\u2019]")
# Words that a search need not have in common with a name: articles and particles, titles, legal forms.
_SAY_LITTLE = frozenset(
    words(
        "al el ul ad an ar as at az ash bin ben ibn bint van von vom der den ter ten de del della dei di da do dos das"
        " du la le les y e i the and of und et mr mrs ms miss dr prof sir herr frau mme bv nv ltd llc llp inc plc co"
        " corp gmbh ag kg sa sas sarl srl spa sl ab oy aps ooo oao zao pao kft doo"
    )
)
_SPELLED = [
    (re.compile("ph"), "f"),
    (re.compile("ff?$"), "v"),
    (re.compile("sch|sh|sz|ch"), "s"),
    (re.compile("kh"), "h"),
    (re.compile("ck|q"), "k"),
    (re.compile("t[sz]|z"), "s"),
    (re.compile("x"), "ks"),
    (re.compile("^[hijy](?=[aeiou])"), ""),  # Helena, Jelena
    (re.compile("(?<![^aeiouy])w(?=[aeiouy])|oo|ou"), "u"),  # Walid, Oualid
    (re.compile("w"), "v"),
    (re.compile("ee|[yj]"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
]
# Spellings of one sound that have different skeletons.
_ALSO = [
    (re.compile("(?<![^aeiouy])w(?=[aeiouy])"), "u"),  # Alawi, Alaoui
    (re.compile("(?<![^aeiy])(?:ou|u)(?=[aeiouy])"), "w"),
    (re.compile("(?<!c)ch"), "sh"),  # Rachid, Rashid
    (re.compile("(?<!c)sh"), "ch"),
    (re.compile("c(?![eiyhzk])"), "k"),
    (re.compile("k(?!h)"), "c"),
]


class Word(NamedTuple):
    """A word of a name: the ways in which it may sound, its keys, and the letters of one in Han or Hangul (else "")."""

    sounds: tuple[str, ...]
    keys: frozenset[str]
    syllables: str

    @property
    def length(self) -> int:
        """How many letters it has as it is read first."""
        return len(self.sounds[0])

    @property
    def beginnings(self) -> set[str]:
        """The letters that it may begin with, and how those sound."""
        return {each[:1] for each in (*self.sounds, *self.keys)}


class Said(NamedTuple):
    """The words that a name like this must have, the longest first; none if they are too short to find any."""

    words: tuple[Word, ...] = ()

    @property
    def keys(self) -> list[list[str]]:
        """For each word that an index knows, its keys, of which a text that is found has one."""
        return [sorted(each.keys) for each in self.words if _is_key(min(each.keys, key=len))]


@lru_cache(maxsize=1_000)
def said(query: str) -> Said:
    """What a search asks for, without the words that say little if others do."""
    parts = [each for word in _split(fold(query)) for each in _words(word)]
    telling = [each for each in parts if each.sounds[0] not in _SAY_LITTLE] or parts
    telling.sort(key=lambda word: -word.length)
    wanted = Said(tuple(each._replace(keys=_asked(each)) for each in telling))
    is_long = any(each.length >= _SHORTEST_WORD for each in telling) and len(parts) <= _MOST_WORDS
    is_name = is_long and wanted.keys and any(map(str.isalpha, query))
    return wanted if is_name else Said()


def keys_in(texts: Iterable[str]) -> set[str]:
    """The keys of all words of some folded names: what an index has of them."""
    return {
        key for text in texts for part in _split(text) for word in _words(part) for key in word.keys if _is_key(key)
    }


def distance(wanted: Said, text: str) -> float | None:
    """How far a folded name is from what is asked for, from 0 to 1; None if one of the words is not in it."""
    left = [each for word in _split(text) for each in _words(word)]
    total = 0.0
    for each in wanted.words:
        apart = [(_apart(each, other), place) for place, other in enumerate(left)]
        nearest, place = min(apart, default=(1.0, 0))
        if nearest >= 1:
            return None
        del left[place]
        total += nearest
    return total / len(wanted.words) if wanted.words else None


def _apart(one: Word, other: Word) -> float:
    """How far a word is from one that is asked for; 1 if they are not alike. An initial stands for a name."""
    if one.syllables and other.syllables:
        return 0.0 if one.syllables == other.syllables and one.sounds == other.sounds else 1.0
    if one.length == 1 and not one.beginnings.isdisjoint(other.beginnings):
        return 0.0 if one.sounds == other.sounds else _INITIAL
    if one.keys.isdisjoint(other.keys):
        return 1.0
    share = min(_edits(a, b) for a in one.sounds for b in other.sounds)
    is_long = min(map(len, one.keys & other.keys)) >= _SHORTEST_SKELETON
    return share if share <= (_MOST_EDITS if is_long else _MOST_EDITS_OF_SHORT) else 1.0


def _edits(one: str, other: str) -> float:
    """The edits between two sounds, as a share of the letters of the longer one."""
    a, b = _spelled(one), _spelled(other)
    return levenshtein(a, b) / max(len(a), len(b), 1)


def _split(text: str) -> Sequence[str]:
    """The words of a folded text, romanised if that can be done at once: a store has romanised it already."""
    if not text.isascii():
        text = normalize("NFC", text) if is_read_by_words(text) else romanise(text)
    return words(_INSIDE.sub("", text))


@lru_cache(maxsize=KEPT)
def _words(word: str) -> tuple[Word, ...]:
    if is_syllabic(word):
        return tuple(Word(sounds, frozenset(map(_key, sounds)), word) for sounds in readings(word))
    longest = 1 if len(word) == 1 else None  # an initial is one letter in Latin too: Θ is T
    read = (tuple(sound[:longest] for sound in sounds) for sounds in readings(word))
    return tuple(Word(sounds, frozenset(map(_key, sounds)), "") for sounds in read)


def _asked(word: Word) -> frozenset[str]:
    """The keys to ask for: of the word, and of other spellings. Those that are in no index stay if it has no other."""
    others = {key for sound in word.sounds for key in _also(sound)}
    return (frozenset(filter(_is_key, word.keys)) or word.keys).union(filter(_is_key, others))


def _key(sound: str) -> str:
    return skeleton(sound)[:_LONGEST_KEY]


def _is_key(key: str) -> bool:
    return len(key) >= _SHORTEST_KEY


def _also(sound: str) -> set[str]:
    """The skeletons of other spellings of a word."""
    return {_key(letters.sub(others, sound)) for letters, others in _ALSO}


@lru_cache(maxsize=KEPT)
def _spelled(sound: str) -> str:
    """One spelling for most spellings of a sound."""
    for letters, others in _SPELLED:
        sound = letters.sub(others, sound)
    return sound
