"""What detection looks at: the start of a file, read as what it may be."""

import bz2
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import IO, Any, NamedTuple
from xml.parsers import expat

from ingest.detection.delimiters import Cut, cut
from ingest.detection.encodings import Encoding, encoding_of
from ingest.shapes import Readable

MOST = 1 << 16
_LOOKED_AT = 100  # lines
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_DEEPEST = 200
# Of so many lines of JSON one may be broken.
_LINES, _FEW = 10, 5
_CLOSES = {"{": "}", "[": "]"}
_UNPACK = (
    (b"\x1f\x8b", lambda: zlib.decompressobj(47)),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\0", lzma.LZMADecompressor),
)
_ZSTD = b"\x28\xb5\x2f\xfd"


class Root(NamedTuple):
    """The root of an XML document: its local name, its namespace, its attributes, and elements that follow, by path."""

    name: str
    namespace: str
    attributes: Mapping[str, str]
    paths: Sequence[str]


class Start:
    """The first bytes of a file, unpacked; and what they are if they are read as text, table, JSON or XML."""

    def __init__(self, name: str, raw: bytes, *, is_cut: bool, members: Sequence[str] = ()) -> None:
        self.name, self.raw, self.is_cut, self.members = name, raw, is_cut, members

    @cached_property
    def encoding(self) -> Encoding | None:
        """The encoding, if it is text."""
        return encoding_of(self.raw, is_cut=self.is_cut) if self.raw else None

    @cached_property
    def text(self) -> str:
        """The text; "" if it is none."""
        if self.encoding is None:
            return ""
        return self.raw[len(self.encoding.mark) :].decode(self.encoding.name, "ignore").replace("\0", "")

    @cached_property
    def lines(self) -> Sequence[str]:
        """The first lines that are not blank; the last may be cut off."""
        return [line for line in self.text.splitlines()[:1_000] if line.strip()]

    @cached_property
    def table(self) -> Cut | None:
        """How it is cut into rows and cells; None if it is a JSON document."""
        return cut(self.text, is_cut=self.is_cut) if self.text.strip() and self.json is None else None

    @cached_property
    def header(self) -> Sequence[str]:
        """The cells of its first row with all columns."""
        return [cell.strip() for cell in self.table.rows[self.table.skip]] if self.table else []

    @cached_property
    def json(self) -> Any:
        """The JSON document that it begins, as far as it goes; None if it is none, or lines of JSON."""
        return partial_json(self.text) if self.text.lstrip()[:1] in ("{", "[") else None

    @cached_property
    def objects(self) -> Sequence[Mapping[str, Any]]:
        """The JSON objects of its lines; none if they are something else, but for a few that are broken."""
        whole = (self.lines[:-1] if self.is_cut and len(self.lines) > 1 else self.lines)[:_LOOKED_AT]
        found = [value for value in map(_loaded, whole) if isinstance(value, dict)]
        broken = len(whole) - len(found)
        return found if broken <= max(len(whole) // _LINES, len(whole) >= _FEW) else []

    @cached_property
    def root(self) -> Root | None:
        """The root of the XML document that it begins; None if it is none."""
        return _root(self.raw) if self.text.lstrip().startswith("<") else None


def _loaded(line: str) -> Any:
    """The value of a line of JSON; None if it is broken."""
    with suppress(ValueError, RecursionError):
        return json.loads(line)
    return None


def start_of(path: Readable) -> Start:
    """The start of a file, unpacked if it is compressed; with the names of its parts if it is a zip."""
    with path.open("rb") as stream:
        raw = _read(stream)
    unpacked = _unpacked(raw)
    if unpacked is not None:
        return Start(path.name, unpacked[:MOST], is_cut=True)
    members: Sequence[str] = ()
    if raw.startswith(b"PK\3\4"):
        with suppress(zipfile.BadZipFile, OSError, ValueError, NotImplementedError), path.open("rb") as stream:
            whole = stream if stream.seekable() else io.BytesIO(stream.read())
            with zipfile.ZipFile(whole) as archive:
                members = archive.namelist()
    return Start(path.name, raw[:MOST], is_cut=len(raw) > MOST, members=members)


def _read(stream: IO[bytes]) -> bytes:
    raw = b""
    while len(raw) <= MOST and (more := stream.read(MOST + 1 - len(raw))):
        raw += more
    return raw


def _unpacked(raw: bytes) -> bytes | None:
    """The start of what is compressed; None if nothing is."""
    with suppress(zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
        for mark, unpack in _UNPACK:
            if raw.startswith(mark):
                return bytes(unpack().decompress(raw, MOST))
        if raw.startswith(_ZSTD):
            import zstandard

            return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw)).read(MOST)
    return None


def partial_json(text: str) -> Any:
    """The value of a JSON text that may be cut off; None if it is no JSON.

    >>> partial_json('{"a": [1, {"b": "x"}, {"c": "y')
    {'a': [1, {'b': 'x'}, {}]}
    """
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    if text[:1] not in _CLOSES and text.lstrip()[:1] not in _CLOSES:
        return None
    opened, safe = list[str](), 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign[0] == '"' and (len(sign) == 1 or sign[-1] != '"'):
            break  # a text that is cut off
        if sign in _CLOSES:
            opened.append(sign)
        elif sign in _CLOSES.values():
            if not opened or _CLOSES[opened.pop()] != sign or not opened:
                return None
        elif sign != ",":
            continue
        if len(opened) > _DEEPEST:
            return None
        safe = token.start() if sign == "," else token.end()
    with suppress(ValueError, RecursionError):
        return json.loads(text[:safe] + "".join(_CLOSES[each] for each in reversed(opened)))
    return None


def _root(raw: bytes) -> Root | None:
    """The root of an XML document, and the paths of what follows, as far as the bytes go."""
    found, paths, way = list[Root](), list[str](), list[str]()
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if not found:
            said = {key.rpartition(" ")[2]: text for key, text in attributes.items()}
            found.append(Root(name, namespace, said, paths))
            return
        way.append(name)
        paths.append("/".join(way))

    def end(_: str) -> None:
        if way:
            way.pop()

    def entity(*_: object) -> None:
        raise ValueError("a document with entities of its own, which no adapter reads")

    def doctype(name: str, *_: object) -> None:
        if name.lower() == "html":
            raise ValueError("a page")

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = begin, end, doctype
    parser.EntityDeclHandler = entity
    with suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(raw, False)
    return found[0] if found else None
