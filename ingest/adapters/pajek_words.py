"""The words of a line of Pajek: labels in quotes, and what it knows to draw with."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.adapters.numbers import is_number, shown
from ingest.shapes import BadUnit, writable

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_CHARACTER = re.compile(r"&#(\d{1,7});", re.ASCII)
_TIME = re.compile(r"(?<!\S)\[[\d\s,*-]*\]", re.ASCII)
_MOST_COORDINATES = 3

_SHAPES = frozenset({"ellipse", "box", "diamond", "triangle", "cross", "empty", "house", "man", "woman"})
# Parameters of drawing, each with one value.
_OF_VERTICES = frozenset(
    {"x_fact", "y_fact", "phi", "r", "q", "ic", "bc", "bw", "lc", "la", "lr", "lphi", "fos", "font", "s_size"}
)
_OF_LINES = frozenset(
    {
        "w",
        "c",
        "p",
        "s",
        "a",
        "ap",
        "h1",
        "h2",
        "a1",
        "a2",
        "k1",
        "k2",
        "k3",
        "lp",
        "lr",
        "lphi",
        "lc",
        "la",
        "fos",
        "font",
    }
)
_KEPT = {"l": "label", "url": "url"}


class Word(NamedTuple):
    """A word of a line, or a text in quotes."""

    text: str
    quoted: bool


def words_of(text: str) -> list[Word]:
    """The words of a text; BadUnit for a quote that is not closed."""
    words, at, counted, quotes = list[Word](), 0, 0, 0
    for time in _TIME.finditer(text):
        quotes += text.count('"', counted, time.start())
        counted = time.start()
        if quotes % 2 == 0:
            words += _words(text[at : time.start()])
            words.append(Word("".join(time[0].split()), False))
            at = time.end()
    return words + _words(text[at:])


def _words(text: str) -> list[Word]:
    found = list[Word]()
    for match in _WORD.finditer(text):
        if match[2] and match[2].startswith('"'):
            raise BadUnit("unclosed quote", f"a quote opens before {shown(match[2][1:])} and is not closed: close it")
        found.append(Word(match[1], True) if match[1] is not None else Word(match[2], False))
    return found


def unescaped(text: str) -> str:
    """A label with the characters that Pajek writes by number."""
    return _CHARACTER.sub(lambda found: chr(int(found[1])) if int(found[1]) < 0x110000 else found[0], text)


def fields_of_vertex(words: Sequence[Word], usual: str) -> dict[str, str]:
    """The fields of a vertex: its label as `name`, by default its number, and what says more than how it is drawn."""
    name = unescaped(words[0].text) if words else ""
    rest = list(words[1:])
    for _ in range(_MOST_COORDINATES):
        if rest and not rest[0].quoted and is_number(rest[0].text):
            rest.pop(0)
    if rest and rest[0].text.lower() in _SHAPES:
        rest.pop(0)
    return {"name": writable("the label", name if name.strip() else usual), **_kept(rest, _OF_VERTICES)}


def fields_of_line(words: Sequence[Word]) -> dict[str, str]:
    """The fields of a line: what says more than how it is drawn."""
    return _kept(words, _OF_LINES)


def _kept(words: Sequence[Word], drawing: frozenset[str]) -> dict[str, str]:
    fields, more, at = dict[str, str](), list[str](), 0
    while at < len(words):
        word, quoted = words[at]
        follows = at + 1 < len(words)
        if not quoted and word.lower() in drawing and follows:
            at += 1
        elif not quoted and word in _KEPT and follows:
            at += 1
            fields[_KEPT[word]] = writable("the label", unescaped(words[at].text))
        elif not quoted and word.startswith("[") and word.endswith("]"):
            fields["time"] = word
        else:
            more.append(word)
        at += 1
    if more:
        fields["more"] = writable("the line", unescaped(" ".join(more)))
    return fields
