"""Adapter `xlsx`: the sheets of an Excel workbook, as tables whose columns a manifest maps to records.

A row of a sheet is a unit. A cell is the value that Excel keeps: of a formula its last result. Nothing is run, and
nothing outside of the workbook is looked up.

- Numbers are as they are kept: 12.0 is 12. A format of zeros only (00000) gives the zeros that it shows.
- A number of more than 15 digits lost the others in Excel, perhaps of an account: its row is quarantined if the column
  is mapped. So is one with a formula that has no result, with an error such as #REF!, or with a date that is none.
  #N/A is an empty cell.
- Dates are ISO texts, by the first day of the workbook (1900 or 1904): a moment where the cell shows hours.
- A cell that is merged over several rows is in each of them. Rows and columns that are hidden are read.
- Phonetic guides beside texts are left out.

Without `sheets` all sheets with content are read, hidden ones too.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import islice

from ingest.account import Account
from ingest.adapters.grids import Line, kept_rows, table
from ingest.adapters.xlsx_package import Sheet, Workbook, workbook
from ingest.adapters.xlsx_sheet import Merged, lines, merged
from ingest.shapes import Header, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused


def read(path: Readable, written: Written, account: Account) -> Iterator[Header | Row | Reject]:
    """Yield the header of each sheet, then its rows; FileRefused if the workbook can't be read."""
    kept = kept_rows(path, written)
    if kept is not None:
        yield from kept
        return
    with workbook(path) as book:
        chosen = _chosen(path, book, written)
        found = [_rows(path, book, sheet, len(chosen) > 1, written) for sheet in chosen]
        for rows in found:
            yield from rows


def tables(path: Readable, written: Written) -> Sequence[str]:
    """The names of the sheets with content; FileRefused if the workbook can't be read."""
    if kept_rows(path, written) is not None:
        return ()
    with workbook(path) as book:
        return [sheet.name for sheet in book.sheets if _has_content(book, sheet)]


def _chosen(path: Readable, book: Workbook, written: Written) -> list[Sheet]:
    """The sheets to read; FileRefused if there is none."""
    for wanted in written.sheets or ():
        if not any(_is(sheet.name, wanted) for sheet in book.sheets):
            named = ", ".join(repr(sheet.name) for sheet in book.sheets)
            raise FileRefused("no such sheet", f"{path.name} has no sheet {wanted!r}: it has {named}")
    wanting = [s for s in book.sheets if written.sheets is None or any(_is(s.name, each) for each in written.sheets)]
    found = [sheet for sheet in wanting if _has_content(book, sheet)]
    if not found:
        raise FileRefused("empty file", f"{path.name} has no sheet with content: was it delivered whole?")
    return found


def _is(name: str, wanted: str) -> bool:
    return name == wanted or fnmatchcase(name, wanted)


def _has_content(book: Workbook, sheet: Sheet) -> bool:
    with book.open(sheet) as stream:
        return any(True for _ in islice(lines(stream, book, []), 1))


def _rows(
    path: Readable, book: Workbook, sheet: Sheet, several: bool, written: Written
) -> Iterator[Header | Row | Reject]:
    """The header of a sheet, which has been read, and its rows, which are sound."""
    with book.open(sheet) as stream:
        merges = merged(stream)
    with book.open(sheet) as stream:
        for _ in lines(stream, book, []):
            pass
    name = f"{path.name}#{sheet.name}" if several else path.name
    return table(name, _lines(book, sheet, merges), written)


def _lines(book: Workbook, sheet: Sheet, merges: list[Merged]) -> Iterator[Line]:
    with book.open(sheet) as stream:
        yield from lines(stream, book, merges)
