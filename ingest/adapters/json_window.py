"""A piece of a JSON document that moves on as its values are read."""

import io
import json
from collections.abc import Iterator
from typing import IO, Any

from ingest.adapters.json_objects import STRICT
from ingest.adapters.texts import check_text
from ingest.marks import mark_of
from ingest.shapes import BadUnit, Branch, Readable
from workbench.errors import FileRefused

_CHUNK = 1 << 18
_LONGEST = 1 << 26
_SPACE = " \t\r\n"
# Reads what only has to be passed over.
_LOOSE = json.JSONDecoder(parse_float=str, parse_int=str, strict=False)


class Window:
    """The text of a document from the place that was reached."""

    def __init__(self, path: Readable, stream: IO[bytes], what: str) -> None:
        """FileRefused if it is empty, or no text."""
        start = stream.read(8)
        check_text(path, start)
        if not start:
            raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
        self._mark, name = mark_of(start)
        if name.startswith("utf-32"):
            raise FileRefused("wrong encoding", f"{path.name} is {name}, which JSON never is: convert it to utf-8", 1)
        self._encoding = name or "utf-8"
        stream.seek(len(self._mark))
        self._stream = io.TextIOWrapper(stream, self._encoding, newline="")
        self._path, self._what = path, what
        self._text, self._at, self._line, self._is_whole = "", 0, 1, False

    def sign(self) -> str:
        """The next character that is no white space; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text) or not self._more(_CHUNK):
                return self._text[self._at : self._at + 1]

    def value(self) -> Branch:
        """The value that begins here; FileRefused if it can't be read."""
        try:
            value: Branch = self._decoded(STRICT)[0]
        except BadUnit as bad:
            raise self.refused(bad.reason, str(bad)) from bad
        return value

    def unit(self) -> "tuple[Branch | BadUnit, str]":
        """The value that begins here, or why it can't be read, and its text."""
        try:
            return self._decoded(STRICT)
        except BadUnit as bad:
            return bad, self._decoded(_LOOSE)[1]

    def items(self) -> Iterator[None]:
        """Go through the items of the list that begins here; each must be read before the next."""
        self._take("[")
        if self.sign() != "]":
            yield
            while self.sign() == ",":
                self._at += 1
                yield
        self._take("]")

    def members(self) -> Iterator[str]:
        """Go through the keys of the object that begins here; the value of each must be read before the next."""
        self._take("{")
        if self.sign() != "}":
            yield self._key()
            while self.sign() == ",":
                self._at += 1
                yield self._key()
        self._take("}")

    def end(self) -> None:
        """FileRefused if anything stands behind the document."""
        if self.sign():
            raise self.refused("not JSON", "something stands behind its end: is it one object a line?")

    def encoded(self, text: str) -> bytes:
        """A text in the document's encoding."""
        return text.encode(self._encoding, "surrogatepass")

    def marked(self, text: str) -> bytes:
        """As `encoded`, with the document's byte order mark."""
        return self._mark + self.encoded(text)

    def refused(self, reason: str, said: str) -> FileRefused:
        """Why the document is refused, with the line."""
        line = self._line + self._text.count("\n", 0, self._at)
        return FileRefused(reason, f"{self._path.name} line {line}: {said}: is it {self._what}?", line)

    def _key(self) -> str:
        if self.sign() != '"':
            raise self.refused("not JSON", "a key in quotes is missing")
        key: Any = self.value()
        self._take(":")
        return str(key)

    def _take(self, wanted: str) -> None:
        found = self.sign()
        if found != wanted:
            said = f"{wanted!r} is missing before {found!r}" if found else f"{wanted!r} is missing: it was cut off"
            raise self.refused("not JSON", said)
        self._at += 1

    def _decoded(self, decoder: json.JSONDecoder) -> tuple[Any, str]:
        """A value and its text; reads on while it is not whole."""
        self.sign()
        size = _CHUNK
        while True:
            try:
                value, end = decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._more(size):
                    raise self._not_json(error) from error
            except RecursionError as error:
                raise self.refused("nested too deeply", "a value is nested too deeply") from error
            else:
                if end < len(self._text) or not self._more(size):
                    text = self._text[self._at : end]
                    self._at = end
                    return value, text
            size *= 2

    def _not_json(self, error: json.JSONDecodeError) -> FileRefused:
        self._at = min(error.pos, len(self._text))
        return self.refused("not JSON", error.msg)

    def _more(self, size: int) -> bool:
        """Read on, whether or not a value is open; returns whether there was more."""
        if self._is_whole:
            return False
        if len(self._text) - self._at > _LONGEST:
            raise self.refused("unit too long", f"a value has more than {_LONGEST} characters, or is broken")
        try:
            more = self._stream.read(size)
        except UnicodeDecodeError as error:
            raise FileRefused(
                "wrong encoding", f"{self._path.name} is not {self._encoding}: {error.reason}: convert it"
            ) from error
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at, self._is_whole = self._text[self._at :] + more, 0, not more
        return bool(more)
