"""The accounts of a store's loads, and the changes to them when a load is withdrawn."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import orjson

from workbench.model.record import Dataset
from workbench.store.accounts import Accounts, Alone, Kept, Logged, OfFile, Waiting
from workbench.store.columns import Int64
from workbench.store.records_known import LIVE
from workbench.store.restating import Restated
from workbench.store.sqlite.revisions import begin_epoch
from workbench.store.types import Withdrawal
from workbench.store.withdrawing import TakenBack


class SqliteAccounts(Accounts):
    """See `Accounts`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def loads(self) -> list[Logged]:
        """All loads of the log; see `Accounts`."""
        return [
            Logged(
                lid, agency, name, adapter, day, bool(ended), tuple(zip(json.loads(of), json.loads(vis), strict=True))
            )
            for lid, agency, name, adapter, day, ended, of, vis in self._db.execute(_LOADS)
        ]

    def of(self, load: str) -> Iterator[bytes]:
        """A load's account; see `Accounts`."""
        for (body,) in self._db.execute("SELECT body FROM account WHERE lid = ? ORDER BY n", (load,)):
            yield body

    def files_of(self, sha256: str) -> list[OfFile]:
        """The files with this hash; see `Accounts`."""
        return [OfFile(*row) for row in self._db.execute(_FILES_OF, (sha256,))]

    def waiting(self, load: str) -> list[Waiting]:
        """Units that others brought too; see `Accounts`."""
        found = self._db.execute(_WAITING, (load,))
        return [Waiting(qid, json.loads(loads), raw, context) for qid, loads, raw, context in found]

    def datasets(self) -> dict[int, Dataset]:
        """Datasets by number; see `Accounts`."""
        found = self._db.execute("SELECT did, agency, name FROM dataset")
        return {did: Dataset(agency, name) for did, agency, name in found}

    def sources_of(self, records: Sequence[int]) -> set[int]:
        """The first halves of the keys of records; see `Accounts`."""
        return {source for (source,) in self._db.execute(_SOURCES, (_json(records),))}

    def sources_under(self, did: int, prefix: str) -> set[int]:
        """The first halves of the keys in parts; see `Accounts`."""
        return {source for (source,) in self._db.execute(_UNDER, (did, len(prefix), prefix))}

    def kept(self, sources: Sequence[int]) -> list[Kept]:
        """Records with these first halves of keys; see `Accounts`."""
        return [Kept(*row) for row in self._db.execute(_KEPT, (_json(sources),))]

    def alone(self, records: Int64, delivered: str) -> Alone:
        """Those of these records that stand alone; see `Accounts`.

        Mostly all of them do and are of one class: whole ranges of numbers are asked about at once.
        """
        ranges = _ranges(records)
        (n, least, most, older) = self._db.execute(_ALIKE, (delivered, ranges, LIVE)).fetchone()
        alike = n == len(records) and least == most
        if not alike or self._db.execute(_ANY_ASKED, (ranges,)).fetchone() or self._any_twins(records):
            return Alone.of(self._db.execute(_ALONE, (delivered, _json(records.tolist()), LIVE)).fetchall())
        before = self._db.execute(_OLDER, (ranges, delivered, delivered)).fetchall() if older else []
        classes = np.full(n, least or 0, dtype=np.int64)
        return Alone(records, classes, classes, np.array([rid for (rid,) in before], dtype=np.int64))

    def _any_twins(self, records: Int64) -> bool:
        """Whether any of these records, which stand, has the key of another: of one that ended, so those are asked."""
        ended = self._db.execute(_MANY_ENDED, (len(records),)).fetchone()
        if ended is not None:
            return self._db.execute(_WITH_TWINS, (_ranges(records),)).fetchone() is not None
        found = [rid for (rid,) in self._db.execute(_TWINS_OF_ENDED, (LIVE,))]
        return bool(np.isin(np.array(found, dtype=np.int64), records).any())

    def contents(self, records: Sequence[int]) -> dict[int, tuple[str, str]]:
        """What records say; see `Accounts`."""
        return {rid: (body, place) for rid, body, place in self._db.execute(_CONTENTS, (_json(records),))}

    def files_without(self, files: Sequence[int]) -> list[int]:
        """Files of older loads; see `Accounts`."""
        return [fid for (fid,) in self._db.execute(_FILES_WITHOUT, (_json(files),))]

    def complete_without(self) -> list[tuple[int, str, str]]:
        """Complete deliveries of older loads; see `Accounts`."""
        return self._db.execute("SELECT did, prefix, delivered FROM complete WHERE lid = ''").fetchall()


def keep_account(db: sqlite3.Connection, load: str, account: Iterable[bytes]) -> None:
    """Keep the account of a load."""
    db.executemany("INSERT INTO account VALUES (?, ?, ?)", [(load, n, body) for n, body in enumerate(account)])


def restate(db: sqlite3.Connection, of: Restated, load: str, rev: int) -> None:
    """Store the dates of records and of complete deliveries that were decided again, for a load."""
    if of.alters_dates:
        begin_epoch(db, ())
    for rid, said in of.gone.items():
        db.execute("DELETE FROM said WHERE rid = ?", (rid,))
        db.execute("UPDATE record SET delivered = ? WHERE rid = ?", (said, rid))
    for rid, said in of.said.items():
        db.execute("DELETE FROM said WHERE rid = ? AND delivered > ?", (rid, said))
        db.execute(_SAY, (rid, said, rev, rid, said))
    db.executemany("DELETE FROM complete WHERE did = ? AND prefix = ? AND lid <> ''", of.parts)
    db.executemany("INSERT INTO complete VALUES (?, ?, ?, ?, ?)", [(*each, rev, load) for each in of.complete])


