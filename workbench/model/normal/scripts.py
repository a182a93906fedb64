"""Words of any script in Latin letters.

ICU reads nearly all of them. Of Han it does not know when a letter is a surname, so the commonest of those are listed.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

from workbench.model.text import KEPT, romanise

_HAN = re.compile("[\u2e80-\u2fdf\u3005\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HANGUL = re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]")
_NEITHER = re.compile(r"[\W_]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_READ_BY_WORDS = re.compile(f"{_HAN.pattern}|{_HANGUL.pattern}|{_ARABIC.pattern}|[\u0370-\u03ff]")
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
    """Whether `latin` reads words of a text otherwise than `romanise` does: those in Han, Hangul, Arabic or Greek."""
    return not text.isascii() and bool(_READ_BY_WORDS.search(text))


@lru_cache(maxsize=KEPT)
def latin(word: str) -> tuple[str, ...]:
    """A word in small Latin letters and digits; of one in Han or Hangul, the surname and the rest."""
    if not is_syllabic(word):
        plain = _voiced(word) if _ARABIC.match(word) else _sound(word)
        return (plain,) if plain else ()
    cut = 2 if _SURNAME_OF_TWO.match(word) else 1
    surname, rest = word[:cut], word[cut:]
    read = _READ_AS.get(surname) or _WRITTEN_AS.get(surname) or _sound(surname)
    return tuple(filter(None, (read, "".join(map(_sound, rest)))))


@lru_cache(maxsize=KEPT)
def readings(word: str) -> tuple[tuple[str, ...], ...]:
    """For each word that `latin` gives, all ways to read it, that of `latin` first: of Greek there are several."""
    if is_syllabic(word) or _ARABIC.match(word) or not _GREEK.search(word):
        return tuple((each,) for each in latin(word))
    every = ("".join(parts) for parts in islice(product(*_greek(word)), _MOST_READINGS))
    found = tuple(filter(None, dict.fromkeys(_NEITHER.sub("", romanise(each)) for each in every)))
    return (found,) if found else ()


def _voiced(word: str) -> str:
    """An Arabic word without the article, with some vowel wherever the script leaves one out."""
    bare = word[2:] if word.startswith("ال") and len(word) > _SHORTEST_WITH_ARTICLE else word
    sound = _sound(bare[:1].replace("ع", "ا") + bare[1:].replace("و", "u"))
    return _BETWEEN_CONSONANTS.sub("a", sound)


# How Greek letters are read that ICU reads as of old or by letter: first as `latin` reads them, then by other ears and
# in passports. Each of the ways finds romanisations that the others miss.
_GREEK_READ = {
    "γι(?=[αάεέηήιίοόυύωώ])": ("y", "gi"),
    "^μπ": ("b", "mp"),
    "μπ": ("b", "mp", "mb"),
    "^ντ": ("d", "nt"),
    "ντ": ("d", "nt", "nd"),
    "γκ": ("g", "gk", "ng"),
    "γγ": ("g", "ng"),
    "τζ": ("j", "tz"),
    "(?<=[αε])[υύ](?=[θκξπσςτφχψ])": ("f", "v", "u"),
    "(?<=[αε])[υύ]": ("v", "u"),
    "β": ("v", "b"),
    "φ": ("f",),
    "χ": ("ch", "h"),
    "^ξ": ("x", "ks"),
}
_GREEK = re.compile("|".join(f"({letters})" for letters in _GREEK_READ))
_MOST_READINGS = 16


def _greek(text: str) -> Iterator[tuple[str, ...]]:
    """The parts of a text, each with the ways to read it. A stress on the first of two vowels parts them (Μάιος)."""
    ways, end = tuple(_GREEK_READ.values()), 0
    for found in _GREEK.finditer(text):
        yield (text[end : found.start()],)
        yield ways[(found.lastindex or 1) - 1]
        end = found.end()
    yield (text[end:],)


def _sound(text: str) -> str:
    spelt = text if text.isascii() else "".join(each[0] for each in _greek(text))
    return _NEITHER.sub("", romanise(spelt))
