"""Copies of a whole store from and to neutral rows."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.errors import as_written
from workbench.model.claims import NORMALISER
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset
from workbench.store.dump_rows import PARTS, AnyRow, Batch, FacetRow, RecordRow
from workbench.store.facet_values import value_rows
from workbench.store.file_lease import FileLease
from workbench.store.loading import without_collecting
from workbench.store.moving import Incoming, Outgoing, Stamp, after_pair, rows_of, runs
from workbench.store.records_known import LIVE
from workbench.store.rows import Row
from workbench.store.sqlite.connection import connect, transaction
from workbench.store.sqlite.insertion import Insertion, Span
from workbench.store.sqlite.interning import Terms
from workbench.store.types import now

_MANY, _FEW = 10_000, 1_000  # rows in a batch; the latter for rows that can be large

_STAMP = """
SELECT coalesce((SELECT lid FROM load ORDER BY seq LIMIT 1), (SELECT token FROM revision ORDER BY rev LIMIT 1), ''),
    p.rev, coalesce((SELECT token FROM revision r WHERE r.rev = p.rev), ''),
    (SELECT value FROM meta WHERE name = 'epoch'), (SELECT value FROM meta WHERE name = 'normaliser'),
    (SELECT coalesce(max(seq), 0) FROM load), (SELECT count(*) FROM document),
    (SELECT coalesce(max(rid), 0) FROM record), (SELECT coalesce(max(eid), 0) FROM entity)
