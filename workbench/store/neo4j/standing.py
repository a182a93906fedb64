"""Look up what the store already knows about the records of a batch."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any, LiteralString

from workbench.model.ids import source_number
from workbench.store.decided import Decided
from workbench.store.neo4j.connection import Database
from workbench.store.records_known import LIVE, Alone, BySource, Found, Standing
from workbench.store.rows import Row

# Reads rows, inside or outside a transaction.
Read = Callable[..., list[list[Any]]]

# Records by their whole keys, each with the index of its key in the list ...
_ALONE: LiteralString = """
UNWIND range(0, size($keys) - 1) AS i MATCH (r:Record {key: $keys[i]}) USING INDEX r:Record(key)
RETURN collect(i), collect(r.rev_to), collect(r.rid),
    collect(CASE WHEN $marks THEN coalesce(r.pending_vis, r.vis) ELSE r.vis END),
    collect(CASE WHEN $marks THEN coalesce(r.pending_asked, r.asked, r.vis) ELSE coalesce(r.asked, r.vis) END),
    collect(coalesce(r.said, r.delivered))
"""

# ... by the first half of their key (dataset, source id and part) ...
_BY_SOURCE: LiteralString = """
UNWIND $sources AS source MATCH (r:Record) USING INDEX r:Record(key) WHERE r.key STARTS WITH source
RETURN collect(r.rid), collect(r.key), collect(r.source_id), collect(r.part),
    collect(CASE WHEN $marks THEN coalesce(r.pending_vis, r.vis) ELSE r.vis END),
    collect(CASE WHEN $marks THEN coalesce(r.pending_asked, r.asked, r.vis) ELSE coalesce(r.asked, r.vis) END),
    collect(coalesce(r.said, r.delivered)), collect(r.rev_to)
"""

# ... and those without a source id by their whole key.
_BY_KEY: LiteralString = """
UNWIND $keys AS key MATCH (r:Record {key: key})
RETURN collect(r.rid), collect(r.key), collect(r.source_id), collect(r.part), collect(coalesce(r.pending_vis, r.vis)),
    collect(coalesce(r.pending_asked, r.asked, r.vis)), collect(coalesce(r.said, r.delivered)), collect(r.rev_to)
"""

_ANY_REMARKED: LiteralString = "MATCH (m:Remarked) WITH m LIMIT 1 RETURN count(m)"
_REMARKED: LiteralString = """
UNWIND $subjects AS subject MATCH (m:Remarked {subject: subject}) RETURN m.subject, m.given, m.known
"""

_OF_PART: LiteralString = """
MATCH (r:Record) WHERE r.did = $did AND r.rev_to = $live AND r.part STARTS WITH $prefix
AND coalesce(r.said, r.delivered) <= $delivered RETURN collect(r.rid), collect(coalesce(r.pending_vis, r.vis))
"""


def found(database: Database, batch: Sequence[Row], asked: Sequence[int], marks: bool) -> Found:
    """What the store knows about the rows at these indices of a batch.

    `marks` must be true if this load may have re-marked records.
    """
    alone: list[Alone | None] = [None] * len(batch)
    if not asked:
        return Found(alone, {})
    places, ends, *said = database.row(_ALONE, keys=[batch[n].key.hex() for n in asked], marks=marks)
    for place, end, each in zip(places, ends, zip(*said, strict=True), strict=True):
        alone[asked[place]] = each if end == LIVE else None
    for place in _repeated(places):
        alone[asked[place]] = None
    return Found(alone, standing(database, [batch[n] for n in asked if alone[n] is None], marks))


def _repeated(places: Sequence[int]) -> list[int]:
    if len(set(places)) == len(places):
        return []
    return [place for place, times in Counter(places).items() if times > 1]


def standing(database: Database, batch: Sequence[Row], marks: bool) -> BySource:
    """All records, by first half of the key, with the source ids of these rows, or with their keys if they have none.

    `marks` must be true if this load may have re-marked records.
    """
    by_source: BySource = {}
    sources = sorted({row.key[:8].hex() for row in batch if row.record.source_id})
    keys = sorted({row.key.hex() for row in batch if not row.record.source_id})
    if sources:
        _note(by_source, *database.row(_BY_SOURCE, sources=sources, marks=marks))
    if keys:
        _note(by_source, *database.row(_BY_KEY, keys=keys))
    return by_source


def _note(by_source: BySource, rids: list[int], keys: list[str], *rest: list[Any]) -> None:
    for each in map(Standing._make, zip(rids, map(bytes.fromhex, keys), *rest, strict=True)):
        by_source.setdefault(source_number(each.key), []).append(each)


def any_remarked(database: Database) -> bool:
    """Whether a person has re-marked any record; it can't change while the caller holds the lease."""
    return database.row(_ANY_REMARKED) != [0]


def remarked(read: Read, subjects: Collection[bytes]) -> dict[bytes, Decided]:
    """People's decisions on these subjects."""
    found = read(_REMARKED, subjects=sorted(each.hex() for each in subjects))
    return {bytes.fromhex(name): Decided(tuple(given), tuple(known)) for name, given, known in found}


def standing_of_part(database: Database, did: int, prefix: str, delivered: str) -> list[tuple[int, int]]:
    """The (number, class) of standing records in parts with this prefix that no newer delivery said."""
    rids, classes = database.row(_OF_PART, did=did, prefix=prefix, delivered=delivered, live=LIVE)
    return list(zip(rids, classes, strict=True))
