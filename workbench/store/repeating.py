"""Repeat what an earlier load said of a file, without reading the file again, if all of it still stands.

A load notes in its account what it read of a file, under a mark of everything that decides what is read. A later
load of the same mark says the same records. If each of them stands alone under its key and is marked as its delivery
asks, the records are unchanged, whatever else the store has: then only their numbers are needed.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from workbench.model.record import Dataset
from workbench.store.accounts import Accounts, Alone, Read, Saying, is_read, unpacked
from workbench.store.load_writer import LoadWriter
from workbench.store.loading import Changes

# Only so many earlier loads of the dataset are asked: reading a file costs less than a long log.
_LOADS_ASKED = 20


class RepeatingWriter(LoadWriter):
    """A writer that can repeat what an earlier load said of a file."""

    @abstractmethod
    def _accounts(self) -> Accounts:
        """The store's accounts; what this load wrote so far has arrived there."""

    @abstractmethod
    def _write(self, changes: Changes) -> None:
        """Write decisions in one transaction."""

    def note_read(self, file: int, mark: str, told: Mapping[str, Any]) -> None:
        """Note what was read of a file; see `Writer`."""
        self._account.note(Read(mark, file, told))

    def say_again(self, file: int, mark: str, dataset: Dataset, delivered: str) -> Mapping[str, Any] | None:
        """Repeat what an earlier load said of a file, if nothing of it changed; see `Writer`."""
        if self._has_marked:  # the store knows the new classes only when this load is published
            return None
        accounts = self._accounts()
        read, said = _said(accounts, mark, dataset)
        if read is None:
            return None
        found = [_unchanged(accounts, entry) for entry in said]
        known = [each for each in found if each is not None]
        if len(known) < len(said):
            return None
        self._delivered, self.overtaken_by = max(self._delivered, delivered), ""
        for entry, alone in zip(said, known, strict=True):
            self._repeat(entry._replace(file=file, delivered=delivered), dataset, alone)
        return read.told

    def _repeat(self, entry: Saying, dataset: Dataset, alone: Sequence[Alone]) -> None:
        """Note, as `put` does, that standing records are said again."""
        for each in alone:
            self._mark_seen(each.rid)
        self._about.update((dataset, vis) for vis in {each.vis for each in alone})
        older = [each.rid for each in alone if each.said < entry.delivered]
        if older:
            self._noted = True
            self._write(Changes(entry.file, entry.delivered, set(), said=older))
        self._account.repeat(entry)


def _said(accounts: Accounts, mark: str, dataset: Dataset) -> tuple[Read | None, list[Saying]]:
    """What the newest load that read a file of this mark noted of it, and said of it; None if no such load counts."""
    about = (each for each in reversed(accounts.loads()) if each.agency == dataset.agency and not each.withdrawn)
    loads = (each for each in about if dataset.name in each.dataset)
    for load in islice(loads, _LOADS_ASKED):
        noted = (unpacked(each) for each in accounts.of(load.id) if is_read(each))
        read = next((each for each in noted if isinstance(each, Read) and each.mark == mark), None)
        if read is not None:
            entries = map(unpacked, accounts.of(load.id))
            return read, [each for each in entries if isinstance(each, Saying) and each.file == read.file]
    return None, []


def _unchanged(accounts: Accounts, entry: Saying) -> list[Alone] | None:
    """The records that a batch said, if each stands alone under its key, marked as its rows ask; else None."""
    asked = dict(zip(entry.records.tolist(), entry.classes.tolist(), strict=True))
    pairs = set(zip(entry.records.tolist(), entry.classes.tolist(), strict=True))
    alone = accounts.alone(sorted(asked))
    as_asked = all(each.vis == each.asked == asked[each.rid] for each in alone)
    return alone if as_asked and len(alone) == len(asked) == len(pairs) else None