FROM (SELECT coalesce(:published, (SELECT max(rev) FROM revision), 0) AS rev) p
"""
_STATUS = "SELECT name, value FROM meta WHERE name IN ('copying', 'copy_of_viewer')"

# Each part in its order: by the number in its first column here, by its whole key and an offset in `_BY_PLACE`.
_BY_NUMBER = {
    "classes": "SELECT vis, agency, marking, members FROM marking WHERE vis > :after ORDER BY vis LIMIT :most",
    "datasets": "SELECT did, agency, name FROM dataset WHERE did > :after ORDER BY did LIMIT :most",
    "revisions": """
        SELECT rev, token, kind, at,
            (SELECT json_group_array(v.vis) FROM (SELECT vis FROM revision_vis v WHERE v.rev = r.rev ORDER BY vis) v)
        FROM revision r WHERE rev > :after AND rev <= :published ORDER BY rev LIMIT :most
    """,
    "files": """
        SELECT fid, id, path, sha256, adapter, agency, loaded_by, loaded_at, lid FROM file
        WHERE fid > :after AND rev = 0 ORDER BY fid LIMIT :most
    """,
    "loads": """
        SELECT seq, lid, agency, dataset, adapter, by, at, delivered, token, files, datasets, classes, withdrawn
        FROM load WHERE seq > :after AND seq <= :loads ORDER BY seq LIMIT :most
    """,
    "entities": """
        SELECT eid, id, did, source_id FROM entity WHERE eid > :after AND eid <= :entities ORDER BY eid LIMIT :most
    """,
    "facets": """
        SELECT fid, eid, kind, vis, scope, forms, rev_from, CASE WHEN rev_to > :published THEN :live ELSE rev_to END
        FROM facet WHERE fid > :after AND rev_from <= :published ORDER BY fid LIMIT :most
    """,
    "records": """
        SELECT r.rid, lower(hex(key)), did, source_id, part, r.vis, coalesce(a.vis, r.vis), rev_from,
            CASE WHEN rev_to > :published THEN :live ELSE rev_to END, fid, locator, delivered,
            coalesce((SELECT max(s.delivered) FROM said s WHERE s.rid = r.rid AND s.rev <= :published), delivered), body
        FROM record r LEFT JOIN asked a ON a.rid = r.rid
        WHERE r.rid > :after AND r.rid <= :records AND rev_from <= :published ORDER BY r.rid LIMIT :most
    """,
}
_BY_PLACE = {
    "secret": "SELECT value FROM meta WHERE name = 'secret' LIMIT :most OFFSET :after",
    "quarantine": """
        SELECT qid, agency, dataset, adapter, path, locator, reason, message, raw, context, loads FROM quarantine
        WHERE rev = 0 ORDER BY qid LIMIT :most OFFSET :after
    """,
    "accounts": "SELECT lid, n, body FROM account ORDER BY lid, n LIMIT :most OFFSET :after",
    "numbering": "SELECT file, kept FROM numbering ORDER BY file LIMIT :most OFFSET :after",
    "remarked": "SELECT lower(hex(subject)), given, known FROM remarked ORDER BY subject LIMIT :most OFFSET :after",
    "complete": """
        SELECT did, prefix, delivered, rev, lid FROM complete WHERE rev <= :published
        ORDER BY did, prefix, delivered, rev LIMIT :most OFFSET :after
    """,
    "deliveries": """
        SELECT did, delivered, content FROM delivery ORDER BY did, delivered, content LIMIT :most OFFSET :after
    """,
    "documents": """
        SELECT kind, name, by, version, at, body, evidence, own, vis FROM document
        ORDER BY kind, name, by, version LIMIT :most OFFSET :after
    """,
    "judgements": """
        SELECT jid, a, b, verdict, by, why, at, evidence, overrides, vis, rev_from,
            CASE WHEN rev_to > :published THEN :live ELSE rev_to END
        FROM judgement WHERE rev_from <= :published ORDER BY jid LIMIT :most OFFSET :after
    """,
    "commons": """
        SELECT kind, value, agency, marking, why, vis, rev_from,
            CASE WHEN rev_to > :published THEN :live ELSE rev_to END
        FROM common WHERE rev_from <= :published ORDER BY kind, value, vis, rev_from LIMIT :most OFFSET :after
    """,
    "models": """
        SELECT mid, body, rev_from, CASE WHEN rev_to > :published THEN :live ELSE rev_to END
        FROM model WHERE rev_from <= :published ORDER BY mid LIMIT :most OFFSET :after
    """,
    "pairs": """
        SELECT fa, fb, a, b, kind, vis, weights, blocked, rev_from,
            CASE WHEN rev_to > :published THEN :live ELSE rev_to END
        FROM pair WHERE (fa, fb) > (:after / :live, :after % :live) AND rev_from <= :published
        ORDER BY fa, fb LIMIT :most
    """,
}
_LARGE = frozenset({"quarantine", "numbering", "documents", "loads", "accounts"})
# Columns that hold JSON in SQLite.
_LISTS = {
    "classes": (3,),
    "revisions": (4,),
    "loads": (10, 11),
    "quarantine": (10,),
    "remarked": (1, 2),
    "documents": (6,),
    "judgements": (7, 8),
}


def status(db: sqlite3.Connection) -> tuple[str, str]:
    """See `Outgoing.status`."""
    notes = dict(db.execute(_STATUS))
    return notes.get("copying", ""), notes.get("copy_of_viewer", "")


class SqliteOutgoing(Outgoing):
    """See `Outgoing`. Every batch is a separate read, so that others can write meanwhile."""

    def __init__(self, connection: Callable[[], sqlite3.Connection]) -> None:
        self._connection = connection  # returns the calling thread's connection

    def stamp(self, published: int | None = None) -> Stamp:
        """The store as it is now; see `Outgoing`."""
        return Stamp(*self._connection().execute(_STAMP, {"published": published}).fetchone())

    def status(self) -> tuple[str, str]:
        """Whether the store is a copy; see `Outgoing`."""
        return status(self._connection())

    def batches(self, part: str, after: int, stamp: Stamp, most: int | None = None) -> Iterator[Batch]:
        """The rows of a part; see `Outgoing`."""
        statement = _BY_NUMBER[part] if part in _BY_NUMBER else _BY_PLACE[part]
        most = most or (_FEW if part in _LARGE else _MANY)
        while True:
            asked = {**stamp._asdict(), "after": after, "most": most, "live": LIVE}
            with without_collecting():
                fetched = self._connection().execute(statement, asked).fetchall()
                if not fetched:
                    return
                after = _position(part, fetched, after)
                rows = _neutral(part, fetched)
            yield rows, after
            if len(fetched) < most:
                return


def _position(part: str, fetched: Sequence[tuple[Any, ...]], after: int) -> int:
    """Where a part goes on after these rows."""
    last = fetched[-1]
    if part == "pairs":
        return after_pair(last[0], last[1])
    return int(last[0]) if part in _BY_NUMBER else after + len(fetched)


def _neutral(part: str, fetched: Sequence[tuple[Any, ...]]) -> list[AnyRow]:
    kind, lists = PARTS[part], _LISTS.get(part, ())
    make: Callable[[Iterable[Any]], AnyRow] = kind._make  # type: ignore[attr-defined] # all are named tuples
    if not lists:
        return list(map(make, fetched))
    with as_written(f"a list in {part}"):
        return [make(tuple(json.loads(v)) if i in lists else v for i, v in enumerate(row)) for row in fetched]


_PUT = {
    "classes": "INSERT INTO marking (vis, agency, marking, members) VALUES (?, ?, ?, ?)",
    "datasets": "INSERT INTO dataset VALUES (?, ?, ?)",
    "revisions": "INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?)",
    "files": """
        INSERT INTO file (fid, id, path, sha256, adapter, agency, loaded_by, loaded_at, lid, rev)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
    """,
    "loads": """
        INSERT OR REPLACE INTO load
            (seq, lid, agency, dataset, adapter, by, at, delivered, token, files, datasets, classes, withdrawn, rev)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
    """,
    "quarantine": """
        INSERT INTO quarantine (qid, agency, dataset, adapter, path, locator, reason, message, raw, context, loads, rev)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
    """,
    "secret": "UPDATE meta SET value = ? WHERE name = 'secret'",
    "accounts": "INSERT INTO account VALUES (?, ?, ?)",
    "numbering": "INSERT INTO numbering VALUES (?, ?)",
    "remarked": "INSERT OR REPLACE INTO remarked VALUES (unhex_text(?), ?, ?)",
    "complete": "INSERT INTO complete VALUES (?, ?, ?, ?, ?)",
    "deliveries": "INSERT INTO delivery VALUES (?, ?, ?)",
    "documents": """
        INSERT OR REPLACE INTO document (kind, name, by, version, at, body, evidence, own, vis)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    "entities": "INSERT INTO entity VALUES (?, ?, ?, ?)",
    "judgements": "INSERT OR REPLACE INTO judgement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "commons": "INSERT OR REPLACE INTO common VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "models": "INSERT OR REPLACE INTO model VALUES (?, ?, ?, ?)",
    "facets": "INSERT OR REPLACE INTO facet VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "pairs": "INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
}
_PUT_VALUES = "INSERT OR IGNORE INTO facet_value VALUES (?, ?, ?)"
_FORGET_CLASSES = "DELETE FROM revision_vis WHERE rev = ?"
_PUT_CLASSES = "INSERT INTO revision_vis VALUES (?, ?)"
_NAMED = frozenset({"classes", "datasets"})  # parts whose numbers the insertion of records uses
_KEEP = "INSERT OR REPLACE INTO meta VALUES ('copying', ?)"
_IS_EMPTY = """
SELECT NOT EXISTS (SELECT 1 FROM record) AND NOT EXISTS (SELECT 1 FROM entity) AND NOT EXISTS (SELECT 1 FROM revision)
    AND NOT EXISTS (SELECT 1 FROM load) AND NOT EXISTS (SELECT 1 FROM quarantine) AND NOT EXISTS (SELECT 1 FROM file)
    AND NOT EXISTS (SELECT 1 FROM document) AND NOT EXISTS (SELECT 1 FROM marking)
    AND NOT EXISTS (SELECT 1 FROM dataset)
    AND NOT EXISTS (SELECT 1 FROM meta WHERE name IN ('copying', 'copy_of_viewer', 'writing', 'demo'))
"""
_CLEAR = (
    "INSERT INTO text_fts (text_fts) VALUES ('delete-all')",
    "DELETE FROM term",
    "DELETE FROM dataset",
    "DELETE FROM marking",
    "DELETE FROM revision",
    "DELETE FROM revision_vis",
    "DELETE FROM entity",
    "DELETE FROM file",
    "DELETE FROM record",
    "DELETE FROM tie",
    "DELETE FROM claim",
    "DELETE FROM text",
    "DELETE FROM short",
    "DELETE FROM sound",
    "DELETE FROM judgement",
    "DELETE FROM common",
    "DELETE FROM model",
    "DELETE FROM facet",
    "DELETE FROM facet_value",
    "DELETE FROM pair",
    "DELETE FROM load",
    "DELETE FROM account",
    "DELETE FROM quarantine",
    "DELETE FROM numbering",
    "DELETE FROM remarked",
    "DELETE FROM asked",
    "DELETE FROM said",
    "DELETE FROM complete",
    "DELETE FROM delivery",
    "DELETE FROM document",
    "DELETE FROM meta WHERE name = 'copying'",
)


