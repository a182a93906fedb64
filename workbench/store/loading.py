"""Decide what becomes of the records of a load (new, said again, late, re-marked), for all kinds of stores.

A store supplies what it knows about a batch, and then applies the decisions in one transaction. It may
repeat that transaction: decisions are made once and touch no store.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from workbench.model.marking import Marking
from workbench.model.record import Dataset, Record
from workbench.store.accounts import Account, SaidRows, Whole
from workbench.store.changes import Batch, Changes, under_both, without_collecting
from workbench.store.columns import Int64
from workbench.store.decided import Classes, Decided, Mark
from workbench.store.records_known import LIVE, Alone, BySource, Complete, Found, Known, Standing
from workbench.store.rows import Row, row_of
from workbench.store.writing import Outcome


class Decisions(ABC):
    """Makes the decisions of a load. A subclass supplies what its store knows, and applies them.

    `_rev` is the revision that the load will publish, `_first` the number of its first new record.
    """

    _rev: int
    _first: int
    overtaken_by: str = ""

    def __init__(self, rev: int, first: int, complete: Complete) -> None:
        self._rev, self._first = rev, first
        self._complete = complete
        self._account = Account(first)
        self._seen = bytearray(first // 8 + 1)  # a bit for each earlier record that this load said again
        self._changed: Counter[int] = Counter()  # how many records begin or end in this load, by class
        self._has_marked = False  # whether it gave records other classes
        self._noted = False  # whether there is something to store that changes no content
        self._delivered = ""
        self._classes: dict[int, tuple[Marking, Dataset, int]] = {}
        self._under: dict[tuple[Decided, int, str], int] = {}  # cache of classes that follow from decisions
        self._otherwise: Counter[int] = Counter()  # records whose class a person decided, by file
        self._about = set[tuple[Dataset | None, int]]()  # (dataset, class) of all records it put, met or ended
        self._replaces: dict[int, frozenset[int]] = {}  # by file: records of earlier readings, which it does not mind
        self._absent = set[int]()  # records that it ended because a complete delivery has them no more

    # -- what a store does ----------------------------------------------------------------

    def _rows(self, records: Sequence[Record]) -> list[Row]:
        """The rows of records; a store may start to look them up here."""
        return [row_of(record) for record in records]

    @abstractmethod
    def _remarked(self, rows: Sequence[Row]) -> Mapping[bytes, Decided]:
        """People's decisions on the subjects of these rows."""

    @abstractmethod
    def _found(self, rows: Sequence[Row]) -> Iterator[Found]:
        """What the store knows about these rows, some at a time, including changes by this load's earlier batches."""

    @abstractmethod
    def _known(self, rows: Sequence[Row]) -> BySource:
        """All that the store knows about these rows, including changes by this load's earlier batches."""

    @abstractmethod
    def _apply(self, changes: Changes) -> None:
        """Write the decisions on a batch."""

    @abstractmethod
    def _standing_of_part(self, dataset: Dataset, part_prefix: str, delivered: str) -> Collection[tuple[int, int]]:
        """The (number, class) of standing records in parts with this prefix that no newer delivery said."""

    @abstractmethod
    def _withdraw(self, rids: Sequence[int], complete: tuple[int, str, str] | None) -> None:
        """End records; if the delivery is to be noted as complete, `complete` is (dataset number, prefix, date)."""

    @abstractmethod
    def _dataset_number(self, dataset: Dataset) -> int:
        """The number of a dataset; a new one gets the next number."""

    @abstractmethod
    def _class_number(self, agency: str, marking: Marking) -> int:
        """The number of the visibility class for an agency and a marking; a new one gets the next number."""

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
        """Withdraw records that a complete delivery no longer contains; see `Writer`."""
        did = self._dataset_number(dataset)
        standing = self._standing_of_part(dataset, part_prefix, delivered)
        gone = {rid: vis for rid, vis in standing if not self._was_seen(rid)}
        self._absent.update(gone)
        is_news = self._complete.note(did, part_prefix, delivered)
        self._withdraw(sorted(gone), (did, part_prefix, delivered) if is_news else None)
        self._count_closed(gone.items())
        self._about.update((dataset, vis) for vis in gone.values())
        self._noted |= is_news
        self._account.note(Whole(did, part_prefix, delivered))
        return len(gone)

    def marked_otherwise(self, file: int) -> int:
        """The number of a file's records whose marking a person decided; see `Writer`."""
        return self._otherwise[file]

    def _touched(self) -> list[int]:
        """The classes whose content this load changed."""
        return [vis for vis, n in self._changed.items() if n > 0]

    def _put(self, records: Sequence[Record], file: int, delivered: str) -> list[Outcome]:
        """The work of `put`. Its rows are freed when it returns, before the garbage collector runs again."""
        rows = self._rows(records)
        asked = self._asked(rows)  # before rows with the same key are merged
        changes, outcomes = self._decided(rows, Changes(file, delivered, {row.source for row in rows}))
        self._apply(changes)
        self._has_marked |= bool(changes.marks)
        self._account.say(SaidRows(file, delivered, rows, changes.numbers), asked, changes.late, changes.fresh)
        return outcomes

    def _asked(self, rows: Sequence[Row]) -> list[int]:
        """The classes that rows ask for, whatever people decided."""
        known: dict[tuple[int, int], int] = {}
        asked: list[int] = []
        for record, *_ in rows:
            of = id(record.marking), id(record.dataset)  # records of a batch share these objects
            vis = known.get(of)
            if vis is None:
                vis = known[of] = self._class_number(record.dataset.agency, record.marking)
            asked.append(vis)
        return asked

    def _decided(self, rows: list[Row], changes: Changes) -> tuple[Changes, list[Outcome]]:
        known, outcomes = Known({}, self._remarked(rows)), list[Outcome]()
        batch = Batch(rows, known, changes, gone={n for n, row in enumerate(rows) if row.record.gone})
        changes.numbers = [0] * len(rows)
        marks = (self._mark_of(known, row) for row in rows if known.decided and row.subject in known.decided)
        self._otherwise[changes.file] += sum(vis != asked for vis, asked in marks)
        for piece in self._found(rows):
            outcomes += self._piece(batch, len(outcomes), piece)
        changes.fresh = [rows[n] for n in batch.fresh.values()]
        changes.late = [rows[n] for n in batch.late.values()]
        if known.by_source:
            self._supersede(batch, [row for row in changes.fresh if known.meets(row)])
        changes.fresh_marks = [self._marked(known, row) for row in changes.fresh]
        changes.late_marks = [self._marked(known, row) for row in changes.late]
        self._changed.update(vis for vis, _ in changes.fresh_marks)
        self._noted |= bool(changes.late)
        return changes, outcomes

    def _piece(self, batch: Batch, first: int, piece: Found) -> list[Outcome]:
        """Decide on some rows of a batch, from index `first` on."""
        overtaken = self._complete.any_newer(batch.changes.delivered)
        if not (any(piece.alone) or piece.others or batch.found.by_source or overtaken or batch.gone):  # all are new
            return [self._take(batch, n) for n in range(first, first + len(piece.alone))]
        rows = batch.rows[first : first + len(piece.alone)]
        same = [self._same(batch, row, alone) for row, alone in zip(rows, piece.alone, strict=True)]
        batch.found.learn(piece.others)
        remarked = [row for row, alone, each in zip(rows, piece.alone, same, strict=True) if alone and not each]
        if remarked:
            batch.found.learn(self._known(remarked))
        if not (any(same) or batch.found.by_source or overtaken or batch.gone):
            return [self._take(batch, n) for n in range(first, first + len(rows))]
        return [
            self._said_again(batch, n, each) if each else self._decide(batch, n) for n, each in enumerate(same, first)
        ]

    def _same(self, batch: Batch, row: Row, alone: Alone | None) -> Alone | None:
        """The record that stands for a row, if the row leaves its class as it is."""
        if alone is None:
            return None
        _, vis, asked, said = alone
        if said > batch.changes.delivered:
            self._about.add((row.record.dataset, vis))
            return alone
        return alone if (vis, asked) == self._marked(batch.found, row) else None

    def _said_again(self, batch: Batch, n: int, alone: Alone) -> Outcome:
        """Note that a row repeats a standing record; decides again if an earlier row of the batch re-marked it."""
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

    def _decide(self, batch: Batch, n: int) -> Outcome:
        """Decide on a row that the store may know something about."""
        row = batch.rows[n]
        if n in batch.gone:
            return self._say_gone(batch, n)
        standing = batch.found.standing(row, self._rev)
        if standing is not None and not (
            standing.rev_to != LIVE and batch.found.gone_after(row, batch.changes.delivered)
        ):
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

    def _say_gone(self, batch: Batch, n: int) -> Outcome:
        """End what is said under the id of a row that says it is gone, unless a newer delivery says it.

        The row is kept like a late one, so that an older delivery brings nothing back.
        """
        row, delivered = batch.rows[n], batch.changes.delivered
        for each in batch.found.of_key(row):
            batch.changes.numbers[n] = each.rid
            self._about.add((row.record.dataset, each.vis))
            batch.changes.said += [each.rid] if each.said < delivered else []
            self._noted |= each.said < delivered
        if not batch.changes.numbers[n]:
            batch.late.setdefault(row.key, n)
        rivals = [each for each in batch.found.rivals(row) if each.rid not in batch.ended]
        newest = max((each.said for each in rivals), default="")
        self._about.update((row.record.dataset, each.vis) for each in rivals)
        if newest > delivered:
            self.overtaken_by = max(self.overtaken_by, newest)
            return "late"
        batch.ended.update((each.rid, each.vis) for each in rivals)
        return "accepted" if rivals else "unchanged"

    def _take(self, batch: Batch, n: int) -> Outcome:
        """Accept a new row, or merge it with an equal row of the batch, so that both markings bind."""
        row = batch.rows[n]
        first = batch.fresh.setdefault(row.key, n)
        if first == n:
            return "accepted"
        before = batch.rows[first]
        batch.rows[first] = both = under_both(before, row.record.marking)
        return "unchanged" if self._class(batch, both) == self._class(batch, before) else "remarked"

    def _newer(self, batch: Batch, row: Row) -> str:
        """The newest later delivery that speaks of a row's subject; "" if there is none."""
        did, delivered = self._dataset_number(row.record.dataset), batch.changes.delivered
        newer = batch.found.newer(row, delivered, self._replaces.get(batch.changes.file, ()))
        return max(self._complete.newer(did, row.record.part, delivered), newer)

    def _again(self, batch: Batch, standing: Standing, row: Row) -> Outcome:
        """Note that a standing record was said again, and re-mark it if needed."""
        delivered = batch.changes.delivered
        if self._was_seen(standing.rid):
            row = under_both(row, self._marking_of(standing.asked))
        self._mark_seen(standing.rid)
        if standing.rev_to != LIVE:  # ended by an earlier batch of this load
            batch.changes.reopened.append(standing.rid)
            batch.found.reopen(row, standing.rid)
            self._count_opened([(standing.rid, standing.vis)])
        if standing.said < delivered:
            batch.changes.said.append(standing.rid)
            self._noted = True
        if standing.said > delivered:
            self._about.add((row.record.dataset, standing.vis))
            return "unchanged"
        return "remarked" if self._mark(batch, row) else "unchanged"

    def _mark(self, batch: Batch, row: Row) -> bool:
        """Give all records with a row's key the class of their newest delivery; returns whether any changed."""
        mark = self._marked(batch.found, row)
        wrong = batch.found.remark(row, *mark)
        batch.changes.marks.update((each.rid, mark) for each in wrong)
        return any(each.vis != mark[0] for each in wrong)

    def _supersede(self, batch: Batch, met: Sequence[Row]) -> None:
        """End the records that newer rows supersede, and give all records with the rows' keys their classes."""
        older = batch.ended
        for row in {row.name: row for row in met}.values():
            for rival in batch.found.rivals(row):
                if rival.said < batch.changes.delivered and rival.rid not in batch.again:
                    older[rival.rid] = rival.vis
                    self._about.add((row.record.dataset, rival.vis))
        batch.changes.closed = sorted(older)
        self._count_closed(older.items())
        for row in met:
            self._mark(batch, row)

    def _count_closed(self, closed: Collection[tuple[int, int]]) -> None:
        """Count ended records, given as (number, class); one that this load added itself cancels out."""
        for rid, vis in closed:
            self._changed[vis] += -1 if rid >= self._first else 1

    def _count_opened(self, opened: Collection[tuple[int, int]]) -> None:
        """Count records, given as (number, class), that this load ended before and that stand again."""
        for rid, vis in opened:
            self._changed[vis] += 1 if rid >= self._first else -1

    def _marked(self, known: Known, row: Row) -> Mark:
        """The class of a row, and the class its delivery asks for; notes it as evidence of the load's entry."""
        if not known.decided:
            vis = self._vis(row.record)
            return vis, vis
        mark = self._mark_of(known, row)
        self._about.add((row.record.dataset, mark[0]))
        return mark

    def _class(self, batch: Batch, row: Row) -> int:
        return self._mark_of(batch.found, row)[0]

    def _mark_of(self, known: Known, row: Row) -> Mark:
        """The class of a row, and the class its delivery asks for; they differ if a person decided."""
        decided = known.decided.get(row.subject)
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
        """The class of a record, cached by its marking and dataset objects, which the records of a batch share."""
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

    def _mark_all_seen(self, rids: Int64) -> None:
        earlier = rids[rids < self._first]
        bits = np.left_shift(1, earlier & 7).astype(np.uint8)
        np.bitwise_or.at(np.frombuffer(self._seen, np.uint8), earlier >> 3, bits)

    def _was_seen(self, rid: int) -> bool:
        return rid >= self._first or bool(self._seen[rid >> 3] & 1 << (rid & 7))


__all__ = ["Changes", "Decisions", "Mark", "without_collecting"]
