"""The chart's tables as CSV and as a workbook of Excel; no cell is read as a formula."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import Cell

from workbench.app.exported.facts import Facts
from workbench.app.picture import Picture, span_of
from workbench.export.tables import safe

_TIES_SHEET, _RECORDS, _HEADS = (
    "Relationships",
    "F",
    2,
)  # the column of relationships that has numbers, and the rows above
Rows = list[list[str]]
_ENTITIES = ["Entity", "Type", "Agencies", "Note", "Group", "Id"]
_TIES = ["Relationship", "From", "To", "First", "Last", "Records", "Sum", "Agencies", "Weakest grade", "What it is",
         "From id", "To id"]  # fmt: skip


def rows_of(picture: Picture) -> tuple[Rows, Rows]:
    """The rows of the entities and of the relationships that are shown, with a head each."""
    shown = {name: each for name, each in picture.things.items() if name not in picture.out}
    names = {name: each.get("name", each["label"]) for name, each in shown.items()}
    looks = picture.top["looks"]
    entities = [
        [
            names[name],
            looks[each["kind"]]["label"],
            ", ".join(each.get("agencies", ())),
            each.get("note", ""),
            each.get("group", ""),
            name,
        ]
        for name, each in shown.items()
    ]
    ties = [
        [
            each["label"],
            names[each["a"]],
            names[each["b"]],
            *span_of(each),
            str(each.get("n", "")),
            " + ".join(" ".join(part) for part in each.get("sums", ())),
            ", ".join(each.get("agencies", ())),
            each.get("grade", "") if each.get("kinds") else "",
            each.get("told", "recorded"),
            each["a"],
            each["b"],
        ]
        for name, each in picture.ties.items()
        if name not in picture.ties_out and {each["a"], each["b"]} <= shown.keys()
    ]
    return [_ENTITIES, *entities], [_TIES, *ties]


def as_csv(picture: Picture, facts: Facts) -> str:
    """Both tables in one text, after the marking and the facts, with an empty line before each."""
    entities, ties = rows_of(picture)
    written = StringIO()
    writer = csv.writer(written)
    for row in ([facts.marking], [facts.title], *([line] for line in facts.lines), [], *entities, [], *ties):
        writer.writerow(_safe(row))
    return written.getvalue()


def as_excel(picture: Picture, facts: Facts) -> bytes:
    """A workbook with a sheet for the facts and one for each table; the marking heads each."""
    entities, ties = rows_of(picture)
    book = Workbook()
    book.remove(book.active)
    about = [[facts.title], *([line] for line in facts.lines)]
    for title, rows in (("About", about), ("Entities", entities), (_TIES_SHEET, ties)):
        sheet = book.create_sheet(title)
        for row in ([facts.marking], *rows):
            sheet.append(row)
        for cell in (each for line in sheet.iter_rows() for each in line):
            _typed(cell, title == _TIES_SHEET)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _typed(cell: Cell, of_ties: bool) -> None:
    """Make a cell text, which no program reads as a formula, or a number, if it says how many records a tie has."""
    if of_ties and cell.column_letter == _RECORDS and cell.row > _HEADS and str(cell.value).isdecimal():
        cell.value = int(cell.value)
    else:
        cell.data_type, cell.quotePrefix = "s", True


def _safe(row: Sequence[str]) -> list[str]:
    return [safe(cell) for cell in row]
