"""Close records, and delete what was never published."""

import secrets
import sqlite3
from collections.abc import Sequence

from workbench.store.records_known import LIVE
from workbench.store.sqlite.connection import transaction
from workbench.store.sqlite.revisions import published
from workbench.store.sqlite.schema import text_span
from workbench.store.sqlite.search import indexed


def close_records(connection: sqlite3.Connection, rev: int, rids: Sequence[int]) -> None:
    """End records, with their ties, claims and texts, at a revision; LIVE lets them stand again."""
    for rid in rids:
        connection.execute("UPDATE record SET rev_to = ? WHERE rid = ?", (rev, rid))
        connection.execute("UPDATE claim SET rev_to = ? WHERE rid = ?", (rev, rid))
        connection.execute("UPDATE text SET rev_to = ? WHERE tid BETWEEN ? AND ?", (rev, *text_span(rid)))
        connection.execute("UPDATE tie SET rev_to = ? WHERE rid = ?", (rev, rid))


def begin_writing(connection: sqlite3.Connection) -> str:
    """Note that a writer begins, and delete what another left without publishing; returns the new writer's name.

    Another that is still at work, because it found its way round the lease, has lost its right: see `still_writes`.
    """
    name = secrets.token_hex(8)
    with transaction(connection):
        forget_unpublished(connection)
        connection.execute("INSERT INTO meta VALUES ('writing', ?)", (name,))
    return name


def still_writes(connection: sqlite3.Connection, name: str) -> bool:
    """Whether the writer of this name is the last one that began."""
    return connection.execute("SELECT 1 FROM meta WHERE name = 'writing' AND value = ?", (name,)).fetchone() is not None


def forget_unpublished(connection: sqlite3.Connection) -> None:
    """Delete, in a transaction that was begun, what a writer left without publishing; nothing after one that did."""
    if connection.execute("DELETE FROM meta WHERE name = 'writing'").rowcount == 0:
        return
    last = published(connection)
    _forget_texts(connection, last)
    connection.execute("DELETE FROM asked WHERE rid IN (SELECT rid FROM record WHERE rev_from > ?)", (last,))
    for table in ("record", "tie", "claim", "text", "judgement", "common"):
        connection.execute(_FORGET[table], (last,))
        connection.execute(_REOPEN[table], (LIVE, last, LIVE))
    for table in ("file", "said", "complete"):
        connection.execute(_FORGET[table], (last,))
    connection.execute("DELETE FROM quarantine WHERE rev > ?", (last,))
    connection.execute("UPDATE quarantine SET released = NULL")
    connection.execute("DELETE FROM pending_mark")


_FORGET = {
    "record": "DELETE FROM record WHERE rev_from > ?",
    "tie": "DELETE FROM tie WHERE rev_from > ?",
    "claim": "DELETE FROM claim WHERE rev_from > ?",
    "text": "DELETE FROM text WHERE rev_from > ?",
    "judgement": "DELETE FROM judgement WHERE rev_from > ?",
    "common": "DELETE FROM common WHERE rev_from > ?",
    "file": "DELETE FROM file WHERE rev > ?",
    "said": "DELETE FROM said WHERE rev > ?",
    "complete": "DELETE FROM complete WHERE rev > ?",
}

_REOPEN = {
    "record": "UPDATE record SET rev_to = ? WHERE rev_to > ? AND rev_to < ?",
    "tie": "UPDATE tie SET rev_to = ? WHERE rev_to > ? AND rev_to < ?",
    "claim": "UPDATE claim SET rev_to = ? WHERE rev_to > ? AND rev_to < ?",
    "text": "UPDATE text SET rev_to = ? WHERE rev_to > ? AND rev_to < ?",
    "judgement": "UPDATE judgement SET rev_to = ? WHERE rev_to > ? AND rev_to < ?",
    "common": "UPDATE common SET rev_to = ? WHERE rev_to > ? AND rev_to < ?",
}


def _forget_texts(connection: sqlite3.Connection, last: int) -> None:
    texts = connection.execute("SELECT tid, folded FROM text WHERE rev_from > ?", (last,)).fetchall()
    connection.executemany(
        "INSERT INTO text_fts (text_fts, rowid, folded) VALUES ('delete', ?, ?)",
        [(tid, indexed(folded)) for tid, folded in texts],
    )
    connection.execute("DELETE FROM short WHERE tid IN (SELECT tid FROM text WHERE rev_from > ?)", (last,))
    connection.execute("DELETE FROM sound WHERE tid IN (SELECT tid FROM text WHERE rev_from > ?)", (last,))
