"""The phones, mailboxes and addresses by which facets are found: whether these are right, and making them again."""

import sqlite3

_MISHELD = """
WITH wanted AS (SELECT v.value, f.fid FROM facet f JOIN json_each(values_in(f.forms)) v)
SELECT count(*) FROM (SELECT * FROM (SELECT value, fid FROM wanted EXCEPT SELECT value, fid FROM held)
    UNION ALL SELECT * FROM (SELECT value, fid FROM held EXCEPT SELECT value, fid FROM wanted))
"""
_HOLD = "INSERT INTO held SELECT v.value, f.fid FROM facet f JOIN json_each(values_in(f.forms)) v"


def misheld(db: sqlite3.Connection) -> int:
    """How many values of facets are not there, or are and should not be."""
    return int(db.execute(_MISHELD).fetchone()[0])


def hold(db: sqlite3.Connection) -> None:
    """Let every facet be found by what it holds."""
    db.execute("DELETE FROM held")
    db.execute(_HOLD)
