"""Tables that are no text: rows of cells, under the settings that a manifest has for tables.

A row of such a table has no bytes of its own. What is kept of it is a table of text with its header and its cells,
which people can repair, and which the adapters of these tables read as if it were such a file.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from ingest.shapes import BadUnit, Column, Header, Readable, Reject, Row, writable
from ingest.specs import Written
from workbench.errors import FileRefused

# What a row that is kept as text begins with, before its header.
KEPT = b"# a row of a table, as text\n"
_LONGEST_NAME = 1_000

# What keeps a cell from being read, and what to do. In kept text a cell has the first part between these brackets.
NO_RESULT = "a formula without its result: open the workbook in its program, save it, and load it again"
DIGITS = "a number of more than 15 digits: the others were lost before it came here, so ask for the column as text"
NO_DATE = "a date that is none: correct it"
ERROR = "an error instead of a value: correct the formula, or leave the cell empty"
_BY_NAME = {each.partition(":")[0]: each for each in (NO_RESULT, DIGITS, NO_DATE, ERROR)}
_BRACKETS = re.compile("\u27ea(.+)\u27eb")

_NOTHING: Mapping[int, str] = MappingProxyType({})


class Line(NamedTuple):
    """A row of a table that is not blank: its number, its cells, and by place what keeps a cell from being read."""

    number: int
    cells: Sequence[str]
    faults: Mapping[int, str] = _NOTHING


def table(name: str, lines: Iterator[Line], written: Written) -> Iterator[Header | Row | Reject]:
    """The header of a table, then each row or its reject; FileRefused, at once, if it has no header.

    `name` stands before the numbers of rows.
    """
    data: Iterator[Line] = (line for line in lines if line.number > written.skip)
    first = next(data, None)
    if first is None and written.header:
        raise FileRefused("empty file", f"{name} has no header: was it delivered whole?")
    names = _names(name, first, written) if first and written.header else list(written.columns or ())
    kept = KEPT + as_text(names)
    if first and not written.header:
        data = chain([first], data)
    return chain([Header([Column(each) for each in names], kept)], _rows(name, data, names, kept, written))


def kept_rows(path: Readable, written: Written) -> Iterator[Header | Row | Reject] | None:
    """The rows of a file that is kept text; None if it is none."""
    with path.open("rb") as stream:
        if stream.read(len(KEPT)) != KEPT:
            return None
        rest = b"".join(iter(lambda: stream.read(1 << 16), b""))
    return _of_text(path.name, rest, written)


def as_text(cells: Iterable[str]) -> bytes:
    """Cells as a row of a table of text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode("utf-8", "surrogatepass")


def texts_of_kept(reject: Reject, written: Written, names: Collection[str]) -> Sequence[str]:
    """The cells of a row that can't be read."""
    return next(csv.reader(io.StringIO(reject.raw.decode("utf-8", "surrogatepass"), newline="")), [])


def _of_text(name: str, raw: bytes, written: Written) -> Iterator[Header | Row | Reject]:
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8", "surrogatepass"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileRefused("wrong repair", f"{name}: {error}: write the row as a table of text, in utf-8") from error
    head, *cells = rows or [[]]
    names = list(written.columns or head)
    lines = (Line(number, *_read_again(each)) for number, each in enumerate(cells, 2))
    kept = KEPT + as_text(names)
    yield Header([Column(each) for each in names], kept)
    yield from _rows(name, lines, names, kept, written)


def _read_again(cells: Sequence[str]) -> tuple[list[str], dict[int, str]]:
    """The cells of a kept row, without what stands for those that could not be read."""
    found, faults = list[str](), dict[int, str]()
    for place, cell in enumerate(cells):
        match = _BRACKETS.fullmatch(cell)
        fault = _BY_NAME.get(match[1]) if match else None
        if fault:
            faults[place] = fault
        found.append("" if fault else cell)
    return found, faults


def _names(name: str, line: Line, written: Written) -> list[str]:
    """The names of the columns; FileRefused if one stands twice, or can't be read."""
    if written.columns is not None:
        return list(written.columns)
    cells = [cell.strip() for cell in line.cells]
    while cells and not cells[-1]:
        cells.pop()
    where = f"{name} row {line.number}"
    for place, cell in enumerate(cells):
        fault = line.faults.get(place) or _fault_of_name(cell)
        if fault:
            raise FileRefused("bad header", f"{where}: the name of column {place + 1} has {fault}")
        if cell and cell in cells[:place]:
            message = f"{where}: two columns are named {cell[:100]!r}: rename one, or give `columns`"
            raise FileRefused("duplicate header", f"{message}; `skip` says how many rows stand before the header")
    return cells


def _fault_of_name(cell: str) -> str:
    if len(cell) > _LONGEST_NAME:
        return f"{len(cell)} characters, more than {_LONGEST_NAME}: is it a header?"
    try:
        writable("a name", cell)
    except BadUnit as bad:
        return f"what can't be stored: {bad}"
    return ""


def _rows(
    name: str, lines: Iterable[Line], names: Sequence[str], kept: bytes, written: Written
) -> Iterator[Row | Reject]:
    ends = re.compile(written.trailer).match if written.trailer else None
    for line in lines:
        if ends and ends(next((cell.strip() for cell in line.cells if cell.strip()), "")):
            return
        raw, locator = as_text(_shown(line, len(names))), f"{name}:{line.number}"
        try:
            cells = _checked(line.cells, line.faults, names)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), raw, kept)
        else:
            faults = {names[place]: fault for place, fault in line.faults.items()}
            yield Row(cells, locator, raw, faults=faults)


def _shown(line: Line, width: int) -> list[str]:
    """The cells of a row with what stands for those that could not be read."""
    cells = [*line.cells, *([""] * (width - len(line.cells)))]
    for place, fault in line.faults.items():
        cells[place] = f"\u27ea{fault.partition(':')[0]}\u27eb"
    return cells


def _checked(cells: Sequence[str], faults: Mapping[int, str], names: Sequence[str]) -> Sequence[str]:
    """A cell for each column; BadUnit if there is one without a column, or one that can't be stored."""
    for place, cell in enumerate(cells):
        named = place < len(names) and names[place]
        if not named and (cell.strip() or place in faults):
            said = f"cell {place + 1} stands under no header: name its column, or give `columns`"
            raise BadUnit("ragged row", said)
        if not cell.isprintable():
            writable(str(named or place + 1), cell)
    wanted = len(names)
    return [*cells[:wanted], *([""] * (wanted - len(cells)))]
