"""Repeat what an earlier load said of a file, without reading the file again, if all of it still stands.

A load notes in its account what it read of a file, under a mark of everything that decides what is read. A later
load of the same mark says the same records. If each of them stands alone under its key and is marked as its delivery
asks, the records are unchanged, whatever else the store has: then only their numbers are needed. A record that a newer
delivery overtook is late, as if it had been read.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from workbench.model.record import Dataset
from workbench.store.accounts import Accounts, Alone, Kept, Read, Saying, is_a, unpacked
from workbench.store.columns import Int64
from workbench.store.load_writer import LoadWriter
from workbench.store.loading import Changes
from workbench.store.records_known import LIVE, Complete
from workbench.store.writing import Again

# Only so many earlier loads of the dataset are asked: reading a file costs less than a long log.
_LOADS_ASKED = 20


class _Found(NamedTuple):
    """What the store has of a batch: records that stand, the numbers of late ones, and their classes.

    `overtaken_by`: the newest delivery for which they are late, "" if none is.
    """

    alone: Alone
    late: Int64 = np.array([], dtype=np.int64)
    about: Collection[int] = ()
    overtaken_by: str = ""


class RepeatingWriter(LoadWriter):
    """A writer that can repeat what an earlier load said of a file."""

    def __init__(self, rev: int, first: int, complete: Complete, secret: str) -> None:
        super().__init__(rev, first, complete, secret)
        self._noted_of: dict[Dataset, dict[str, tuple[str, Read]]] = {}

    @abstractmethod
    def _accounts(self) -> Accounts:
        """The store's accounts; what this load wrote so far has arrived there."""

    @abstractmethod
    def _write(self, changes: Changes) -> None:
        """Write decisions in one transaction."""

    def note_read(self, file: int, mark: str, told: Mapping[str, Any], sizes: Sequence[tuple[int, int]] = ()) -> None:
        """Note what was read of a file; see `Writer`."""
        self._account.note(Read(mark, file, told, sizes))

    def knows(self, mark: str, dataset: Dataset) -> bool:
        """Whether an earlier load noted a file of this mark; see `Writer`."""
        if dataset not in self._noted_of:  # nobody else writes into the log meanwhile
            self._noted_of[dataset] = _noted(self._accounts(), dataset)
        return mark in self._noted_of[dataset]

    def say_again(self, file: int, mark: str, dataset: Dataset, delivered: str) -> Again | None:
        """Repeat what an earlier load said of a file, if that changes nothing; see `Writer`."""
        if self._has_marked:  # the store knows the new classes only when this load is published
            return None
        accounts = self._accounts()
        if not self.knows(mark, dataset):
            return None
        load, read = self._noted_of[dataset][mark]
        said = [
            each for each in map(unpacked, accounts.of(load)) if isinstance(each, Saying) and each.file == read.file
        ]
        found = list[_Found]()
        for entry in said:
            of_entry = self._unchanged(accounts, entry, delivered)
            if of_entry is None or (len(of_entry.late) and not read.sizes):
                return None
            found.append(of_entry)
        self._delivered, self.overtaken_by = max(self._delivered, delivered), ""
        for entry, each in zip(said, found, strict=True):
            self._repeat(entry._replace(file=file, delivered=delivered), dataset, each)
        return Again(read.told, _units_with(said, [each.late for each in found], read.sizes), read.sizes)

    def _repeat(self, entry: Saying, dataset: Dataset, found: _Found) -> None:
        """Note, as `put` does, that standing records are said again, and others too late."""
        alone = found.alone
        self._mark_all_seen(alone.records)
        self._about.update((dataset, vis) for vis in {*alone.classes.tolist(), *found.about})
        self.overtaken_by = max(self.overtaken_by, found.overtaken_by)
        if len(alone.older):
            self._noted = True
            self._write(Changes(entry.file, entry.delivered, set(), said=alone.older.tolist()))
        self._account.repeat(entry)

    def _unchanged(self, accounts: Accounts, entry: Saying, delivered: str) -> _Found | None:
        """What the store has of a batch, if saying it again changes nothing; else None.

        Each record stands alone under its key, marked as its rows ask, or is late.
        """
        records, first = np.unique(entry.records, return_index=True)
        classes = entry.classes[first]
        if not np.array_equal(classes[np.searchsorted(records, entry.records)], entry.classes):  # both markings bind
            return None
        alone = accounts.alone(records, delivered)
        stands = np.isin(records, alone.records, assume_unique=True)
        asked = classes[stands]
        if not (np.array_equal(alone.classes, asked) and np.array_equal(alone.asked, asked)):
            return None
        if stands.all():
            return _Found(alone)
        late = dict(zip(records[~stands].tolist(), classes[~stands].tolist(), strict=True))
        overtaken_by = self._overtaken_by(accounts, late, delivered)
        return _Found(alone, records[~stands], {*late.values()}, overtaken_by) if overtaken_by else None

    def _overtaken_by(self, accounts: Accounts, asked: Mapping[int, int], delivered: str) -> str:
        """The newest delivery for which records are late, marked as asked; "" if not all of them are.

        A late record does not stand, is the only one with its key, and a newer delivery spoke of its subject.
        """
        newest, met = "", 0
        by_source = defaultdict[int, list[Kept]](list)
        for each in accounts.kept(sorted(accounts.sources_of([*asked]))):
            by_source[each.source].append(each)
        for kept in by_source.values():
            for each in kept:
                if each.rid in asked:
                    newer = self._later(each, kept, delivered)
                    of_key = [other for other in kept if other.key == each.key]
                    ended = len(of_key) == 1 and each.rev_to not in (LIVE, self._rev)
                    if not (newer and ended and each.vis == each.asked == asked[each.rid]):
                        return ""
                    newest, met = max(newest, newer), met + 1
        return newest if met == len(asked) else ""  # else some were erased

    def _later(self, kept: Kept, others: Sequence[Kept], delivered: str) -> str:
        """The newest later delivery that speaks of a record's subject; "" if there is none."""
        named = (kept.source_id, kept.part)
        rivals = (each for each in others if each.rev_to == LIVE and (each.source_id, each.part) == named)
        said = [each.said for each in rivals if kept.source_id and each.said > delivered]
        return max([self._complete.newer(kept.did, kept.part, delivered), *said])


def _units_with(said: Sequence[Saying], late: Sequence[Int64], sizes: Sequence[tuple[int, int]]) -> int:
    """How many units gave any late record."""
    if not any(map(len, late)):
        return 0
    rows = np.concatenate([np.isin(entry.records, each) for entry, each in zip(said, late, strict=True)])
    size, units = np.array(sizes, dtype=np.int64).T
    ends = np.cumsum(np.repeat(size, units))
    return int(np.count_nonzero(np.add.reduceat(rows.astype(np.int64), ends - np.repeat(size, units))))


def _noted(accounts: Accounts, dataset: Dataset) -> dict[str, tuple[str, Read]]:
    """By mark: the newest load of a dataset that read a file of it, and what that noted of it."""
    about = (each for each in reversed(accounts.loads()) if each.agency == dataset.agency and not each.withdrawn)
    loads = (each for each in about if dataset.name in each.dataset)
    found: dict[str, tuple[str, Read]] = {}
    for load in islice(loads, _LOADS_ASKED):
        for read in map(unpacked, filter(partial(is_a, Read), accounts.of(load.id))):
            if isinstance(read, Read):
                found.setdefault(read.mark, (load.id, read))
    return found
