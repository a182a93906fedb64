"""Open a workbook: a zip of XML parts, of which only sheets, texts and styles are read.

Nothing in it is run, and no link to elsewhere is followed.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple
from xml.parsers import expat

from ingest.adapters.numbers import shown
from ingest.adapters.seekable import seekable
from ingest.adapters.texts import check_text
from ingest.adapters.xml_events import Begin, End, events
from ingest.shapes import Readable
from workbench.errors import FileRefused

_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0"
_MOST_PARTS = 10_000
_MOST_BYTES = 4 << 30
_MOST_RATIO, _SMALL = 200, 16 << 20
_MOST_STYLES = 100_000
_LONGEST_TEXT = 1 << 20
_IN_MEMORY = 1 << 24
_PLACE = struct.Struct("<Q")
_FROM_TO = struct.Struct("<QQ")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, struct.error),
    *(LookupError, ValueError, OverflowError, expat.ExpatError),
)


class Sheet(NamedTuple):
    """A sheet of cells: its name, its part, and whether Excel hides it."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """A workbook that is open: its sheets, and what its cells refer to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.root = _target(_links(archive, ""), "officeDocument") or "xl/workbook.xml"
        self._links = _links(archive, self.root)
        self.sheets, self.is_1904 = _sheets(archive, self.root, self._links)
        self.formats = _formats(archive, self._linked("styles"))
        self.texts = Texts()
        with suppress(KeyError):
            self.texts.read(archive, self._linked("sharedStrings"))

    def open(self, sheet: Sheet) -> IO[bytes]:
        """The bytes of a sheet."""
        return self._archive.open(sheet.part)

    def _linked(self, kind: str) -> str | None:
        return _target(self._links, kind)


@contextmanager
def workbook(path: Readable) -> Iterator[Workbook]:
    """Open a workbook; FileRefused if it is none, or damaged, or unsafe, also for what is found while it is read."""
    with seekable(path) as stream:
        _check_start(path, stream.read(8))
        stream.seek(0)
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_parts(path, archive)
                opened = Workbook(archive)
                with closing(opened.texts):
                    yield opened
        except FileRefused:
            raise
        except _DAMAGED as error:
            message = f"{path.name} is no workbook that can be read: {error}: open and save it in its program"
            raise FileRefused("bad workbook", message, 1) from error


def _check_start(path: Readable, start: bytes) -> None:
    if not start:
        raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
    if start.startswith(_OLD):
        said = "is an old workbook (.xls), or one with a password: save it as .xlsx, without password"
        raise FileRefused("not text", f"{path.name} {said}", 1)
    if not start.startswith(_ZIP):
        check_text(path, start)
        raise FileRefused("not a workbook", f"{path.name} is no Excel workbook: is it a table of text?", 1)


def _check_parts(path: Readable, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "mimetype" in names and "content.xml" in names:
        raise FileRefused("not a workbook", f"{path.name} is an OpenDocument file: save it as .xlsx", 1)
    if "xl/workbook.bin" in names:
        raise FileRefused("not a workbook", f"{path.name} is a binary workbook (.xlsb): save it as .xlsx", 1)
    if len(parts) > _MOST_PARTS or len(names) < len(parts) or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise FileRefused("zip bomb", f"{path.name} has too many parts, or too large ones: export its sheets apart")
    for part in parts:
        if part.flag_bits & 1 or part.compress_type not in _METHODS:
            raise FileRefused("bad workbook", f"{path.name}: {part.filename} is encrypted or packed in a strange way")
        if part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1):
            message = (
                f"{path.name}: {part.filename} would unpack to {part.file_size} bytes: save it anew if you trust it"
            )
            raise FileRefused("zip bomb", message)


class _Link(NamedTuple):
    kind: str
    target: str


def _links(archive: zipfile.ZipFile, part: str) -> Mapping[str, _Link]:
    """What a part refers to inside the workbook, by id. What is elsewhere is left out."""
    folder, name = posixpath.split(part)
    found: dict[str, _Link] = {}

    def begin(tag: str, said: Mapping[str, str]) -> None:
        if tag == "Relationship" and said.get("TargetMode") != "External":
            target = said.get("Target", "")
            where = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[said.get("Id", "")] = _Link(said.get("Type", "").rpartition("/")[2], where)

    with suppress(KeyError):
        _go_through(archive, posixpath.join(folder, "_rels", f"{name}.rels"), begin)
    return found


