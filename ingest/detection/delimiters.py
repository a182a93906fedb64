"""Tell how a text is cut into rows and cells."""

import csv
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_DELIMITERS = (",", ";", "\t", "|")
_LINES = 200


class Cut(NamedTuple):
    """How a text is cut: the delimiter, the number of columns, the share of rows that have as many, and the rows.

    `ends` has the number of the last line of each row.
    """

    delimiter: str
    columns: int
    share: float
    rows: Sequence[Sequence[str]]
    ends: Sequence[int]

    @property
    def skip(self) -> int:
        """How many rows stand before the first with all columns."""
        return next((number for number, row in enumerate(self.rows) if len(row) == self.columns), 0)


def cut(text: str, *, is_cut: bool = True) -> Cut | None:
    """How a text is cut into a table; None if it is none, or has one column.

    >>> cut("a;b;c\\n1,5;2;3\\n2,5;;\\n").delimiter
    ';'
    """
    lines = text.splitlines(keepends=True)[:_LINES]
    if is_cut and len(lines) > 1 and len(lines) < _LINES:
        lines.pop()
    found = [each for each in (_cut_at(delimiter, lines) for delimiter in _DELIMITERS) if each]
    return max(found, key=lambda each: (each.share >= 0.8, each.columns * each.share), default=None)


def _cut_at(delimiter: str, lines: Sequence[str]) -> Cut | None:
    try:
        reader = csv.reader(lines, delimiter=delimiter)
        numbered = [(row, reader.line_num) for row in reader if row]
    except csv.Error:
        return None
    if not numbered:
        return None
    rows, ends = zip(*numbered, strict=True)
    widths = Counter(map(len, rows))
    columns, times = max(widths.items(), key=lambda each: (each[1], each[0]))
    return Cut(delimiter, columns, times / len(rows), rows, ends) if columns > 1 else None
