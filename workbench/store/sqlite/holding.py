"""What facets are found by: whether it is as their forms say, and making it again."""

import sqlite3

from workbench.store.sqlite.schema import HOLD

_MISHELD = """
WITH wanted AS (SELECT v.value, h.fid, h.held ->> 0 AS holder
    FROM (SELECT fid, holding(fid, forms) AS held FROM facet) h JOIN json_each(h.held, '$[1]') v)
SELECT count(*) FROM (SELECT * FROM (SELECT * FROM wanted EXCEPT SELECT * FROM held)
    UNION ALL SELECT * FROM (SELECT * FROM held EXCEPT SELECT * FROM wanted))
"""


def misheld(db: sqlite3.Connection) -> int:
    """How many values of facets are not there, or are and should not be."""
    return int(db.execute(_MISHELD).fetchone()[0])


def hold(db: sqlite3.Connection) -> None:
    """Let every facet be found by what it holds."""
    db.execute("DELETE FROM held")
    db.execute(HOLD)
