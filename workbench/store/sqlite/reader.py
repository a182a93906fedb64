"""The queries of views, filtered by the view's scope."""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.errors import as_written
from workbench.model.ids import source_number
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, from_content
from workbench.store.dump_rows import DocumentRow
from workbench.store.types import (
    Provenance,
    Scope,
    SourcedRecord,
    VisibilityClass,
)


def seen(scope: Scope) -> tuple[str, int, int]:
    """The parameters of a statement's filter for standing records."""
    return json.dumps(scope.allowed), scope.revision, scope.revision


_KEY = re.compile(r"[0-9a-f]{32}")
_BY_KEY = """
SELECT * FROM sourced WHERE source IN (SELECT value FROM json_each(?))
AND key IN (SELECT unhex_text(value) FROM json_each(?))
AND vis IN (SELECT value FROM json_each(?)) AND rev_from <= ? AND rev_to > ? ORDER BY key
"""
_MARKINGS = """
SELECT DISTINCT r.key, m.marking FROM record r JOIN marking m USING (vis)
WHERE r.source IN (SELECT value FROM json_each(?)) AND r.key IN (SELECT unhex_text(value) FROM json_each(?))
AND r.vis IN (SELECT value FROM json_each(?)) AND r.rev_from <= ? ORDER BY r.key
"""
_BY_ABOUT = """
SELECT * FROM sourced WHERE about IN (SELECT e.eid FROM json_each(?) j CROSS JOIN entity e ON e.id = j.value)
AND vis IN (SELECT value FROM json_each(?)) AND rev_from <= ? AND rev_to > ? ORDER BY key
"""


@as_written("a record")
def records_by_key(db: sqlite3.Connection, scope: Scope, keys: Sequence[str]) -> list[SourcedRecord]:
    """Records by key, ordered by key."""
    return [_record(row) for row in db.execute(_BY_KEY, (*_keyed(keys), *seen(scope)))]


@as_written("a marking")
def markings_by_key(db: sqlite3.Connection, scope: Scope, keys: Sequence[str]) -> dict[str, Marking]:
    """The markings of records, superseded ones included, by key, in order of keys."""
    found = db.execute(_MARKINGS, (*_keyed(keys), json.dumps(scope.allowed), scope.revision))
    return {key.hex(): parse_marking(marking) for key, marking in found}


def _keyed(keys: Sequence[str]) -> tuple[str, str]:
    """The parameters for a lookup by key: the first halves of the keys, and the keys."""
    wanted = [key for key in keys if _KEY.fullmatch(key)]
    return json.dumps(sorted({source_number(bytes.fromhex(key)) for key in wanted})), json.dumps(wanted)


@as_written("a record")
def records_about(db: sqlite3.Connection, scope: Scope, entities: Sequence[str]) -> list[SourcedRecord]:
    """Records about entities, ordered by key."""
    return [_record(row) for row in db.execute(_BY_ABOUT, (json.dumps(list(entities)), *seen(scope)))]


def _record(row: tuple[Any, ...]) -> SourcedRecord:
    key, source_id, part, locator, body, delivered, agency, name, marking, path, file, adapter, by, at = row[6:]
    record = from_content(body, Dataset(agency, name), source_id, parse_marking(marking), part, locator)
    return SourcedRecord(key.hex(), record, Provenance(path, file, adapter, by, at, delivered))


_KINDS = """
WITH RECURSIVE kind (vis, schema) AS (
    SELECT m.vis, (SELECT min(r.schema) FROM record r WHERE r.vis >= 0 AND r.vis = m.vis)
    FROM marking m WHERE m.vis IN (SELECT value FROM json_each(?))
    UNION ALL
    SELECT k.vis, (SELECT min(r.schema) FROM record r WHERE r.vis >= 0 AND r.vis = k.vis AND r.schema > k.schema)
    FROM kind k WHERE k.schema IS NOT NULL
)
SELECT k.vis, t.text FROM kind k JOIN term t ON t.num = k.schema WHERE EXISTS (SELECT 1 FROM record r
    WHERE r.vis >= 0 AND r.vis = k.vis AND r.schema = k.schema AND r.rev_from <= ? AND r.rev_to > ?)
"""


