"""Find the members of a compressed tar, which can only be unpacked from its start."""

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from ingest.sources.frames import unpacked
from ingest.sources.kinds import Packing
from ingest.sources.regular_files import regular, stamp
from workbench.errors import FileRefused

_BLOCK = 1 << 20
_MOST_BLOCKS = 64


class Tape:
    """What a compressed file holds, block by block; the last blocks are kept, as members are read more than once."""

    def __init__(self, path: Path, packing: Packing, where: str) -> None:
        self._path, self._packing, self._where = path, packing, where
        self._kept = OrderedDict[int, bytes]()
        self._pieces: Iterator[bytes] = iter(())
        self._rest, self._next = b"", 0
        self._begin()

    def read(self, offset: int, size: int) -> Iterator[bytes]:
        """Yield so many bytes from a place on; FileRefused if they are not all there."""
        while size:
            block = self._block(offset // _BLOCK)
            some = block[offset % _BLOCK :][:size]
            if not some:
                raise FileRefused("damaged", f"{self._where} ends before its last member does: fetch it again")
            yield some
            offset, size = offset + len(some), size - len(some)

    def _begin(self) -> None:
        self._pieces, self._rest, self._next = self._unpacked(), b"", 0

    def _unpacked(self) -> Iterator[bytes]:
        with regular(self._path) as stream:
            yield from unpacked(stream, self._packing, self._where)

    def _block(self, number: int) -> bytes:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        if number < self._next:
            self._begin()
        while self._next <= number:
            block = self._unpack()
            self._kept[self._next] = block
            self._next += 1
            if len(self._kept) > _MOST_BLOCKS:
                self._kept.popitem(last=False)
            if not block:
                return b""
        return block

    def _unpack(self) -> bytes:
        found, n = [self._rest], len(self._rest)
        while n < _BLOCK and (piece := next(self._pieces, b"")):
            found.append(piece)
            n += len(piece)
        whole = b"".join(found)
        self._rest = whole[_BLOCK:]
        return whole[:_BLOCK]


_last: list[tuple[object, Tape]] = []


def tape_of(path: Path, packing: Packing, where: str) -> Tape:
    """The tape of a file, as it lies there now; the last one is kept."""
    known = (path, packing, stamp(path))
    if not _last or _last[0][0] != known:
        _last[:] = [(known, Tape(path, packing, where))]
    return _last[0][1]
