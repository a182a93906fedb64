"""Read the lines of a vCard after RFC 2425 and its successors: unfold, decode, and cut into name, parameters, value."""

import binascii
import quopri
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple

from ingest.shapes import BadUnit, writable

_QUOTED = re.compile(rb"[;:=]\s*\"?QUOTED-PRINTABLE\"?\s*[;:]", re.IGNORECASE)
_BASE64 = re.compile(rb"[;:=]\s*\"?(?:BASE64|B)\"?\s*[;:]", re.IGNORECASE)
_OF_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")
# A parameter of a line's head: its name, and its values, in quotes or not.
_PARAM = re.compile(r';\s*([^=;:"]*)(?:=((?:"[^"]*"|[^";:])*))?')
_HEAD = re.compile(r"\s*(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)\s*")
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT"})
_PLACES = frozenset({"INLINE", "URL", "CID", "CONTENT-ID"})
_CARETS = {"^n": "\n", "^'": '"', "^^": "^"}
_CARET = re.compile(r"\^[n'^]")
_BREAK = re.compile(r"\r\n?")
_DATA = re.compile(r"data:[^,]*,", re.IGNORECASE)


class Line(NamedTuple):
    """A property of a card: its group or "", its name in capitals, its parameters, and its text before escapes are
    undone. `apart`: why the text is not that of the value, under which name it is kept."""

    group: str
    name: str
    params: Mapping[str, Sequence[str]]
    text: str
    apart: Literal["", "left_out", "undecoded"] = ""


def lines_of(raw: Sequence[bytes], version: str, encoding: str) -> Iterator[Line]:
    """The properties in the physical lines of a card; BadUnit for a line that is none."""
    for each in _unfolded(raw, version):
        yield _line(each, encoding)


def _unfolded(raw: Sequence[bytes], version: str) -> Iterator[bytes]:
    """Whole lines: a line that begins with white space, or follows a soft end, belongs to the one before."""
    held: bytes | None = None
    soft = False
    for each in (line.rstrip(b"\r\n") for line in raw):
        if held is not None and soft:
            held = held[:-1] + each
        elif held is not None and each[:1] in (b" ", b"\t"):
            held += each if version == "2.1" else each[1:]
        elif held is not None and _BASE64.search(_head(held)) and b":" not in each and _OF_BASE64.fullmatch(each):
            held += each
        else:
            if held is not None and held.strip():
                yield held
            held = each
        soft = held.endswith(b"=") and _QUOTED.search(_head(held)) is not None
    if held is not None and held.strip():
        yield held


def _head(line: bytes) -> bytes:
    """What stands before the value, with the colon."""
    return line[: line.find(b":") + 1]


def _line(raw: bytes, encoding: str) -> Line:
    at = _colon(raw)
    head, value = raw[:at].decode("latin-1"), raw[at + 1 :]
    named = _HEAD.match(head)
    if at < 0 or named is None:
        said = raw[:50].decode("utf-8", "replace")
        raise BadUnit("no property", f"{said!r} has no name and colon: repair the line, or delete it")
    group, name, params = named[1] or "", named[2].upper(), _params(_decoded(raw[:at], encoding)[named.end() :])
    how = (params.get("ENCODING") or [""])[0].upper()
    if how in ("B", "BASE64"):
        return Line(group, name, params, _of_bytes(value), "left_out")
    charset = (params.get("CHARSET") or [encoding])[0]
    if how == "QUOTED-PRINTABLE":
        try:
            text = quopri.decodestring(value).decode(charset)
        except (UnicodeDecodeError, LookupError):
            return Line(group, name, params, _decoded(value, "ascii"), "undecoded")
    else:
        text = _decoded(value, charset)
    data = _DATA.match(text)
    if data and ";base64," in data[0].lower():
        return Line(group, name, params, _of_bytes(text[data.end() :].encode()), "left_out")
    return Line(group, name, params, writable(name, _BREAK.sub("\n", text).strip()))


def _colon(raw: bytes) -> int:
    """The place of the colon before the value, which is the first outside quotes; -1 if there is none."""
    quoted = False
    for at, sign in enumerate(raw):
        if sign == 0x22:
            quoted = not quoted
        elif sign == 0x3A and not quoted:
            return at
    return raw.find(b":")


def _params(text: str) -> dict[str, list[str]]:
    """The values of each parameter; those of 2.1 may lack a name, which tells itself."""
    found: dict[str, list[str]] = {}
    for name, said in _PARAM.findall(text):
        bare = not said and "=" not in name
        key, value = (_of_bare(name.strip()), name.strip()) if bare else (name.strip().upper(), said)
        values = [_uncareted(each.strip()) for each in value.replace('"', "").split(",")]
        found.setdefault(writable("a parameter", key), []).extend(each for each in values if each)
    return found


def _of_bare(value: str) -> str:
    upper = value.upper()
    return "ENCODING" if upper in _ENCODINGS else "VALUE" if upper in _PLACES else "TYPE"


def _uncareted(text: str) -> str:
    return _CARET.sub(lambda found: _CARETS[found[0]], text)


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        message = f"a value is not {encoding}: repair the card, or declare the file's encoding"
        raise BadUnit("wrong encoding", message) from error


def _of_bytes(value: bytes) -> str:
    """How many bytes a value in base64 has, and their digest."""
    packed = re.sub(rb"\s", b"", value)
    try:
        found = b64decode(packed, validate=True)
    except binascii.Error:
        return f"{len(packed)} characters that are no base64"
    return f"{len(found)} bytes, sha256 {sha256(found).hexdigest()}"


def unescaped(text: str, version: str) -> str:
    """A text with its escapes undone; in version 2.1 only the semicolon has one."""
    if version == "2.1":
        return text.replace("\\;", ";")
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text, flags=re.DOTALL)


def parts(text: str, sign: str, version: str) -> list[str]:
    """The parts of a structured value, cut where the sign is not escaped, with escapes kept."""
    found, part, escaped = list[str](), "", False
    for each in text:
        if each == sign and not escaped:
            found.append(part)
            part = ""
            continue
        part += each
        escaped = each == "\\" and not escaped
    return [*found, part]
