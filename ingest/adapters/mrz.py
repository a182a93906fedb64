"""Adapter `mrz`: the lines at the foot of travel documents that machines read, in a text file.

Read are passports (TD3: two lines of 44 characters), identity cards (TD1: three of 30, TD2: two of 36) and visas (MRV-A
and MRV-B), as ICAO Doc 9303 writes them, with blank lines between documents or without. Every check digit is computed.
If one is wrong, a character was misread: the document is quarantined, with the name of that field.

Names are in the Latin letters of the document, as its state transcribed them. A name that fills its field to the end
may be cut off, and says so.

A year of birth has two digits. It is the latest one by which the birth is neither after the day of reading nor after
the expiry of the document, so that somebody older than a hundred is taken for a child. An expiry is in 1980 to 2079.
Parts of dates that are not known stay unknown.
"""

import re
from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.mrz_zones import LENGTHS, fields_of
from ingest.adapters.texts import check_text
from ingest.shapes import BadUnit, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_LONGEST = 1 << 16
_LOOKED_AT = 20
# First lines have no digit where names are; that of a card has one, and its last line none.
# A first line in capitals: one that was misread in small letters begins a document too.
_BEGINS = re.compile(rb"[ACIPV][A-Z<]{35}|[ACIPV][A-Z<]{43}|(?=.*[0-9])[ACI][A-Z<]{4}[A-Z0-9<]{25}")
_MARK = b"\xef\xbb\xbf"


def read(path: Readable, written: Written, account: Account) -> Iterator[Row | Reject]:
    """Yield the fields of each document, or its reject; FileRefused for a file that has none."""
    _check(path)
    for number, lines in _documents(path):
        locator, raw = f"{path.name}:{number}", b"".join(lines)
        try:
            yield Row(fields_of([_text(line) for line in lines]), locator, raw)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), raw)


def _check(path: Readable) -> None:
    """Refuse a file whose first lines are those of no document."""
    with path.open("rb") as stream:
        check_text(path, stream.read(8))
    known, looked_at = 0, 0
    for number, line in _lines(path):
        if len(line) >= _LONGEST:
            raise FileRefused(
                "row too long", f"{path.name} line {number} has {_LONGEST} bytes or more: is it text?", number
            )
        if line.strip() and looked_at < _LOOKED_AT:
            looked_at += 1
            known += len(line.strip()) in LENGTHS
    if not looked_at:
        raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
    if not known:
        message = (
            f"{path.name}: its first lines have not 30, 36 or 44 characters: this adapter wants those of documents"
        )
        raise FileRefused("not lines of documents", message, 1)


def _lines(path: Readable) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(_LONGEST):
            number += 1
            yield number, line.removeprefix(_MARK) if number == 1 else line


def _documents(path: Readable) -> Iterator[tuple[int, list[bytes]]]:
    """The number of the first line, and the lines, of each document; others are together up to what ends a document."""
    first, held, wanted = 0, list[bytes](), 0
    for number, line in _lines(path):
        if held and (not line.strip() or len(held) == wanted or _BEGINS.fullmatch(line.strip().upper())):
            yield first, held
            held = []
        if line.strip():
            if not held:
                first, wanted = number, LENGTHS.get(len(line.strip()), 0)
            held.append(line)
    if held:
        yield first, held


def _text(line: bytes) -> str:
    try:
        return line.strip().decode("ascii")
    except UnicodeDecodeError as error:
        raise BadUnit("no such character", "a line has letters beyond A-Z: correct what was misread") from error
