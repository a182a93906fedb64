"""What a person decides about the marking of records, written into the tables."""

import json
import sqlite3
from collections.abc import Iterator, Sequence

from workbench.model.ids import source_number
from workbench.model.marking import Marking
from workbench.store.decided import Classes, Decided, Marked, Sees, decide, subjects
from workbench.store.loading import Mark
from workbench.store.sqlite.interning import Terms
from workbench.store.sqlite.revisions import mark_records
from workbench.store.sqlite.standing import decisions

_OF_SOURCE = """
SELECT r.key, r.source_id, d.agency, r.rid, r.vis, coalesce(a.vis, r.vis)
FROM record r JOIN dataset d USING (did) LEFT JOIN asked a ON a.rid = r.rid WHERE r.source = ?
"""


def remark(db: sqlite3.Connection, keys: Sequence[str], marking: Marking, sees: Sees) -> int:
    """See `GraphStore.remark`."""
    terms, marks = Terms(db), dict[int, Mark]()
    classes = Classes(terms.marking, terms.vis)
    wanted, seen = set(map(bytes.fromhex, keys)), set[int]()
    for source in sorted({source_number(key) for key in wanted}):
        for each in subjects(_of_source(db, source), wanted):
            before = decisions(db, [each.name]).get(each.name)
            decided = decide(classes.number(each.agency, marking), each.records, before, sees)
            _keep(db, each.name, decided)
            marks |= classes.marked(each, decided)
            seen.update(record.rid for record in each.records if sees(record.vis))
    return len(seen.intersection(mark_records(db, marks)))


def _of_source(db: sqlite3.Connection, source: int) -> Iterator[tuple[bytes, str, str, Marked]]:
    for key, source_id, agency, *record in db.execute(_OF_SOURCE, (source,)).fetchall():
        yield key, source_id, agency, Marked(*record)


def _keep(db: sqlite3.Connection, name: bytes, decided: Decided) -> None:
    db.execute("INSERT OR REPLACE INTO remarked VALUES (?, ?, ?)", (name, *map(json.dumps, decided)))
