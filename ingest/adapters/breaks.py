"""Line breaks inside the cells of a table: how many there may be, and whether they hold rows.

A quote that was left open by mistake ends at the next stray one, and all rows between the two
are text of one cell then.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingest.manifest import BadUnit

_BREAK = re.compile(r"\r\n|\r|\n")


class Breaks(NamedTuple):
    """What a manifest says of line breaks: the most in one cell; whether somebody checked that they hold no rows."""

    most: int = 0
    checked: bool = False
    delimiter: str = ","

    def check(self, cells: Sequence[str], names: Iterable[str]) -> dict[str, int]:
        """The line breaks of cells by the names of their columns; BadUnit for too many, or for rows within."""
        found: dict[str, int] = {}
        for index, (cell, name) in enumerate(zip(cells, names, strict=True)):
            lines = _BREAK.split(cell)
            if len(lines) == 1:
                continue
            found[name] = found.get(name, 0) + len(lines) - 1
            if len(lines) - 1 > self.most:
                message = f"{name} has a cell of {len(lines) - 1} line breaks, and the manifest allows {self.most}"
                remedy = f"repair it, or say `line_breaks = {len(lines) - 1}` where it is text"
                raise BadUnit(
                    f"line breaks: {name}", f"{message}: do two stray quotes hold rows between them? {remedy}"
                )
            if not self.checked and self._are_rows(lines, index, len(cells)):
                message = f"{name} has a cell whose {len(lines)} lines look like rows: do two stray quotes hold them?"
                remedy = "Repair it, or say `line_breaks_checked = true` where it is text"
                raise BadUnit(f"rows in a cell: {name}", f"{message} {remedy}")
        return found

    def _are_rows(self, lines: Sequence[str], index: int, width: int) -> bool:
        """Whether the lines of a cell are rows: each with the delimiters that it would have as one.

        The first begins, and the last ends, in the column of the cell. A comma before a space is rather a writer's.
        """
        wanted = [width - 1 - index, *[width - 1] * (len(lines) - 2), index]
        fitting = [
            line.count(self.delimiter) == n and f"{self.delimiter} " not in line
            for line, n in zip(lines, wanted, strict=True)
        ]
        return width > 1 and fitting[0] and fitting[-1] and 2 * sum(fitting) > len(fitting)
