"""How an adapter is registered."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from ingest import adapters
from ingest.account import Account
from ingest.recount import Counted
from ingest.shapes import Item, Readable, Reject
from ingest.specs import Written

# Yields the headers and units of a file, and reports lines that belong to no unit to the account.
Read = Callable[[Readable, Written, Account], Iterator[Item]]

# The texts of a unit that could not be read, given the names of the fields that have markings; None if nobody can tell
# for sure what stands in one of them.
TextsOf = Callable[[Reject, Written, Collection[str]], Sequence[str] | None]

# The names of the tables with content in a file that can have several.
Tables = Callable[[Readable, Written], Sequence[str]]

# Gives the path of a file with the content that a file names, as long as it is open; None if the file has the content.
Fetch = Callable[[Readable, Written], AbstractContextManager[Path | None]]

# Counts the units in a second way, which shares no code with the first.
Count = Callable[[IO[bytes], Written], Counted]


@dataclass(frozen=True, slots=True)
class Adapter:
    """How a format is read and counted, and which files of an archive or folder it reads."""

    version: int
    about: str
    units: str  # the word for its units: rows, lines
    read: Read
    count: Count
    gives: Literal["rows", "graph", "entities"]  # mapped by [[files.records]], by [labels] and [types], or not at all
    texts_of: TextsOf | None = None  # for the marking of a unit that can't be read; without it nobody sees one
    defaults: Path | None = None  # a manifest to use where the load's manifest maps nothing
    tables: Tables | None = None  # for files of several tables, each of which is read like a file of its own
    fetch: Fetch | None = None  # for files that only say where the content is
    members: str = "*"  # pattern of the data files in a zip or folder
    beside: str = ""  # pattern of other files that its exporters put beside them
    folders: bool = True  # whether it reads the files of a folder that is named
    confined: bool = False  # whether its files are read only in a process with limits: XML, and what is packed inside

    @property
    def needs_manifest(self) -> bool:
        """Whether only a manifest can say what its fields mean."""
        return self.gives == "rows" and self.defaults is None


def default_of(name: str) -> Path:
    """The path of a mapping that stands beside the adapters."""
    return Path(adapters.__file__).with_name(name)
