"""Recompute claims, and the keys of names, after the normaliser changed."""

import sqlite3

from workbench.model.claims import NORMALISER
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, from_content
from workbench.store.rows import claims, row_of
from workbench.store.sqlite.interning import Terms
from workbench.store.sqlite.revisions import begin_epoch
from workbench.store.sqlite.schema import KEYS_OF_NAMES

_RECORDS = """
SELECT r.rid, r.about, r.vis, r.rev_from, r.rev_to, r.body, r.source_id, r.part, r.locator, d.agency, d.name, m.marking
FROM record r JOIN dataset d USING (did) JOIN marking m USING (vis) WHERE r.about IS NOT NULL AND r.rev_to > r.rev_from
"""


def recompute_claims(db: sqlite3.Connection) -> int:
    """Replace the claims and the keys of every record; returns the number of records that have any."""
    terms = Terms(db)
    touched = 0
    db.execute("DELETE FROM claim")
    db.execute("DELETE FROM sound")
    db.execute(KEYS_OF_NAMES)
    for rid, about, vis, first, last, body, source_id, part, locator, agency, name, marking in db.execute(
        _RECORDS
    ).fetchall():
        record = from_content(body, Dataset(agency, name), source_id, parse_marking(marking), part, locator)
        rows = [(rid, terms.numbers[c.kind], c.value, c.scope, about, vis, first, last) for c in claims(row_of(record))]
        db.executemany("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        touched += bool(rows)
    db.execute("UPDATE meta SET value = ? WHERE name = 'normaliser'", (NORMALISER,))
    begin_epoch(db)
    return touched
