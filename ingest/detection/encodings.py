"""Tell the encoding of a text from its bytes: surely by its marks and its form, or by a guess at its letters."""

import codecs
import re
from typing import Literal, NamedTuple

from ingest.fields import readable_encoding
from ingest.marks import mark_of

Certainty = Literal["sure", "likely", "possible"]

# How much of a guess's sample is looked at.
_SAMPLE = 1 << 16
# A text is still one with a damaged place in so many bytes.
_PER_NUL = 500
# Names under which a guess may come, and the name of the wider encoding that Windows calls so.
_WIDER = {
    "latin_1": "windows-1252",
    "iso8859_1": "windows-1252",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "big5hkscs": "cp950",
}
_COMMON = "windows-1252"
_WINDOWS = re.compile(r"cp(125\d)")


class Encoding(NamedTuple):
    """The encoding of a text, how sure it is, what it was told by, and the mark at its start."""

    name: str
    certainty: Certainty
    why: str
    mark: bytes = b""


def encoding_of(raw: bytes, *, is_cut: bool = True) -> Encoding | None:
    """The encoding of the text that begins so; None if these bytes are no text.

    >>> encoding_of("Жана".encode()).name, encoding_of(b"\\xff\\xfea\\0").name, encoding_of(b"\\0\\1\\2\\3\\4") is None
    ('utf-8', 'utf-16-le', True)
    """
    mark, name = mark_of(raw)
    if mark:
        return Encoding(name, "sure", "byte order mark", mark)
    if b"\0" in raw:
        is_text = _controls(raw) <= 1 + len(raw) // _PER_NUL
        return _wide(raw) or (encoding_of(raw.replace(b"\0", b""), is_cut=is_cut) if is_text else None)
    if is_utf8(raw, is_cut=is_cut):
        return Encoding("utf-8", "sure", "ASCII" if raw.isascii() else "valid UTF-8")
    if _controls(raw) > len(raw) // 50:
        return None
    return guessed(raw)


def is_utf8(raw: bytes, *, is_cut: bool) -> bool:
    """Whether bytes are UTF-8; the last character may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw, final=not is_cut)
    except UnicodeDecodeError:
        return False
    return True


def guessed(raw: bytes) -> Encoding:
    """A guess at an encoding of one byte a character, or of East Asia, by the letters that it would give.

    One that can be read comes before one that can't.
    """
    from charset_normalizer import from_bytes  # large, and seldom needed

    sample = raw[:_SAMPLE]
    matches = list(from_bytes(sample))
    names = [_shown(name) for each in matches for name in (each.encoding, *each.could_be_from_charset)] or [_COMMON]
    name = next((each for each in names if _reads(each, sample)), names[0])
    return Encoding(name, "possible", "a guess by its letters")


def _shown(name: str) -> str:
    found = _WINDOWS.fullmatch(name)
    return f"windows-{found[1]}" if found else _WIDER.get(name, name)


def _reads(name: str, raw: bytes) -> bool:
    """Whether an encoding can be that of a file, and of these bytes; the last character may be cut off."""
    try:
        codecs.getincrementaldecoder(readable_encoding(name))().decode(raw)
    except ValueError:
        return False
    return True


def _wide(raw: bytes) -> Encoding | None:
    """UTF-16 without a mark: every other byte of ASCII text is 0."""
    half = len(raw) // 2
    for name, zeros in (("utf-16-le", raw[1::2].count(0)), ("utf-16-be", raw[0::2].count(0))):
        if half >= 2 and zeros * 2 > half:
            try:
                text = codecs.getincrementaldecoder(name)().decode(raw[: half * 2])
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return Encoding(name, "likely", "every other byte is 0")
    return None


def _controls(raw: bytes) -> int:
    return sum(raw.count(bytes([each])) for each in (*range(9), *range(14, 27), *range(28, 32)))
