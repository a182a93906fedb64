"""Count the rows of a list of OFAC in its CSV form a second time."""

from typing import IO, NamedTuple

from ingest.recount.counted import Counted, Told
from ingest.recount.tables import count_table


class _Written(NamedTuple):
    """How these lists are written: without a header, and with a sign behind the last row."""

    encoding: str
    units: None = None
    delimiter: str = ","
    skip: int = 0
    header: bool = False
    trailer: str | None = "\x1a"


class _Without:
    """A stream without the lines that tell what a file says of a row; they are counted."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self.left_out = 0
        self._stream, self._mark = stream, "# ".encode(encoding)

    def read(self, size: int) -> bytes:
        """The next lines; b"" at the end."""
        for line in iter(lambda: self._stream.readline(size), b""):
            if not line.removeprefix(b"\xef\xbb\xbf").startswith(self._mark):
                return line
            self.left_out += 1
        return b""


def count_ofac(stream: IO[bytes], told: Told) -> Counted:
    """Count the rows before the line with the sign at the end, and all lines."""
    rows = _Without(stream, told.encoding)
    counted = count_table(rows, _Written(told.encoding))  # type: ignore[arg-type] # only `read` is asked of it
    return Counted(counted.units, (counted.lines or 0) + rows.left_out)
