"""Read small XML parts of packed documents event by event, safely: nothing is declared in them, and nothing loaded."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO
from xml.parsers import expat

_CHUNK = 1 << 16
_DEEPEST = 100
_LONGEST_TAG = 1 << 22

Begin = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Unsafe(ValueError):
    """A part declares entities, or is nested too deeply."""


def events(stream: IO[bytes], begin: Begin, end: End, text: Text) -> Iterator[None]:
    """Tell of each element and text, by local names, and yield after every piece of the stream.

    Raises ExpatError, Unsafe, LookupError or ValueError.
    """
    parser, deep = expat.ParserCreate(), 0

    def begins(tag: str, attributes: dict[str, str]) -> None:
        nonlocal deep
        deep += 1
        if deep > _DEEPEST:
            raise Unsafe("elements are nested too deeply")
        begin(tag.rpartition(":")[2], attributes)

    def ends(tag: str) -> None:
        nonlocal deep
        deep -= 1
        end(tag.rpartition(":")[2])

    def refuse(*_: object) -> None:
        raise Unsafe("it has a document type, which may be a trap")

    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    parser.buffer_text = True
    fed = 0
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > _LONGEST_TAG:
            raise Unsafe(f"a tag has more than {_LONGEST_TAG} bytes")
        yield
    parser.Parse(b"", True)
    yield
