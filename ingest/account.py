"""What an adapter tells of a file beside its units."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Account:
    """Where the lines of a table are: each is a row's, inside one of its cells, or another.

    `breaks` are line breaks inside cells by column, `kept` those inside units that could not be
    read, `others` the lines of the header and blank ones.
    """

    breaks: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    others: int = 0

    def lines(self, rows: int) -> int:
        """How many lines a table with so many rows has."""
        return rows + self.breaks.total() + self.kept + self.others
