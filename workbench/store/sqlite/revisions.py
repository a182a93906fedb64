"""The newest revision, and the epochs of access."""

import sqlite3
from collections.abc import Collection

from workbench.store.types import new_epoch


def published(connection: sqlite3.Connection) -> int:
    """The number of the newest publication; 0 before the first, and in an unfinished copy."""
    return int(connection.execute(_PUBLISHED).fetchone()[0])


_PUBLISHED = """
SELECT coalesce(max(rev), 0) FROM revision WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'copying')
"""


def begin_epoch(connection: sqlite3.Connection, classes: Collection[int] | None = None) -> None:
    """Give new epochs to the store and to these classes (None: to all), because their records changed."""
    connection.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (new_epoch(),))
    if classes is None:
        connection.execute("UPDATE marking SET epoch = ?", (new_epoch(),))
    else:
        connection.executemany("UPDATE marking SET epoch = ? WHERE vis = ?", [(new_epoch(), vis) for vis in classes])
