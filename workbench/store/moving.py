"""Moving a store: the contract for giving and taking neutral rows, and the progress of a copy.

A copy shows the source's newest publication at its start; records that end later still stand in it. Parts without
history (quarantine, documents, the log of loads ...) are copied first, and the source must not change meanwhile.
Ties, claims, texts, labels and captions are not copied: the target derives them from records, as a load does.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar, cast

import orjson

from workbench.errors import StoreError, damaged
from workbench.model.marking import Marking
from workbench.model.record import Dataset, from_content
from workbench.store.dump_rows import PARTS, WITH_HISTORY, AnyRow, Batch, RecordRow, part_of
from workbench.store.records_known import LIVE
from workbench.store.rows import Row, row_of

R = TypeVar("R", bound=tuple[Any, ...])


class Stamp(NamedTuple):
    """The state of a store at one time: its identity, its publication, and how far its parts go."""

    origin: str  # identifies the store for its whole life
    published: int
    token: str  # of that publication
    epoch: int
    normaliser: int
    loads: int
    documents: int
    records: int  # this and the next: the highest numbers that published content can have
    entities: int

    def agrees(self, now: "Stamp", part: str) -> bool:
        """Whether a part can still be read as it was at this stamp."""
        if part in WITH_HISTORY:
            return (self.token, self.epoch, self.normaliser) == (now.token, now.epoch, now.normaliser)
        return self[:-2] == now[:-2]


# A stamp to read all rows of small parts as they are now; see `every`.
EVERYTHING = Stamp("", LIVE - 1, "", 0, 0, LIVE, LIVE, LIVE, LIVE)


def after_pair(a: int, b: int) -> int:
    """The position after a pair of facets: pairs are read in order of both numbers."""
    return a * LIVE + b


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a copy is; stored in the target in the same transaction as the rows it counts."""

    source: str  # the source's URL, without a password
    stamp: Stamp
    part: str
    after: int
    counts: Mapping[str, int]
    digests: Mapping[str, str]  # of each part's rows so far
    spoilt: bool = False  # the copy must start over

    @classmethod
    def at_start(cls, source: str, stamp: Stamp) -> "Progress":
        """The progress of a copy that has moved nothing yet."""
        return cls(source, stamp, next(iter(PARTS)), 0, dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, NOTHING))

    @classmethod
    def read(cls, kept: str) -> "Progress":
        """Parse the text that `written` returned."""
        said = orjson.loads(kept)
        counts, digests = dict.fromkeys(PARTS, 0) | said["counts"], dict.fromkeys(PARTS, NOTHING) | said["digests"]
        return cls(**{**said, "stamp": Stamp(*said["stamp"]), "counts": counts, "digests": digests})

    def written(self) -> str:
        """The progress as text."""
        return orjson.dumps({**asdict(self), "stamp": tuple(self.stamp)}).decode()

    def with_batch(self, part: str, rows: Sequence[AnyRow], after: int) -> "Progress":
        """The progress after these rows of a part."""
        counts = {**self.counts, part: self.counts[part] + len(rows)}
        digests = {**self.digests, part: chained(self.digests[part], rows)}
        return replace(self, part=part, after=after, counts=counts, digests=digests)

    def as_spoilt(self) -> "Progress":
        """The same progress, marked so that the copy starts over."""
        return replace(self, spoilt=True)

    def left(self) -> Iterator[tuple[str, int]]:
        """The parts that are not done, each with the position to continue after."""
        names = list(PARTS)
        yield self.part, self.after
        yield from ((part, 0) for part in names[names.index(self.part) + 1 :])


NOTHING = hashlib.sha256().hexdigest()


def chained(digest: str, rows: Iterable[AnyRow]) -> str:
    """Extend a part's digest by more rows; the result does not depend on how rows are cut into batches."""
    state, sha256, dumps = bytes.fromhex(digest), hashlib.sha256, orjson.dumps
    for row in rows:
        state = sha256(state + dumps(tuple(row), default=bytes.hex)).digest()
    return state.hex()


class Outgoing(ABC):
    """A store as the source of a copy."""

    @abstractmethod
    def stamp(self, published: int | None = None) -> Stamp:
        """The state of the store, read in one step, with the token of this publication or else of the newest."""

    @abstractmethod
    def batches(self, part: str, after: int, stamp: Stamp, most: int | None = None) -> Iterator[Batch]:
        """The rows of a part after a position (0: all), as they were at a stamp, always in the same order.

        Each batch is one read, of at most `most` rows if that is given.
        """

    @abstractmethod
    def status(self) -> tuple[str, str]:
        """The progress of an unfinished copy here, and the viewer whose copy this is; each "" if it is not one."""


def every(outgoing: Outgoing, kind: type[R], stamp: Stamp = EVERYTHING) -> list[R]:
    """All rows of a small kind, in order, in one read."""
    batches = outgoing.batches(part_of(kind), 0, stamp, most=LIVE)
    return [cast(R, row) for rows, _ in batches for row in rows]


class Incoming(ABC):
    """A store as the target of a copy; a context manager that holds the writer's lease."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether nothing at all is in the store."""

    @abstractmethod
    def put(self, part: str, rows: Sequence[AnyRow], kept: str) -> None:
        """Write rows and the text of the progress in one transaction; the store can't be used until `finish`."""

    @abstractmethod
    def land(self) -> None:
        """Wait until everything that was put is written."""

    @abstractmethod
    def group(self, canonical: Iterable[tuple[int, str]]) -> None:
        """Store the canonical ids of entities, by number, in kinds of stores that use them."""

    @abstractmethod
    def clear(self) -> None:
        """Delete what an unfinished copy left."""

    @abstractmethod
    def finish(self, stamp: Stamp, whose: tuple[str, str] | None = None) -> None:
        """Make the copy readable; `whose` is the (viewer, purpose) of a copy for a viewer."""

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
    """StoreError if a store is an unfinished copy, or a copy for a viewer."""
    kept, viewer = status
    if kept:
        source = Progress.read(kept).source
        raise StoreError(
            f"{shown} is an unfinished copy of {source}: run the same `workbench copy` again, which continues it"
        )
    if viewer:
        raise StoreError(f"{shown} is a read-only copy made for {viewer}: write to the store that it was made from")


def rows_of(
    records: Sequence[RecordRow], datasets: Mapping[int, Dataset], markings: Mapping[int, Marking]
) -> list[Row]:
    """The rows that a load makes of these records; StoreError for a record whose content does not match its key."""
    return [row_of_kept(record, datasets[record.did], markings[record.vis]) for record in records]


def row_of_kept(kept: RecordRow, dataset: Dataset, marking: Marking) -> Row:
    """The row that a load makes of a record; StoreError if its content does not match its key."""
    row = row_of(from_content(kept.body, dataset, kept.source_id, marking, kept.part, kept.locator))
    if row.key.hex() != kept.key:
        raise damaged(f"the content of record {kept.key} does not match its key")
    return row


def runs(records: Sequence[RecordRow]) -> Iterator[tuple[int, int]]:
    """Index ranges of records with consecutive numbers, one file, one delivery and the same revisions."""
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
