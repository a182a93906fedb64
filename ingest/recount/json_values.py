"""Count the values of a JSON document a second time."""

import codecs
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import IO

from ingest.recount.counted import Counted, Told

_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# A string, a sign, or a number or word.
_PIECE = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[][{},:]|[^][{},:"\s]+)', re.DOTALL)


def count_json(*ways: str) -> Callable[[IO[bytes], Told], Counted]:
    """A count of the values at these paths of keys, such as Event/Object; "" is the document.

    A list has as many as its items. One that ends in `/[]` counts items of a list alone.
    """
    return partial(_count, frozenset(map(_way, ways)))


def count_either(*ways: str) -> Callable[[IO[bytes], Told], Counted]:
    """As `count_json`, for the first of these paths that the document has."""

    def count(stream: IO[bytes], told: Told) -> Counted:
        for way in ways:
            stream.seek(0)
            counted, is_there = _counted(frozenset([_way(way)]), _tokens(stream))
            if is_there:
                return counted
        return Counted(0)

    return count


def _way(text: str) -> tuple[str, ...]:
    return tuple(text.split("/")) if text else ()


def count_values(stream: IO[bytes], told: Told) -> Counted:
    """Count the values that a manifest names as units, or the items of the list that the document is."""
    return _count(frozenset(tuple(way.split(".")) if way else () for way in told.units or ("",)), stream, told)


def count_under(*ways: str) -> Callable[[IO[bytes], Told], Counted]:
    """A count of the values under one of these keys of a document; or of its items, if it is a list."""
    known = frozenset((way,) for way in ways)

    def count(stream: IO[bytes], told: Told) -> Counted:
        pieces = _tokens(stream)
        first = next(pieces, "")
        return _counted(frozenset({()}) if first == "[" else known, chain([first], pieces))[0]

    return count


def count_stix(stream: IO[bytes], told: Told) -> Counted:
    """Count the objects of a list, or under `objects`; one for a document that says its own type before, not bundle."""
    kinds = list[str]()
    pieces = _noting(_tokens(stream), kinds)
    first = next(pieces, "")
    counted, _ = _counted(frozenset([() if first == "[" else ("objects",)]), chain([first], pieces))
    is_alone = first == "{" and not {"", "bundle"}.issuperset(kinds[:1])
    return Counted(1) if is_alone else counted


def _noting(pieces: Iterable[str], kinds: list[str]) -> Iterator[str]:
    """The same pieces. `kinds` gets the text that the outermost object has under `type`, "" for what is no text there,
    and "" for what it has under `objects`, in their order. Lists on the way count as what is in them."""
    depth, key, last = 0, "", ""
    for piece in pieces:
        if depth == 1 and piece in (":", ","):
            key = last if piece == ":" and last in ("type", "objects") else ""
        elif key and piece not in ("[", "]", ","):
            kinds.append(_text(piece) if key == "type" else "")
            key = ""
        depth += (piece in ("[", "{")) - (piece in ("]", "}"))
        last = _key(piece)
        yield piece


def _text(piece: str) -> str:
    """The text of a string or number; "" for anything else."""
    is_none = piece in ("{", "}", "null", "true", "false")
    return "" if is_none else _key(piece) if piece.startswith('"') else piece


def _count(ways: Collection[tuple[str, ...]], stream: IO[bytes], told: Told) -> Counted:
    return _counted(ways, _tokens(stream))[0]


def _counted(ways: Collection[tuple[str, ...]], pieces: Iterable[str]) -> tuple[Counted, bool]:
    """The values at the paths, and whether there is anything at one, if only an empty list.

    Follows brackets and keys: `keys` has one for each open object, and None for each open list.
    """
    found, inside, is_there, keys = 0, 0, False, list[str | None]()
    is_value, last = True, ""
    for piece in pieces:
        if piece in ("]", "}"):
            keys.pop()
            inside = min(inside, len(keys)) if len(keys) >= inside else 0
            is_value = False
        elif piece in (",", ":"):
            if piece == ":" and keys:
                keys[-1] = last
            is_value = piece == ":" or not keys or keys[-1] is None
        else:
            if is_value and not inside and _is_one(keys, ways):
                is_there = True
                found += piece != "["
                inside = len(keys) + 1 if piece == "{" else 0
            if piece in ("[", "{"):
                keys.append(None if piece == "[" else "")
            is_value, last = piece == "[", _key(piece)
    return Counted(found), is_there


def _is_one(keys: list[str | None], ways: Collection[tuple[str, ...]]) -> bool:
    way = tuple(key for key in keys if key is not None)
    return way in ways or (bool(keys) and keys[-1] is None and (*way, "[]") in ways)


def _key(piece: str) -> str:
    return codecs.decode(piece[1:-1], "unicode_escape") if "\\" in piece else piece[1:-1]


def _tokens(stream: IO[bytes]) -> Iterator[str]:
    text, at, is_whole = "", 0, False
    more = _decoded(stream)
    while True:
        piece = _PIECE.match(text, at)
        if piece and (is_whole or piece.end() < len(text)):
            yield piece[1]
            at = piece.end()
            continue
        if is_whole:
            return
        read = next(more, "")
        text, at, is_whole = text[at:] + read, 0, not read


def _decoded(stream: IO[bytes]) -> Iterator[str]:
    """The text of a document in pieces that are not empty."""
    start = b""
    while len(start) < 3 and (more := stream.read(3 - len(start))):
        start += more
    mark, encoding = next((each for each in _MARKS if start.startswith(each[0])), (b"", "utf-8"))
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    chunk = start.removeprefix(mark) or stream.read(_CHUNK)
    while chunk:
        if text := decoder.decode(chunk):
            yield text
        chunk = stream.read(_CHUNK)
