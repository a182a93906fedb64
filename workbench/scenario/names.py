"""Invented names, written as each agency writes them.

A name is born in one culture and spelt in the scripts of the others by plain tables, as
clerks do and scholars do not, so that one person is spelt differently from file to file.
"""

import random
import tomllib
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

CULTURES = ("nl", "bg", "cy", "ma")


class Name(NamedTuple):
    """A person's name as each agency writes it; `arabic` is "" where nobody does."""

    latin: str
    cyrillic: str
    greek: str
    arabic: str
    french: str
    sex: str


@cache
def pool(culture: str, part: str) -> tuple[str, ...]:
    """The given names ("first") or family names ("last") of a culture that are written whole."""
    text = Path(__file__).with_name("names.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)[culture][part].split())


@cache
def _spelling(table: str) -> dict[str, str]:
    return {letters: spelt for letters, _, spelt in (item.partition("=") for item in pool("spelling", table))}


def _spell(text: str, table: str) -> str:
    """A text by a table of letters, the longest first, each word with a capital."""
    spelling, lower, out, at = _spelling(table), text.lower(), "", 0
    while at < len(lower):
        step = next((size for size in (3, 2) if lower[at : at + size] in spelling), 1)
        piece = lower[at : at + step]
        out += spelling.get(piece, piece)
        at += step
    return capitals(final_sigma(out))


def capitals(text: str) -> str:
    """A text of which each word, and each part of one with hyphens, has a capital."""
    return " ".join("-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in text.split(" "))


def final_sigma(text: str) -> str:
    """A Greek text whose words end as they are written."""
    return " ".join(word[:-1] + "ς" if word.endswith("σ") else word for word in text.split(" "))


@lru_cache(1 << 12)
def written(culture: str, text: str) -> Name:
    """A given or family name of a culture as each agency writes it; a Moroccan one is "Arabic/French/English"."""
    return _WRITTEN[culture](text)


def joined(first: Name, last: Name) -> Name:
    """A given name and a family name together."""
    arabic = f"{first.arabic} {last.arabic}" if first.arabic else ""
    latin, cyrillic, greek = (f"{a} {b}" for a, b in zip(first[:3], last[:3], strict=True))
    return Name(latin, cyrillic, greek, arabic, f"{first.french} {last.french}", first.sex)


def _dutch(text: str) -> Name:
    return Name(text, _spell(text, "cyrillic"), _spell(text, "greek"), "", text, sex_of(text))


def _bulgarian(text: str) -> Name:
    latin = _spell(text, "from_cyrillic")
    return Name(latin, text, _spell(latin, "greek"), "", latin, sex_of(text))


def _greek(text: str) -> Name:
    latin = _spell(text, "from_greek")
    return Name(latin, _spell(latin, "cyrillic"), text, "", latin, sex_of(text))


def _moroccan(text: str) -> Name:
    arabic, french, english = text.split("/")
    heard = french.lower().replace("ch", "sh").replace("j", "zh")
    return Name(english, _spell(heard, "cyrillic"), _spell(heard, "greek"), arabic, french, sex_of(arabic))


def mohamed_alaoui() -> Name:
    """The name that the recruiter and a victim share."""
    return joined(written("ma", "محمد/Mohamed/Mohamed"), written("ma", "العلوي/Alaoui/Alaoui"))


def ivan_petrov() -> Name:
    """The name that a father and his son share."""
    return joined(written("bg", "Иван"), written("bg", "Петров"))


def sex_of(first: str) -> str:
    """The sex of a given name that is written whole: male or female."""
    return "female" if first in pool("women", "first") else "male"


_WRITTEN: dict[str, Callable[[str], Name]] = {"nl": _dutch, "bg": _bulgarian, "cy": _greek, "ma": _moroccan}


def names(culture: str, rng: random.Random) -> Iterator[Name]:
    """Endless names of one culture; the first 400 all differ."""
    while True:
        pairs = [(first, last) for first in pool(culture, "first") for last in pool(culture, "last")]
        rng.shuffle(pairs)
        for first, last in pairs:
            yield joined(written(culture, first), written(culture, last))
