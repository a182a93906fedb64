"""The account of a load: what it said, by record numbers, compressed so that a nightly file costs little space.

Entries are in order: what each batch said, and which deliveries were complete. From the accounts of all other
loads a store knows what would stand if one were withdrawn.
"""

import zlib
from abc import ABC, abstractmethod
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import orjson

from workbench.model.record import Dataset
from workbench.store.columns import Int64
from workbench.store.rows import Row
from workbench.store.types import Quarantined

_HEAD_ENDS = b"\n"
_ORIGINAL = "original"  # key in a unit's context: the bytes before a repair
_OF_BYTES = frozenset({_ORIGINAL, "fields"})  # keys in a unit's context that repeat what is in its bytes


class Saying(NamedTuple):
    """What a batch said: for each row, the record with its key, and the class that its delivery asked for."""

    file: int
    delivered: str
    records: Int64
    classes: Int64


class Whole(NamedTuple):
    """A delivery that was complete for the parts of a dataset that begin with `prefix`; `did` is its number."""

    did: int
    prefix: str
    delivered: str


class Released(NamedTuple):
    """The number of units that a load took out of quarantine."""

    units: int


class Delivered(NamedTuple):
    """A delivery of a dataset: the dataset's number, the date, and the hash of the content."""

    did: int
    delivered: str
    content: str


class Brought(NamedTuple):
    """The units that a load left in quarantine, without their bytes: see `unit_as_brought`."""

    units: Sequence[Sequence[str]]


class Unit(NamedTuple):
    """A unit in quarantine as one load brought it; `came` is a hash of its original bytes."""

    id: str
    adapter: str
    path: str
    locator: str
    reason: str
    message: str
    context: str  # JSON
    came: str


class Read(NamedTuple):
    """What was read of a file: a keyed hash of all that decides it, the file's number, and what the report told.

    `sizes`: how many records its units gave, in order, as runs of (records of a unit, units); empty if not kept.
    """

    mark: str
    file: int
    told: Mapping[str, Any]
    sizes: Sequence[tuple[int, int]] = ()


class Judged(NamedTuple):
    """The ids of the judgements that a load made; they end with it."""

    judgements: Sequence[str]


class Reading(NamedTuple):
    """That a file was read, and how; `readings.replaced` tells which readings still count.

    All but the number of the file are hashes by the store's secret: `of` of its content, its name and its dataset,
    `content` of its content and its dataset, `manner` of all else that decides which records it gives. `whole` is false
    for a reading of some units, from quarantine.
    """

    file: int
    of: str
    content: str
    manner: str
    whole: bool


Told: TypeAlias = Whole | Released | Delivered | Brought | Read | Judged | Reading
Entry: TypeAlias = Saying | Told
_KINDS: Mapping[str, type[Told]] = {
    "whole": Whole,
    "released": Released,
    "delivered": Delivered,
    "brought": Brought,
    "read": Read,
    "judged": Judged,
    "reading": Reading,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def packed(entry: Entry) -> bytes:
    """An entry as compressed bytes; numbers are stored as differences, since those of one file are consecutive."""
    if isinstance(entry, Saying):
        numbers = np.concatenate((np.diff(entry.records, prepend=0), np.diff(entry.classes, prepend=0)))
        return _packed(["said", entry.file, entry.delivered, len(entry.records)], numbers.astype("<i8").tobytes())
    return _packed([_NAMES[type(entry)], *entry])


def unpacked(kept: bytes) -> Entry:
    """The entry that `packed` turned into bytes."""
    head, _, numbers = zlib.decompress(kept).partition(_HEAD_ENDS)
    kind, *said = orjson.loads(head)
    if kind in _KINDS:
        return _KINDS[kind](*said)
    file, delivered, many = said
    differences = np.frombuffer(numbers, "<i8").astype(np.int64)
    return Saying(file, delivered, np.cumsum(differences[:many]), np.cumsum(differences[many:]))


def is_a(kind: type[Told], kept: bytes) -> bool:
    """Whether `packed` turned an entry of this kind into these bytes, told from their start."""
    begins = f'["{_NAMES[kind]}",'.encode()
    return zlib.decompressobj().decompress(kept, len(begins)) == begins


def saying(file: int, delivered: str, records: Sequence[int], classes: Iterable[int]) -> Saying:
    """Make a `Saying` from plain numbers."""
    return Saying(file, delivered, np.array(records, dtype=np.int64), np.fromiter(classes, dtype=np.int64))


def unit_as_brought(unit: Quarantined) -> Unit:
    """A unit as an account keeps it: without its bytes or fields, so that nothing is left of it after a discard."""
    context = orjson.dumps(unit.context, option=orjson.OPT_SORT_KEYS).decode()
    came = sha256(Waiting(unit.id, (), unit.raw, context).came).hexdigest()
    kept = {name: value for name, value in unit.context.items() if name not in _OF_BYTES}
    said = (unit.adapter, unit.path, unit.locator, unit.reason, unit.message)
    return Unit(unit.id, *said, orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode(), came)


def _packed(head: list[object], numbers: bytes = b"") -> bytes:
    return zlib.compress(orjson.dumps(head) + _HEAD_ENDS + numbers, 1)


class SaidRows(NamedTuple):
    """The rows of a batch, and for each the number of the existing record with its key, 0 if it is new."""

    file: int
    delivered: str
    rows: Sequence[Row]
    numbers: Sequence[int]


class Account:
    """The account of a load in progress; new records are numbered from `first` on."""

    def __init__(self, first: int) -> None:
        self._next = first
        self.kept: list[bytes] = []

    def say(self, said: SaidRows, asked: Sequence[int], late: Sequence[Row], fresh: Sequence[Row]) -> None:
        """Note what a batch said, with the classes asked for; late records are numbered before fresh ones."""
        first, self._next = self._next, self._next + len(late) + len(fresh)
        numbers: Sequence[int] = range(first, self._next)
        if late or any(said.numbers) or len(fresh) < len(said.numbers):  # else numbers follow the rows
            made = {row.key: number for number, row in enumerate((*late, *fresh), first)}
            numbers = [number or made[row.key] for number, row in zip(said.numbers, said.rows, strict=True)]
        if numbers:
            self.kept.append(packed(saying(said.file, said.delivered, numbers, asked)))

    @property
    def next(self) -> int:
        """The number of the next new record."""
        return self._next

    def skip(self, many: int) -> None:
        """Leave out the numbers of records that begin again, which are no part of what the load says."""
        self._next += many

    def repeat(self, entry: Saying) -> None:
        """Note that records of the store were said again."""
        self.kept.append(packed(entry))

    def note(self, entry: Told) -> None:
        """Note any other entry."""
        self.kept.append(packed(entry))


class Alone(NamedTuple):
    """Standing records, each the only one with its key: numbers, classes, and the classes asked for.

    `older` has the numbers of those that were not said on or after a given day. Changes of classes by a load that is
    not published yet do not show.
    """

    records: Int64
    classes: Int64
    asked: Int64
    older: Int64

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int, bool]]) -> "Alone":
        """From one row for each record, in order of their numbers: its number, its two classes, whether it is older."""
        of = np.array(rows, dtype=np.int64).reshape(-1, 4)
        return cls(of[:, 0], of[:, 1], of[:, 2], of[of[:, 3] != 0, 0])


