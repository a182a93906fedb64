"""What the words of a header mean."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_HUMPS = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])|(?<=[A-Za-z])(?=\d)")
_PIECE = re.compile(r"[^\W_]+")


class Meaning(NamedTuple):
    """What a header says: a meaning of `words.toml` or "", and the side of a tie, "from" or "to" or ""."""

    name: str
    side: str = ""


class _Known(NamedTuple):
    properties: Mapping[str, Sequence[str]]
    phrases: Mapping[frozenset[str], str]
    sides: Mapping[frozenset[str], str]


def meaning_of(header: str) -> Meaning:
    """What a header means, in whatever language of the list.

    >>> meaning_of("Date of Birth"), meaning_of("recipientAccountNo"), meaning_of("xyz")
    (Meaning(name='birth_date', side=''), Meaning(name='account', side='to'), Meaning(name='', side=''))
    """
    words, known = frozenset(pieces(header)), _known()
    side = _longest(words, known.sides)
    left = words - _phrase(words, known.sides, side) if side else words
    return Meaning(known.phrases.get(words) or _longest(left, known.phrases) or _longest(words, known.phrases), side)


def properties_of(meaning: str) -> Sequence[str]:
    """The properties that a column of this meaning may fill, the first that a schema has."""
    return _known().properties.get(meaning, ())


def pieces(text: str) -> list[str]:
    """The words of a text without case and accents.

    >>> pieces("PRIMARY_NAME-Org"), pieces("dateOfBirth"), pieces("Größe")
    (['primary', 'name', 'org'], ['date', 'of', 'birth'], ['grosse'])
    """
    plain = unicodedata.normalize("NFKD", _HUMPS.sub(" ", text)).casefold()
    return _PIECE.findall("".join(each for each in plain if not unicodedata.combining(each)))


def _longest(words: frozenset[str], phrases: Mapping[frozenset[str], str]) -> str:
    """The meaning of the longest phrase whose words are all there."""
    found = [(len(phrase), -place, name) for place, (phrase, name) in enumerate(phrases.items()) if phrase <= words]
    return max(found, default=(0, 0, ""))[2]


def _phrase(words: frozenset[str], phrases: Mapping[frozenset[str], str], name: str) -> frozenset[str]:
    return max((each for each, said in phrases.items() if said == name and each <= words), key=len)


@cache
def _known() -> _Known:
    said, sides = (_read(each) for each in ("words.toml", "sides.toml"))
    properties: dict[str, tuple[str, ...]] = {name: tuple(each.get("property", ())) for name, each in said.items()}
    phrases = _by_words((name, each["words"]) for name, each in said.items())
    return _Known(properties, phrases, _by_words(sides.items()))


def _by_words(named: Iterable[tuple[str, Sequence[str]]]) -> dict[frozenset[str], str]:
    found: dict[frozenset[str], str] = {}
    for name, phrases in named:
        for phrase in phrases:
            found.setdefault(frozenset(pieces(phrase)), name)
    return found


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))
