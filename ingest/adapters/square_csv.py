"""Adapter `square-csv`: a matrix as a table, with the same labels in its first row and its first column.

A row is a node; its id and name are its label. A cell that is not 0 is a link from the row to the column, with the
cell as `weight`. If the matrix is symmetric, a pair of cells is one link without a direction. An empty cell and NA are
counted as not read. The first cell of the table says nothing; it may be missing.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from ingest.account import Account
from ingest.adapters.delimited import RawRow, cells_of, form_of, raw_rows
from ingest.adapters.numbers import is_number, is_zero, shown, value_of
from ingest.shapes import BadUnit, Frame, Item, Link, Node, Readable, Reject, Way
from ingest.specs import Written
from workbench.errors import FileRefused

_LONGEST_LABEL = 1_000
_NONE = frozenset({"", "na", "nan", "."})

# The first cell of a table that is one unit alone.
_ROW, _ARROW, _TIE = "(a row alone)", "(a link alone)", "(a link without a direction alone)"
_ALONE = frozenset({_ROW, _ARROW, _TIE})


class _Row(NamedTuple):
    """A row: its place, its label and its cells."""

    row: RawRow
    label: str
    cells: list[str]


class _Matrix:
    """A matrix whose first row was read."""

    def __init__(self, path: Readable, written: Written) -> None:
        self._path, self._form = path, form_of(path, written)
        self.name = path.name
        first = next(raw_rows(path, self._form, Account()), None)
        if first is None:
            raise FileRefused("empty file", f"{path.name} has blank lines only: was it delivered whole?")
        self._head = [cell.strip() for cell in self._cells(first)]
        self.corner, self.labels = self._head[0], self._head[1:]

    def rows(self) -> Iterator[_Row]:
        """The rows after the first; FileRefused for one that can't be read."""
        rows = raw_rows(self._path, self._form, Account())
        next(rows)
        for number, row in enumerate(rows):
            cells = self._cells(row)
            if number == 0 and len(cells) == len(self._head) + 1:  # the first row has no first cell
                self.corner, self.labels = "", self._head
            if not self.labels:
                message = f"cut at {self._form.delimiter!r} it has one column: declare its delimiter in a manifest"
                raise self.refused("not square", row.line, message)
            if len(cells) != len(self.labels) + 1:
                message = f"{len(cells) - 1} cells under {len(self.labels)} labels: is it a square matrix?"
                raise self.refused("not square", row.line, message)
            yield _Row(row, cells[0].strip(), [cell.strip() for cell in cells[1:]])

    def _cells(self, row: RawRow) -> list[str]:
        try:
            return cells_of(row, self._form)
        except BadUnit as bad:
            raise self.refused(bad.reason, row.line, str(bad)) from bad

    def refused(self, reason: str, line: int, said: str) -> FileRefused:
        """Why the file is refused, with the line."""
        return FileRefused(reason, f"{self.name} line {line}: {said}", line)

    def encoded(self, text: str) -> bytes:
        """The bytes of a text in the file."""
        return self._form.raw(text)

    def head(self, corner: str) -> Frame:
        """What makes a row a table of its own."""
        return Frame(self._form.mark + self.encoded(f"{self._quoted(corner, *self.labels)}\n"), b"")

    def around(self, corner: str, row: str, column: str) -> Frame:
        """What makes a cell a table of its own."""
        before = f"{self._quoted(corner, column)}\n{self._quoted(row)}{self._form.delimiter}"
        return Frame(self._form.mark + self.encoded(before), self.encoded("\n"))

    def _quoted(self, *cells: str) -> str:
        return self._form.delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells)


def read(path: Readable, written: Written, account: Account) -> Iterator[Item]:
    """Yield each node and link; FileRefused, before the first, for what is no square matrix."""
    matrix = _Matrix(path, written)
    if matrix.corner in _ALONE:
        return _alone(matrix)
    return _units(matrix, _is_symmetric(matrix), account)


