"""Which readings of files count, of all that loads noted in their accounts.

A file that was read in one manner and later in another, as after a correction of its manifest, counts as it was read
last. The readings of one file, in the order of loads, are runs of one manner each; all but the last run are replaced. A
reading of some units, from quarantine, belongs to the run before it.

Of a replaced reading counts only what every later run says again when it begins, at no earlier date.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from workbench.store.accounts import Accounts, Entry, Logged, Reading, Saying, Whole, is_a, unpacked
from workbench.store.shadow import Ground


class OfLoad(NamedTuple):
    """The readings that a load noted."""

    load: str
    readings: Sequence[Reading]


class _Run(NamedTuple):
    """The files of a run, and those that the load read which began it."""

    files: list[int]
    first: list[int]


class Runs:
    """The runs of all files that some loads read, in the order of these loads."""

    def __init__(self, loads: Iterable[OfLoad]) -> None:
        self._loads = [each for each in loads if each.readings]
        self._by_file = dict[str, list[_Run]]()
        manners: dict[str, tuple[str, str]] = {}  # by file: the manner of the last run, and the load that began it
        for load, readings in self._loads:
            for each in readings:
                runs = self._by_file.setdefault(each.of, [])
                if not runs or (each.whole and each.manner != manners[each.of][0]):
                    runs.append(_Run([], []))
                    manners[each.of] = each.manner, load
                runs[-1].files.append(each.file)
                if manners[each.of][1] == load:
                    runs[-1].first.append(each.file)
        self.replaced = {file for runs in self._by_file.values() for run in runs[:-1] for file in run.files}

    def replaced_loads(self) -> set[str]:
        """The loads all of whose files were read again otherwise: what they declared complete does not count."""
        return {load for load, read in self._loads if self.replaced.issuperset(each.file for each in read)}

    def numbers(self, of: Iterable[str]) -> set[int]:
        """The numbers of all readings of these files, as far as they have more than one run."""
        known = (self._by_file.get(each, ()) for each in of)
        return {file for runs in known if len(runs) > 1 for run in runs for file in run.files}

    def later(self) -> Iterator[tuple[Sequence[int], Sequence[Sequence[int]]]]:
        """The files of each replaced run, and those that begin each later run of the same file."""
        for runs in self._by_file.values():
            for n, run in enumerate(runs[:-1], 1):
                yield run.files, [each.first for each in runs[n:]]


class SaidAgain:
    """What later runs say again, of the records on a ground: for each, its newest date."""

    def __init__(self, runs: Runs, entries: Iterable[Entry], ground: Ground) -> None:
        self._ground = ground
        self._later: dict[int, list[dict[bytes, str]]] = {}
        by_run = defaultdict[int, dict[bytes, str]](dict)
        of: dict[int, dict[bytes, str]] = {}
        for files, later in runs.later():
            said_later = [by_run[first[0]] for first in later]
            self._later |= dict.fromkeys(files, said_later)
            of |= {file: by_run[first[0]] for first in later for file in first}
        for entry in entries if of else ():
            if isinstance(entry, Saying) and entry.file in of:
                said = of[entry.file]
                for rid in entry.records[ground.has(entry.records)].tolist():
                    key = ground.kept[rid].key
                    said[key] = max(said.get(key, ""), entry.delivered)

    def counting(self, entry: Saying) -> Saying:
        """What counts of an entry: all, unless its reading was replaced."""
        later = self._later.get(entry.file)
        if later is None:
            return entry
        here = self._ground.has(entry.records)
        counts = here.copy()
        counts[here] = [
            all(run.get(self._ground.kept[rid].key, "") >= entry.delivered for run in later)
            for rid in entry.records[here].tolist()
        ]
        return entry._replace(records=entry.records[counts], classes=entry.classes[counts])


def readings_of(accounts: Accounts, load: str) -> list[Reading]:
    """The readings that a load noted."""
    found = map(unpacked, filter(partial(is_a, Reading), accounts.of(load)))
    return [each for each in found if isinstance(each, Reading)]


def all_readings(accounts: Accounts, loads: Iterable[Logged]) -> dict[str, OfLoad]:
    """The readings of all loads that are not withdrawn, by load, in their order."""
    return {each.id: OfLoad(each.id, readings_of(accounts, each.id)) for each in loads if not each.withdrawn}


def wholes_of(accounts: Accounts, loads: Collection[str]) -> Iterator[Whole]:
    """The deliveries that these loads declared complete."""
    for load in sorted(loads):
        found = map(unpacked, filter(partial(is_a, Whole), accounts.of(load)))
        yield from (each for each in found if isinstance(each, Whole))


def sayings_of(accounts: Accounts, files: Collection[int], readings: Mapping[str, OfLoad]) -> Iterator[Saying]:
    """What loads said of these files."""
    for load, of in readings.items():
        if any(each.file in files for each in of.readings):
            found = map(unpacked, accounts.of(load))
            yield from (each for each in found if isinstance(each, Saying) and each.file in files)
