"""Read tables of delimited text strictly: encodings, byte order marks, quotes, line numbers.

A bad row is rejected alone. A bad file is refused as a whole: for example, a quote that is never closed
swallows everything after it, so the refusal names the line where it opened.
"""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, NamedTuple

from ingest.account import Account
from ingest.adapters.breaks import Breaks
from ingest.adapters.mojibake import WholeFile, evidence
from ingest.adapters.texts import check_text
from ingest.fields import WIDE_ENCODINGS
from ingest.marks import mark_of
from ingest.shapes import BadUnit, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_LONGEST = 1 << 22
_PIECE = _LONGEST >> 2
_BREAK = re.compile("[\\r\\n]")
_LONGEST_NAME = 1_000
_NO_BREAKS = Breaks()
_BLANK = frozenset({"\n", "\r\n", "\r"})

# The start of an HTML or XML page, which a server may send instead of the file.
_ERROR_PAGE = re.compile(rb"\s*<(\?xml|!doctype|html|head|body|error)\b", re.IGNORECASE)


class RawRow(NamedTuple):
    """A row of a file: the number of its first line, its text, and its number of lines."""

    line: int
    text: str
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written: encoding, delimiter, byte order mark, and the settings for line breaks.

    `checked` if somebody checked the encoding. `skip` lines stand before the header, and no data from the first row
    on whose start fits `trailer`.
    """

    encoding: str
    delimiter: str
    mark: bytes = b""
    checked: bool = False
    breaks: Breaks = _NO_BREAKS
    skip: int = 0
    trailer: re.Pattern[str] | None = None

    @property
    def errors(self) -> str:
        """The error handler that keeps undecodable bytes, so that `raw` can restore them."""
        return "surrogatepass" if self.encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"

    @property
    def doubtful(self) -> bool:
        """Whether the text might really be UTF-8: a single-byte encoding is declared, and nobody checked it."""
        return self.encoding not in WIDE_ENCODINGS and not self.checked

    def ends(self, line: str) -> bool:
        """Whether no data stands in this line or after it."""
        return self.trailer is not None and self.trailer.match(line.lstrip('" \t')) is not None

    def raw(self, text: str) -> bytes:
        """The bytes of a text in the file."""
        return text.encode(self.encoding, self.errors)


def form_of(path: Readable, spec: Written) -> Form:
    """Examine the start of a file; FileRefused if it is not what the manifest declares."""
    encoding = spec.encoding
    with path.open("rb") as stream:
        start = stream.read(256)
    if not start:
        raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
    if _ERROR_PAGE.match(start.removeprefix(codecs.BOM_UTF8)):
        raise FileRefused(
            "not a table", f"{path.name} begins like a page of HTML or XML, perhaps of an error: fetch it again", 1
        )
    check_text(path, start)
    mark, marked = mark_of(start)
    if not marked and encoding in ("utf-16", "utf-32"):
        raise FileRefused(
            "wrong encoding", f"{path.name} has no byte order mark: declare {encoding}-le or {encoding}-be", 1
        )
    if marked and marked != encoding and not marked.startswith(f"{encoding}-"):
        raise FileRefused(
            "wrong encoding", f"{path.name} is marked as {marked}, not {encoding}: declare that encoding", 1
        )
    breaks = Breaks(spec.line_breaks, spec.line_breaks_checked, spec.delimiter)
    trailer = re.compile(spec.trailer) if spec.trailer else None
    return Form(marked or encoding, spec.delimiter, mark, spec.encoding_checked, breaks, spec.skip, trailer)


def raw_rows(path: Readable, form: Form, account: Account) -> Iterator[RawRow]:
    """All rows without blank lines; FileRefused, before the first, if the file can't be split into rows."""
    whole, asking = WholeFile(), form.doubtful
    for row in () if _is_plain(path, form) else _cut(path, form, Account()):
        if asking and not row.text.isascii():
            asking = whole.row(row.text, form.raw(row.text))
    if whole.is_utf8:
        raise FileRefused(
            "wrong encoding",
            f"{path.name} is utf-8 from its start to its end, not {form.encoding}: declare encoding utf-8, or"
            " say `encoding_checked = true` where it is right as it stands",
        )
    return _cut(path, form, account)


