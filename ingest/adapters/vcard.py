"""Adapter `vcard`: address books in vCard 2.1, 3.0 and 4.0, which `vcard.toml` maps.

Each card is a unit. A card is whom its owner knows, not what he or she is. A card without a UID has the digest of its
content for an id. Pictures, sounds and keys that stand in a card as bytes are left out: their size and digest are kept
as text. A date without a year (`--0203`) is kept as it is written, and counts as no date.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ingest.account import Account
from ingest.adapters.texts import check_text
from ingest.adapters.vcard_fields import fields_of
from ingest.shapes import BadUnit, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_LONGEST = 1 << 26
_MARK = b"\xef\xbb\xbf"
_BEGIN, _END = b"BEGIN:VCARD", b"END:VCARD"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class _Span(NamedTuple):
    """Some lines of a file, the number of the first, and what is wrong with them, or ""."""

    line: int
    raw: list[bytes]
    wrong: str = ""


def read(path: Readable, written: Written, account: Account) -> Iterator[Row | Reject]:
    """Yield each card, or its reject; FileRefused if the file has none, or ends in the middle of one."""
    for _ in _spans(path):
        pass
    for span in _spans(path):
        raw, locator = b"".join(span.raw), f"{path.name}:{span.line}"
        try:
            if span.wrong:
                raise BadUnit(*_WRONG[span.wrong])
            yield Row(fields_of(span.raw[1:-1], written.encoding), locator, raw)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), raw)


_WRONG = {
    "outside": ("text outside a card", "this is in no card: delete it, or put BEGIN:VCARD and END:VCARD around it"),
    "open": ("card without an end", "the next card begins before this one has ended: add END:VCARD"),
}


def _spans(path: Readable) -> Iterator[_Span]:
    """The cards of a file and what is between them; FileRefused at its end if it has no card, or one that is open."""
    held, depth, cards = _Span(0, []), 0, 0
    for number, line in _lines(path):
        sign = line.strip().upper()
        if sign == _BEGIN and not (depth and _is_agent(held.raw)):
            if held.raw:
                yield held._replace(wrong="open" if depth else "outside")
            held, depth, cards = _Span(number, [line]), 1, cards + 1
            continue
        if not depth and not sign:
            if held.raw:
                yield held._replace(wrong="outside")
            held = _Span(0, [])
            continue
        held.raw.append(line)
        held = held if held.line else held._replace(line=number)
        depth += (sign == _BEGIN) - (sign == _END and depth > 0)
        if sign == _END and not depth and held.raw[0].strip().upper() == _BEGIN:
            yield held
            held = _Span(0, [])
    if not cards:
        raise FileRefused("not this format", f"{path.name} has no BEGIN:VCARD: is it an address book?", 1)
    if depth:
        message = f"{path.name} ends inside the card that begins in line {held.line}: was it delivered whole?"
        raise FileRefused("cut off", message, held.line)
    if held.raw:
        yield held._replace(wrong="outside")


def _is_agent(raw: list[bytes]) -> bool:
    """Whether the last line that is not blank begins a card in this one."""
    last = next((line for line in reversed(raw) if line.strip()), b"").strip().upper()
    return last.rpartition(b".")[2].startswith(b"AGENT") and last.endswith(b":")


def _lines(path: Readable) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as stream:
        start = stream.read(8)
        check_text(path, start)
        if not start:
            raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
        if start.startswith(_WIDE) or b"\0" in start:
            message = f"{path.name} is utf-16: convert it to utf-8, in which address books are written"
            raise FileRefused("wrong encoding", message, 1)
        stream.seek(len(_MARK) if start.startswith(_MARK) else 0)
        for number, line in enumerate(iter(lambda: stream.readline(_LONGEST), b""), 1):
            if len(line) >= _LONGEST:
                message = f"{path.name} line {number} has {_LONGEST} bytes or more: is it an address book?"
                raise FileRefused("row too long", message, number)
            yield number, line
