"""The shapes in which adapters hand on what they read: rows, nodes, links, entities, and what can't be read.

The fields of a row, a node or a link are cells under a `Header` that came before it, or stand by name where the
format has no header. `ingest.mapping` makes records of all of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, Any, Literal, NamedTuple, Protocol

from workbench.errors import InputError
from workbench.model.marking import Marking

# A field has one text, or several; one that is empty, or is not there, has no value.
Field = str | list[str]
Fields = Sequence[str] | Mapping[str, Field]

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_NO_BREAKS: Mapping[str, int] = MappingProxyType({})


class Readable(Protocol):
    """What an adapter reads: a file, a member of a zip, a unit out of quarantine."""

    @property
    def name(self) -> str:
        """The name for locators: the file's, or `archive!member`."""

    def open(self, mode: Literal["rb"]) -> IO[bytes]:
        """Its bytes, from the start."""


class BadUnit(InputError):
    """One unit can't be read; a `Reject` is made of it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def writable(name: str, text: str) -> str:
    """A text that can be stored; escapes of JSON can make NULs and halves of characters, which are BadUnits."""
    if _UNWRITABLE.search(text):
        raise BadUnit(
            "NUL" if "\0" in text else "half a character",
            f"{name} has a character that is no text: remove it, or export it again",
        )
    return text


@dataclass(frozen=True, slots=True)
class Reject:
    """A unit that can't be read: where, a short reason to count, what to do, its raw bytes.

    `header` is what must stand before the raw bytes so that they can be read again; `marking`
    what it says of its own, None where that can't be read; `fields` what was read of it, see `ingest.keeping`.
    """

    locator: str
    reason: str
    message: str
    raw: bytes
    header: bytes = b""
    marking: Marking | None = None
    fields: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A unit of which the manifest says that nothing is to be made: where it is."""

    locator: str


class Column(NamedTuple):
    """What a header says of a column: its name, "" for one that is no field; what divides several values of a cell; the
    time zone of its times; whether it is an id that its unit has beside its fields."""

    name: str
    split: str | None = None
    timezone: str | None = None
    is_id: bool = False


class Header(NamedTuple):
    """What the cells of all units after it are, and its raw bytes, which stand before theirs in a file."""

    columns: Sequence[Column]
    raw: bytes = b""


class Row(NamedTuple):
    """A row of a table, of which a manifest makes records.

    In all shapes `locator` is the place, as `file:line`; `raw` its bytes, `lines` how many lines of the file it has,
    and `breaks` how many line breaks are in its cells, by column.
    """

    fields: Fields
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS


class Node(NamedTuple):
    """A node of a property graph: its labels, and its id, "" where it has none."""

    labels: tuple[str, ...]
    id: str
    fields: Fields
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS


class Link(NamedTuple):
    """A link of a property graph: its type, "" where it has none, and the ids of the nodes that it runs between."""

    type: str
    start: str
    end: str
    fields: Fields
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS


class Entity(NamedTuple):
    """An entity or relationship in FollowTheMoney's own terms: no manifest has to say what it is.

    `schema`, `id` and `fields`, its properties with a text or a list of texts for each, are as the file has them: what
    is wrong with them is told when they are mapped. `others` are the names of what else the file says of it.
    """

    schema: Any
    id: Any
    fields: Any
    others: Sequence[str]
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS


Unit = Row | Node | Link | Entity
Item = Header | Unit | Reject