def _is_plain(path: Readable, form: Form) -> bool:
    """Whether nothing in a file could keep it from being split into rows: quotes, long lines, doubtful text."""
    with path.open("rb") as stream, suppress(UnicodeDecodeError):
        text = io.TextIOWrapper(stream, form.encoding, form.errors, newline="")
        pieces = iter(partial(text.read, _PIECE), "")
        return not form.doubtful and all('"' not in piece and _BREAK.search(piece) for piece in pieces)
    return False


def _cut(path: Readable, form: Form, account: Account) -> Iterator[RawRow]:
    with path.open("rb") as stream:
        stream.seek(len(form.mark))
        text = io.TextIOWrapper(stream, form.encoding, form.errors, newline="")
        try:
            yield from _rows(path.name, text, form, account)
        except UnicodeDecodeError as error:
            raise FileRefused(
                "wrong encoding", f"{path.name} is not {form.encoding}: {error.reason}: declare its encoding"
            ) from error


def _rows(name: str, text: IO[str], form: Form, account: Account) -> Iterator[RawRow]:
    quotes = _Quotes(form.delimiter)
    line, start, held = 0, 0, ""
    for each in iter(partial(text.readline, _LONGEST), ""):
        line += 1
        if line <= form.skip:
            account.others += 1
            continue
        if form.trailer and not held and form.ends(each):
            account.others += 1 + _lines_left(text)
            return
        if len(each) + len(held) >= _LONGEST:
            if held:
                raise _unclosed(name, start, f"{_LONGEST} characters later it is still open")
            raise FileRefused(
                "row too long", f"{name} line {line} has {_LONGEST} characters or more: is it text?", line
            )
        if not held:
            if '"' not in each:
                if each in _BLANK:
                    account.others += 1
                else:
                    yield RawRow(line, each)
                continue
            start = line
        still_open, broken = quotes.after(each, inside=bool(held))
        if broken and held:
            raise _unclosed(name, start, f"text follows its end in line {line}")
        if still_open:
            held += each
            continue
        yield RawRow(start, held + each, line - start + 1)
        held = ""
    if held:
        raise _unclosed(name, start, "the file ends inside it")


def _lines_left(text: IO[str]) -> int:
    """How many lines a text still has."""
    whole, last = 0, ""
    for last in iter(partial(text.readline, _LONGEST), ""):
        whole += last.endswith(("\r", "\n"))
    return whole + bool(last and not last.endswith(("\r", "\n")))


def _unclosed(name: str, line: int, why: str) -> FileRefused:
    return FileRefused(
        "unclosed quote", f"{name} line {line}: a quote opens here and is not closed: {why}. Close or double it", line
    )


class _Quotes:
    """Finds where quotes open (at the start of a cell only) and close (at its end only)."""

    def __init__(self, delimiter: str) -> None:
        self._opening = re.compile(f'(?:^|{re.escape(delimiter)})"')
        self._ends = (delimiter, "\r", "\n", "")

    def after(self, line: str, *, inside: bool) -> tuple[bool, bool]:
        """Whether a quote is open after a line, and whether text followed the first quote that closed."""
        at, first, broken = 0, True, False
        while True:
            if not inside:
                opening = self._opening.search(line, at)
                if opening is None:
                    return False, broken
                at = opening.end()
            closing = _closing(line, at)
            if closing < 0:
                return True, broken
            at, inside = closing + 1, False
            broken = broken or (first and line[at : at + 1] not in self._ends)
            first = False


def _closing(line: str, at: int) -> int:
    """The index at which a quote open at `at` closes; -1 if not in this line."""
    quote = line.find('"', at)
    while quote >= 0 and line[quote + 1 : quote + 2] == '"':
        quote = line.find('"', quote + 2)
    return quote


def cells_of(row: RawRow, form: Form) -> list[str]:
    """The cells of a row; BadUnit if it does not decode, or has a NUL or stray quotes."""
    text = row.text
    if not text.isascii():
        _check_encoding(text, form)
    if "\0" in text:
        raise BadUnit("NUL", "the row has a NUL character: was the file damaged, or is it UTF-16?")
    if '"' not in text:
        return text.rstrip("\r\n").split(form.delimiter)
    try:
        return next(csv.reader((text,), delimiter=form.delimiter, strict=True))
    except csv.Error as error:
        raise BadUnit("stray quote", f"its quotes can't be read ({error}): double those inside a cell") from error


