"""Moving a store: what a store does to give and take neutral rows, and how far a copy is.

A copy is of the source's newest publication when it began. What is closed later still stands in it; what has no
history (quarantine, documents, the log of loads ...) moves first, while the source must not change at all. Ties,
claims, texts, labels and captions do not move: who takes records derives them as a load does.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar, cast

import orjson

from workbench.errors import StoreError
from workbench.model.marking import Marking
from workbench.model.record import Dataset, from_content
from workbench.store.dump_rows import PARTS, WITH_HISTORY, AnyRow, Batch, RecordRow, part_of
from workbench.store.records_known import LIVE
from workbench.store.rows import Row, row_of

R = TypeVar("R", bound=tuple[Any, ...])


class Stamp(NamedTuple):
    """A store at one time: what tells it from others, what is published, and how far its parts go."""

    origin: str  # the same for as long as the store lives
    published: int
    token: str  # of that publication
    epoch: int
    normaliser: int
    loads: int
    documents: int
    records: int  # the highest numbers that can be of published content
    entities: int

    def agrees(self, now: "Stamp", part: str) -> bool:
        """Whether a part can still be read as it was at this stamp."""
        if part in WITH_HISTORY:
            return (self.token, self.epoch, self.normaliser) == (now.token, now.epoch, now.normaliser)
        return self[:-2] == now[:-2]


# All rows of small parts, as they are now; see `every`.
EVERYTHING = Stamp("", LIVE - 1, "", 0, 0, LIVE, LIVE, LIVE, LIVE)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a copy is: kept in the target, in one transaction with what it counts."""

    source: str  # its URL as it may be shown
    stamp: Stamp
    part: str
    after: int
    counts: Mapping[str, int]
    digests: Mapping[str, str]  # of each part's rows so far
    spoilt: bool = False  # to be started over

    @classmethod
    def at_start(cls, source: str, stamp: Stamp) -> "Progress":
        """Nothing is moved yet."""
        return cls(source, stamp, next(iter(PARTS)), 0, dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, NOTHING))

    @classmethod
    def read(cls, kept: str) -> "Progress":
        """What `written` wrote."""
        found = orjson.loads(kept)
        counts, digests = dict.fromkeys(PARTS, 0) | found["counts"], dict.fromkeys(PARTS, NOTHING) | found["digests"]
        return cls(**{**found, "stamp": Stamp(*found["stamp"]), "counts": counts, "digests": digests})

    def written(self) -> str:
        """As text."""
        return orjson.dumps({**asdict(self), "stamp": tuple(self.stamp)}).decode()

    def with_batch(self, part: str, rows: Sequence[AnyRow], after: int) -> "Progress":
        """After these rows of a part."""
        counts = {**self.counts, part: self.counts[part] + len(rows)}
        digests = {**self.digests, part: chained(self.digests[part], rows)}
        return replace(self, part=part, after=after, counts=counts, digests=digests)

    def as_spoilt(self) -> "Progress":
        """The same, to be started over."""
        return replace(self, spoilt=True)

    def left(self) -> Iterator[tuple[str, int]]:
        """The parts that are not done, and after which position they go on."""
        names = list(PARTS)
        yield self.part, self.after
        yield from ((part, 0) for part in names[names.index(self.part) + 1 :])


NOTHING = hashlib.sha256().hexdigest()


def chained(digest: str, rows: Iterable[AnyRow]) -> str:
    """The digest of a part with more rows after those that gave `digest`; how they were cut is not in it."""
    state, sha256, dumps = bytes.fromhex(digest), hashlib.sha256, orjson.dumps
    for row in rows:
        state = sha256(state + dumps(tuple(row), default=bytes.hex)).digest()
    return state.hex()


class Outgoing(ABC):
    """What a store gives away."""

    @abstractmethod
    def stamp(self, published: int | None = None) -> Stamp:
        """The store as it is now, read at once, with the token of this publication, else of the newest."""

    @abstractmethod
    def batches(self, part: str, after: int, stamp: Stamp, most: int | None = None) -> Iterator[Batch]:
        """The rows of a part after a position (0: all), as they were at a stamp, always in the same order.

        Each batch is one read, of `most` rows where that is given.
        """

    @abstractmethod
    def status(self) -> tuple[str, str]:
        """What an unfinished copy keeps here, and of whom this is the copy; "" and "" for an ordinary store."""


def every(outgoing: Outgoing, kind: type[R], stamp: Stamp = EVERYTHING) -> list[R]:
    """All rows of a kind of which there are few, in their order and in one read."""
    batches = outgoing.batches(part_of(kind), 0, stamp, most=LIVE)
    return [cast(R, row) for rows, _ in batches for row in rows]


class Incoming(ABC):
    """What a store takes in: a context manager that holds the writer's lease."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether nothing at all is in the store."""

    @abstractmethod
    def put(self, part: str, rows: Sequence[AnyRow], kept: str) -> None:
        """Write rows and keep a text, in one transaction: until `finish` the store shows nothing and takes no load."""

    @abstractmethod
    def land(self) -> None:
        """Wait until all that was put is there."""

    @abstractmethod
    def group(self, canonical: Iterable[tuple[int, str]]) -> None:
        """Note the canonical ids of entities, by number, where a store has use for them."""

    @abstractmethod
    def clear(self) -> None:
        """Empty the store of what an unfinished copy left."""

    @abstractmethod
    def finish(self, stamp: Stamp, whose: tuple[str, str] | None = None) -> None:
        """Show all of it; of the copy for a viewer, say whose it is and for which purpose."""

    @abstractmethod
    def close(self) -> None:
        """Give back the lease."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def refuse_writing(shown: str, status: tuple[str, str]) -> None:
    """StoreError where a store is an unfinished copy, or the copy of a viewer."""
    kept, viewer = status
    if kept:
        source = Progress.read(kept).source
        raise StoreError(
            f"{shown} is an unfinished copy of {source}: run the same `workbench copy` again, which goes on from there"
        )
    if viewer:
        raise StoreError(f"{shown} is a copy made for {viewer}, only to read: write to the store that it was made from")


def rows_of(
    records: Sequence[RecordRow], datasets: Mapping[int, Dataset], markings: Mapping[int, Marking]
) -> list[Row]:
    """What a load makes of these records; StoreError where one does not say what its key was made of."""
    found = list[Row]()
    for each in records:
        of = datasets[each.did]
        row = row_of(from_content(each.body, of, each.source_id, markings[each.vis], each.part, each.locator))
        if row.key.hex() != each.key:
            raise StoreError(f"record {each.key} is damaged in the source: its content does not give its key")
        found.append(row)
    return found


def runs(records: Sequence[RecordRow]) -> Iterator[tuple[int, int]]:
    """The spans of records numbered one after the other, of one file and delivery, that begin and end together."""
    start = 0
    for i in range(1, len(records) + 1):
        if i == len(records) or _breaks(records[i - 1], records[i]):
            yield start, i
            start = i


def _breaks(one: RecordRow, next_: RecordRow) -> bool:
    return (
        next_.rid != one.rid + 1
        or next_.rev_to != one.rev_to
        or next_.rev_from != one.rev_from
        or next_.fid != one.fid
        or next_.delivered != one.delivered
    )
