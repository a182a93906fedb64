"""Revisions: which are published, which classes each changed, and changes of marking."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence

from workbench.model.ids import source_number
from workbench.store.evidence import followed
from workbench.store.loading import Mark
from workbench.store.records_known import LIVE
from workbench.store.sqlite.interning import vis_class
from workbench.store.sqlite.schema import text_span
from workbench.store.types import new_epoch


def published(connection: sqlite3.Connection) -> int:
    """The number of the newest publication; 0 before the first, and of a copy that is not finished."""
    return int(connection.execute(_PUBLISHED).fetchone()[0])


_PUBLISHED = """
SELECT coalesce(max(rev), 0) FROM revision WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'copying')
"""


def publish_revision(
    connection: sqlite3.Connection, rev: int, token: str, kind: str, at: str, touched: Iterable[int]
) -> None:
    """Make a revision visible to those who see one of the classes that it touched."""
    connection.execute("INSERT INTO revision VALUES (?, ?, ?, ?)", (rev, token, kind, at))
    connection.executemany("INSERT INTO revision_vis VALUES (?, ?)", [(rev, vis) for vis in sorted(set(touched))])


def _refresh_revision_classes(connection: sqlite3.Connection) -> None:
    """Say anew which classes each revision touched, because records changed class."""
    connection.execute("DELETE FROM revision_vis")
    for statement in _TOUCHED:
        connection.execute(statement, (LIVE,))


_TOUCHED = (
    "INSERT OR IGNORE INTO revision_vis SELECT DISTINCT rev_from, vis FROM record WHERE rev_to > rev_from AND ? > 0",
    "INSERT OR IGNORE INTO revision_vis SELECT DISTINCT rev_to, vis FROM record WHERE rev_to > rev_from AND rev_to < ?",
    "INSERT OR IGNORE INTO revision_vis SELECT rev_from, vis FROM judgement WHERE ? > 0",
    "INSERT OR IGNORE INTO revision_vis SELECT rev_to, vis FROM judgement WHERE rev_to < ?",
    "INSERT OR IGNORE INTO revision_vis SELECT rev_from, vis FROM common WHERE ? > 0",
    "INSERT OR IGNORE INTO revision_vis SELECT rev_to, vis FROM common WHERE rev_to < ?",
)


def mark_records(connection: sqlite3.Connection, marks: Mapping[int, Mark], first_new: int = LIVE) -> list[int]:
    """Give records, by number, a class and the one that their deliveries ask for; which of them changed class.

    No load that is in the log was about those numbered from `first_new` on.
    """
    for rid, (vis, asked) in marks.items():
        connection.execute("DELETE FROM asked WHERE rid = ?", (rid,))
        if asked != vis:
            connection.execute("INSERT INTO asked VALUES (?, ?)", (rid, asked))
    before = {rid: int(connection.execute(_OF_RECORD, (rid,)).fetchone()[1]) for rid in marks}
    moved = [(rid, vis) for rid, (vis, _) in marks.items() if before[rid] != vis]
    if moved:
        touched = {each for rid, vis in moved for each in (vis, before[rid])}
        _set_vis(connection, moved, first_new)
        touched |= _follow_evidence(connection)
        _refresh_revision_classes(connection)
        begin_epoch(connection, touched)
    return [rid for rid, _ in moved]


def begin_epoch(connection: sqlite3.Connection, classes: Collection[int] | None = None) -> None:
    """Say that what is in these classes (all, without any) is not what it was."""
    connection.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (new_epoch(),))
    if classes is None:
        connection.execute("UPDATE marking SET epoch = ?", (new_epoch(),))
    else:
        connection.executemany("UPDATE marking SET epoch = ? WHERE vis = ?", [(new_epoch(), vis) for vis in classes])


def _set_vis(connection: sqlite3.Connection, marks: Sequence[tuple[int, int]], first_new: int) -> None:
    """Put records, with all that stands on them, into other classes."""
    _follow(connection, [mark for mark in marks if mark[0] < first_new])
    for rid, vis in marks:
        connection.execute("UPDATE record SET vis = ? WHERE rid = ?", (vis, rid))
        connection.execute("UPDATE claim SET vis = ? WHERE rid = ?", (vis, rid))
        connection.execute("UPDATE text SET vis = ? WHERE tid BETWEEN ? AND ?", (vis, *text_span(rid)))
        connection.execute("UPDATE tie SET vis = ? WHERE rid = ?", (vis, rid))


def _follow_evidence(connection: sqlite3.Connection) -> set[int]:
    """Put judgements and documents into the classes that their evidence has now; those that they left and entered."""
    moved = set[int]()
    for jid, evidence, old in connection.execute("SELECT jid, evidence, vis FROM judgement").fetchall():
        vis = conjunction(connection, json.loads(evidence), ())
        connection.execute("UPDATE judgement SET vis = ? WHERE jid = ?", (vis, jid))
        moved |= {vis, old} if vis != old else set()
    for number, evidence, own, old in connection.execute("SELECT rowid, evidence, own, vis FROM document").fetchall():
        vis = conjunction(connection, json.loads(evidence), (own,))
        connection.execute("UPDATE document SET vis = ? WHERE rowid = ?", (vis, number))
        moved |= {vis, old} if vis != old else set()
    return moved


def _follow(connection: sqlite3.Connection, marks: Sequence[tuple[int, int]]) -> None:
    """Let entries of the log rest on the classes that records get."""
    moves = {(*connection.execute(_OF_RECORD, (rid,)).fetchone(), vis) for rid, vis in marks}
    for lid, *kept in connection.execute("SELECT lid, datasets, classes FROM load").fetchall() if moves else ():
        datasets, classes = followed((json.loads(kept[0]), json.loads(kept[1])), moves)
        row = (json.dumps(datasets), json.dumps(classes), lid)
        connection.execute("UPDATE load SET datasets = ?, classes = ? WHERE lid = ?", row)


_OF_RECORD = "SELECT did, vis FROM record WHERE rid = ?"


def conjunction(connection: sqlite3.Connection, keys: Iterable[str], classes: Iterable[int]) -> int:
    """The class of what rests on all of these records, and on these classes.

    What rests on a record that is not here rests on nothing, and is seen by nobody.
    """
    members = set(classes)
    for key in keys:
        of_key = (source_number(bytes.fromhex(key)), bytes.fromhex(key))
        found = connection.execute("SELECT vis FROM record WHERE source = ? AND key = ?", of_key).fetchall()
        if not found:
            return vis_class(connection, "", "", ())
        members.update(vis for (vis,) in found)
    return vis_class(connection, "", "", members)
