"""What a store already knows of the records that a batch brings."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import orjson

from workbench.store.rows import Row
from workbench.store.sqlite.schema import LIVE


class Standing(NamedTuple):
    """A record in the store: its class as this load leaves it, and the newest delivery that said it."""

    rid: int
    key: bytes
    source_id: str
    part: str
    vis: int
    said: str
    rev_to: int


class Known(NamedTuple):
    """What stands or stood under the source ids of a batch, or says what a record without one says."""

    by_source: dict[int, list[Standing]]  # by the first half of the key
    remarked: dict[bytes, int]  # classes that a person gave, by key: no load changes them

    def meets(self, row: Row) -> bool:
        """Whether anything is known under the source id and part of a row, or with its key."""
        return row.source in self.by_source

    def of_key(self, row: Row) -> list[Standing]:
        """The records of a row's key; at most one of them stands."""
        return [each for each in self.by_source.get(row.source, ()) if each.key == row.key]

    def standing(self, row: Row, rev: int) -> Standing | None:
        """The record of a row's key that stands, or that the load of this revision ended."""
        found = [each for each in self.of_key(row) if each.rev_to in (LIVE, rev)]
        return max(found, key=lambda each: each.rev_to, default=None)

    def rivals(self, row: Row) -> list[Standing]:
        """What stands under the same source id and part, whatever it says."""
        named = (row.record.source_id, row.record.part)
        found = self.by_source.get(row.source, ()) if row.record.source_id else ()
        return [each for each in found if each.rev_to == LIVE and (each.source_id, each.part) == named]

    def remark(self, row: Row, vis: int) -> list[int]:
        """The records of a row's key that are of another class; from now on they are known to be of this one."""
        wrong = [each.rid for each in self.of_key(row) if each.vis != vis]
        if wrong:
            self._note(row, lambda each: each._replace(vis=vis))
        return wrong

    def reopen(self, row: Row, rid: int) -> None:
        """Know from now on that a record of a row's key stands again."""
        self._note(row, lambda each: each._replace(rev_to=LIVE) if each.rid == rid else each)

    def _note(self, row: Row, change: Callable[[Standing], Standing]) -> None:
        found = self.by_source[row.source]
        self.by_source[row.source] = [change(each) if each.key == row.key else each for each in found]


def known(db: sqlite3.Connection, rows: Sequence[Row]) -> Known:
    """What the store knows of these rows."""
    by_source: dict[int, list[Standing]] = {}
    sources = sorted({row.source for row in rows})
    for source, *found in db.execute(_KNOWN, (orjson.dumps(sources).decode(),)):
        by_source.setdefault(source, []).append(Standing(*found))
    return Known(by_source, _remarked(db, rows))


def _remarked(db: sqlite3.Connection, rows: Sequence[Row]) -> dict[bytes, int]:
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


class Complete:
    """Complete deliveries: what an older one says that is new, the newer one has taken back."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for did, prefix, delivered in db.execute(
            "SELECT did, prefix, max(delivered) FROM complete GROUP BY did, prefix"
        ):
            self._known[did].append((prefix, delivered))

    def note(self, did: int, prefix: str, delivered: str, rev: int) -> bool:
        """Note a complete delivery; whether it was news."""
        if any(known == prefix and date >= delivered for known, date in self._known[did]):
            return False
        self._known[did].append((prefix, delivered))
        self._db.execute("INSERT INTO complete VALUES (?, ?, ?, ?)", (did, prefix, delivered, rev))
        return True

    def __bool__(self) -> bool:
        return bool(self._known)

    def newer(self, did: int, part: str, delivered: str) -> bool:
        """Whether a newer delivery of the dataset was complete for this part."""
        return any(date > delivered and part.startswith(prefix) for prefix, date in self._known.get(did, ()))


def standing_of_part(db: sqlite3.Connection, did: int, prefix: str, delivered: str) -> Iterable[tuple[int, int]]:
    """(number, class) of the records of such parts that stand and that no newer delivery said."""
    parameters = (did, LIVE, len(prefix), prefix, delivered)
    return ((rid, vis) for rid, vis in db.execute(_OF_PART, parameters))


_OF_PART = (
    "SELECT r.rid, r.vis FROM record r WHERE r.did = ? AND r.rev_to = ? AND substr(r.part, 1, ?) = ?"
    " AND coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid), r.delivered) <= ?"
)
