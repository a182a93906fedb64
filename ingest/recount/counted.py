"""What a second count is asked, and what it tells."""

from typing import NamedTuple, Protocol


class Counted(NamedTuple):
    """The number of units in a file, and of all its lines; None if lines are not counted."""

    units: int
    lines: int | None = None


class Told(Protocol):
    """The settings of a manifest on how a file is written."""

    @property
    def encoding(self) -> str:
        """The encoding of its text."""

    @property
    def delimiter(self) -> str:
        """The separator of its cells."""
