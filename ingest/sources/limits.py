"""What is refused of compressed files and archives, because it could do harm."""

from dataclasses import dataclass

from workbench.errors import FileRefused

CHUNK = 1 << 16
MOST_MEMBERS = 10_000
MOST_BYTES = 16 << 30
# Text compresses about tenfold, tables of zeros more; a bomb is far beyond both.
MOST_RATIO = 200
SMALL = 16 << 20
# The directory of a zip: 10,000 members whose names are long.
MOST_DIRECTORY = 4 << 20
# How much of a compressed tar may be unpacked to find its members in the order of their names.
MOST_SEARCHED = 128 << 30


@dataclass(slots=True)
class Gauge:
    """Counts what comes out of a compressed file; FileRefused as soon as that is a bomb."""

    where: str
    taken: int = 0
    given: int = 0

    def count(self, taken: int, given: int) -> None:
        """Note so many more bytes that were read, and that came out."""
        self.taken += taken
        self.given += given
        check_ratio(self.where, self.taken, self.given)
        if self.given > MOST_BYTES:
            raise bomb(self.where, f"to more than {MOST_BYTES} bytes")


def check_ratio(where: str, packed: int, unpacked: int) -> None:
    """FileRefused for a bomb: something large that unpacks to far more than any data does."""
    if unpacked > SMALL and unpacked > MOST_RATIO * max(packed, 1):
        raise bomb(where, f"to more than {MOST_RATIO} times its size, as a bomb does")


def bomb(where: str, how: str) -> FileRefused:
    """The refusal of a bomb."""
    return FileRefused("zip bomb", f"{where} would unpack {how}: unpack it yourself if you trust it, or send parts")