class SqliteIncoming(Incoming):
    """See `Incoming`."""

    def __init__(self, path: Path, lease: FileLease, patience: float) -> None:
        self._lease = lease
        lease.take(patience)
        try:
            self._db = connect(path)
        except BaseException:
            self._lease.give_back()
            raise
        self._db.execute("PRAGMA synchronous=NORMAL")  # batches lost in a power failure are copied again
        self._records: _Records | None = None

    def is_empty(self) -> bool:
        """Whether nothing is in the store; see `Incoming`."""
        return bool(self._db.execute(_IS_EMPTY).fetchone()[0])

    def put(self, part: str, rows: Sequence[AnyRow], kept: str) -> None:
        """Write rows; see `Incoming`."""
        if part in _NAMED:
            self._records = None
        with without_collecting(), transaction(self._db):
            if part == "records":
                self._put_records([RecordRow._make(row) for row in rows])
            else:
                put_rows(self._db, part, rows)
            self._db.execute(_KEEP, (kept,))

    def _put_records(self, records: Sequence[RecordRow]) -> None:
        if self._records is None:
            self._records = _Records(self._db)
        self._records.put(records)

    def land(self) -> None:
        """Do nothing: rows are written at once."""

    def group(self, canonical: Iterable[tuple[int, str]]) -> None:
        """Do nothing: the store has no use for canonical ids, which views compute."""

    def clear(self) -> None:
        """Empty the store; see `Incoming`."""
        self._records = None
        with transaction(self._db):
            for statement in _CLEAR:
                self._db.execute(statement)

    def finish(self, stamp: Stamp, whose: tuple[str, str] | None = None) -> None:
        """Make the copy readable; see `Incoming`."""
        of_copy = zip(("copy_of_viewer", "copy_purpose", "copied_at"), (*whose, now()), strict=True) if whose else ()
        self._db.execute("PRAGMA synchronous=FULL")  # this commit puts all earlier batches on disk too
        with transaction(self._db):
            kept = {"epoch": stamp.epoch, "normaliser": NORMALISER if stamp.normaliser else 0, **dict(of_copy)}
            self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(kept.items()))
            self._db.execute("DELETE FROM meta WHERE name = 'copying'")

    def close(self) -> None:
        """Give back the lease."""
        self._db.close()
        self._lease.give_back()


