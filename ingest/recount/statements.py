"""Count the entities of a table of statements a second time."""

import csv
import io
import re
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import IO

from ingest.recount.counted import Counted, Told

_TO_ITS_END = re.compile('[^"]*(?:""[^"]*)*"(?!")')
_CELL_IN_QUOTES = re.compile(f'(^|,)"{_TO_ITS_END.pattern}')
_OPEN = re.compile('(?:^|,)"')


def count_statements(stream: IO[bytes], told: Told) -> Counted:
    """Count the different ids of entities, and the rows that can't be read.

    Ids that come again are known, unless the file is sorted.
    """
    is_sorted = all(a is None or b is None or a[0] <= b[0] for a, b in pairwise(filter(None, _ids(stream))))
    known, last, units = set[bytes](), "", 0
    for each in _ids(stream):
        if each is None:
            units += 1
            continue
        if is_sorted and each[0] != last:
            known.clear()
        last, name = each[0], _digest(each)
        units += name not in known
        known.add(name)
    return Counted(units)


def _digest(name: tuple[str, str]) -> bytes:
    """A name in few octets, as an unsorted file has all of its names known to its end."""
    return blake2b("\0".join(name).encode("utf-8"), digest_size=12).digest()


def _ids(stream: IO[bytes]) -> Iterator[tuple[str, str] | None]:
    """What each statement is about, and its entity; None for a row that can't be read."""
    stream.seek(0)
    rows = _rows(stream)
    names = [name.strip() for name in next(csv.reader([next(rows)]))]
    for row in rows:
        yield _about(row, names)


def _about(row: str, names: list[str]) -> tuple[str, str] | None:
    try:
        row.encode("utf-8")
        cells = next(csv.reader([row], strict=True))
    except (UnicodeEncodeError, csv.Error):
        return None
    if "\0" in row or len(cells) != len(names):
        return None
    said = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    before, colon, after = said["prop"].partition(":")
    schema, prop = (said.get("schema") or before, after) if colon else (said.get("schema"), before)
    if not (said["entity_id"] and schema and prop):
        return None
    return said.get("canonical_id") or said["entity_id"], said["entity_id"]


def _rows(stream: IO[bytes]) -> Iterator[str]:
    """The rows that are not blank, each with all of its lines."""
    text = io.TextIOWrapper(io.BufferedReader(_Open(stream)), "utf-8-sig", "surrogateescape", newline="")
    held, is_open = list[str](), False
    for line in text:
        held.append(line)
        is_open = _is_open(line, is_open)
        if not is_open:
            row = "".join(held)
            held.clear()
            if row.strip("\r\n"):
                yield row


def _is_open(line: str, was_open: bool) -> bool:
    """Whether a cell in quotes goes on after a line; `was_open` says whether one does before it."""
    if was_open:
        end = _TO_ITS_END.match(line)
        if end is None:
            return True
        line = line[end.end() :]
    return '"' in line and _OPEN.search(_CELL_IN_QUOTES.sub(r"\1", line)) is not None


class _Open(io.RawIOBase):
    """A stream that stays open when what reads it ends."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
