"""The consonant skeleton of a word: one key for what different romanisations and spellings of it have in common.

"Petrov", "Petrow" and "Petroff" have one skeleton, as have "Mohammed" and "Muhamad". It is a key to find candidates by:
different words may share one. The rules are our own, from how Cyrillic, Greek and Arabic names are written in English,
French, German and Polish.
"""

import re
from functools import lru_cache

from workbench.model.text import KEPT

# Letters that are written for one sound, the longest first.
_SOUNDS = dict(
    [
        *(("schtsch", "s"), ("shch", "s"), ("tsch", "c"), ("tch", "c"), ("sch", "s"), ("sh", "s"), ("sz", "s")),
        *(("dzj", "j"), ("tsj", "c"), ("stj", "s"), ("sj", "s"), ("zj", "j"), ("dj", "j")),
        *(("dsch", "j"), ("dzh", "j"), ("zh", "j"), ("ch", "c"), ("cz", "c"), ("kh", "h"), ("gh", "g")),
        *(("ph", "f"), ("ck", "k"), ("tz", "s"), ("ts", "s"), ("x", "ks"), ("qu", "k"), ("q", "k"), ("w", "v")),
        ("z", "s"),
    ]
)
# One letter for those of skeletons that clerks write for each other's sounds.
COARSE = str.maketrans("bdghcjv", "ptkkksf")
_SOUND = re.compile("|".join(_SOUNDS))
_SOFT = re.compile("c(?=[eiy])")
_HARD = re.compile("c(?![hksz])")  # what is soft is "s" by then
_ENDING = re.compile("ff?$")  # Petroff
_BEFORE_A_VOWEL = re.compile("^([yh](?=[aeiou])|j(?=[eu])|g(?=i[aou]|eo))")  # Jelena, Yelena, Helena; Giannis, Yannis
_GLIDE = re.compile("(?<=[aeiou])j(?![aeiou])")  # Sergej
_FIRST = re.compile("^(hs|x)")  # Hsiao, Xiao
_SILENT = re.compile("h$|(?<![aeiou])h")
_VOWELS = re.compile("[aeiouy]+")
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=KEPT)
def skeleton(word: str) -> str:
    """The skeleton of a word in small Latin letters without diacritics; other characters but digits are left out."""
    is_plain = word.isascii() and word.isalnum()
    letters = word if is_plain else "".join(each for each in word if each.isascii() and each.isalnum())
    letters = _GLIDE.sub("", _FIRST.sub("s", _BEFORE_A_VOWEL.sub("", letters)))
    letters = _ENDING.sub("v", _DOUBLE.sub(r"\1", letters)) if len(letters) > 3 else letters
    spoken = _SOUND.sub(lambda found: _SOUNDS[found[0]], _HARD.sub("k", _SOFT.sub("s", letters)))
    first = "a" if spoken[:1] in tuple("aeiouy") else spoken[:1]
    return _DOUBLE.sub(r"\1", first + _VOWELS.sub("", _SILENT.sub("", spoken[1:])))