def put_rows(db: sqlite3.Connection, part: str, rows: Sequence[AnyRow]) -> None:
    """Write rows of any part except records; rows that people change replace the one with the same key."""
    db.executemany(_PUT[part], _as_kept(part, rows))
    if part == "facets":
        facets = map(FacetRow._make, rows)
        db.executemany(_PUT_VALUES, (row for facet in facets for row in value_rows(facet.fid, facet.forms)))
    if part == "revisions":
        db.executemany(_FORGET_CLASSES, [(rev,) for rev, *_ in rows])
        db.executemany(_PUT_CLASSES, [(rev, vis) for rev, *_, classes in rows for vis in classes])


def _as_kept(part: str, rows: Sequence[AnyRow]) -> Sequence[AnyRow]:
    """Rows in the form of the tables: lists are JSON, and the classes of a revision are in another table."""
    if part == "revisions":
        return [row[:4] for row in rows]
    lists = _LISTS.get(part, ())
    return [tuple(json.dumps(v) if i in lists else v for i, v in enumerate(row)) for row in rows] if lists else rows


class _Records(Insertion):
    """Inserts records under their existing numbers, from the rows that a load would make."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db, Terms(db))
        found = db.execute("SELECT did, agency, name FROM dataset").fetchall()
        self._by_number = {did: Dataset(agency, name) for did, agency, name in found}
        found = db.execute("SELECT vis, marking FROM marking WHERE marking <> ''").fetchall()
        self._markings: Mapping[int, Marking] = {vis: parse_marking(marking) for vis, marking in found}

    def put(self, records: Sequence[RecordRow]) -> None:
        """Insert records."""
        rows: list[Row] = rows_of(records, self._by_number, self._markings)
        self._know_entities(rows)
        for start, end in runs(records):
            first = records[start]
            self._rid = first.rid
            span = Span(first.fid, first.delivered, first.rev_from, first.rev_to)
            self.insert(rows[start:end], [(each.vis, each.asked) for each in records[start:end]], span)
        said = [(each.rid, each.said, each.rev_from) for each in records if each.said > each.delivered]
        self._db.executemany("INSERT INTO said VALUES (?, ?, ?)", said)
