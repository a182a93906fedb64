"""What a store already knows of the records that a batch brings."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from workbench.store.rows import Row
from workbench.store.standing import LIVE, Alone, BySource, Found, Standing

# The fields of a `Standing`, not named yet: most are only compared.
_Record = list[Any]


def found(db: sqlite3.Connection, rows: Sequence[Row]) -> Found:
    """What the store holds of these rows."""
    read = _read(db, rows)
    alone = [_alone(read.get(row.source, ()), row.key) for row in rows]
    others = {row.source for row, each in zip(rows, alone, strict=True) if each is None}
    return Found(alone, _named(read, others.intersection(read)))


def _alone(records: Sequence[_Record], key: bytes) -> Alone | None:
    same = [record for record in records if record[1] == key]
    if len(same) != 1 or same[0][-1] != LIVE:
        return None
    rid, _, _, _, vis, said, _ = same[0]
    return rid, vis, said


def known(db: sqlite3.Connection, rows: Sequence[Row]) -> BySource:
    """All that the store knows of these rows."""
    read = _read(db, rows)
    return _named(read, read)


def _read(db: sqlite3.Connection, rows: Sequence[Row]) -> dict[int, list[_Record]]:
    """What stands or stood, by the first half of a key."""
    read: dict[int, list[_Record]] = {}
    sources = sorted({row.source for row in rows})
    for source, *record in db.execute(_KNOWN, (orjson.dumps(sources).decode(),)):
        read.setdefault(source, []).append(record)
    return read


def _named(read: dict[int, list[_Record]], sources: Iterable[int]) -> BySource:
    return {source: [Standing(*record) for record in read[source]] for source in sources}


def remarked(db: sqlite3.Connection, rows: Sequence[Row]) -> dict[bytes, int]:
    """The classes that a person gave to records with the keys of these rows."""
    if db.execute("SELECT 1 FROM remarked LIMIT 1").fetchone() is None:
        return {}
    keys = json.dumps(sorted({row.key.hex() for row in rows}))
    return dict(db.execute(_REMARKED, (keys,)))


_REMARKED = "SELECT r.key, r.vis FROM json_each(?) j CROSS JOIN remarked r ON r.key = unhex_text(j.value)"


# A key without a source id shares its first half with no other, but by chance.
_KNOWN = """
SELECT r.source, r.rid, r.key, r.source_id, r.part,
    coalesce((SELECT vis FROM pending_mark p WHERE p.rid = r.rid), r.vis),
    coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered), r.rev_to
FROM json_each(?) j CROSS JOIN record r ON r.source = j.value
"""


def standing_of_part(db: sqlite3.Connection, did: int, prefix: str, delivered: str) -> list[tuple[int, int]]:
    """(number, class) of the records of such parts that stand and that no newer delivery said."""
    return db.execute(_OF_PART, (did, LIVE, len(prefix), prefix, delivered)).fetchall()


_OF_PART = (
    "SELECT r.rid, r.vis FROM record r WHERE r.did = ? AND r.rev_to = ? AND substr(r.part, 1, ?) = ?"
    " AND coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered) <= ?"
)
