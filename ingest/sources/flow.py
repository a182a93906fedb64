"""A stream over pieces that are made as they are read."""

import io
from collections.abc import Callable, Generator
from typing import IO, Any

from ingest.sources.limits import CHUNK


class Flow(io.RawIOBase):
    """The bytes of some pieces. To go back is to begin them again, as nothing of them is kept."""

    def __init__(self, begin: Callable[[], Generator[bytes, None, None]]) -> None:
        super().__init__()
        self._begin = begin
        self._pieces, self._ready, self._at = begin(), memoryview(b""), 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is, at the cost of reading again what lies before."""
        return True

    def tell(self) -> int:
        """How many bytes lie before the next one."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, or to the end if that lies before it."""
        if whence == io.SEEK_END:
            while self._skip(CHUNK):
                pass
        wanted = offset + (self._at if whence else 0)
        if wanted < self._at:
            self._pieces.close()
            self._pieces, self._ready, self._at = self._begin(), memoryview(b""), 0
        while self._at < wanted and self._skip(wanted - self._at):
            pass
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next, at least in part; 0 only at the end."""
        view = memoryview(buffer).cast("B")
        n = self._next(len(view))
        view[:n] = self._ready[:n]
        self._ready, self._at = self._ready[n:], self._at + n
        return n

    def close(self) -> None:
        """Close what the pieces come from."""
        self._pieces.close()
        super().close()

    def _skip(self, most: int) -> int:
        n = self._next(most)
        self._ready, self._at = self._ready[n:], self._at + n
        return n

    def _next(self, most: int) -> int:
        """How many bytes, of so many at most, are there at once."""
        while not self._ready:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._ready = memoryview(piece)
        return min(most, len(self._ready))


def flowing(begin: Callable[[], Generator[bytes, None, None]]) -> IO[bytes]:
    """A stream of bytes with `readline` and `seek`, over pieces."""
    return io.BufferedReader(Flow(begin), CHUNK)
