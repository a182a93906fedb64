"""The types that adapters yield: rows, nodes, links, entities, and rejects.

The fields of a row, node or link are cells under the last `Header`, or a tree by name if the format has no
header. `ingest.mapping` makes records of all of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, Any, Literal, NamedTuple, Protocol, TypeAlias

from workbench.errors import InputError
from workbench.model.marking import Marking

# The key of a tree's own text, beside its branches: of an XML element that has attributes.
TEXT = "#text"
# What the names of fields around a unit begin with.
PARENT = "^"

# What is under a name: a text, a tree of its own, or several of these; true, false and null as JSON has them.
# An empty or missing one has no value.
Branch: TypeAlias = "str | bool | Tree | list[Branch] | None"
Tree: TypeAlias = Mapping[str, Branch]
Fields = Sequence[str] | Tree

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_NO_BREAKS: Mapping[str, int] = MappingProxyType({})
_NO_FAULTS: Mapping[str, str] = MappingProxyType({})
_NO_ORIGINALS: Mapping[str, Mapping[str, str]] = MappingProxyType({})


class Readable(Protocol):
    """Something that an adapter can read: a file, a zip member, or a unit in quarantine."""

    @property
    def name(self) -> str:
        """The name for locators: the file's, or `archive!member`."""

    def open(self, mode: Literal["rb"]) -> IO[bytes]:
        """Its bytes, from the start.

        `readline` gives whole lines, and `read(n)` n bytes where n is 256 at most. Of more it may give a part, and the
        rest when it is asked again: only b"" is the end.
        """


class BadUnit(InputError):
    """A unit can't be read; it becomes a `Reject`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def writable(name: str, text: str) -> str:
    """Return a text if it can be stored; BadUnit for NULs and lone surrogates, which JSON escapes can make."""
    if _UNWRITABLE.search(text):
        raise BadUnit(
            "NUL" if "\0" in text else "half a character",
            f"{name} has a character that is no text: remove it, or export it again",
        )
    return text


@dataclass(frozen=True, slots=True)
class Reject:
    """A unit that can't be read: its locator, a short reason to count, what to do, and its raw bytes.

    - `header`, `footer`: the bytes to put before and after `raw` so that it can be read again.
    - `marking`: its own marking, None if that can't be read.
    - `texts`: its texts, None if it has no fields.
    - `fields`: what was read of it; see `ingest.keeping`.
    """

    locator: str
    reason: str
    message: str
    raw: bytes
    header: bytes = b""
    footer: bytes = b""
    marking: Marking | None = None
    texts: Sequence[str] | None = None
    fields: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A unit that nothing is made of: the manifest says to skip it, or it says nothing (see `Account.skip`)."""

    locator: str


class Column(NamedTuple):
    """A column of a header: its name ("" if it is not a field), the separator of several values in a cell, the time
    zone of its times, and whether it is the unit's id."""

    name: str
    split: str | None = None
    timezone: str | None = None
    is_id: bool = False


class Header(NamedTuple):
    """The columns of all units after it, and its raw bytes."""

    columns: Sequence[Column]
    raw: bytes = b""


class Frame(NamedTuple):
    """The bytes around all units after it, so that one of them between these can be read as a file.

    What is before them may be long: many frames share a `head`, and `begun` is what each has after it.
    """

    head: bytes
    after: bytes
    begun: bytes = b""

    @property
    def before(self) -> bytes:
        """The bytes before a unit."""
        return self.head + self.begun

    @property
    def around(self) -> tuple[bytes, bytes]:
        """The bytes before a unit, and those after it."""
        return self.before, self.after


class Row(NamedTuple):
    """A row of a table, which a manifest maps to records.

    In all shapes, `locator` is the place as `file:line`, `raw` the bytes, `lines` the number of lines in the file, and
    `breaks` the number of line breaks in its cells, by column.

    `faults` says by column what keeps a cell from being read, and what to do, as "an error: correct it". The cell is
    empty then. It matters only where the manifest reads the column.
    """

    fields: Fields
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS
    faults: Mapping[str, str] = _NO_FAULTS


class Said(NamedTuple):
    """What a unit says of itself, and the manifest of a whole file otherwise: its grade as scheme and value, and its
    basis, both "" if it says none."""

    scheme: str = ""
    grade: str = ""
    basis: Literal["", "fact", "assessment", "inference"] = ""


NOTHING_SAID = Said()

# Which way a link runs: from its start to its end, both ways, or nobody said.
Way = Literal["forward", "both", "unsaid"]


class Node(NamedTuple):
    """A node of a property graph: its labels, and its id, "" if it has none."""

    labels: tuple[str, ...]
    id: str
    fields: Fields
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS
    said: Said = NOTHING_SAID


class Link(NamedTuple):
    """A link of a property graph: its type, "" if it has none, the ids of its two nodes, and which way it runs.

    `ends` are the labels of both nodes, as far as they are known.
    """

    type: str
    start: str
    end: str
    fields: Fields
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS
    said: Said = NOTHING_SAID
    way: Way = "forward"
    ends: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


class Entity(NamedTuple):
    """An entity or relationship in FollowTheMoney's own terms, which needs no manifest.

    `schema`, `id` and `fields` (its properties, each a text or a list of texts) are unchecked values of the file:
    mapping reports what is wrong with them. Of several schemata the narrowest counts. `others` are the names of its
    other keys. `originals` has by property what the source's own source wrote, by value.
    """

    schema: Any
    id: Any
    fields: Any
    others: Sequence[str]
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS
    originals: Mapping[str, Mapping[str, str]] = _NO_ORIGINALS


class Gone(NamedTuple):
    """That the source has nothing more to say under an id, as in a delta: what it said is withdrawn.

    `id` is an unchecked value of the file, and `others` are the names of its other keys, as in `Entity`.
    """

    id: Any
    others: Sequence[str]
    locator: str
    raw: bytes
    lines: int = 1
    breaks: Mapping[str, int] = _NO_BREAKS


Unit = Row | Node | Link | Entity | Gone


def texts_of(unit: Unit) -> Sequence[str] | None:
    """All texts in the fields of a unit; None for one of entities, whose fields can be anything."""
    if isinstance(unit, Entity | Gone):
        return None
    found: list[str] = []
    left: list[Branch] = list(unit.fields.values() if isinstance(unit.fields, Mapping) else unit.fields)
    while left:
        branch = left.pop()
        if isinstance(branch, str):
            found.append(branch)
        elif branch is not None and not isinstance(branch, bool):
            left += branch.values() if isinstance(branch, Mapping) else branch
    return found


Item = Header | Frame | Unit | Reject | Left