def take_back(db: sqlite3.Connection, of: TakenBack, withdrawal: Withdrawal) -> None:
    """Mark a load as withdrawn, and delete what only it said."""
    ended = orjson.dumps(withdrawal).decode()
    db.execute("UPDATE load SET withdrawn = ? WHERE lid = ?", (ended, of.load))
    db.executemany("DELETE FROM delivery WHERE did = ? AND delivered = ? AND content = ?", of.deliveries)
    db.execute(_FORGET_UNITS, (of.load, of.load))
    db.execute(_UNITS_OF_OTHERS, (of.load, of.load))
    db.executemany(_UNIT_AGAIN, [(*unit[1:-1], raw, unit.id) for unit, raw in of.units])


def _ranges(numbers: Int64) -> str:
    """The first and last of each range of consecutive numbers, as JSON."""
    if not len(numbers):
        return "[]"
    after = np.flatnonzero(np.diff(numbers) != 1) + 1
    firsts, lasts = numbers[np.append(0, after)], numbers[np.append(after - 1, len(numbers) - 1)]
    return orjson.dumps(np.stack((firsts, lasts), axis=1).tolist()).decode()


def _json(numbers: Sequence[int]) -> str:
    return orjson.dumps(list(numbers)).decode()


_LOADS = "SELECT lid, agency, dataset, adapter, delivered, withdrawn, datasets, classes FROM load ORDER BY seq"
_FILES_OF = "SELECT fid, lid, path FROM file WHERE sha256 = ? AND rev = 0 ORDER BY fid DESC"
_SOURCES = "SELECT DISTINCT r.source FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value"
_UNDER = "SELECT DISTINCT source FROM record WHERE did = ? AND substr(part, 1, ?) = ?"
_KEPT = """
SELECT r.rid, r.source, r.key, r.did, r.source_id, r.part, r.vis, coalesce(a.vis, r.vis), r.rev_to, r.fid, r.delivered,
    coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered)
FROM json_each(?) j CROSS JOIN record r ON r.source = j.value LEFT JOIN asked a ON a.rid = r.rid ORDER BY r.rid
"""
_ALONE = """
SELECT r.rid, r.vis, coalesce(a.vis, r.vis),
    coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered) < ?
FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value LEFT JOIN asked a ON a.rid = r.rid
WHERE r.rev_to = ? AND NOT EXISTS
    (SELECT 1 FROM record o WHERE o.source = r.source AND o.rid <> r.rid AND o.key = r.key)
ORDER BY r.rid
"""
# Of all records in some ranges.
_ALIKE = """
SELECT count(*), min(r.vis), max(r.vis), max(r.delivered < ?) FROM json_each(?) j
CROSS JOIN record r ON r.rid BETWEEN json_extract(j.value, '$[0]') AND json_extract(j.value, '$[1]') WHERE r.rev_to = ?
"""
_ANY_ASKED = """
SELECT 1 FROM json_each(?) j
CROSS JOIN asked a ON a.rid BETWEEN json_extract(j.value, '$[0]') AND json_extract(j.value, '$[1]') LIMIT 1
"""
_OLDER = """
SELECT r.rid FROM json_each(?) j
CROSS JOIN record r ON r.rid BETWEEN json_extract(j.value, '$[0]') AND json_extract(j.value, '$[1]')
WHERE r.delivered < ? AND NOT EXISTS (SELECT 1 FROM said s WHERE s.rid = r.rid AND s.delivered >= ?)
"""
_WITH_TWINS = """
SELECT 1 FROM json_each(?) j
CROSS JOIN record r ON r.rid BETWEEN json_extract(j.value, '$[0]') AND json_extract(j.value, '$[1]')
CROSS JOIN record o ON o.source = r.source WHERE o.rid <> r.rid AND o.key = r.key LIMIT 1
"""
_MANY_ENDED = "SELECT 1 FROM record INDEXED BY record_ended WHERE rev_to < 2147483647 LIMIT 1 OFFSET ?"
_TWINS_OF_ENDED = """
SELECT r.rid FROM record o INDEXED BY record_ended CROSS JOIN record r ON r.source = o.source
WHERE o.rev_to < 2147483647 AND r.key = o.key AND r.rid <> o.rid AND r.rev_to = ?
"""
_CONTENTS = "SELECT r.rid, r.body, r.locator FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value"
_FILES_WITHOUT = "SELECT fid FROM file WHERE lid = '' AND fid IN (SELECT value FROM json_each(?))"
_SAY = """
INSERT OR IGNORE INTO said SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM record WHERE rid = ? AND delivered >= ?)
"""
_FORGET_UNITS = """
DELETE FROM quarantine WHERE rev = 0 AND EXISTS (SELECT 1 FROM json_each(loads) WHERE value = ?)
    AND NOT EXISTS (SELECT 1 FROM json_each(loads) WHERE value <> ?)
"""
_WAITING = """
SELECT qid, loads, raw, context FROM quarantine WHERE rev = 0 AND json_array_length(loads) > 1
    AND EXISTS (SELECT 1 FROM json_each(loads) WHERE value = ?) ORDER BY qid
"""
_UNIT_AGAIN = """
UPDATE quarantine SET adapter = ?, path = ?, locator = ?, reason = ?, message = ?, context = ?, raw = ?
WHERE qid = ? AND rev = 0
"""
_UNITS_OF_OTHERS = """
UPDATE quarantine SET loads = (SELECT json_group_array(value) FROM json_each(loads) WHERE value <> ?)
WHERE EXISTS (SELECT 1 FROM json_each(loads) WHERE value = ?)
"""
