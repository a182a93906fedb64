"""Read the lines of a text file in its encoding: with its byte order mark, and any line ends."""

import io
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from ingest.adapters.delimited import form_of
from ingest.shapes import BadUnit, Readable
from ingest.specs import Written
from workbench.errors import FileRefused

_LONGEST = 1 << 24


class Line(NamedTuple):
    """A line: its number, its text without its end, and its bytes with it."""

    number: int
    text: str
    raw: bytes


class Lines:
    """The lines of a file, which can be gone through again."""

    def __init__(self, path: Readable, written: Written) -> None:
        """FileRefused if it is empty, no text, or in another encoding than declared."""
        self.name, self._path, self._form = path.name, path, form_of(path, written)

    def __iter__(self) -> Iterator[Line]:
        """FileRefused for a line that is too long, and for what can't be decoded at all.

        Bytes that are none of the encoding are kept in the text; see `check_line`.
        """
        form = self._form
        with self._path.open("rb") as stream:
            stream.seek(len(form.mark))
            text = io.TextIOWrapper(stream, form.encoding, form.errors, newline="")
            try:
                for number, each in enumerate(iter(partial(text.readline, _LONGEST), ""), 1):
                    if len(each) >= _LONGEST:
                        raise self.refused("row too long", number, f"has {_LONGEST} characters or more: is it text?")
                    yield Line(number, each.rstrip("\r\n"), form.raw(each))
            except UnicodeDecodeError as error:
                message = f"{self.name} is not {form.encoding}: {error.reason}: declare its encoding"
                raise FileRefused("wrong encoding", message) from error

    def encoded(self, text: str) -> bytes:
        """The bytes of a text in the file's encoding."""
        return self._form.raw(text)

    def marked(self, text: str) -> bytes:
        """As `encoded`, with the file's byte order mark."""
        return self._form.mark + self._form.raw(text)

    def refused(self, reason: str, number: int, said: str) -> FileRefused:
        """Why a file is refused, with the line."""
        return FileRefused(reason, f"{self.name} line {number}: {said}", number)


def check_line(text: str) -> None:
    """BadUnit for a line with bytes that are none of the file's encoding, or with a NUL."""
    if "\0" in text:
        raise BadUnit("NUL", "the line has a NUL character: was the file damaged, or is it UTF-16?")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadUnit(
            "wrong encoding", "the line is not in the file's encoding: declare the encoding, or repair the line"
        ) from error
