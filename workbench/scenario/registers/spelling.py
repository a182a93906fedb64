"""How a name is written in another language: as heard there, or as its passport has it.

What is heard goes by sounds: the letters of one language into sounds, the sounds into the letters of another, each by a
table of its own (`spelling.toml`) with several ways for one letter. Passports go by the standards of their states.
"""

import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from workbench.scenario.names import capitals, final_sigma
from workbench.scenario.registers.dice import Dice

# The languages of countries in the tables; those of clerks who write Latin letters.
LANGUAGES = {"nl": "dutch", "de": "german", "bg": "bulgarian", "cy": "greek", "ma": "moroccan"}
LATIN = ("dutch", "german", "french")
_LONGEST = 4
Table = dict[str, tuple[str, ...]]


@cache
def tables(part: str) -> dict[str, Table]:
    """The tables of one part of `spelling.toml`: for letters or sounds, the ways to write them."""
    text = tomllib.loads(Path(__file__).with_name("spelling.toml").read_text("utf-8"))[part]
    return {
        name: {a: tuple(b.split("|")) for a, _, b in (pair.partition("=") for pair in said.split())}
        for name, said in text.items()
    }


def by_table(text: str, table: Table, dice: Dice) -> str:
    """A text by a table, the longest letters first; what the table lacks stays, without its accents."""
    out, at = "", 0
    while at < len(text):
        for size in range(min(_LONGEST, len(text) - at), 0, -1):
            ways = table.get(text[at : at + size])
            if ways is not None:
                out += ways[0] if len(ways) == 1 else dice.one(ways)
                break
        else:
            bare = plain(text[at])
            size, out = 1, out + dice.one(table.get(bare, (bare,)))
        at += size
    return out


def heard(text: str, language: str, by: str, dice: Dice) -> str:
    """A name in a language, as a clerk of another writes down what he hears."""
    sounds = by_table(text.lower(), tables("read")[language], dice)
    if language == "moroccan" and sounds.startswith("al-") and dice.happens(0.5):
        sounds = dice.one(("el ", "el", "l", "al ")) + sounds[3:]
    written = " ".join(map(_begun, by_table(sounds, tables("write")[by], dice).split(" ")))
    return capitals(final_sigma(written) if by == "greek" else written)


def _begun(word: str) -> str:
    """A word without a second letter like the first: nobody begins one so."""
    return word[1:] if word[:1] == word[1:2] else word


def read_off(text: str, by: str, dice: Dice) -> str:
    """A name in a passport, as a clerk of a language writes it in his script without having heard it."""
    return heard(text, "passport", by, dice)


def official(text: str, standard: str, dice: Dice) -> str:
    """A name in Latin letters by the standard of a state."""
    known, lower = tables("official"), text.lower()
    first = known.get(f"{standard}_first", {})
    words = []
    for word in lower.split(" "):
        start = next((size for size in (2, 1) if word[:size] in first), 0)
        words.append("".join(first.get(word[:start], ("",))) + by_table(word[start:], known[standard], dice))
    return capitals(" ".join(words))


def plain(text: str) -> str:
    """A Latin text without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def unaccented_capitals(text: str) -> str:
    """A Greek text in capitals, which bear no accents."""
    return plain(text).upper()


def either(ways: Sequence[str], at: int) -> str:
    """The way at a place, or the last."""
    return ways[min(at, len(ways) - 1)]