def kinds(db: sqlite3.Connection, scope: Scope) -> frozenset[tuple[int, str]]:
    """The class of visibility and the schema of every record; of those that are alike, once."""
    return frozenset(db.execute(_KINDS, seen(scope)))


_DOCUMENTS = """
SELECT kind, name, by, version, at, body, evidence, own, vis FROM document
WHERE kind = ? AND (? IS NULL OR name = ?) ORDER BY kind, name, by, version
"""


@as_written("a document")
def documents(db: sqlite3.Connection, kind: str, name: str | None) -> list[DocumentRow]:
    """All versions of the documents of a kind, of one name or all."""
    rows = map(DocumentRow._make, db.execute(_DOCUMENTS, (kind, name, name)))
    return [row._replace(evidence=tuple(json.loads(str(row.evidence)))) for row in rows]


def keys(db: sqlite3.Connection, scope: Scope) -> Iterator[tuple[str, str, str]]:
    """The (key, marking, agency) of every record, ordered by key."""
    statement = (
        "SELECT r.key, m.marking, m.agency FROM record r JOIN marking m USING (vis)"
        " WHERE r.vis IN (SELECT value FROM json_each(?)) AND r.rev_from <= ? AND r.rev_to > ? ORDER BY r.key"
    )
    return ((key.hex(), marking, agency) for key, marking, agency in db.execute(statement, seen(scope)))


def keys_of(db: sqlite3.Connection, scope: Scope, numbers: Sequence[int]) -> dict[int, str]:
    """The keys of records, by number."""
    statement = (
        "SELECT r.rid, r.key FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value"
        " WHERE r.vis IN (SELECT value FROM json_each(?)) AND r.rev_from <= ? AND r.rev_to > ?"
    )
    return {rid: key.hex() for rid, key in db.execute(statement, (json.dumps(list(numbers)), *seen(scope)))}


def bodies(db: sqlite3.Connection, scope: Scope, numbers: Sequence[int]) -> dict[int, str]:
    """The content of records, by number."""
    statement = (
        "SELECT r.rid, r.body FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value"
        " WHERE r.vis IN (SELECT value FROM json_each(?)) AND r.rev_from <= ? AND r.rev_to > ?"
    )
    return dict(db.execute(statement, (json.dumps(list(numbers)), *seen(scope))))


def entities(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[Dataset, str]]:
    """Dataset and source id behind ids that a view has already shown."""
    statement = (
        "SELECT e.id, d.agency, d.name, e.source_id FROM json_each(?) j CROSS JOIN entity e ON e.id = j.value"
        " JOIN dataset d USING (did)"
    )
    found = db.execute(statement, (json.dumps(list(ids)),))
    return {each: (Dataset(agency, name), source_id) for each, agency, name, source_id in found}


@as_written("a class of visibility")
def classes(db: sqlite3.Connection) -> list[VisibilityClass]:
    """All classes of visibility."""
    rows = db.execute("SELECT vis, agency, marking, members, epoch FROM marking ORDER BY vis")
    return [
        VisibilityClass(vis, agency, parse_marking(marking) if marking else None, tuple(json.loads(members)), epoch)
        for vis, agency, marking, members, epoch in rows
    ]


def publications(db: sqlite3.Connection, allowed: Sequence[int]) -> list[tuple[int, str, str]]:
    """The (number, token, time) of publications that changed content of these classes."""
    statement = (
        "SELECT rev, token, at FROM revision WHERE rev IN"
        " (SELECT rev FROM revision_vis WHERE vis IN (SELECT value FROM json_each(?))) ORDER BY rev"
    )
    return db.execute(statement, (json.dumps(list(allowed)),)).fetchall()
