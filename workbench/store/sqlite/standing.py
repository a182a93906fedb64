"""Look up what the store already knows about the records of a batch."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

import orjson

from workbench.store.decided import Decided
from workbench.store.records_known import LIVE, Alone, BySource, Found, Standing
from workbench.store.rows import Row

# The fields of a `Standing` as a plain tuple, since most are only compared.
_Record = list[Any]


def found(db: sqlite3.Connection, rows: Sequence[Row]) -> Found:
    """What the store knows about these rows, in the short form."""
    read = _read(db, rows)
    if not read:  # all of them are new
        return Found([None] * len(rows), {})
    keyed = defaultdict[bytes, list[_Record]](list)
    for record in chain.from_iterable(read.values()):
        keyed[record[1]].append(record)
    alone = [_alone(keyed.get(row.key, ())) for row in rows]
    others = {row.source for row, each in zip(rows, alone, strict=True) if each is None}
    return Found(alone, _named(read, others.intersection(read)))


def _alone(same: Sequence[_Record]) -> Alone | None:
    """The only one of the records with a key, if it stands."""
    if len(same) != 1 or same[0][-1] != LIVE:
        return None
    rid, _, _, _, vis, asked, said, _ = same[0]
    return rid, vis, asked, said


def known(db: sqlite3.Connection, rows: Sequence[Row]) -> BySource:
    """All that the store knows about these rows."""
    read = _read(db, rows)
    return _named(read, read)


def _read(db: sqlite3.Connection, rows: Sequence[Row]) -> dict[int, list[_Record]]:
    """All records for these rows, by the first half of the key."""
    read: dict[int, list[_Record]] = {}
    sources = sorted({row.source for row in rows})
    for source, *record in db.execute(_KNOWN, (orjson.dumps(sources).decode(),)):
        read.setdefault(source, []).append(record)
    return read


def _named(read: dict[int, list[_Record]], sources: Iterable[int]) -> BySource:
    return {source: [Standing(*record) for record in read[source]] for source in sources}


def remarked(db: sqlite3.Connection, rows: Sequence[Row]) -> dict[bytes, Decided]:
    """People's decisions on the subjects of these rows."""
    if db.execute("SELECT 1 FROM remarked LIMIT 1").fetchone() is None:
        return {}
    return decisions(db, {row.subject for row in rows})


def decisions(db: sqlite3.Connection, subjects: Collection[bytes]) -> dict[bytes, Decided]:
    """People's decisions on these subjects."""
    found = db.execute(_REMARKED, (json.dumps(sorted(each.hex() for each in subjects)),))
    return {subject: Decided(tuple(json.loads(given)), tuple(json.loads(known))) for subject, given, known in found}


_REMARKED = """
SELECT r.subject, r.given, r.known FROM json_each(?) j CROSS JOIN remarked r ON r.subject = unhex_text(j.value)
"""


# Keys of records without a source id have equal first halves only by chance.
_KNOWN = """
SELECT r.source, r.rid, r.key, r.source_id, r.part, coalesce(p.vis, r.vis), coalesce(p.asked, a.vis, r.vis),
    coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered), r.rev_to
FROM json_each(?) j CROSS JOIN record r ON r.source = j.value
LEFT JOIN pending_mark p ON p.rid = r.rid LEFT JOIN asked a ON a.rid = r.rid
"""


def standing_of_part(db: sqlite3.Connection, did: int, prefix: str, delivered: str) -> list[tuple[int, int]]:
    """The (number, class) of standing records in parts with this prefix that no newer delivery said."""
    return db.execute(_OF_PART, (did, LIVE, len(prefix), prefix, delivered)).fetchall()


_OF_PART = (
    "SELECT r.rid, r.vis FROM record r WHERE r.did = ? AND r.rev_to = ? AND substr(r.part, 1, ?) = ?"
    " AND coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered) <= ?"
)
