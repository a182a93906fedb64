"""Count the rows of a table a second time."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import IO

from ingest.recount.counted import Counted, Told

_CHUNK = 1 << 20
# A line may end with the first half of an end; then the rest comes with the next piece.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_RUN = re.compile(r"[^\r\n]+")


def count_table(stream: IO[bytes], told: Told) -> Counted:
    """Count the rows after the header of a table, without blank lines, and all its lines.

    A row ends at a line's end outside quotes; a quote opens only at the start of a cell. Lines are counted
    regardless of quotes.
    """
    rows, lines = _Rows(told.delimiter), _Lines()
    pieces = _decoded(stream, told.encoding)
    if not told.skip and told.trailer is None:
        for text in pieces:
            rows.feed(text)
            lines.feed(text)
    else:
        _feed_data(rows, lines, _by_lines(pieces), told)
    return Counted(max(rows.rows - told.header, 0), lines.ended + lines.is_open)


def _feed_data(rows: "_Rows", lines: "_Lines", each: Iterator[str], told: Told) -> None:
    """Feed all lines to the one, and to the other those that are not before the header and not behind the data."""
    ends = re.compile(told.trailer).match if told.trailer else None
    for line in islice(each, told.skip):
        lines.feed(line)
    is_data = True
    for line in each:
        is_data = is_data and (rows.is_open or ends is None or not ends(line.lstrip('" \t')))
        lines.feed(line)
        if is_data:
            rows.feed(line)


def _by_lines(pieces: Iterator[str]) -> Iterator[str]:
    """The lines of a text, with their ends. One longer than any row may come in parts."""
    held = ""
    for piece in pieces:
        *whole, held = _LINE.findall(held + piece) or [""]
        yield from whole
    yield from _LINE.findall(held)


def _decoded(stream: IO[bytes], encoding: str) -> Iterator[str]:
    errors = "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    mark = "\ufeff"
    while chunk := stream.read(_CHUNK):
        text = decoder.decode(chunk)
        if text:
            yield text.removeprefix(mark)
            mark = ""
    yield decoder.decode(b"", final=True)


class _Lines:
    """Counts lines in a text that comes in pieces."""

    def __init__(self) -> None:
        self.ended = 0
        self._last = "\n"

    @property
    def is_open(self) -> bool:
        """Whether text follows the end of the last line."""
        return self._last not in "\r\n"

    def feed(self, text: str) -> None:
        """Go on with a piece of text."""
        if text:
            self.ended += text.count("\n") + text.count("\r") - (self._last + text).count("\r\n")
            self._last = text[-1]


class _Rows:
    """Counts rows in a text that comes in pieces."""

    def __init__(self, delimiter: str) -> None:
        self.rows = 0
        self._starts = (delimiter, "\r", "\n")
        self._before = "\n"
        self._in_row = False
        self._quoted = False
        self._at_quote = False  # the last piece ended at a quote that either closes or is the first of a doubled one

    @property
    def is_open(self) -> bool:
        """Whether a quote is open."""
        return self._quoted

    def feed(self, text: str) -> None:
        """Go on with a piece of text."""
        at = 0
        if self._at_quote and text:
            self._at_quote = False
            at = self._after_quote(text, -1)
        while at < len(text):
            at = self._inside(text, at) if self._quoted else self._outside(text, at)

    def _inside(self, text: str, at: int) -> int:
        quote = text.find('"', at)
        if quote < 0:
            return len(text)
        if quote == len(text) - 1:
            self._at_quote = True
            return len(text)
        return self._after_quote(text, quote)

    def _after_quote(self, text: str, quote: int) -> int:
        if text[quote + 1] == '"':
            return quote + 2
        self._quoted, self._before = False, '"'
        return quote + 1

    def _outside(self, text: str, at: int) -> int:
        quote = text.find('"', at)
        while quote >= 0 and (text[quote - 1] if quote > at else self._before) not in self._starts:
            quote = text.find('"', quote + 1)
        end = len(text) if quote < 0 else quote
        self._count(text[at:end])
        if quote < 0:
            return end
        self.rows += not self._in_row
        self._in_row = self._quoted = True
        return end + 1

    def _count(self, text: str) -> None:
        """Count the rows that begin in a text without opening quotes."""
        if not text:
            return
        begun = len(_RUN.findall(text))
        self.rows += begun - (self._in_row and text[0] not in "\r\n")
        self._in_row = text[-1] not in "\r\n"
        self._before = text[-1]
