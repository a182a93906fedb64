"""The members of a tar, found by going through all of it once."""

import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Self

from ingest.sources.limits import CHUNK, MOST_BYTES, MOST_MEMBERS, MOST_SEARCHED, bomb
from ingest.sources.members import Member, check_names
from ingest.sources.naming import named
from ingest.sources.steps import Step
from workbench.errors import FileRefused

_KEPT = 48 << 20  # of a compressed tar, what was unpacked last and need not be unpacked again
_OPENED = 3  # how often a member is read


def members_of(path: Path, stream: IO[bytes], is_packed: bool) -> list[Member]:
    """The files in a tar, in the order of their names; FileRefused for a tar that could do harm or is damaged."""
    try:
        entries = list(_entries(path, stream))
    except (tarfile.TarError, ValueError, RecursionError, OverflowError) as error:
        raise _damaged(path, str(error) or type(error).__name__) from error
    names = check_names(path, [info.name for info in entries])
    steps = [Step("tar", name, info.offset_data, info.size) for name, info in zip(names, entries, strict=True)]
    found = sorted(map(Member, names, steps))
    if is_packed:
        _check_order(path, [each.step for each in found])
    return found


def _damaged(path: Path, why: str) -> FileRefused:
    return FileRefused("bad archive", f"{named(path)} is a damaged tar: {why}: fetch it again")


class _End(Exception):
    """The block of zeros at the end of a tar."""


class _Entry(tarfile.TarInfo):
    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """As a TarInfo does, which takes an end that is missing for one that is there."""
        if buf == bytes(tarfile.BLOCKSIZE):
            raise _End
        return super().frombuf(buf, encoding, errors)


def _entries(path: Path, stream: IO[bytes]) -> Iterator[tarfile.TarInfo]:
    """Each file in a tar; FileRefused for anything else but a folder, and for a tar that ends before its end."""
    at = octets = n = 0
    with tarfile.TarFile(fileobj=stream, mode="r", encoding="utf-8", errors="surrogateescape") as archive:
        while (info := _at(archive, stream, at)) is not None:
            n, octets = n + 1, octets + info.size
            if info.size < 0 or archive.offset <= at:
                raise _damaged(path, "a member has no size that can be")
            if n > MOST_MEMBERS or octets > MOST_BYTES:
                raise bomb(named(path), f"to more than {MOST_MEMBERS} members or {MOST_BYTES} bytes")
            at = archive.offset
            if info.issparse() or not (info.isreg() or info.isdir()):
                message = f"{named(path)}: {named(info.name)} is a link or a device, or has holes: pack what it means"
                raise FileRefused("unsafe archive", message)
            if info.isreg():
                yield info
        _check_end(path, stream)


def _at(archive: tarfile.TarFile, stream: IO[bytes], place: int) -> tarfile.TarInfo | None:
    """The entry at a place; None at the end of the tar."""
    if stream.seek(place) != place:
        raise tarfile.ReadError("it is cut off")
    try:
        return _Entry.fromtarfile(archive)
    except _End:
        return None


def _check_end(path: Path, stream: IO[bytes]) -> None:
    """FileRefused if anything but zeros follows the end of a tar."""
    while piece := stream.read(CHUNK):
        if piece.strip(b"\0"):
            raise _damaged(path, "something follows its end")


def _check_order(path: Path, steps: Sequence[Step]) -> None:
    """FileRefused for a compressed tar that would have to be unpacked very often to read its members by name."""
    at = searched = 0
    for step in steps:
        end = step.offset + step.size
        searched += end - at if step.offset + _KEPT >= at else end
        searched += end * (_OPENED - 1) if step.size > _KEPT else 0
        at = end
    if searched > MOST_SEARCHED:
        message = f"{named(path)} is large, and its members are in another order than their names: unpack it first"
        raise FileRefused("archive out of order", message)
