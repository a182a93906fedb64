"""What an adapter tells of a file beside its units."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

# A hostile file can have as many values as it has units, and each as long as a row.
_MOST_VALUES = 1_000
_LONGEST_VALUE = 100


class Unforeseen(NamedTuple):
    """A value that nothing in the manifest foresaw, and how many units have it.

    `like` is one that it foresaw, where the two differ by case or space only.
    """

    column: str
    value: str
    units: int
    like: str


@dataclass(slots=True)
class Account:
    """Where the lines of a table are: each is a row's, inside one of its cells, or another; and what its units are.

    `breaks` are line breaks inside cells by column, `kept` those inside units that could not be
    read, `others` the lines of the header and blank ones. `names` are the records of the manifest, `made`
    counts units by those that they have.
    """

    breaks: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    others: int = 0
    names: tuple[str, ...] = ()
    made: Counter[tuple[str, ...]] = field(default_factory=Counter)
    left: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    more_left: Counter[str] = field(default_factory=Counter)

    def lines(self, rows: int) -> int:
        """How many lines a table with so many rows has."""
        return rows + self.breaks.total() + self.kept + self.others

    def leave(self, column: str, value: str, foreseen: Iterable[str]) -> None:
        """Count a unit with a value that nothing foresaw; only its column, where there are too many values."""
        key = column, value[:_LONGEST_VALUE], near(value, foreseen)
        if key in self.left or len(self.left) < _MOST_VALUES:
            self.left[key] += 1
        else:
            self.more_left[column] += 1

    def records(self) -> dict[str, int]:
        """How many units have each record of the manifest."""
        found = Counter(dict.fromkeys(self.names, 0))
        for names, n in self.made.items():
            found.update(dict.fromkeys(names, n))
        return dict(found)

    def unforeseen(self) -> list[Unforeseen]:
        """The values that nothing foresaw, the most frequent first."""
        ranked = sorted(self.left.items(), key=lambda each: (-each[1], each[0]))
        return [Unforeseen(column, value, n, like) for (column, value, like), n in ranked]


def near(value: str, foreseen: Iterable[str]) -> str:
    """The one among values that a value differs from by case or space only; "" if none."""
    return next((each for each in sorted(foreseen) if _folded(each) == _folded(value)), "")


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
