"""The account of a load: what it said, by the numbers of records, packed so that a nightly file costs little.

An account is told in order: what each batch said, and which deliveries were complete. From the accounts of all other
loads a store knows what would stand without one.
"""

import zlib
from abc import ABC, abstractmethod
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, TypeAlias

import numpy as np
import orjson

from workbench.model.record import Dataset
from workbench.store.columns import Int64
from workbench.store.rows import Row
from workbench.store.types import Quarantined

_HEAD_ENDS = b"\n"
_ORIGINAL = "original"  # in a unit's context: its bytes as they came, where it was repaired
_OF_BYTES = frozenset({_ORIGINAL, "fields"})  # what of a unit's context says what its bytes do


class Saying(NamedTuple):
    """What a batch said: each row's record (one with its key), and the class that its delivery asked for."""

    file: int
    delivered: str
    records: Int64
    classes: Int64


class Whole(NamedTuple):
    """A delivery that was complete for parts of a dataset, by the dataset's number."""

    did: int
    prefix: str
    delivered: str


class Released(NamedTuple):
    """How many units a load took out of quarantine."""

    units: int


class Delivered(NamedTuple):
    """A delivery of a dataset, by the dataset's number: its date, and the hash of its content."""

    did: int
    delivered: str
    content: str


class Brought(NamedTuple):
    """What a load says of units that it left in quarantine, beside their bytes: see `unit_as_brought`."""

    units: Sequence[Sequence[str]]


class Unit(NamedTuple):
    """A unit in quarantine as one load brought it; `came` is a hash of its bytes as they came."""

    id: str
    adapter: str
    path: str
    locator: str
    reason: str
    message: str
    context: str  # JSON
    came: str


