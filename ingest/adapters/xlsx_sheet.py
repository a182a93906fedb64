"""Read the rows of a sheet one by one."""

import re
from collections.abc import Iterator, Mapping
from typing import IO, NamedTuple

from ingest.adapters.grids import Line
from ingest.adapters.xlsx_package import Workbook
from ingest.adapters.xlsx_values import Kind, kind_of, said
from ingest.adapters.xml_events import events

_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576
_LONGEST = 1 << 20
_MOST_MERGED = 100_000


class Merged(NamedTuple):
    """Cells that are shown as one, over several rows: the first and last row, and the place of the first column."""

    first: int
    last: int
    place: int


def merged(stream: IO[bytes]) -> list[Merged]:
    """The merged cells of a sheet that go over several rows, by their first row. Goes through the whole sheet."""
    found = list[Merged]()

    def begin(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "mergeCell" and len(found) < _MOST_MERGED:
            first, _, last = attributes.get("ref", "").partition(":")
            (top, place), (bottom, _) = _place(first), _place(last or first)
            if bottom > top:
                found.append(Merged(top, bottom, place))

    for _ in events(stream, begin, lambda tag: None, lambda text: None):
        pass
    return sorted(found)


def lines(stream: IO[bytes], book: Workbook, merges: list[Merged]) -> Iterator[Line]:
    """The rows that are not blank. A cell that is merged over several rows is in each of them.

    Raises what `events` does, and IndexError or ValueError for what no workbook has.
    """
    rows, filled = _Rows(book), _Filled(merges)
    for _ in events(stream, rows.begin, rows.end, rows.text):
        yield from map(filled.line, rows.taken())


class _Rows:
    """Gathers cells to rows."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._kinds = [kind_of(code) for code in book.formats]
        self._done = list[Line]()
        self._number = 0
        self._at = -1
        self._cells, self._faults = list[str](), dict[int, str]()
        self._type, self._style = "", 0
        self._texts, self._length, self._has_formula, self._aside, self._is_value = list[str](), 0, False, 0, False

    def taken(self) -> list[Line]:
        """The rows that ended since the last time."""
        done, self._done = self._done, []
        return done

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "row":
            self._begin_row(attributes.get("r"))
        elif tag == "f":
            self._has_formula = True
        elif tag == "rPh":
            self._aside += 1
        self._is_value = tag in ("v", "t") and not self._aside

    def text(self, text: str) -> None:
        """A text, or a part of one."""
        if self._is_value:
            self._length += len(text)
            if self._length > _LONGEST:
                raise ValueError(f"a cell of row {self._number} has more than {_LONGEST} characters")
            self._texts.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._is_value = False
        if tag == "c":
            self._end_cell()
        elif tag == "row":
            if self._faults or any(cell.strip() for cell in self._cells):
                self._done.append(Line(self._number, self._cells, self._faults))
        elif tag == "rPh":
            self._aside -= 1

    def _begin_row(self, said_number: str | None) -> None:
        number = self._number + 1 if said_number is None else int(said_number)
        if not self._number < number <= _MOST_ROWS:
            raise ValueError(f"row {number} stands after row {self._number}")
        self._number, self._at, self._cells, self._faults = number, -1, [], {}

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        at = self._at + 1 if reference is None else _place(reference)[1]
        if not self._at < at < _MOST_COLUMNS:
            raise ValueError(f"cell {reference} stands in the wrong place")
        self._at, self._type, self._style = at, attributes.get("t", "n"), int(attributes.get("s", 0))
        self._texts, self._length, self._has_formula = [], 0, False

    def _end_cell(self) -> None:
        kind = self._kinds[self._style] if 0 <= self._style < len(self._kinds) else Kind()
        value, book = "".join(self._texts), self._book
        found = said(self._type, value, self._has_formula, kind, book.is_1904, book.texts.at)
        if found.text or found.fault:
            self._cells += [""] * (self._at - len(self._cells))
            self._cells.append(found.text)
            if found.fault:
                self._faults[self._at] = found.fault


class _Filled:
    """Repeats what is merged over several rows."""

    def __init__(self, merges: list[Merged]) -> None:
        self._waiting = list(reversed(merges))
        self._open = dict[int, tuple[int, str]]()

    def line(self, line: Line) -> Line:
        """A row with the cells that are merged into it."""
        cells = list(line.cells)
        for place, (last, text) in list(self._open.items()):
            if line.number > last:
                del self._open[place]
            elif place not in line.faults:
                cells += [""] * (place + 1 - len(cells))
                cells[place] = cells[place] or text
        while self._waiting and self._waiting[-1].first <= line.number:
            first, last, place = self._waiting.pop()
            if first == line.number and place < len(cells) and cells[place]:
                self._open[place] = last, cells[place]
        return line._replace(cells=cells)


def _place(reference: str) -> tuple[int, int]:
    """The number of the row, from 1, and the place of the column, from 0, of a cell such as B12."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"{reference[:20]!r} is no cell")
    at = 0
    for letter in found[1]:
        at = at * 26 + ord(letter) - 64
    return int(found[2]), at - 1
