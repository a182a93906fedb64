"""What a load makes of records, decided here once for all stores: what is new, said again, late or re-marked.

A store tells what it knows of a batch and then applies what was decided, in one transaction
that it may run again: deciding is done once and touches no store.
"""

import gc
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from workbench.model.marking import Marking, both_markings
from workbench.model.record import Dataset, Record
from workbench.store.accounts import Account, SaidRows, Whole
from workbench.store.decided import Classes, Decided, Mark
from workbench.store.records_known import LIVE, Alone, BySource, Complete, Found, Known, Standing
from workbench.store.rows import Row, row_of
from workbench.store.writing import Outcome


@contextmanager
def without_collecting() -> Iterator[None]:
    """Put off the cyclic garbage collector: a batch makes many small objects and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(slots=True)
class Changes:
    """What a batch changes in the store, records by their numbers.

    `marks` are the classes that records get when the load is published, and those that their deliveries ask for. `late`
    rows were overtaken by a newer delivery: they are kept as history that never stood.
    """

    file: int
    delivered: str
    sources: set[int]  # halves of keys that the batch is about
    reopened: list[int] = field(default_factory=list)
    said: list[int] = field(default_factory=list)  # said again, by a newer delivery
    closed: list[int] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)
    fresh: list[Row] = field(default_factory=list)
    fresh_marks: Sequence[Mark] = ()
    late: list[Row] = field(default_factory=list)
    late_marks: Sequence[Mark] = ()
    numbers: list[int] = field(default_factory=list)  # of each row, the record that had its key; 0 where it is new

    @property
    def alters(self) -> bool:
        """Whether it does more than to bring new records."""
        return bool(self.reopened or self.said or self.closed or self.marks or self.late)


@dataclass(slots=True)
class _Batch:
    """Rows, what the store knows of them, and the place of each that is new, late, or said again."""

    rows: list[Row]
    found: Known
    changes: Changes
    fresh: dict[bytes, int] = field(default_factory=dict)
    late: dict[bytes, int] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)


def _under_both(row: Row, other: Marking) -> Row:
    """A row whose marking holds what two markings of one load ask for."""
    record = row.record
    if record.marking == other:
        return row
    marking = both_markings(record.marking, other, record.dataset.agency)
    return row._replace(record=replace(record, marking=marking))


class Decisions(ABC):
    """What a load makes of what it is given; a store applies it, and says what it knows.

    `_rev` is the revision that the load will publish, `_first` the number of the first record
    that it brings.
    """

    _rev: int
    _first: int
    overtaken_by: str = ""

    def __init__(self, rev: int, first: int, complete: Complete) -> None:
        self._rev, self._first = rev, first
        self._complete = complete
        self._account = Account(first)
        self._seen = bytearray(first // 8 + 1)  # records from before that this load said again
        self._changed: Counter[int] = Counter()  # records that begin or end here, by class
        self._noted = False  # whether something is to be remembered that changes no content
        self._delivered = ""
        self._classes: dict[int, tuple[Marking, Dataset, int]] = {}
        self._under: dict[tuple[Decided, int, str], int] = {}  # classes where a person decided
        self._otherwise: Counter[int] = Counter()  # records that a person marked otherwise, by file
        self._about = set[tuple[Dataset | None, int]]()  # datasets, and the classes of what it put, met or ended there

    # -- what a store does ----------------------------------------------------------------

    def _rows(self, records: Sequence[Record]) -> list[Row]:
        """The rows of records; a store may begin here to look for what it knows of them."""
        return [row_of(record) for record in records]

    @abstractmethod
    def _remarked(self, rows: Sequence[Row]) -> Mapping[bytes, Decided]:
        """What persons decided about the marking of what these rows speak of."""

    @abstractmethod
    def _found(self, rows: Sequence[Row]) -> Iterator[Found]:
        """What the store holds of these rows, some at a time; what this load changed before the batch included."""

    @abstractmethod
    def _known(self, rows: Sequence[Row]) -> BySource:
        """All that the store knows of these rows, what this load changed before the batch included."""

    @abstractmethod
    def _apply(self, changes: Changes) -> None:
        """Write what was decided of a batch."""

    @abstractmethod
    def _standing_of_part(self, dataset: Dataset, part_prefix: str, delivered: str) -> Collection[tuple[int, int]]:
        """(number, class) of the records of such parts that stand and that no newer delivery said."""

    @abstractmethod
    def _withdraw(self, rids: Sequence[int], complete: tuple[int, str, str] | None) -> None:
        """End records; note a complete delivery, as (dataset's number, prefix, date), if it is news."""

    @abstractmethod
    def _dataset_number(self, dataset: Dataset) -> int:
        """The number of a dataset, made where it is new."""

    @abstractmethod
    def _class_number(self, agency: str, marking: Marking) -> int:
        """The number of the visibility class of an agency's records under a marking, made where it is new."""

    @abstractmethod
    def _marking_of(self, vis: int) -> Marking:
        """The marking of a class."""

    # -- what is decided --------------------------------------------------------------------

    def put(self, records: Sequence[Record], file: int, delivered: str) -> list[Outcome]:
        """Write records of a file; see `Writer.put`."""
        self._delivered = max(self._delivered, delivered)
        self.overtaken_by = ""
        self._classes.clear()
        with without_collecting():
            return self._put(records, file, delivered)

    def withdraw_absent(self, dataset: Dataset, part_prefix: str, delivered: str) -> int:
        """Withdraw what a complete delivery no longer says; see `Writer`."""
        did = self._dataset_number(dataset)
        found = self._standing_of_part(dataset, part_prefix, delivered)
        gone = {rid: vis for rid, vis in found if not self._was_seen(rid)}
        is_news = self._complete.note(did, part_prefix, delivered)
        self._withdraw(sorted(gone), (did, part_prefix, delivered) if is_news else None)
        self._count_closed(gone.items())
        self._about.update((dataset, vis) for vis in gone.values())
        self._noted |= is_news
        self._account.note(Whole(did, part_prefix, delivered))
        return len(gone)

    def marked_otherwise(self, file: int) -> int:
        """How many records of a file a person marked otherwise; see `Writer`."""
        return self._otherwise[file]

    def _touched(self) -> list[int]:
        """The classes whose content this load changed."""
        return [vis for vis, n in self._changed.items() if n > 0]

    def _put(self, records: Sequence[Record], file: int, delivered: str) -> list[Outcome]:
        """What `put` does; the rows are gone when it ends, so that no collector walks through them."""
        rows = self._rows(records)
        asked = self._asked(rows)  # before rows of one key are made one
        changes, outcomes = self._decided(rows, Changes(file, delivered, {row.source for row in rows}))
        self._apply(changes)
        self._account.say(SaidRows(file, delivered, rows, changes.numbers), asked, changes.late, changes.fresh)
        return outcomes

    def _asked(self, rows: Sequence[Row]) -> list[int]:
        """The classes that rows ask for, whatever a person decided about them."""
        known: dict[tuple[int, int], int] = {}
        found: list[int] = []
        for record, *_ in rows:
            of = id(record.marking), id(record.dataset)  # a batch shares them
            vis = known.get(of)
            if vis is None:
                vis = known[of] = self._class_number(record.dataset.agency, record.marking)
            found.append(vis)
        return found

    def _decided(self, rows: list[Row], changes: Changes) -> tuple[Changes, list[Outcome]]:
        found, outcomes = Known({}, self._remarked(rows)), list[Outcome]()
        batch = _Batch(rows, found, changes)
        changes.numbers = [0] * len(rows)
        marks = (self._mark_of(found, row) for row in rows if found.decided and row.subject in found.decided)
        self._otherwise[changes.file] += sum(vis != asked for vis, asked in marks)
        for piece in self._found(rows):
            outcomes += self._piece(batch, len(outcomes), piece)
        changes.fresh = [rows[n] for n in batch.fresh.values()]
        changes.late = [rows[n] for n in batch.late.values()]
        if found.by_source:
            self._supersede(batch, [row for row in changes.fresh if found.meets(row)])
        changes.fresh_marks = [self._marked(found, row) for row in changes.fresh]
        changes.late_marks = [self._marked(found, row) for row in changes.late]
        self._changed.update(vis for vis, _ in changes.fresh_marks)
        self._noted |= bool(changes.late)
        return changes, outcomes

    def _piece(self, batch: _Batch, first: int, piece: Found) -> list[Outcome]:
        """What becomes of some rows of a batch, from the `first` on."""
        rows = batch.rows[first : first + len(piece.alone)]
        same = [self._same(batch, row, alone) for row, alone in zip(rows, piece.alone, strict=True)]
        batch.found.learn(piece.others)
        remarked = [row for row, alone, each in zip(rows, piece.alone, same, strict=True) if alone and not each]
        if remarked:
            batch.found.learn(self._known(remarked))
        if not (any(same) or batch.found.by_source or self._complete):
            return [self._take(batch, n) for n in range(first, first + len(rows))]
        return [
            self._said_again(batch, n, each) if each else self._decide(batch, n) for n, each in enumerate(same, first)
        ]

    def _same(self, batch: _Batch, row: Row, alone: Alone | None) -> Alone | None:
        """The record that stands, if a row gives it no other class."""
        if alone is None:
            return None
        _, vis, asked, said = alone
        if said > batch.changes.delivered:
            self._about.add((row.record.dataset, vis))
            return alone
        return alone if (vis, asked) == self._marked(batch.found, row) else None

    def _said_again(self, batch: _Batch, n: int, alone: Alone) -> Outcome:
        """A record that stands and stays as it is, if no row before this one gave it another class."""
        rid, *_, said = alone
        if rid in batch.changes.marks:
            return self._decide(batch, n)
        batch.again.add(rid)
        batch.changes.numbers[n] = rid
        self._mark_seen(rid)
        if said < batch.changes.delivered:
            batch.changes.said.append(rid)
            self._noted = True
        return "unchanged"

    def _decide(self, batch: _Batch, n: int) -> Outcome:
        """What becomes of one record of a batch of which something is known."""
        row = batch.rows[n]
        standing = batch.found.standing(row, self._rev)
        if standing is not None:
            batch.again.add(standing.rid)
            batch.changes.numbers[n] = standing.rid
            return self._again(batch, standing, row)
        newer = "" if row.key in batch.fresh else self._newer(batch, row)
        if not newer:
            return self._take(batch, n)
        self.overtaken_by = max(self.overtaken_by, newer)
        known = batch.found.of_key(row)
        self._about.update((row.record.dataset, each.vis) for each in known)
        if known:
            batch.changes.numbers[n] = known[0].rid
        else:
            batch.late.setdefault(row.key, n)
        return "late"

    def _take(self, batch: _Batch, n: int) -> Outcome:
        """A new row, or one that says the same as another: under two markings both of them bind."""
        row = batch.rows[n]
        first = batch.fresh.setdefault(row.key, n)
        if first == n:
            return "accepted"
        before = batch.rows[first]
        batch.rows[first] = both = _under_both(before, row.record.marking)
        return "unchanged" if self._class(batch, both) == self._class(batch, before) else "remarked"

    def _newer(self, batch: _Batch, row: Row) -> str:
        """The newest delivery that has spoken of what this one tells; "" if there is no newer one."""
        did, delivered = self._dataset_number(row.record.dataset), batch.changes.delivered
        rivals = batch.found.rivals(row) if batch.found.meets(row) else ()
        said = [each.said for each in rivals if each.said > delivered]
        return max([self._complete.newer(did, row.record.part, delivered), *said])

    def _again(self, batch: _Batch, standing: Standing, row: Row) -> Outcome:
        """A record that stands already: note that it was said again, perhaps re-mark it."""
        delivered = batch.changes.delivered
        if self._was_seen(standing.rid):
            row = _under_both(row, self._marking_of(standing.asked))
        self._mark_seen(standing.rid)
        if standing.rev_to != LIVE:  # ended by this very load, by a batch before
            batch.changes.reopened.append(standing.rid)
            batch.found.reopen(row, standing.rid)
            self._changed[standing.vis] += 1 if standing.rid >= self._first else -1
        if standing.said < delivered:
            batch.changes.said.append(standing.rid)
            self._noted = True
        if standing.said > delivered:
            self._about.add((row.record.dataset, standing.vis))
            return "unchanged"
        return "remarked" if self._mark(batch, row) else "unchanged"

    def _mark(self, batch: _Batch, row: Row) -> bool:
        """Put all records of a key into the class that its newest delivery gives it; whether any changed."""
        mark = self._marked(batch.found, row)
        wrong = batch.found.remark(row, *mark)
        batch.changes.marks.update((each.rid, mark) for each in wrong)
        return any(each.vis != mark[0] for each in wrong)

    def _supersede(self, batch: _Batch, met: Sequence[Row]) -> None:
        """End what newer rows supersede, and put all that has their keys into their classes."""
        older: dict[int, int] = {}
        for row in met:
            for each in batch.found.rivals(row):
                if each.said < batch.changes.delivered and each.rid not in batch.again:
                    older[each.rid] = each.vis
                    self._about.add((row.record.dataset, each.vis))
        batch.changes.closed = sorted(older)
        self._count_closed(older.items())
        for row in met:
            self._mark(batch, row)

    def _count_closed(self, closed: Collection[tuple[int, int]]) -> None:
        """Count ended records, by number and class; what this load brought itself was never there."""
        for rid, vis in closed:
            self._changed[vis] += -1 if rid >= self._first else 1

    def _marked(self, found: Known, row: Row) -> Mark:
        """The class of a row that is put, and the one that its delivery asks for."""
        if not found.decided:
            vis = self._vis(row.record)
            return vis, vis
        mark = self._mark_of(found, row)
        self._about.add((row.record.dataset, mark[0]))
        return mark

    def _class(self, batch: _Batch, row: Row) -> int:
        return self._mark_of(batch.found, row)[0]

    def _mark_of(self, found: Known, row: Row) -> Mark:
        """The class of a row, and the one that its delivery asks for: another one where a person decided."""
        decided = found.decided.get(row.subject)
        if decided is None:
            vis = self._vis(row.record)
            return vis, vis
        record, agency = row.record, row.record.dataset.agency
        asked = self._class_number(agency, record.marking)
        vis = self._under.get((decided, asked, agency), 0)
        if not vis:
            vis = Classes(self._marking_of, self._class_number).under(decided, asked, agency)
            self._under[decided, asked, agency] = vis
        return vis, asked

    def _vis(self, record: Record) -> int:
        """The class of a record, remembered by the very marking and dataset that its batch shares."""
        kept = self._classes.get(id(record.marking))
        if (
            kept is None
            or kept[0] is not record.marking
            or not (kept[1] is record.dataset or kept[1] == record.dataset)
        ):
            vis = self._class_number(record.dataset.agency, record.marking)
            kept = self._classes[id(record.marking)] = (record.marking, record.dataset, vis)
            self._about.add((record.dataset, vis))
        return kept[2]

    def _mark_seen(self, rid: int) -> None:
        if rid < self._first:
            self._seen[rid >> 3] |= 1 << (rid & 7)

    def _was_seen(self, rid: int) -> bool:
        return rid >= self._first or bool(self._seen[rid >> 3] & 1 << (rid & 7))


__all__ = ["Changes", "Decisions", "Mark", "without_collecting"]