Told: TypeAlias = Whole | Released | Delivered | Brought
Entry: TypeAlias = Saying | Told
_KINDS: Mapping[str, type[Told]] = {
    "whole": Whole,
    "released": Released,
    "delivered": Delivered,
    "brought": Brought,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def packed(entry: Entry) -> bytes:
    """An entry as it is kept: numbers as differences, since those of one file follow one another."""
    if isinstance(entry, Saying):
        numbers = np.concatenate((np.diff(entry.records, prepend=0), np.diff(entry.classes, prepend=0)))
        return _packed(["said", entry.file, entry.delivered, len(entry.records)], numbers.astype("<i8").tobytes())
    return _packed([_NAMES[type(entry)], *entry])


def unpacked(kept: bytes) -> Entry:
    """What `packed` kept."""
    head, _, numbers = zlib.decompress(kept).partition(_HEAD_ENDS)
    kind, *said = orjson.loads(head)
    if kind in _KINDS:
        return _KINDS[kind](*said)
    file, delivered, many = said
    differences = np.frombuffer(numbers, "<i8").astype(np.int64)
    return Saying(file, delivered, np.cumsum(differences[:many]), np.cumsum(differences[many:]))


def saying(file: int, delivered: str, records: Sequence[int], classes: Iterable[int]) -> Saying:
    """What a batch said, from numbers."""
    return Saying(file, delivered, np.array(records, dtype=np.int64), np.fromiter(classes, dtype=np.int64))


def unit_as_brought(unit: Quarantined) -> Unit:
    """What an account keeps of a unit: neither bytes nor what was read of them, so that a discard leaves none."""
    context = orjson.dumps(unit.context, option=orjson.OPT_SORT_KEYS).decode()
    came = sha256(Waiting(unit.id, (), unit.raw, context).came).hexdigest()
    kept = {name: value for name, value in unit.context.items() if name not in _OF_BYTES}
    said = (unit.adapter, unit.path, unit.locator, unit.reason, unit.message)
    return Unit(unit.id, *said, orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode(), came)


def _packed(head: list[object], numbers: bytes = b"") -> bytes:
    return zlib.compress(orjson.dumps(head) + _HEAD_ENDS + numbers, 1)


class SaidRows(NamedTuple):
    """Rows of a batch, and of each the number of the record that has its key already; 0 where it is new."""

    file: int
    delivered: str
    rows: Sequence[Row]
    numbers: Sequence[int]


class Account:
    """The account of a load that is being made; numbers of new records go on from its first."""

    def __init__(self, first: int) -> None:
        self._next = first
        self.kept: list[bytes] = []

    def say(self, said: SaidRows, asked: Sequence[int], late: Sequence[Row], fresh: Sequence[Row]) -> None:
        """Note what a batch said: the classes asked for, in its order; its new records, late ones numbered first."""
        first, self._next = self._next, self._next + len(late) + len(fresh)
        numbers: Sequence[int] = range(first, self._next)
        if late or any(said.numbers) or len(fresh) < len(said.numbers):  # else numbers follow the rows
            made = {row.key: number for number, row in enumerate((*late, *fresh), first)}
            numbers = [number or made[row.key] for number, row in zip(said.numbers, said.rows, strict=True)]
        if numbers:
            self.kept.append(packed(saying(said.file, said.delivered, numbers, asked)))

    def note(self, entry: Told) -> None:
        """Note something else."""
        self.kept.append(packed(entry))


class Kept(NamedTuple):
    """A record of the store: its class and the one asked for, until when it stands, what brought and said it last."""

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
    """A unit in quarantine: the loads that brought it, in no order, its bytes, and its context as JSON."""

    id: str
    loads: Sequence[str]
    raw: bytes
    context: str

    @property
    def came(self) -> bytes:
        """Its bytes as they came: a replay may have brought others."""
        original = orjson.loads(self.context).get(_ORIGINAL)
        return self.raw if original is None else b64decode(original)

    def read_alike(self, unit: Unit) -> Unit:
        """This unit as another load brought it, with what was read of its bytes, which no account keeps, if that load
        read them as the last one did."""
        said, last = orjson.loads(unit.context), orjson.loads(self.context)
        if "fields" not in last or said.get("reading") != last["reading"]:
            return unit
        context = {**said, "fields": last["fields"]}
        return unit._replace(context=orjson.dumps(context, option=orjson.OPT_SORT_KEYS).decode())


class Logged(NamedTuple):
    """A load in the log; `about` is what its entry rests on, as numbers of datasets and classes."""

    id: str
    agency: str
    dataset: str
    adapter: str
    withdrawn: bool
    about: tuple[tuple[int, int], ...]


class Accounts(ABC):
    """What a store keeps of its loads, in order of their numbers."""

    @abstractmethod
    def loads(self) -> Sequence[Logged]:
        """All loads of the log, oldest first."""

    @abstractmethod
    def of(self, load: str) -> Iterator[bytes]:
        """The entries of a load's account; none where no account of it is kept."""

    @abstractmethod
    def waiting(self, load: str) -> Sequence[Waiting]:
        """Units in quarantine that a load brought, and others too."""

    @abstractmethod
    def datasets(self) -> dict[int, Dataset]:
        """Datasets by number."""

    @abstractmethod
    def sources_of(self, records: Sequence[int]) -> set[int]:
        """The halves of the keys of these records."""

    @abstractmethod
    def sources_under(self, did: int, prefix: str) -> set[int]:
        """The halves of the keys of all records of such parts."""

    @abstractmethod
    def kept(self, sources: Sequence[int]) -> Sequence[Kept]:
        """All records whose keys have these halves."""

    @abstractmethod
    def contents(self, records: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """What records say and where in their file, by their numbers."""

    @abstractmethod
    def files_without(self, files: Sequence[int]) -> Sequence[int]:
        """Which of these files came with a load of which no account is kept."""

    @abstractmethod
    def complete_without(self) -> Iterable[tuple[int, str, str]]:
        """Complete deliveries of loads of which no account is kept."""
