"""Read JSON objects strictly: UTF-8, no repeated keys, numbers as written; one on each line, or a single one."""

import codecs
import json
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple, NoReturn

from ingest.adapters.texts import check_text
from ingest.shapes import BadUnit, Readable
from workbench.errors import FileRefused

_LOOKED_AT = 20
_LONGEST = 1 << 24
SPACE = " \t\r\n"


class What(NamedTuple):
    """The words for messages: for one object, and for several."""

    one: str
    many: str

    def __str__(self) -> str:
        return f"{'an' if self.one[0] in 'aeiou' else 'a'} {self.one}"


OBJECT = What("object", "objects")


def lines(path: Readable, what: What) -> Iterator[tuple[str, bytes]]:
    """The locator and bytes of each line that is not blank; FileRefused if the file does not have one object a line."""
    _check(path, what)
    return ((f"{path.name}:{number}", line) for number, line in _lines(path))


def parsed(raw: bytes, what: What) -> dict[str, Any]:
    """Parse one object; BadUnit if the bytes are not a JSON object."""
    try:
        value = STRICT.decode(raw.decode("utf-8").rstrip(SPACE))
    except UnicodeDecodeError as error:
        raise BadUnit("wrong encoding", "the line is not utf-8, which JSON is always in: convert it") from error
    except RecursionError as error:
        message = f"the line is nested too deeply for {what}: write {what.many} flat"
        raise BadUnit("nested too deeply", message) from error
    except json.JSONDecodeError as error:
        raise BadUnit("not JSON", f"column {error.colno}: {error.msg}: repair the line") from error
    if not isinstance(value, dict):
        raise BadUnit(f"not {what}", f"the line is no JSON object: write one {what.one} a line")
    return value


def own_name(name: str, own: Collection[str]) -> str:
    """A key of a file, apart from those that an adapter adds itself.

    >>> own_name("kind", {"kind"}), own_name("name", {"kind"})
    ('kind (said)', 'name')
    """
    return f"{name} (said)" if name in own else name


def _lines(path: Readable) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers."""
    with path.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            stream.seek(0)
        number = 0
        while line := stream.readline(_LONGEST):
            number += 1
            if line.strip():
                yield number, line


def _check(path: Readable, what: What) -> None:
    """Refuse a file that is not JSON lines: another format, an array, one object over many lines."""
    with path.open("rb") as stream:
        check_text(path, stream.read(8))
    first: list[bytes] = []
    for number, line in _lines(path):
        if len(line) >= _LONGEST:
            message = f"{path.name} line {number} has {_LONGEST} bytes or more: is it one {what.one} a line?"
            raise FileRefused("row too long", message, number)
        if len(first) < _LOOKED_AT:
            first.append(line.strip())
    if not first:
        raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
    objects = any(line.startswith(b"{") and line.endswith(b"}") for line in first)
    if not objects or first[0].startswith(b"["):
        message = f"{path.name}: its first lines are no JSON objects: this adapter wants one {what.one} a line"
        raise FileRefused("not JSON lines", message, 1)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key in keys if times[key] > 1)
        raise BadUnit("key stands twice", f"key {twice!r} stands twice: keep the one that holds")
    return keys


def _no_number(text: str) -> NoReturn:
    raise BadUnit("not JSON", f"{text} is no JSON: leave the value out, or write it as text")


# Numbers are kept as written: 1.10 is not 1.1, and 00123 is not a number.
STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=_no_number)
