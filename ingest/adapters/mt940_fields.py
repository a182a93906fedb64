"""Cut a file of MT940 statements into blocks of fields: the head of a statement, its transactions, its tail."""

import io
import re
from collections.abc import Iterator
from enum import Enum
from functools import partial
from typing import NamedTuple

from ingest.adapters.delimited import Form
from ingest.shapes import BadUnit, Readable
from workbench.errors import FileRefused

_LONGEST = 1 << 22
_FIELD = re.compile(r":(\d\d[A-Z]?|NS):")
_END = re.compile(r"-(\}|\s*$)|\{\d:")
# Fields of the head, which can't stand among transactions, and those after which no transaction comes.
HEAD = frozenset({"20", "21", "25", "28", "60"})
_TAIL = frozenset({"62", "64", "65", "90"})
_MOST_LOOSE = 1_000


class Kind(Enum):
    """What a block of fields is."""

    HEAD = "head"
    UNIT = "unit"
    TAIL = "tail"


class Field(NamedTuple):
    """A field: its tag ("" for lines that are in none), the number of its first line, and its text as in the file."""

    tag: str
    line: int
    parts: list[str]

    def lines(self) -> list[str]:
        """Its lines without tag and ends; BadUnit if they are not text."""
        text = "".join(self.parts)
        if "\0" in text:
            raise BadUnit("NUL", f"line {self.line} has a NUL character: was the file damaged?")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            message = f"line {self.line} can't be decoded: declare the file's encoding, such as windows-1252"
            raise BadUnit("wrong encoding", message) from error
        first, *others = self.parts
        return [each.rstrip("\r\n") for each in (first.removeprefix(f":{self.tag}:" if self.tag else ""), *others)]

    def value(self) -> str:
        """Its text."""
        return "\n".join(self.lines()).strip("\n")


class Block(NamedTuple):
    """Fields that stand together, the number of their statement, and of their first line."""

    kind: Kind
    statement: int
    line: int
    fields: list[Field]

    def text(self) -> str:
        """Its text as in the file."""
        return "".join(part for field in self.fields for part in field.parts)


class _Cut:
    """Makes blocks of the fields of a file, one after the other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._number, self._kind = 0, Kind.TAIL
        self._open, self._tail, self._loose = list[Field](), list[Field](), list[Field]()

    def take(self, field: Field) -> Iterator[Block]:
        """Take the next field; yields the block that ended before it."""
        tag = field.tag[:2]
        if tag == "20":
            yield from self.end()
            self._number += 1
            self._kind, self._open, self._loose = Kind.HEAD, [*self._loose, field], []
        elif not self._number and tag:
            message = f"{self._name} line {field.line}: the field :{field.tag}: stands before any :20:"
            raise FileRefused("not MT940", f"{message}, with which a statement begins: is it MT940?", field.line)
        elif not tag and not (self._number and field.parts[0].startswith("-")):
            self._keep(field)
        elif tag == "61":
            yield from self._part()
            self._kind, self._open = Kind.UNIT, [field]
        elif not tag or tag in _TAIL or self._kind is Kind.TAIL:
            yield from self._part()
            self._kind, self._open = Kind.TAIL, []
            self._tail.append(field)
        else:
            self._open.append(field)

    def end(self) -> Iterator[Block]:
        """The last blocks of a statement."""
        if self._number:
            yield from self._part()
            tail, self._tail = self._tail, []
            yield Block(Kind.TAIL, self._number, tail[0].line if tail else 0, tail)

    def close(self) -> Iterator[Block]:
        """The last blocks of the file."""
        if not self._number:
            message = f"{self._name} has no field :20:, with which a statement begins: is it MT940?"
            raise FileRefused("not MT940", message)
        yield from self._part()
        self._tail += self._loose
        yield from self.end()

    def _part(self) -> Iterator[Block]:
        """The head or the transaction that is open; a head has the number of the line of its :20:."""
        if self._kind is not Kind.TAIL:
            line = next(field.line for field in self._open if field.tag)
            yield Block(self._kind, self._number, line, self._open)
            self._kind, self._open = Kind.TAIL, []

    def _keep(self, field: Field) -> None:
        """Keep a line that is in no statement, such as the envelope of a message, for the head of the next."""
        self._loose.append(field)
        if len(self._loose) > _MOST_LOOSE:
            message = f"{self._name} line {field.line}: {_MOST_LOOSE} lines before it are in no statement: is it MT940?"
            raise FileRefused("not MT940", message, field.line)


def blocks(path: Readable, form: Form) -> Iterator[Block]:
    """The blocks of each statement: one head, its transactions, one tail; FileRefused if there is no statement."""
    cut = _Cut(path.name)
    for field in _fields(path, form):
        yield from cut.take(field)
    yield from cut.close()


def _fields(path: Readable, form: Form) -> Iterator[Field]:
    """The fields of a file. A line that is in none is one by itself."""
    field: Field | None = None
    size, is_behind = 0, False
    for number, line in _lines(path, form):
        begins = _FIELD.match(line)
        if begins:
            is_behind = begins[1][:2] in _TAIL or (is_behind and begins[1][:2] not in ("20", "61"))
        size = len(line) if begins else size + len(line)
        if size >= _LONGEST:
            message = f"{path.name} line {number}: a field has {_LONGEST} characters or more: is it MT940?"
            raise FileRefused("field too long", message, number)
        is_end = _END.match(line) is not None or (is_behind and line.startswith("-"))
        if field is not None and not begins and not is_end:
            field.parts.append(line)
            continue
        if field is not None:
            yield field
        field = Field(begins[1], number, [line]) if begins else None
        if field is None:
            yield Field("", number, [line])
            size = 0
    if field is not None:
        yield field


def _lines(path: Readable, form: Form) -> Iterator[tuple[int, str]]:
    with path.open("rb") as stream:
        stream.seek(len(form.mark))
        text = io.TextIOWrapper(stream, form.encoding, form.errors, newline="")
        try:
            yield from enumerate(iter(partial(text.readline, _LONGEST), ""), 1)
        except UnicodeDecodeError as error:
            message = f"{path.name} is not {form.encoding}: {error.reason}: declare its encoding"
            raise FileRefused("wrong encoding", message) from error


__all__ = ["HEAD", "Block", "Field", "Kind", "blocks"]
