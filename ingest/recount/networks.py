"""Count the vertices and links of Pajek's networks a second time."""

import codecs
import re
from collections.abc import Iterator
from typing import IO

from ingest.recount.counted import Counted, Told

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_END = re.compile(r"\r\n|\r(?!\Z)|\n")
# What may follow digits begins with another sign, so a long run of them is gone through once.
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
ZERO = re.compile(r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"\w*", re.ASCII)
_OTHERS = frozenset({"partition", "vector", "permutation", "cluster", "hierarchy"})


def lines_of(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """The lines of a text, without their ends."""
    start = b""
    while len(start) < 4 and (more := stream.read(4 - len(start))):
        start += more
    mark, encoding = next((each for each in _MARKS if start.startswith(each[0])), (b"", encoding))
    errors = "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    decoder, left, chunk = codecs.getincrementaldecoder(encoding)(errors), "", start.removeprefix(mark)
    while chunk:
        *whole, left = _END.split(left + decoder.decode(chunk))
        yield from whole
        chunk = stream.read(_CHUNK)
    yield from re.split(r"\r", left + decoder.decode(b"", final=True))


def count_pajek(stream: IO[bytes], told: Told) -> Counted:
    """Count the vertices, listed or not, and the links: lines, ends of lists, and cells of matrices that are not 0."""
    found, size, columns, listed, name, alone = 0, 0, 0, set[str](), "", False
    for line in lines_of(stream, told.encoding):
        words = line.split()
        if line.strip().startswith("% one line of a network"):
            alone = True
        if not words or words[0].startswith("%"):
            continue
        if words[0].startswith("*"):
            said = line.strip()[1:].split()
            before, name = name, _NAME.findall(said[0].lower() if said else "")[0]
            if name == "vertices" and before in _OTHERS:
                name = before
            elif name == "vertices":
                numbers = [int(each) for each in re.findall(r"[0-9]+", line)]
                size = columns = numbers[0]
                columns -= numbers[1] if len(numbers) > 1 and numbers[1] < size else 0
        elif name == "vertices":
            found += 1
            if re.fullmatch("[0-9]{1,9}", words[0]) and 0 < int(words[0]) <= size:
                listed.add(words[0].lstrip("0"))
        elif name in ("arcs", "edges"):
            found += 1
        elif name in ("arcslist", "edgeslist"):
            found += len(words) - 1
        elif name == "matrix":
            found += sum(not ZERO.fullmatch(cell) for cell in words) if len(words) == columns else 1
    return Counted(found + (0 if alone else size - len(listed)))
