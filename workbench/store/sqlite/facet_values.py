"""The table of the values of facets: whether it is as their forms say, and making it again."""

import sqlite3

from workbench.store.sqlite.schema import VALUES_OF_FACETS

_WRONG = """
WITH wanted AS (SELECT v.value, f.fid, f.held ->> 0 AS holder
    FROM (SELECT fid, values_of(fid, forms) AS held FROM facet) f JOIN json_each(f.held, '$[1]') v)
SELECT count(*) FROM (SELECT * FROM (SELECT * FROM wanted EXCEPT SELECT * FROM facet_value)
    UNION ALL SELECT * FROM (SELECT * FROM facet_value EXCEPT SELECT * FROM wanted))
"""


def wrong_values(db: sqlite3.Connection) -> int:
    """How many values of facets are not there, or are and should not be."""
    return int(db.execute(_WRONG).fetchone()[0])


def put_values(db: sqlite3.Connection) -> None:
    """Put the values of all facets into the table again."""
    db.execute("DELETE FROM facet_value")
    db.execute(VALUES_OF_FACETS)
