"""The way from a file to the bytes of a source: through compression, and into archives."""

import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import IO, Literal, NamedTuple

from ingest.sources.flow import flowing
from ingest.sources.frames import unpacked
from ingest.sources.kinds import Packing
from ingest.sources.limits import CHUNK
from ingest.sources.naming import named
from ingest.sources.regular_files import regular, stamp
from ingest.sources.tape import tape_of
from workbench.errors import FileRefused

# What zipfile raises for a member or a directory that is damaged, whatever it is packed with.
ZIP_ERRORS = (OSError, EOFError, ValueError, RuntimeError, LookupError, zipfile.BadZipFile, zlib.error, LZMAError)


class Step(NamedTuple):
    """A step on the way: out of compression, or into a zip (by name) or a tar (by place)."""

    kind: Packing | Literal["zip", "tar"]
    name: str = ""
    offset: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """The way to some bytes, from a file; a copy of it in another process leads to the same."""

    path: Path
    steps: tuple[Step, ...] = ()

    def open(self) -> IO[bytes]:
        """The bytes, from the start. FileRefused, also while they are read, if they can't be had."""
        return flowing(lambda: _pieces(self)) if self.steps else regular(self.path)

    def further(self, *steps: Step) -> "Way":
        """This way, and further."""
        return Way(self.path, (*self.steps, *steps))


def _pieces(way: Way) -> Generator[bytes, None, None]:
    *before, (kind, name, offset, size) = way.steps
    outer = before[0].kind if before else "tar"
    if kind == "zip":
        yield from _member(way.path, name)
    elif kind != "tar":
        with Way(way.path, tuple(before)).open() as stream:
            yield from unpacked(stream, kind, where(way.path, way.steps))
    elif outer == "tar" or outer == "zip":
        yield from _window(way.path, offset, size)
    else:
        yield from tape_of(way.path, outer, named(way.path)).read(offset, size)


def where(path: Path, steps: Sequence[Step]) -> str:
    """What lies at the end of a way, for messages."""
    inside = next((step.name for step in steps if step.name), "")
    return f"{named(path)}!{named(inside)}" if inside else named(path)


def _member(path: Path, name: str) -> Iterator[bytes]:
    try:
        archive, n = zip_at(path), 0
        with archive.open(name) as stream:
            while piece := stream.read(CHUNK):
                yield piece
                n += len(piece)
        if n != archive.getinfo(name).file_size:
            raise EOFError("it has another size than its archive says")
    except FileRefused:
        raise
    except ZIP_ERRORS as error:
        message = f"{named(path)}!{name} can't be unpacked to its end: {error}: fetch it again"
        raise FileRefused("damaged", message) from error


def _window(path: Path, offset: int, size: int) -> Iterator[bytes]:
    with regular(path) as stream:
        stream.seek(offset)
        while size:
            piece = stream.read(min(size, CHUNK))
            if not piece:
                raise FileRefused("damaged", f"{named(path)} ends before its last member does: fetch it again")
            yield piece
            size -= len(piece)


_last: list[tuple[object, zipfile.ZipFile]] = []


def zip_at(path: Path) -> zipfile.ZipFile:
    """The zip that lies at a path now. The last one is kept open, as its directory may be long."""
    known = (path, stamp(path))
    if not _last or _last[0][0] != known:
        for _, old in _last:
            old.close()
        _last[:] = [(known, zipfile.ZipFile(path))]
    return _last[0][1]
