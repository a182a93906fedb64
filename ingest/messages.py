"""What a load and the processes beside it say to one another."""

from pathlib import Path
from typing import NamedTuple

from ingest.account import Account
from ingest.formats import Adapter
from ingest.manifest import Manifest
from ingest.recount import Counted
from ingest.shapes import Left, Reject
from ingest.sources import Members, Source
from workbench.model.record import Record

Unit = list[Record] | Reject | Left


class Limits(NamedTuple):
    """What may be taken to answer: bytes of memory beyond those that are in use, and seconds of CPU and by the wall."""

    memory: int
    cpu_s: int
    wall_s: int


class Look(NamedTuple):
    """A file to open: it is read to its end, or its members are, and the tables of each are told."""

    path: Path
    members: Members
    adapter: Adapter
    manifest: Manifest
    limits: Limits


class Sniff(NamedTuple):
    """A file of which to name the format."""

    path: Path
    limits: Limits


class Suggest(NamedTuple):
    """A table of which to write a first manifest: its adapter, how many rows to look at, whether to show values."""

    path: Path
    limits: Limits
    adapter: str
    rows: int
    examples: bool


class Asked(NamedTuple):
    """A file to read: its adapter, its manifest, and the hash of its content, without which nothing is read.

    With `limits` it is read in no other process, and counted there. `rehearse`: nothing is handed over before all of it
    could be read.
    """

    adapter: Adapter
    manifest: Manifest
    source: Source
    sha256: str
    limits: Limits | None = None
    rehearse: bool = False


class Looked(NamedTuple):
    """What was found at a path."""

    sources: tuple[Source, ...]


class Seen(NamedTuple):
    """The formats that a file may have: adapter, what was recognised, how sure that is; else what it is."""

    looks: tuple[tuple[str, str, str], ...]
    said: str


class Suggested(NamedTuple):
    """A first manifest."""

    text: str


class Piece(NamedTuple):
    """Some units of a file."""

    units: list[Unit]


class Checked(NamedTuple):
    """The hash of a file after it was read, and the second count of its units."""

    sha256: str
    counted: Counted


class End(NamedTuple):
    """All units were handed over; what the adapter reported beside them. `checked` if there were limits."""

    account: Account
    checked: Checked | None = None


class Failed(NamedTuple):
    """The file could not be read on, for this reason."""

    reason: str = ""
    message: str = ""


Question = Asked | Look | Sniff | Suggest
Told = Looked | Seen | Suggested | Piece | End | Failed
