"""Line breaks inside the cells of a table: how many are allowed, and whether a cell contains whole rows.

If a quote is left open by mistake, it ends at the next stray quote, and all rows between the two become
the text of one cell.
"""

import re
from collections.abc import Iterable, Sequence
from operator import and_
from typing import NamedTuple

from ingest.shapes import BadUnit

_BREAK = re.compile(r"\r\n|\r|\n")


class Breaks(NamedTuple):
    """A manifest's settings for line breaks: the most in one cell, and whether somebody checked for rows in them."""

    most: int = 0
    checked: bool = False
    delimiter: str = ","

    def check(self, cells: Sequence[str], names: Iterable[str]) -> dict[str, int]:
        """Count the line breaks in cells, by column; BadUnit for too many, or if a cell seems to contain rows."""
        counts: dict[str, int] = {}
        for index, (cell, name) in enumerate(zip(cells, names, strict=True)):
            lines = _BREAK.split(cell)
            if len(lines) == 1:
                continue
            counts[name] = counts.get(name, 0) + len(lines) - 1
            if len(lines) - 1 > self.most:
                message = f"{name} has a cell of {len(lines) - 1} line breaks, and the manifest allows {self.most}"
                remedy = f"repair it, or say `line_breaks = {len(lines) - 1}` where it is text"
                raise BadUnit(
                    f"line breaks: {name}", f"{message}: do two stray quotes hold rows between them? {remedy}"
                )
            if not self.checked and self._has_rows(lines, index, cells):
                message = f"{name} has a cell of {len(lines)} lines, some of which look like rows"
                remedy = "Repair it, or say `line_breaks_checked = true` where it is text"
                raise BadUnit(f"rows in a cell: {name}", f"{message}: do two stray quotes hold them? {remedy}")
        return counts

    def _has_rows(self, lines: Sequence[str], index: int, cells: Sequence[str]) -> bool:
        """Whether the lines of a cell seem to be rows.

        The first and last lines are parts of cells, so the lines between decide: half of them, or two in a row, must
        look like rows. If there are none between, the first or the last line decides.
        """
        width, tight = len(cells) - 1, self._fewest_tight(cells, index)
        between = [self._is_row(line, width, tight) for line in lines[1:-1] if line.strip()]
        if between:
            return 2 * sum(between) >= len(between) or any(map(and_, between, between[1:]))
        counted = self._tight if tight else self._all
        return counted(lines[0]) >= width - index > 0 or counted(lines[-1]) >= index > 0

    def _is_row(self, line: str, delimiters: int, tight: int) -> bool:
        return self._all(line) == delimiters > 0 and self._tight(line) >= tight

    def _all(self, line: str) -> int:
        return line.count(self.delimiter)

    def _tight(self, line: str) -> int:
        """The number of delimiters without a space after them: a comma in prose has one."""
        return self._all(line) - line.count(f"{self.delimiter} ")

    @staticmethod
    def _fewest_tight(cells: Sequence[str], index: int) -> int:
        """The least number of delimiters without a space after them in a row like the one around a cell."""
        others = (cell for at, cell in enumerate(cells) if at not in (0, index))
        return 0 if any(cell.startswith(" ") for cell in others) else 1
