"""What an example of a format is."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """An example of a format: good and bad units, and the bytes around them in a file.

    With `manifest` each unit in `good` makes records, and each in `unmapped` is a reject, but makes records with
    `mended`. Each unit in `unreadable` is a reject with both.
    """

    name: str
    manifest: str
    mended: str
    good: Sequence[bytes]
    unmapped: Sequence[bytes]
    unreadable: Sequence[bytes]
    before: bytes = b""
    between: bytes = b"\n"
    after: bytes = b"\n"
    numbered: bool = False  # places are the numbers of units, not of lines

    @property
    def units(self) -> list[bytes]:
        """All of its units."""
        return [*self.good, *self.unmapped, *self.unreadable]

    def file(self, units: Sequence[bytes]) -> bytes:
        """The bytes of a file of these units."""
        return self.before + self.between.join(units) + self.after