def texts_of_row(reject: Reject, written: Written, names: Collection[str]) -> Sequence[str]:
    """The cells of a row that can't be read, as far as they are ASCII.

    If it does not split like its header, the whole row and its pieces: a list of compartments may hold delimiters.
    """
    text, head = (each.replace(b"\0", b"").decode("latin-1").strip("\r\n") for each in (reject.raw, reject.header))
    with suppress(csv.Error):
        cells, columns = (
            next(csv.reader((each,), delimiter=written.delimiter, strict=True), []) for each in (text, head)
        )
        if len(cells) == len(columns):
            return cells
    return [text, *(piece.strip('" ') for piece in text.split(written.delimiter))]


def _check_encoding(text: str, form: Form) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadUnit(
            "wrong encoding", f"the row is not {form.encoding}: declare the file's encoding, or repair the row"
        ) from error
    if form.doubtful and evidence(text, form.raw(text)).certain:
        raise BadUnit(
            "wrong encoding",
            f"the row reads as utf-8, not {form.encoding}: declare the file's encoding, repair the row, or say"
            " `encoding_checked = true` where it is right as it stands",
        )


def check_names(names: list[str], path: Readable) -> None:
    """FileRefused if a column's name is empty or is repeated."""
    seen = set[str]()
    for number, name in enumerate(names, 1):
        if not name:
            message = f"{path.name} line 1: column {number} of the data has no name: name it, or give `columns`"
            raise FileRefused("empty header", message, 1)
        if name in seen:
            message = f"{path.name} line 1: two columns are named {name!r}: rename one, or give `columns`"
            raise FileRefused("duplicate header", message, 1)
        seen.add(name)


class Table:
    """A table whose header has been read: its names and its rows."""

    def __init__(self, path: Readable, written: Written, account: Account) -> None:
        """FileRefused if the file can't be split into rows, or its first row is not a header."""
        self._path, self._form, self._account = path, form_of(path, written), account
        self._fills = written.short_rows
        self._rows = raw_rows(path, self._form, account)
        self.names, self.raw_header = ([], b"") if not written.header else self._header()
        self.raw_header = self._skipped() + self.raw_header
        self._width = len(self.names if written.columns is None else written.columns)

    def _skipped(self) -> bytes:
        """The bytes before the header."""
        form = self._form
        if not form.skip:
            return form.mark
        with self._path.open("rb") as stream:
            stream.seek(len(form.mark))
            text = io.TextIOWrapper(stream, form.encoding, form.errors, newline="")
            return form.mark + form.raw("".join(text.readline(_LONGEST) for _ in range(form.skip)))

    def _header(self) -> tuple[list[str], bytes]:
        """The names in the first row, and its bytes."""
        row, name = next(self._rows, None), self._path.name
        if row is None:
            raise FileRefused("empty file", f"{name} has blank lines only: was it delivered whole?")
        try:
            names = [cell.strip() for cell in cells_of(row, self._form)]
            self._form.breaks.check(names, [f"column {number}" for number in range(1, len(names) + 1)])
        except BadUnit as bad:
            raise FileRefused("bad header", f"{name} line {row.line}, the header: {bad}", row.line) from bad
        for number, cell in enumerate(names, 1):
            if len(cell) > _LONGEST_NAME:
                message = f"{name} line {row.line}: the name of column {number} has {len(cell)} characters"
                raise FileRefused("bad header", f"{message}, more than {_LONGEST_NAME}: is it a header?", row.line)
        self._account.others += row.lines
        return names, self._form.raw(row.text)

    def rows(self, names: Sequence[str]) -> Iterator[Row | Reject]:
        """Each row or its reject; `names` are the columns' names for messages."""
        before, encoding, errors = f"{self._path.name}:", self._form.encoding, self._form.errors
        for row in self._rows:
            locator, raw = f"{before}{row.line}", row.text.encode(encoding, errors)
            try:
                cells = self._of_width(cells_of(row, self._form))
                breaks = self._form.breaks.check(cells, names) if row.lines > 1 else {}
            except BadUnit as bad:
                self._account.kept += row.lines - 1
                yield Reject(locator, bad.reason, str(bad), raw, self.raw_header)
            else:
                yield Row(cells, locator, raw, row.lines, breaks)

    def _of_width(self, cells: list[str]) -> list[str]:
        """The cells of a row, one for each column; BadUnit if there are too few or too many."""
        if len(cells) == self._width:
            return cells
        if self._fills and len(cells) < self._width:
            return cells + [""] * (self._width - len(cells))
        message = f"{len(cells)} cells under {self._width} headers: is a delimiter missing, or inside a cell?"
        raise BadUnit("ragged row", message)
