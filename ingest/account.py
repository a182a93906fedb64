"""What an adapter reports about a file beside its units."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

# Limits, because a hostile file can have a different value in each unit, as long as a row.
_MOST_VALUES = 1_000
_LONGEST_VALUE = 100
_MOST_SKIPPED = 100


class Unforeseen(NamedTuple):
    """A value that the manifest does not mention, and the number of units with it.

    `like` is a value in the manifest that differs only by case or space, or "".
    """

    column: str
    value: str
    units: int
    like: str


@dataclass(slots=True)
class Account:
    """Accounts for every line of a table, and counts what its units become.

    - `breaks`: line breaks inside cells, by column; `kept`: those inside units that could not be read.
    - `others`: lines of the header, and blank lines.
    - `skipped`: how much of what the adapter makes nothing of, by what it is.
    - `announced`: the number of units that the file says there are, None if it does not say.
    - `changes`: units that tell a change; a file that has any is a delta, and never a complete delivery.
    - `names`: the names of the manifest's records; `made`: units by the set of records they have.
    """

    breaks: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    others: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    announced: int | None = None
    changes: int = 0
    names: tuple[str, ...] = ()
    made: Counter[tuple[str, ...]] = field(default_factory=Counter)
    left: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    more_left: Counter[str] = field(default_factory=Counter)

    def lines(self, rows: int) -> int:
        """The number of lines of a table with this many rows."""
        return rows + self.breaks.total() + self.kept + self.others

    def skip(self, what: str, n: int = 1) -> None:
        """Count something that nothing is made of: a section of another kind, a text beside the drawing."""
        if n:
            known = what in self.skipped or len(self.skipped) < _MOST_SKIPPED
            self.skipped[what[:_LONGEST_VALUE] if known else ""] += n

    def leave(self, column: str, value: str, foreseen: Iterable[str]) -> None:
        """Count a unit with a value that the manifest does not mention; by column only once there are too many."""
        key = column, value[:_LONGEST_VALUE], near(value, foreseen)
        if key in self.left or len(self.left) < _MOST_VALUES:
            self.left[key] += 1
        else:
            self.more_left[column] += 1

    def records(self) -> dict[str, int]:
        """The number of units with each record of the manifest."""
        counts = Counter(dict.fromkeys(self.names, 0))
        for names, n in self.made.items():
            counts.update(dict.fromkeys(names, n))
        return dict(counts)

    def unforeseen(self) -> list[Unforeseen]:
        """The values that the manifest does not mention, the most frequent first."""
        ranked = sorted(self.left.items(), key=lambda each: (-each[1], each[0]))
        return [Unforeseen(column, value, n, like) for (column, value, like), n in ranked]


def near(value: str, foreseen: Iterable[str]) -> str:
    """The first of some values that differs from a value only by case or space; "" if none does."""
    return next((each for each in sorted(foreseen) if _folded(each) == _folded(value)), "")


@lru_cache(1 << 12)
def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
