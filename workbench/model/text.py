"""Normalised forms of a text, for searching and comparing; the original is always kept beside them."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from normality import ascii_text

# How many results for words and names are kept: each takes microseconds to make again, and a load of a million
# different names would fill ten times as many with what never comes back.
KEPT = 20_000

_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")  # an index can't hold NUL or half a surrogate pair
_WORDS = re.compile(r"\w+")

# Cyrillic and Greek letters that look like Latin ones, as on plates and in document numbers.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJSABEZHIKMNOPTYX")
_DIGITS_AND_LETTERS = re.compile(r"[^0-9A-Z]")


# Scripts that ICU does not romanise: Lao, Tibetan, Khmer, Mongolian.
_UNKNOWN_TO_ICU = re.compile("[\u0e80-\u0fff\u1780-\u18af]+")


def fold(text: str) -> str:
    """One form for texts that differ only in case, Unicode composition, white space and control characters."""
    if text.isascii() and text.isprintable():  # a faster way for most texts
        return " ".join(text.lower().split())
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


@lru_cache(maxsize=KEPT)
def romanise(text: str) -> str:
    """The folded text in Latin letters without diacritics ("Петров" gives "petrov")."""
    folded = fold(text)
    if folded.isascii():
        return folded
    return fold(ascii_text(_UNKNOWN_TO_ICU.sub(lambda found: anyascii(found[0]), folded)) or "")


def words(text: str) -> list[str]:
    """The words and numbers of a folded text, in order."""
    return _WORDS.findall(text)


@lru_cache(maxsize=KEPT)
def code(text: str) -> str:
    """A plate or document number without spacing, case or look-alike letters."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).upper().translate(_LOOK_ALIKES)
    return _DIGITS_AND_LETTERS.sub("", text.upper())