def _is_symmetric(matrix: _Matrix) -> bool:
    """Whether a matrix is symmetric; FileRefused if it is not square, or rows and columns have other labels."""
    sums, seen = [0, 0], dict[str, int]()
    for row, label, cells in matrix.rows():
        if not label or len(label) > _LONGEST_LABEL:
            raise matrix.refused("no label", row.line, f"{shown(label)} is no label: give the row one")
        if label in seen:
            message = f"label {shown(label)} stands twice, also in line {seen[label]}: rename one"
            raise matrix.refused("label stands twice", row.line, message)
        seen[label] = row.line
        for column, cell in zip(matrix.labels, cells, strict=True):
            if not _is_none(cell) and not is_zero(cell):
                sums[0] += _mark(label, column, cell)
                sums[1] += _mark(column, label, cell)
    _check_labels(matrix, seen)
    return sums[0] == sums[1]


def _check_labels(matrix: _Matrix, rows: dict[str, int]) -> None:
    columns = set(matrix.labels)
    if len(columns) < len(matrix.labels):
        twice = next(label for at, label in enumerate(matrix.labels) if label in matrix.labels[:at])
        raise matrix.refused("label stands twice", 1, f"label {shown(twice)} stands twice: rename one")
    for label in matrix.labels:
        if label not in rows:
            raise matrix.refused("wrong labels", 1, f"column {shown(label)} has no row: is it a square matrix?")
    for label, line in rows.items():
        if label not in columns:
            raise matrix.refused("wrong labels", line, f"row {shown(label)} has no column: is it a square matrix?")
    if not rows:
        raise matrix.refused("not square", 1, "no row follows the labels: was it cut off?")


def _mark(row: str, column: str, cell: str) -> int:
    """A number that stands for a cell; sums of them are equal only for equal sets of cells."""
    value = repr(float(cell)) if is_number(cell) else cell
    said = f"{len(row)} {len(column)} {row} {column} {value}"
    return int.from_bytes(blake2b(said.encode("utf-8", "surrogatepass"), digest_size=24).digest())


def _is_none(cell: str) -> bool:
    return cell.lower() in _NONE


def _units(matrix: _Matrix, symmetric: bool, account: Account) -> Iterator[Item]:
    places = {label: at for at, label in enumerate(matrix.labels)}
    kind = _TIE if symmetric else _ARROW
    for row, label, cells in matrix.rows():
        yield matrix.head(_ROW)
        yield _node(matrix, row, label)
        for at, (column, cell) in enumerate(zip(matrix.labels, cells, strict=True)):
            if _is_none(cell):
                account.skip("empty cell")
            elif not is_zero(cell) and (not symmetric or at >= places[label]):
                frame = matrix.around(kind, label, column)
                yield frame
                yield _link(matrix, kind, (label, column, cell), f"{matrix.name}:{row.line}.{at + 2}", frame)


def _node(matrix: _Matrix, row: RawRow, label: str) -> Node:
    return Node((), label, {"name": label}, f"{matrix.name}:{row.line}", matrix.encoded(row.text), row.lines)


def _link(matrix: _Matrix, kind: str, said: tuple[str, str, str], locator: str, frame: Frame) -> Link | Reject:
    row, column, cell = said
    raw = matrix.encoded(cell)
    try:
        weight = value_of(cell)
    except BadUnit as bad:
        return Reject(locator, bad.reason, str(bad), raw, *frame.around)
    way: Way = "unsaid" if kind == _TIE else "forward"
    return Link("", row, column, {"weight": weight}, locator, raw, way=way)


def _alone(matrix: _Matrix) -> Iterator[Item]:
    """A unit between its frame: a row as a node, or the only cell as a link."""
    for row, label, cells in matrix.rows():
        if matrix.corner == _ROW:
            yield _node(matrix, row, label)
        else:
            for column, cell in zip(matrix.labels, cells, strict=True):
                said = label, column, cell
                yield _link(matrix, matrix.corner, said, f"{matrix.name}:{row.line}.2", Frame(b"", b""))