class Kept(NamedTuple):
    """A record of the store as a withdrawal needs it: its classes, its end, its file and its deliveries."""

    rid: int
    source: int
    key: bytes
    did: int
    source_id: str
    part: str
    vis: int
    asked: int
    rev_to: int
    file: int
    delivered: str
    said: str


class Waiting(NamedTuple):
    """A unit in quarantine: the loads that brought it (unordered), its bytes, and its context as JSON."""

    id: str
    loads: Sequence[str]
    raw: bytes
    context: str

    @property
    def came(self) -> bytes:
        """Its original bytes: a replay may have replaced them."""
        original = orjson.loads(self.context).get(_ORIGINAL)
        return self.raw if original is None else b64decode(original)

    def read_alike(self, unit: Unit) -> Unit:
        """This unit as another load brought it.

        The fields read from its bytes, which no account keeps, are added if that load read the same bytes as the last.
        """
        said, last = orjson.loads(unit.context), orjson.loads(self.context)
        if "fields" not in last or said.get("reading") != last["reading"]:
            return unit
        context = {**said, "fields": last["fields"]}
        return unit._replace(context=orjson.dumps(context, option=orjson.OPT_SORT_KEYS).decode())


class Logged(NamedTuple):
    """A load in the log: its newest delivery, and in `about` the (dataset, class) numbers that its entry rests on."""

    id: str
    agency: str
    dataset: str
    adapter: str
    delivered: str
    withdrawn: bool
    about: tuple[tuple[int, int], ...]


class OfFile(NamedTuple):
    """A file that was read before: its number, the load that read it, and its path."""

    file: int
    load: str
    path: str


class Accounts(ABC):
    """Reads what a store keeps about its loads."""

    @abstractmethod
    def loads(self) -> Sequence[Logged]:
        """All loads of the log, oldest first."""

    @abstractmethod
    def of(self, load: str) -> Iterator[bytes]:
        """The entries of a load's account; empty if none is kept for it."""

    @abstractmethod
    def files_of(self, sha256: str) -> Sequence[OfFile]:
        """The files with this hash that published loads read, the newest first."""

    @abstractmethod
    def waiting(self, load: str) -> Sequence[Waiting]:
        """Units in quarantine that this load and at least one other brought."""

    @abstractmethod
    def datasets(self) -> dict[int, Dataset]:
        """Datasets by number."""

    @abstractmethod
    def sources_of(self, records: Sequence[int]) -> set[int]:
        """The `source_number`s of these records: the first halves of their keys."""

    @abstractmethod
    def sources_under(self, did: int, prefix: str) -> set[int]:
        """The `source_number`s of all records in the parts of a dataset that begin with `prefix`."""

    @abstractmethod
    def kept(self, sources: Sequence[int]) -> Sequence[Kept]:
        """All records with these `source_number`s."""

    @abstractmethod
    def alone(self, records: Int64, delivered: str) -> Alone:
        """Those of these records that stand and are the only ones with their keys; `older` than `delivered`.

        The numbers are in order, each once.
        """

    @abstractmethod
    def contents(self, records: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """The content and the locator of records, by their numbers."""

    @abstractmethod
    def files_without(self, files: Sequence[int]) -> Sequence[int]:
        """Those of these files whose load has no account."""

    @abstractmethod
    def complete_without(self) -> Iterable[tuple[int, str, str]]:
        """Complete deliveries, as (dataset number, prefix, date), of loads without an account."""
