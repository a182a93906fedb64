"""The texts of a line of JSON that can't be read: what stands between its quotes, with escapes undone.

What is wrong with it is not known, so that quotes may open where they should close: all pieces between two of them are
taken, those inside of strings and those outside.
"""

import json
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ingest.adapters.json_objects import OBJECT, SPACE, parsed
from ingest.shapes import BadUnit, Reject
from ingest.specs import Written
from ingest.trees import flattened

_PIECE = re.compile(r'((?:[^"\\]|\\.)*+)(?:"|\\?\Z)', re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.?)", re.DOTALL)
_CLOSES = {"{": "}", "[": "]"}

_COLON = re.compile(r"[ \t\r\n]*:")
_TO_VALUE = re.compile(r"[ \t\r\n]*:[ \t\r\n\[]*")
# What follows a value where nothing is wrong there: the next key, or the end of what it stands in.
_AFTER_VALUE = re.compile(r'[ \t\r\n]*(?:,[ \t\r\n]*"|[\]}])')

_MOST_LOOKED_AT = 5
_MOST_QUOTES = 200_000


class _Said(NamedTuple):
    """What a key of a wanted name has: where its value ends, None where that can't be told."""

    key: str
    end: int | None


def texts_of_line(reject: Reject, written: Written, names: Collection[str]) -> Sequence[str] | None:
    """The texts of a line but its keys; None where it can't be told for sure what it has under one of the names.

    It can be told where each key that could be of the name has a whole string, and no such key can be missing: the line
    begins and ends as an object does, and is not one that was cut off there; or what stands before its fault has the
    name already.
    """
    text = reject.raw.decode("utf-8", "surrogateescape").strip(SPACE)
    if text.count('"') > _MOST_QUOTES:
        return None
    pieces = list(_PIECE.finditer(text))
    keys = {at for at, piece in enumerate(pieces) if at and _COLON.match(text, piece.end())}
    said = [_said(text, pieces, at) for at in sorted(keys)]
    if not all(_is_told(text, [each for each in said if _is_of(each.key, name)], name) for name in names):
        return None
    return [_unescaped(piece[1]) for at, piece in enumerate(pieces) if at not in keys]


def _said(text: str, pieces: Sequence[re.Match[str]], at: int) -> _Said:
    """What the key at a place has."""
    key, value = _unescaped(pieces[at][1]), pieces[at + 2] if at + 2 < len(pieces) else None
    is_whole = (
        value is not None
        and _TO_VALUE.fullmatch(pieces[at + 1][1])
        and _is_string(value[0])
        and _AFTER_VALUE.match(text, value.end())
    )
    return _Said(key, value.end() if value and is_whole else None)


def _is_of(key: str, name: str) -> bool:
    """Whether a key could be the last on the way to a name."""
    return name == key or name.endswith(f".{key}")


def _is_told(text: str, said: Sequence[_Said], name: str) -> bool:
    """Whether what its keys have is all that a line has under a name."""
    ends = [each.end for each in said if each.end is not None]
    if not said or len(ends) < len(said):
        return False
    names = _names(text)
    if names is not None:
        return name in names
    is_closed = text.startswith("{") and text.endswith("}")
    return is_closed or any(name in (_names(text[:end]) or ()) for end in ends[:_MOST_LOOKED_AT])


def _names(start: str) -> Collection[str] | None:
    """The names in the start of an object, up to where it was cut off; None where it is no such start."""
    opened: list[str] = []
    for sign in _STRING.sub("", start):
        if sign in _CLOSES:
            opened.append(sign)
        elif opened and sign == _CLOSES[opened[-1]]:
            opened.pop()
    closed = start + "".join(_CLOSES[sign] for sign in reversed(opened))
    try:
        return flattened(parsed(closed.encode("utf-8", "surrogateescape"), OBJECT))
    except BadUnit:
        return None


def _is_string(value: str) -> bool:
    """Whether the rest of a string, with the quote that ends it, is one of JSON, in UTF-8."""
    try:
        json.loads(f'"{value}').encode("utf-8")
    except (json.JSONDecodeError, UnicodeEncodeError):
        return False
    return True


def _unescaped(piece: str) -> str:
    """A text without escapes, also where some of them are none."""
    try:
        return str(json.loads(f'"{piece}"', strict=False))
    except json.JSONDecodeError:
        return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", piece)
