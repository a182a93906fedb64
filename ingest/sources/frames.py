"""Unpack compressed files piece by piece: all of their frames, or a refusal; never more than a bomb's beginning."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Protocol

import zstandard

from ingest.sources.kinds import Packing
from ingest.sources.limits import CHUNK, Gauge
from workbench.errors import FileRefused

_MOST_WINDOW = 128 << 20  # of memory that a file may ask for to be unpacked
_BITE = 1 << 10  # four bytes of zst can make 128 kB at once
_ERRORS = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


class _Frame(Protocol):
    """One compressed frame. `give` more of it, and get what comes out: about a chunk, the rest for b""."""

    @property
    def eof(self) -> bool:
        """Whether it has ended."""

    @property
    def unused_data(self) -> bytes:
        """What followed its end."""

    @property
    def hungry(self) -> bool:
        """Whether all that was given is used."""

    def give(self, data: bytes) -> bytes:
        """Some of what comes out."""


class _Gz:
    def __init__(self) -> None:
        self._frame = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data

    @property
    def hungry(self) -> bool:
        return not self._frame.unconsumed_tail

    def give(self, data: bytes) -> bytes:
        return self._frame.decompress(self._frame.unconsumed_tail + data, CHUNK)


class _Steady:
    """A frame of bz2, xz or lzma."""

    def __init__(self, frame: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._frame = frame

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data

    @property
    def hungry(self) -> bool:
        return self._frame.needs_input

    def give(self, data: bytes) -> bytes:
        return self._frame.decompress(data, CHUNK)


class _Zst:
    """A frame of zst. Its library can't stop early, so it gets a bite at a time."""

    def __init__(self) -> None:
        self._frame = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW).decompressobj()
        self._left = b""

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data + self._left

    @property
    def hungry(self) -> bool:
        return not self._left

    def give(self, data: bytes) -> bytes:
        data = self._left + data
        self._left = data[_BITE:]
        return self._frame.decompress(data[:_BITE])


_FRAMES: Mapping[Packing, Callable[[], _Frame]] = {
    "gz": _Gz,
    "bz2": lambda: _Steady(bz2.BZ2Decompressor()),
    "xz": lambda: _Steady(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_WINDOW)),
    "lzma": lambda: _Steady(lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_MOST_WINDOW)),
    "zst": _Zst,
}


def unpacked(packed: IO[bytes], packing: Packing, where: str) -> Iterator[bytes]:
    """Yield what is in a compressed file, all of its frames; FileRefused if it is damaged or a bomb."""
    gauge = Gauge(where)
    try:
        while rest := _begun(packed, b""):
            while rest:
                frame = _FRAMES[packing]()
                yield from _given(packed, frame, rest, gauge)
                rest = _begun(packed, frame.unused_data)
    except _ERRORS as error:
        raise _refusal(where, error) from error


def _begun(packed: IO[bytes], rest: bytes) -> bytes:
    """The beginning of the next frame, b"" if there is none. Zeros may fill the space between frames."""
    rest = rest.lstrip(b"\0")
    while not rest and (more := packed.read(CHUNK)):
        rest = more.lstrip(b"\0")
    return rest


def _given(packed: IO[bytes], frame: _Frame, data: bytes, gauge: Gauge) -> Iterator[bytes]:
    """Yield what is in a frame that begins with this data."""
    while True:
        given = frame.give(data)
        gauge.count(len(data), len(given))
        if given:
            yield given
        if frame.eof:
            return
        data = b"" if given or not frame.hungry else packed.read(CHUNK)
        if not (given or data) and frame.hungry:
            raise EOFError("it is cut off")


def _refusal(where: str, error: Exception) -> FileRefused:
    if "memory" in str(error).lower():
        most = f"more than {_MOST_WINDOW >> 20} MiB of memory"
        return FileRefused("too much memory", f"{where} wants {most} to be unpacked: pack it with a smaller window")
    return FileRefused("damaged", f"{where} can't be unpacked to its end: {error}: fetch it again")
