"""What is decided on a batch of a load, and what of it a store writes."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from workbench.model.marking import Marking, both_markings
from workbench.store.decided import Mark
from workbench.store.records_known import Known
from workbench.store.rows import Row


@contextmanager
def without_collecting() -> Iterator[None]:
    """Pause the cyclic garbage collector: a batch makes many small objects and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(slots=True)
class Changes:
    """What a batch changes in the store; records are given by number.

    `marks` has, for each record, the class it gets when the load is published, and the class its deliveries ask for.
    `late` rows were overtaken by a newer delivery: they are stored as history that never stood.
    """

    file: int
    delivered: str
    sources: set[int]  # the `source_number`s of the batch's rows
    reopened: list[int] = field(default_factory=list)
    said: list[int] = field(default_factory=list)  # said again, by a newer delivery
    closed: list[int] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)
    fresh: list[Row] = field(default_factory=list)
    fresh_marks: Sequence[Mark] = ()
    late: list[Row] = field(default_factory=list)
    late_marks: Sequence[Mark] = ()
    numbers: list[int] = field(default_factory=list)  # for each row the record that had its key; 0 if it is new

    @property
    def alters(self) -> bool:
        """Whether it does more than add new records."""
        return bool(self.reopened or self.said or self.closed or self.marks or self.late)


@dataclass(slots=True)
class Batch:
    """The rows of a batch, what the store knows about them, and the indices of new, late and repeated ones."""

    rows: list[Row]
    found: Known
    changes: Changes
    fresh: dict[bytes, int] = field(default_factory=dict)
    late: dict[bytes, int] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)  # the indices of rows that say that something is gone
    ended: dict[int, int] = field(default_factory=dict)  # the records that they end, with their classes


def under_both(row: Row, other: Marking) -> Row:
    """The row with a marking that demands what its own and another one demand."""
    record = row.record
    if record.marking == other:
        return row
    marking = both_markings(record.marking, other, record.dataset.agency)
    return row._replace(record=replace(record, marking=marking))
