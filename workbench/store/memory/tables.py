"""The content of a store in memory: the rows of a copy, by key."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

from workbench.model.ids import new_secret
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset
from workbench.store.dump_rows import (
    PARTS,
    AccountRow,
    AnyRow,
    ClassRow,
    CommonRow,
    CompleteRow,
    DatasetRow,
    DeliveryRow,
    DocumentRow,
    PairRow,
    RecordRow,
    SecretRow,
    part_of,
)
from workbench.store.moving import Stamp
from workbench.store.records_known import LIVE
from workbench.store.types import Scope

R = TypeVar("R", bound=tuple[Any, ...])
_Key = Callable[[Any], Any]

# The key of each kind of row, which also orders it; by default the row's first field.
_KEYS: Mapping[type[AnyRow], _Key] = {
    SecretRow: lambda _: 0,
    AccountRow: lambda row: row[:2],
    CompleteRow: lambda row: row,
    DeliveryRow: lambda row: row,
    DocumentRow: lambda row: row[:4],
    PairRow: lambda row: row[:2],
    CommonRow: lambda row: (row.kind, row.value, row.vis, row.rev_from),
}


class Tables:
    """Everything in a store. A writer changes a copy, and shows it when it publishes.

    To keep tables elsewhere, write `parts`, `said`, `epochs` and `notes`; `put` rebuilds `sources`.
    """

    def __init__(self) -> None:
        self.parts: dict[str, dict[Any, AnyRow]] = {part: {} for part in PARTS}
        self.sources: dict[str, tuple[int, ...]] = {}  # record numbers by the first half of the key
        self.said: dict[int, tuple[tuple[int, str], ...]] = {}  # by record: (revision, delivery) of each repetition
        self.epochs: dict[int, int] = {}  # of classes
        self.notes: dict[str, Any] = {"epoch": 0, "normaliser": 0}
        self.put(SecretRow, [SecretRow(new_secret())])

    def copy(self) -> "Tables":
        """A copy that can be changed while others read these tables."""
        other = Tables()
        other.parts = {part: dict(rows) for part, rows in self.parts.items()}
        other.sources, other.said, other.epochs = dict(self.sources), dict(self.said), dict(self.epochs)
        other.notes = dict(self.notes)
        return other

    # -- rows -------------------------------------------------------------------------------

    def rows(self, kind: type[R]) -> list[R]:
        """All rows of a kind, in order."""
        return [cast(R, row) for _, row in sorted(self.parts[part_of(kind)].items())]

    def row(self, kind: type[R], key: object) -> R:
        """The row of a key."""
        return cast(R, self.parts[part_of(kind)][key])

    def put(self, kind: type[R], rows: Iterable[R]) -> None:
        """Write rows; each replaces the one with its key."""
        key, into = _KEYS.get(kind, lambda row: row[0]), self.parts[part_of(kind)]
        for row in rows:
            into[key(row)] = row
            if isinstance(row, RecordRow) and row.rid not in self.sources.get(row.key[:16], ()):
                self.sources[row.key[:16]] = (*self.sources.get(row.key[:16], ()), row.rid)

    def drop(self, kind: type[R], unwanted: Callable[[R], bool]) -> None:
        """Delete the unwanted rows of a kind."""
        part = part_of(kind)
        self.parts[part] = {key: row for key, row in self.parts[part].items() if not unwanted(cast(R, row))}

    def change(self, records: Iterable[int], **fields: Any) -> None:
        """Set fields of records, given by number."""
        self.put(RecordRow, [self.row(RecordRow, rid)._replace(**fields) for rid in records])

    def next(self, kind: type[R]) -> int:
        """The next number for a kind of rows that is numbered."""
        return max(self.parts[part_of(kind)], default=0) + 1

    def at(self, part: str, stamp: Stamp) -> Iterator[AnyRow]:
        """The rows of a part as they were at a stamp, in order."""
        last = stamp._asdict().get({"revisions": "published"}.get(part, part), LIVE)
        row: Any
        for row in self.rows(PARTS[part]):
            begun = getattr(row, "rev_from", getattr(row, "rev", 0))
            if begun > stamp.published or (isinstance(row[0], int) and row[0] > last):
                continue
            now = row._replace(rev_to=LIVE) if getattr(row, "rev_to", 0) > stamp.published else row
            yield now._replace(said=self.said_last(now, stamp.published)) if isinstance(now, RecordRow) else now

    # -- what they say ------------------------------------------------------------------------

    def published(self) -> int:
        """The number of the newest publication; 0 in an unfinished copy."""
        return 0 if "copying" in self.notes else max(self.parts["revisions"], default=0)

    def datasets(self) -> dict[int, Dataset]:
        """Datasets by number."""
        return {row.did: Dataset(row.agency, row.name) for row in self.rows(DatasetRow)}

    def markings(self) -> dict[int, Marking]:
        """The markings of the classes that have one, by number."""
        return {row.vis: parse_marking(row.marking) for row in self.rows(ClassRow) if row.marking}

    def seen(self, scope: Scope, ended_too: bool = False) -> list[RecordRow]:
        """The standing records of a scope; with `ended_too`, also those that ended. Views read no others."""
        allowed, now = frozenset(scope.allowed), scope.revision
        begun = (row for row in self.rows(RecordRow) if row.vis in allowed and row.rev_from <= now)
        return [row for row in begun if ended_too or row.rev_to > now]

    def said_last(self, row: RecordRow, rev: int = LIVE) -> str:
        """The newest delivery that said a record, among those published up to a revision."""
        return max([row.delivered, *(delivered for at, delivered in self.said.get(row.rid, ()) if at <= rev)])

    def of_sources(self, halves: Iterable[str]) -> Iterator[RecordRow]:
        """The records whose keys begin with these halves."""
        for half in halves:
            yield from (self.row(RecordRow, rid) for rid in self.sources.get(half, ()))
