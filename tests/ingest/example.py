"""What an example of a format is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """An example of a format: good and bad units, and the bytes around them in a file.

    With `manifest` each unit in `good` makes records, and each in `unmapped` is a reject, but makes records with
    `mended`. Each unit in `unreadable` is a reject with both.

    The units of a graph are its links; its nodes are units too, all of which make records. `arranged` makes a file of
    units that do not follow one another, such as the cells of a matrix.
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
    nodes: int = 0  # how many nodes stand before the units
    first: int = 1  # the place of the first unit, if places are numbers
    repeats: bool = True  # whether a unit can stand twice in a file, and they in any order
    pack: Callable[[bytes], bytes] = bytes  # makes a file of what else would be one
    arranged: Callable[[Sequence[bytes]], bytes] | None = None

    @property
    def units(self) -> list[bytes]:
        """All of its units."""
        return [*self.good, *self.unmapped, *self.unreadable]

    def drawn(self, units: Sequence[bytes]) -> list[bytes]:
        """Units as a file can have them."""
        return [*units] if self.repeats else [unit for unit in self.units if unit in units]

    def file(self, units: Sequence[bytes]) -> bytes:
        """The bytes of a file of these units."""
        if self.arranged:
            return self.arranged(units)
        return self.pack(self.before + self.between.join(units) + self.after)