def _target(links: Mapping[str, _Link], kind: str) -> str | None:
    return next((link.target for link in links.values() if link.kind == kind), None)


def _sheets(archive: zipfile.ZipFile, root: str, links: Mapping[str, _Link]) -> tuple[list[Sheet], bool]:
    """The sheets of cells, in order, and whether days are counted from 1904."""
    found, is_1904 = list[Sheet](), False

    def begin(tag: str, said: Mapping[str, str]) -> None:
        nonlocal is_1904
        if tag == "workbookPr":
            is_1904 = said.get("date1904", "0") in ("1", "true")
        if tag == "sheet":
            number = next((value for key, value in said.items() if key.rpartition(":")[2] == "id"), "")
            link = links.get(number)
            if link and link.kind == "worksheet":
                hidden = said.get("state", "visible") != "visible"
                found.append(Sheet(said.get("name", ""), link.target, hidden))

    _go_through(archive, root, begin)
    return found, is_1904


def _formats(archive: zipfile.ZipFile, part: str | None) -> list[str]:
    """The number format of each style."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS  # imported here, as a process that reads other files needs none

    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    styles, inside = list[str](), False

    def begin(tag: str, said: Mapping[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            codes[int(said.get("numFmtId", -1))] = said.get("formatCode", "")
        inside = inside or tag == "cellXfs"
        if tag == "xf" and inside and len(styles) < _MOST_STYLES:
            number = int(said.get("numFmtId", 0))
            styles.append(codes.get(number, "yyyy-mm-dd" if number in _DAYS_ELSEWHERE else "General"))

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag != "cellXfs"

    if part:
        with suppress(KeyError):
            _go_through(archive, part, begin, end)
    return styles


# Formats that East Asian versions of Excel use for days without saying how they look.
_DAYS_ELSEWHERE = frozenset((*range(27, 37), *range(50, 59)))


def _nothing(_: str) -> None:
    return


def _go_through(archive: zipfile.ZipFile, part: str, begin: Begin, end: End = _nothing) -> None:
    with archive.open(part) as stream:
        for _ in events(stream, begin, end, _nothing):
            pass


class Texts:
    """The texts that cells refer to by number. Many of them wait on disk, and so do the places where they end."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - open until `close`
        self._ends = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - as above
        self._ends.write(_PLACE.pack(0))
        self._count = 0
        self._texts, self._length, self._inside, self._aside = list[str](), 0, False, 0
        self.at = lru_cache(1 << 14)(self._at)

    def read(self, archive: zipfile.ZipFile, part: str | None) -> None:
        """Read all texts in a part."""
        if part:
            with archive.open(part) as stream:
                for _ in events(stream, self._begin, self._end, self._text):
                    pass

    def close(self) -> None:
        """Forget them."""
        self._file.close()
        self._ends.close()

    def _at(self, number: int) -> str:
        """The text of a number; IndexError if there is none."""
        if not 0 <= number < self._count:
            raise IndexError(f"a cell refers to text {shown(str(number))}, and there are {self._count} texts from 0 on")
        self._ends.seek(number * _PLACE.size)
        start, end = _FROM_TO.unpack(self._ends.read(_FROM_TO.size))
        self._file.seek(start)
        return self._file.read(end - start).decode("utf-8", "surrogatepass")

    def _begin(self, tag: str, said: Mapping[str, str]) -> None:
        if tag == "rPh":
            self._aside += 1
        self._inside = tag == "t" and not self._aside

    def _text(self, text: str) -> None:
        if self._inside:
            self._length += len(text)
            if self._length > _LONGEST_TEXT:
                raise ValueError("a text is too long")
            self._texts.append(text)

    def _end(self, tag: str) -> None:
        self._inside = False
        if tag == "rPh":
            self._aside -= 1
        if tag == "si":
            self._file.write("".join(self._texts).encode("utf-8", "surrogatepass"))
            self._ends.write(_PLACE.pack(self._file.tell()))
            self._count += 1
            self._texts.clear()
            self._length = 0
