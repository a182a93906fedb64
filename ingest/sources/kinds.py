"""Recognise compressed files and archives by how they begin."""

from collections.abc import Mapping
from typing import Literal, get_args

Packing = Literal["gz", "bz2", "xz", "lzma", "zst"]
Kind = Packing | Literal["zip", "tar", ""]

ENOUGH = 512  # bytes that tell the kind
PACKINGS: tuple[Packing, ...] = get_args(Packing)

_MAGIC: Mapping[bytes, Kind] = {
    b"\x1f\x8b\x08": "gz",
    b"\xfd7zXZ\0": "xz",
    b"\x5d\0\0": "lzma",
    b"\x28\xb5\x2f\xfd": "zst",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PK\x07\x08": "zip",
}
_SKIPPABLE = b"\x2a\x4d\x18"  # after the first byte of a frame of zst that has no data
_BZ2_BLOCKS = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
# How the first member of a document that is a zip is named: Office Open XML, OpenDocument, Java.
_DOCUMENT = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"word/", b"ppt/", b"mimetype", b"META-INF/")
_NAME_IN_ZIP = 30
_SUM_IN_TAR = slice(148, 156)


def kind_of(start: bytes) -> Kind:
    """What a file is that begins with these bytes: "" for anything but a compressed file or an archive.

    A document that is a zip inside, such as a workbook, is a file by itself.
    """
    if start.startswith(b"PK") and start[_NAME_IN_ZIP:].startswith(_DOCUMENT):
        return ""
    if start[:3] == b"BZh" and start[4:10] in _BZ2_BLOCKS:
        return "bz2"
    if start[1:4] == _SKIPPABLE and 0x50 <= start[0] < 0x60:
        return "zst"
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return kind
    return "tar" if _is_tar(start[:ENOUGH]) else ""


def _is_tar(block: bytes) -> bool:
    """Whether this is the header of a tar's member: its sum is right, with the sum's own bytes taken as spaces."""
    said = block[_SUM_IN_TAR].strip(b" \0")
    if len(block) < ENOUGH or not said.isdigit() or b"8" in said or b"9" in said:
        return False
    return int(said, 8) == sum(block) - sum(block[_SUM_IN_TAR]) + len(block[_SUM_IN_TAR]) * ord(" ")
