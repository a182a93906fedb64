"""Feed an adapter with bytes, and see that it neither fails nor loses a unit."""

import codecs
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.mapping import read
from ingest.units import units
from tests.ingest.examples import EXAMPLES
from tests.ingest.test_adapters import Memory, manifest_of, place
from workbench.errors import FileRefused

CORPUS = Path(__file__).parent / "corpus"


class Lost(Exception):
    """A unit was lost, invented, or has the place of another."""


def check(name: str, content: bytes) -> None:
    """Every unit has one outcome and a place of its own, and the second count agrees; or the file is refused."""
    example, account = EXAMPLES[name], Account()
    manifest = manifest_of(example)
    try:
        found = list(units(read(ADAPTERS[name], Memory(example.name, content), manifest, account)))
    except FileRefused:
        return
    counted, lines = ADAPTERS[name].count(io.BytesIO(content), manifest.written(example.name))
    if counted != len(found) or lines not in (None, account.lines(len(found))):
        raise Lost(f"{len(found)} units were read, and {counted} counted; {lines} lines")
    if len({place(each) for each in found}) != len(found):
        raise Lost("two units have one place")


def seeds(name: str) -> list[bytes]:
    """What an adapter is fed with first."""
    example = EXAMPLES[name]
    whole = [example.file(example.units), *(example.file([unit]) for unit in example.units)]
    whole += [codecs.BOM_UTF8 + whole[0], *_wide(whole[0])]
    return [*whole, *(each.read_bytes() for each in sorted((CORPUS / name).glob("*")))]


def _wide(content: bytes) -> Iterator[bytes]:
    """The same text in UTF-16, if it is text."""
    with suppress(UnicodeDecodeError):
        yield content.decode("utf-8").encode("utf-16")
