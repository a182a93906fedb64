"""The members of a zip, of which none is unpacked before its directory was checked."""

import stat
import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from ingest.sources.limits import MOST_BYTES, MOST_DIRECTORY, MOST_MEMBERS, bomb, check_ratio
from ingest.sources.members import Member, check_names
from ingest.sources.naming import named
from ingest.sources.regular_files import regular
from ingest.sources.steps import ZIP_ERRORS, Step, zip_at
from workbench.errors import FileRefused

_END, _END_64, _PLACE_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_END_SIZE, _END_64_SIZE, _PLACE_64_SIZE = 22, 56, 20
_LONGEST_COMMENT = 0xFFFF
_HEADER_SIZE = 30
_ENCRYPTED = 0x1


def members_of(path: Path) -> list[Member]:
    """The files in a zip, in the order of their names; FileRefused for a zip that could do harm or is damaged."""
    try:
        with regular(path) as stream:
            _check_end(path, stream)
        entries = [info for info in zip_at(path).infolist() if not info.is_dir()]
    except FileRefused:
        raise
    except ZIP_ERRORS as error:
        raise _damaged(path, str(error)) from error
    names = check_names(path, [info.filename for info in entries])
    for name, info in zip(names, entries, strict=True):
        _check_entry(named(path), name, info)
    _check_places(path, entries)
    found = [Member(name, Step("zip", info.filename)) for name, info in zip(names, entries, strict=True)]
    return sorted(found)


def _damaged(path: Path, why: str) -> FileRefused:
    return FileRefused("bad archive", f"{named(path)} is a damaged zip: {why}: fetch it again")


def _check_end(path: Path, stream: IO[bytes]) -> None:
    """FileRefused for a directory that is too long to be read."""
    for entries, octets in _promised(path, stream):
        if entries > MOST_MEMBERS or octets > MOST_DIRECTORY:
            raise bomb(named(path), f"to more than {MOST_MEMBERS} members")


def _promised(path: Path, stream: IO[bytes]) -> Iterator[tuple[int, int]]:
    """What the end of a zip says of its directory: how many entries and bytes it has, in its old and new form."""
    whole = stream.seek(0, 2)
    tail_at = stream.seek(max(whole - _END_SIZE - _LONGEST_COMMENT - _PLACE_64_SIZE, 0))
    tail = stream.read()
    at = len(tail) - _END_SIZE
    if not (tail[at:].startswith(_END) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise _damaged(path, "its end is missing")
    yield struct.unpack_from("<HL", tail, at + 10)
    place = tail[max(at - _PLACE_64_SIZE, 0) : at]
    if place.startswith(_PLACE_64):
        for end_64 in (struct.unpack_from("<Q", place, 8)[0], tail_at + at - _PLACE_64_SIZE - _END_64_SIZE):
            if 0 <= end_64 <= whole and stream.seek(end_64) == end_64:
                said = stream.read(_END_64_SIZE)
                if len(said) == _END_64_SIZE and said.startswith(_END_64):
                    yield struct.unpack_from("<QQ", said, 32)


def _check_entry(where: str, name: str, info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise FileRefused("unsafe archive", f"{where}: {name} is a link or a device: pack what it means instead")
    if info.flag_bits & _ENCRYPTED:
        raise FileRefused("encrypted archive", f"{where}: {name} is encrypted: decrypt it first")
    check_ratio(f"{where}: {name}", info.compress_size, info.file_size)


def _check_places(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    """FileRefused if members take more than the most, or share bytes, which only a bomb's do."""
    if sum(info.file_size for info in entries) > MOST_BYTES:
        raise bomb(named(path), f"to more than {MOST_BYTES} bytes")
    end = 0
    for info in sorted(entries, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise bomb(named(path), "the same bytes to several members")
        end = info.header_offset + _HEADER_SIZE + info.compress_size
