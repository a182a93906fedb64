"""Words of any script in Latin letters.

ICU reads nearly all of them. Of Han it does not know when a letter is a surname, so the commonest of those are listed.
"""

import re
from functools import lru_cache

from workbench.model.text import romanise

_HAN = re.compile("[\u2e80-\u2fdf\u3005\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HANGUL = re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]")
_NEITHER = re.compile(r"[\W_]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_SHORTEST_WITH_ARTICLE = 4
_BETWEEN_CONSONANTS = re.compile("(?<=[^aeiouy])(?!(?<=[dgkst])h)(?=[^aeiouy])")  # "sh", "kh" … are one
# Surnames of two letters, and those of one that are read otherwise than elsewhere.
_OF_TWO = "欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|尉[迟遲]|夏侯|皇甫|[东東]方|令狐|公[孙孫]|慕容|[长長][孙孫]|宇文"
_SURNAME_OF_TWO = re.compile(_OF_TWO)
_READ = {
    "单單": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "查": "zha",
    "区區": "ou",
    "盖蓋": "ge",
    "翟": "zhai",
    "覃": "qin",
}
_READ_AS = {letter: sound for letters, sound in _READ.items() for letter in letters}
# How most Koreans write these surnames abroad, beside the romanisation of the state.
_WRITTEN_AS = {
    "김": "kim",
    "이": "lee",
    "박": "park",
    "최": "choi",
    "정": "jung",
    "조": "cho",
    "강": "kang",
    "임": "lim",
}


def is_syllabic(text: str) -> bool:
    """Whether a text has Han or Hangul in it: many different names there sound alike."""
    return not text.isascii() and bool(_HAN.search(text) or _HANGUL.search(text))


def is_read_by_words(text: str) -> bool:
    """Whether `latin` reads words of a text otherwise than `romanise` does: those in Han, Hangul or Arabic."""
    return not text.isascii() and bool(_HAN.search(text) or _HANGUL.search(text) or _ARABIC.search(text))


@lru_cache(maxsize=200_000)
def latin(word: str) -> tuple[str, ...]:
    """A word in small Latin letters and digits; of one in Han or Hangul, the surname and the rest."""
    if not is_syllabic(word):
        plain = _voiced(word) if _ARABIC.match(word) else _sound(word)
        return (plain,) if plain else ()
    cut = 2 if _SURNAME_OF_TWO.match(word) else 1
    surname, rest = word[:cut], word[cut:]
    read = _READ_AS.get(surname) or _WRITTEN_AS.get(surname) or _sound(surname)
    return tuple(filter(None, (read, "".join(map(_sound, rest)))))


def _voiced(word: str) -> str:
    """An Arabic word without the article, with some vowel wherever the script leaves one out."""
    bare = word[2:] if word.startswith("ال") and len(word) > _SHORTEST_WITH_ARTICLE else word
    sound = _sound(bare[:1].replace("ع", "ا") + bare[1:].replace("و", "u"))
    return _BETWEEN_CONSONANTS.sub("a", sound)


# Greek letters that ICU spells out, or reads as they were read of old.
_GREEK = {
    "μπ": "b",
    "ντ": "d",
    "γκ": "g",
    "γγ": "g",
    "τσ": "ts",
    "τζ": "j",
    "ου": "u",
    "αι": "e",
    "αυ": "av",
    "ευ": "ev",
    "β": "v",
}
_GREEK_SOUND = re.compile("|".join(_GREEK))
_GREEK_Y = re.compile("γι+(?=[αεηιουω])")


def _sound(text: str) -> str:
    spelt = text if text.isascii() else _GREEK_SOUND.sub(lambda found: _GREEK[found[0]], _GREEK_Y.sub("y", text))
    return _NEITHER.sub("", romanise(spelt))
