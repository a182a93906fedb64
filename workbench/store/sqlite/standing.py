"""What a store already knows of the records that a batch brings."""

import json
import sqlite3
from collections.abc import Sequence

import orjson

from workbench.store.rows import Row
from workbench.store.standing import LIVE, Alone, BySource, Standing


def known(db: sqlite3.Connection, rows: Sequence[Row]) -> BySource:
    """What the store knows of these rows."""
    by_source: BySource = {}
    sources = sorted({row.source for row in rows})
    for source, *found in db.execute(_KNOWN, (orjson.dumps(sources).decode(),)):
        by_source.setdefault(source, []).append(Standing(*found))
    return by_source


def alone(db: sqlite3.Connection, rows: Sequence[Row]) -> list[Alone | None]:
    """For each row the record with its key, if that stands and no other has the key."""
    sources = sorted({row.source for row in rows})
    found: dict[bytes, Alone | None] = {}
    for key, end, rid, vis, said in db.execute(_ALONE, (orjson.dumps(sources).decode(),)):
        found[key] = (rid, vis, said) if end == LIVE and key not in found else None
    return [found.get(row.key) for row in rows]


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


_ALONE = """
SELECT r.key, r.rev_to, r.rid, coalesce((SELECT vis FROM pending_mark p WHERE p.rid = r.rid), r.vis),
    coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered)
FROM json_each(?) j CROSS JOIN record r ON r.source = j.value
"""


def standing_of_part(db: sqlite3.Connection, did: int, prefix: str, delivered: str) -> list[tuple[int, int]]:
    """(number, class) of the records of such parts that stand and that no newer delivery said."""
    return db.execute(_OF_PART, (did, LIVE, len(prefix), prefix, delivered)).fetchall()


_OF_PART = (
    "SELECT r.rid, r.vis FROM record r WHERE r.did = ? AND r.rev_to = ? AND substr(r.part, 1, ?) = ?"
    " AND coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered) <= ?"
)
