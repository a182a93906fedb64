"""What a second count is asked, and what it tells."""

from collections.abc import Sequence
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

    @property
    def skip(self) -> int:
        """How many lines stand before the header of a table."""

    @property
    def header(self) -> bool:
        """Whether a table has a header."""

    @property
    def trailer(self) -> str | None:
        """The pattern of the row with which the end of a table begins that is no data."""

    @property
    def sheets(self) -> Sequence[str] | None:
        """The names of the tables to read in a file that has several."""

    @property
    def query(self) -> str | None:
        """What to ask a database."""

    @property
    def units(self) -> Sequence[str] | None:
        """The paths of the units of a document."""
