"""Line breaks inside the cells of a table: how many there may be, and whether they hold rows.

A quote that was left open by mistake ends at the next stray one, and all rows between the two
are text of one cell then.
"""

import re
from collections.abc import Iterable, Sequence
from operator import and_
from typing import NamedTuple

from ingest.shapes import BadUnit

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
            if not self.checked and self._has_rows(lines, index, cells):
                message = f"{name} has a cell of {len(lines)} lines, some of which look like rows"
                remedy = "Repair it, or say `line_breaks_checked = true` where it is text"
                raise BadUnit(f"rows in a cell: {name}", f"{message}: do two stray quotes hold them? {remedy}")
        return found

    def _has_rows(self, lines: Sequence[str], index: int, cells: Sequence[str]) -> bool:
        """Whether the lines of a cell hold rows.

        Its first and last line are parts of cells, so those between decide: half of them, or two on end. Where
        none is between, the first or the last does: people may have written more delimiters into it.
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
        """How many delimiters have no space after them: a writer's comma has one."""
        return self._all(line) - line.count(f"{self.delimiter} ")

    @staticmethod
    def _fewest_tight(cells: Sequence[str], index: int) -> int:
        """How many delimiters of a row like the one around a cell have no space after them, at least."""
        others = (cell for at, cell in enumerate(cells) if at not in (0, index))
        return 0 if any(cell.startswith(" ") for cell in others) else 1
