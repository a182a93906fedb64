"""Tell the rows behind the data of a table: totals, and where it comes from."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ingest.suggesting.words import pieces

# How many of the last rows are looked at.
TAIL = 50
_NUMBER = re.compile(r"\W*\d[\d\W]*")
_SHORT = 3
_ENDS_WORD = frozenset(":=\uff1a")


class Trailer(NamedTuple):
    """The rows behind the data: how many, the word with which they begin, and a regular expression for the first."""

    rows: int
    word: str
    pattern: str


def trailer(tail: Sequence[Sequence[str]], delimiter: str = "") -> Trailer | None:
    """The trailer of a table that ends with these rows; `delimiter` if its pattern has to fit a line of text.

    >>> trailer([["Ann", "3"], ["Total", "3"], ["Source: desk", ""]])
    Trailer(rows=2, word='Total', pattern='Total\\\\b')
    >>> trailer([["Total", "3"], ["Ann", "3"]]), trailer([["Total SA", "Paris"]])
    (None, None)
    """
    found, width = None, max(map(len, tail), default=0)
    for at in range(len(tail) - 1, -1, -1):
        cells = [cell.strip() for cell in tail[at]]
        filled = [cell for cell in cells if cell]
        word = _word(filled)
        if word:
            before = rf'[{re.escape(delimiter)}"\s]*' if delimiter and not cells[0] else ""
            found = Trailer(len(tail) - at, word, rf"{before}{re.escape(word)}\b")
        elif len(filled) > 1 or width == 1:
            break
    return found


def _word(filled: Sequence[str]) -> str:
    """The word of the list with which a row begins, "" if it begins with none or has what rows of data have."""
    word = _start(filled[0]) if filled else ""
    rest = filled[0][len(word) :].strip() if word else ""
    if not word or rest[:1] in _ENDS_WORD:
        return word
    is_bare = all(len(cell) <= _SHORT or _NUMBER.fullmatch(cell) for cell in filled[1:])
    return word if is_bare and (not rest or len(filled) > 1 or _NUMBER.fullmatch(rest)) else ""


def _start(text: str) -> str:
    """The longest start of a text that is in the list, as the text writes it.

    >>> _start("Sub-total: 3"), _start("GESAMT"), _start("Totally"), _start("Итого")
    ('Sub-total', 'GESAMT', '', 'Итого')
    """
    words = pieces(text[:100])
    phrase = max((each for each in _phrases() if tuple(words[: len(each)]) == each), key=len, default=())
    ends = (end for end in range(1, len(text) + 1) if phrase and tuple(pieces(text[:end])) == phrase)
    return text[: next(ends, 0)]


@cache
def _phrases() -> frozenset[tuple[str, ...]]:
    said = tomllib.loads(Path(__file__).with_name("trailers.toml").read_text("utf-8"))
    return frozenset(tuple(pieces(each)) for listed in said.values() for each in listed)
