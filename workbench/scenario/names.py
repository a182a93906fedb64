"""Invented names, written as each agency writes them.

A name is born in one culture and spelt in the scripts of the others by plain tables, as
clerks do and scholars do not, so that one person is spelt differently from file to file.
"""

import random
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
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
def _pool(culture: str, part: str) -> tuple[str, ...]:
    text = Path(__file__).with_name("names.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)[culture][part].split())


@cache
def _spelling(table: str) -> dict[str, str]:
    return {letters: spelt for letters, _, spelt in (item.partition("=") for item in _pool("spelling", table))}


def _spell(text: str, table: str) -> str:
    """A text by a table of letters, the longest first, each word with a capital."""
    spelling, lower, out, at = _spelling(table), text.lower(), "", 0
    while at < len(lower):
        step = next((size for size in (3, 2) if lower[at : at + size] in spelling), 1)
        piece = lower[at : at + step]
        out += spelling.get(piece, piece)
        at += step
    return _capitals(_final_sigma(out))


def _capitals(text: str) -> str:
    return " ".join("-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in text.split(" "))


def _final_sigma(text: str) -> str:
    return " ".join(word[:-1] + "ς" if word.endswith("σ") else word for word in text.split(" "))


@cache
def dutch(first: str, last: str) -> Name:
    """A name of the Low Countries."""
    latin = f"{first} {last}"
    return Name(latin, _spell(latin, "cyrillic"), _spell(latin, "greek"), "", latin, _sex(first))


@cache
def bulgarian(first: str, last: str) -> Name:
    """A name that is born in Cyrillic."""
    latin = _spell(f"{first} {last}", "from_cyrillic")
    return Name(latin, f"{first} {last}", _spell(latin, "greek"), "", latin, _sex(first))


@cache
def greek(first: str, last: str) -> Name:
    """A name that is born in Greek."""
    latin = _spell(f"{first} {last}", "from_greek")
    return Name(latin, _spell(latin, "cyrillic"), f"{first} {last}", "", latin, _sex(first))


@cache
def moroccan(first: str, last: str) -> Name:
    """A name that is born in Arabic; its parts are "Arabic/French/English"."""
    (arabic, french, english), (arabic_last, french_last, english_last) = first.split("/"), last.split("/")
    spelt = f"{french} {french_last}"
    heard = spelt.lower().replace("ch", "sh").replace("j", "zh")
    cyrillic, in_greek = _spell(heard, "cyrillic"), _spell(heard, "greek")
    return Name(f"{english} {english_last}", cyrillic, in_greek, f"{arabic} {arabic_last}", spelt, _sex(arabic))


def mohamed_alaoui() -> Name:
    """The name that the recruiter and a victim share."""
    return moroccan("محمد/Mohamed/Mohamed", "العلوي/Alaoui/Alaoui")


def ivan_petrov() -> Name:
    """The name that a father and his son share."""
    return bulgarian("Иван", "Петров")


def _sex(first: str) -> str:
    return "female" if first in _pool("women", "first") else "male"


_BUILDERS: dict[str, Callable[[str, str], Name]] = {"nl": dutch, "bg": bulgarian, "cy": greek, "ma": moroccan}


def names(culture: str, rng: random.Random) -> Iterator[Name]:
    """Endless names of one culture; the first 400 all differ."""
    build = _BUILDERS[culture]
    while True:
        pairs = [(first, last) for first in _pool(culture, "first") for last in _pool(culture, "last")]
        rng.shuffle(pairs)
        for first, last in pairs:
            yield build(first, last)
