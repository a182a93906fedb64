"""Let a new reading of a file take the place of what earlier loads read of it in another manner.

What it says again at no earlier date goes on counting since it was first said. Only the rest is decided again, without
the earlier readings.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import orjson

from workbench.store.accounts import Accounts, Brought, Entry, Logged, OfFile, Reading, Saying, Unit, Whole, unpacked
from workbench.store.carrying import CarryingWriter
from workbench.store.columns import Int64
from workbench.store.readings import OfLoad, Runs, all_readings, readings_of, wholes_of
from workbench.store.records_known import LIVE, Complete
from workbench.store.restating import Counted, Difference, difference_of, ground_of, restated
from workbench.store.shadow import Ground
from workbench.store.writing import Replaced, Twin, Whose

_NO_RECORDS: Int64 = np.array([], dtype=np.int64)


class _Before(NamedTuple):
    """What the last reading of a file in another manner said: its files, its records, and its units in quarantine.

    `later`: whether it may have been delivered later than the new one. Then all earlier readings are in it.
    """

    files: frozenset[int]
    records: Int64
    units: frozenset[str]
    later: bool


class ReplacingWriter(CarryingWriter):
    """A writer that replaces earlier readings of the files that it reads."""

    def __init__(self, rev: int, first: int, complete: Complete, secret: str) -> None:
        super().__init__(rev, first, complete, secret)
        self._whose: dict[int, Whose] = {}
        self._before: dict[int, _Before] = {}
        self._read: list[Reading] = []  # the readings that this load noted
        self._readings: dict[str, dict[int, Reading]] = {}  # by load and file
        self._known_loads: dict[str, Logged] | None = None

    def begin_reading(self, file: int, sha256: str, name: str, how: Whose, delivered: str) -> Twin | None:
        """Tell how a file will be read; see `Writer`."""
        self._whose[file] = how
        if not how.whole:
            return None
        accounts = self._accounts()
        files = self._counted(accounts, accounts.files_of(sha256))
        same = [each for each in files if each.path.lower().endswith(name)]
        newest = next((each for each in same if self._is_of(accounts, each, how)), None)
        if newest is None:
            return self._twin(accounts, files, how)
        reading = self._reading(accounts, newest)
        if reading is not None and reading.manner != how.manner:
            self._before[file] = before = self._read_before(accounts, same, newest, how, delivered)
            if before.later:
                self._replaces[file] = frozenset(before.records.tolist())
        return None

    def note_reading(self, file: int) -> None:
        """Note that a file was read; see `Writer`."""
        self._read.append(Reading(file, *self._whose[file]))
        self._account.note(self._read[-1])

    def replace_earlier(self) -> Mapping[int, Replaced]:
        """End what earlier readings said and nothing else says; see `Writer`."""
        read = {each.file for each in self._read}
        before = {file: each for file, each in self._before.items() if file in read}
        if not before:
            return {}
        accounts, own = self._accounts(), [*map(unpacked, self._account.kept)]
        left = frozenset[str]().union(*(each.units for each in before.values())) - _units(own)
        self.release(sorted(left & self.waiting()) if left else ())
        lost = {file: np.setdiff1d(each.records, _records(own, {file})) for file, each in before.items()}
        declared = [each for each in own if isinstance(each, Whole)]
        known = all_readings(accounts, accounts.loads())
        runs = Runs([*known.values(), OfLoad(self.load, self._read)])
        news = runs.replaced_loads() - Runs(known.values()).replaced_loads()
        days = [each.delivered for each in own if isinstance(each, Saying)]
        parts = {(each.did, each.prefix) for each in wholes_of(accounts, news) if not _covered(each, declared, days)}
        wanted = [each.records if each.later else lost[file] for file, each in before.items()]
        if not parts and not any(map(len, wanted)):
            return dict.fromkeys(before, Replaced(0))
        ground = ground_of(accounts, [_saying(each) for each in wanted], parts)
        if accounts.files_without(sorted({each.file for each in ground.kept.values()})):
            return dict.fromkeys(before, Replaced(0, kept=True))
        counted = Counted(accounts, runs, own=own)
        self._decide_again(ground, counted)
        difference = difference_of(ground, self._rev, every_mark=self._has_marked)
        self._write_all(accounts, ground, difference)
        self._restated = restated(parts, [*counted.beside(), *declared])
        self._restated.said, self._restated.gone = difference.said, difference.gone
        self._noted = True
        return self._told_of(accounts, own, lost, ground, difference)

    def _told_of(
        self,
        accounts: Accounts,
        own: Sequence[Entry],
        lost: Mapping[int, Int64],
        ground: Ground,
        difference: Difference,
    ) -> dict[int, Replaced]:
        """How many records that stood before end, by the file that said them; the first has those that stand again."""
        kept, rev = ground.kept.values(), self._rev
        before = [each for each in kept if each.rid < self._first and each.rev_to in (LIVE, rev)]
        stays = {each.key for each in difference.reopened} | {each.key for each, _ in difference.begun}
        ended = {each.key for each in difference.ended} | {each.key for each in before if each.rev_to == rev}
        absent = {each.key for each in before if each.rid in self._absent}
        new = {each.key for each in kept if each.rid >= self._first}
        again = len(stays - new - {each.key for each in before})
        found: dict[int, Replaced] = {}
        for file, records in lost.items():
            gone = {ground.kept[rid].key for rid in records.tolist()} & (ended - stays)
            of_file = [each for each in before if each.key in gone and each.file in self._before[file].files]
            fresh = [rid for rid in _records(own, {file}).tolist() if rid >= self._first]
            marked = self._carry(accounts, of_file, fresh)
            found[file] = Replaced(len(gone), len(gone & absent), 0 if found else again, marked)
        return found

    def _same_file(self, one: int, other: int) -> bool:
        return one == other or any({one, other} <= {file, *of.files} for file, of in self._before.items())

    # -- what was read before ---------------------------------------------------------------

    def _counted(self, accounts: Accounts, files: Sequence[OfFile]) -> list[OfFile]:
        """Those of these files that loads read which are not withdrawn."""
        if files and self._known_loads is None:
            self._known_loads = {each.id: each for each in accounts.loads()}
        log = self._known_loads or {}
        return [each for each in files if each.load in log and not log[each.load].withdrawn]

    def _reading(self, accounts: Accounts, of: OfFile) -> Reading | None:
        """The reading of a file that its load noted; None from a load that noted none."""
        if of.load not in self._readings:
            self._readings[of.load] = {each.file: each for each in readings_of(accounts, of.load)}
        return self._readings[of.load].get(of.file)

    def _is_of(self, accounts: Accounts, file: OfFile, how: Whose) -> bool:
        reading = self._reading(accounts, file)
        return reading is not None and reading.of == how.of

    def _twin(self, accounts: Accounts, files: Sequence[OfFile], how: Whose) -> Twin | None:
        """The newest file with the same content in the dataset, if it was read in another manner."""
        for each in files:
            reading = self._reading(accounts, each)
            if reading is not None and reading.content == how.content:
                return Twin(each.path) if reading.manner != how.manner else None
        return None

    def _read_before(
        self, accounts: Accounts, same: Sequence[OfFile], newest: OfFile, how: Whose, delivered: str
    ) -> _Before:
        """What the last reading said of a file, with all that was read of its units in quarantine."""
        units, log = self._counted(accounts, accounts.files_of(how.of)), self._known_loads or {}
        later = any(log[each.load].delivered > delivered for each in (*same, *units))
        last = [each for each in same if later or each.load == newest.load]
        files = [each for each in (*last, *units) if self._is_of(accounts, each, how)]
        numbers = frozenset(each.file for each in files)
        entries = [unpacked(each) for load in sorted({each.load for each in files}) for each in accounts.of(load)]
        return _Before(numbers, _records(entries, numbers), _units(entries, how.of), later)


def _records(entries: Iterable[Entry], files: Collection[int] | None = None) -> Int64:
    """The numbers of the records that entries say, of some files or of all; each once, in order."""
    said = [each.records for each in entries if isinstance(each, Saying) and (files is None or each.file in files)]
    return np.unique(np.concatenate([_NO_RECORDS, *said]))


def _units(entries: Iterable[Entry], of: str | None = None) -> frozenset[str]:
    """The ids of the units in quarantine that entries brought, of one file or of all."""
    units = (Unit(*unit) for each in entries if isinstance(each, Brought) for unit in each.units)
    return frozenset(each.id for each in units if of is None or orjson.loads(each.context).get("of") == of)


def _saying(records: Int64) -> Saying:
    return Saying(0, "", records, _NO_RECORDS)


def _covered(whole: Whole, declared: Iterable[Whole], days: Iterable[str]) -> bool:
    """Whether a complete delivery is declared again, at no earlier date, by a load that delivers nothing older."""
    same = (each for each in declared if (each.did, each.prefix) == (whole.did, whole.prefix))
    return any(each.delivered >= whole.delivered for each in same) and min(days, default="") >= whole.delivered
