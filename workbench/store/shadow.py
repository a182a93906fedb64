"""Decide again, in memory and by the same rules, what loads made of some records."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from workbench.model.marking import Marking
from workbench.model.record import Dataset, Record, key_of_gone
from workbench.store.accounts import Entry, Kept, Saying, Whole
from workbench.store.columns import Bool, Int64
from workbench.store.decided import Decided
from workbench.store.loading import Changes, Decisions, Mark
from workbench.store.records_known import LIVE, NEVER, BySource, Complete, Found, Standing
from workbench.store.rows import Row


class Origin(NamedTuple):
    """The file and delivery that brought a record, and the number of the equal record in the store."""

    file: int
    delivered: str
    record: int


@dataclass(slots=True)
class Ground:
    """Records as some loads left them, with numbers of their own."""

    kept: dict[int, Kept]  # the store's records, by the store's numbers
    datasets: dict[int, Dataset]
    complete: Complete
    by_source: BySource = field(default_factory=dict)
    origins: dict[int, Origin] = field(default_factory=dict)
    _places: dict[int, tuple[int, int]] = field(default_factory=dict)  # by number: the source, the place among its own
    _rows: dict[tuple[int, int], Row] = field(default_factory=dict)
    _here: Bool = field(init=False)

    def __post_init__(self) -> None:
        self._here = np.zeros(max(self.kept, default=0) + 2, dtype=np.bool_)
        self._here[np.fromiter(self.kept, dtype=np.int64, count=len(self.kept))] = True

    def has(self, records: Int64) -> Bool:
        """A mask of the store's records that are here."""
        found: Bool = self._here[np.minimum(records, len(self._here) - 1)]
        return found

    @property
    def next(self) -> int:
        """The number of the next record."""
        return len(self.origins) + 1

    def row(self, rid: int, vis: int, marking: Marking) -> Row:
        """The row of a store's record, with this class and marking, as far as decisions need it."""
        row = self._rows.get((rid, vis))
        if row is None:
            kept = self.kept[rid]
            record = Record(
                "", self.datasets[kept.did], kept.source_id, {}, marking, part=kept.part, gone=self.is_gone(kept)
            )
            row = self._rows[rid, vis] = Row(record, "", kept.key, kept.source, False)
        return row

    def is_gone(self, kept: Kept) -> bool:
        """Whether a record says only that its subject is gone."""
        return kept.rev_to == NEVER and kept.key == key_of_gone(self.datasets[kept.did], kept.source_id, kept.part)

    def add(self, row: Row, mark: Mark, origin: Origin, rev_to: int) -> None:
        """Add a record."""
        number, record = self.next, row.record
        standing = Standing(number, row.key, record.source_id, record.part, *mark, origin.delivered, rev_to)
        found = self.by_source.setdefault(row.source, [])
        self.origins[number], self._places[number] = origin, (row.source, len(found))
        found.append(standing)

    def change(self, numbers: Iterable[int], change: Callable[[Standing], Standing]) -> None:
        """Replace records, given by number."""
        for number in numbers:
            source, place = self._places[number]
            self.by_source[source][place] = change(self.by_source[source][place])

    def standing(self) -> Iterator[Standing]:
        """All records that stand."""
        return (each for found in self.by_source.values() for each in found if each.rev_to == LIVE)

    def did(self, number: int) -> int:
        """The number of a record's dataset."""
        return self.kept[self.origins[number].record].did


def _marked(standing: Standing, mark: Mark) -> Standing:
    vis, asked = mark
    return standing._replace(vis=vis, asked=asked)


class Shadow(Decisions):
    """Repeats the decisions of one load on a ground; for anything else it asks the writer of the withdrawal."""

    def __init__(self, writer: Decisions, ground: Ground, rev: int) -> None:
        super().__init__(rev, ground.next, ground.complete)
        self._writer, self._ground = writer, ground
        self._records: dict[bytes, int] = {}

    def again(self, entry: Entry) -> None:
        """Repeat an entry of the load's account, for the records on the ground."""
        if isinstance(entry, Saying):
            here = self._ground.has(entry.records)
            self._say(entry, entry.records[here], entry.classes[here])
        elif isinstance(entry, Whole) and entry.did in self._ground.datasets:
            self.withdraw_absent(self._ground.datasets[entry.did], entry.prefix, entry.delivered)

    def _say(self, entry: Saying, records: Int64, classes: Int64) -> None:
        said = list(zip(records.tolist(), classes.tolist(), strict=True))
        rows = [self._ground.row(rid, vis, self._marking_of(vis)) for rid, vis in said]
        self._records = {}
        for row, (rid, _) in zip(rows, said, strict=True):
            self._records.setdefault(row.key, rid)
        changes, _ = self._decided(rows, Changes(entry.file, entry.delivered, set()))
        self._apply(changes)

    def _remarked(self, rows: Sequence[Row]) -> Mapping[bytes, Decided]:
        return self._writer._remarked(rows)

    def _found(self, rows: Sequence[Row]) -> Iterator[Found]:
        yield Found([None] * len(rows), self._known(rows))

    def _known(self, rows: Sequence[Row]) -> BySource:
        known = self._ground.by_source
        return {row.source: known[row.source] for row in rows if row.source in known}

    def _apply(self, changes: Changes) -> None:
        ground = self._ground
        ground.change(changes.reopened, lambda each: each._replace(rev_to=LIVE))
        ground.change(changes.said, lambda each: each._replace(said=changes.delivered))
        ground.change(changes.closed, lambda each: each._replace(rev_to=self._rev))
        ground.change(changes.marks, lambda each: _marked(each, changes.marks[each.rid]))
        for rows, marks, rev_to in (
            (changes.late, changes.late_marks, NEVER),
            (changes.fresh, changes.fresh_marks, LIVE),
        ):
            for row, mark in zip(rows, marks, strict=True):
                ground.add(row, mark, Origin(changes.file, changes.delivered, self._records[row.key]), rev_to)

    def _standing_of_part(self, dataset: Dataset, part_prefix: str, delivered: str) -> Collection[tuple[int, int]]:
        did, ground = self._dataset_number(dataset), self._ground
        return [
            (each.rid, each.vis)
            for each in ground.standing()
            if each.said <= delivered and each.part.startswith(part_prefix) and ground.did(each.rid) == did
        ]

    def _withdraw(self, rids: Sequence[int], complete: tuple[int, str, str] | None) -> None:
        self._ground.change(rids, lambda each: each._replace(rev_to=self._rev))

    def _dataset_number(self, dataset: Dataset) -> int:
        return self._writer._dataset_number(dataset)

    def _class_number(self, agency: str, marking: Marking) -> int:
        return self._writer._class_number(agency, marking)

    def _marking_of(self, vis: int) -> Marking:
        return self._writer._marking_of(vis)
