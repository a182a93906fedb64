"""The queries of views; the WHERE of each filters by the view's scope."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, LiteralString

from workbench.errors import as_written
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, from_content
from workbench.store.dump_rows import DocumentRow
from workbench.store.neo4j.connection import Database
from workbench.store.types import (
    Provenance,
    Scope,
    SourcedRecord,
    VisibilityClass,
)

_KEY = re.compile(r"[0-9a-f]{32}")
_PAGE = 20_000

_CLASSES: LiteralString = """
MATCH (c:VisibilityClass) RETURN c.vis, c.agency, c.marking, c.members, coalesce(c.epoch, 0) ORDER BY c.vis
"""
_BY_KEY: LiteralString = """
UNWIND $keys AS key MATCH (r:Record {key: key})
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
MATCH (c:VisibilityClass {vis: r.vis}) MATCH (d:Dataset {did: r.did}) MATCH (f:SourceFile {fid: r.fid})
RETURN r.key, r.source_id, r.part, r.locator, r.body, r.delivered, d.agency, d.name, c.marking, f.path, f.id,
    f.adapter, f.loaded_by, f.loaded_at
"""
_BY_ABOUT: LiteralString = """
UNWIND $entities AS id MATCH (e:Entity {id: id}) MATCH (r:Record {about: e.eid})
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
MATCH (c:VisibilityClass {vis: r.vis}) MATCH (d:Dataset {did: r.did}) MATCH (f:SourceFile {fid: r.fid})
RETURN r.key, r.source_id, r.part, r.locator, r.body, r.delivered, d.agency, d.name, c.marking, f.path, f.id,
    f.adapter, f.loaded_by, f.loaded_at
"""
_MARKINGS: LiteralString = """
UNWIND $keys AS key MATCH (r:Record {key: key}) WHERE r.vis IN $allowed AND r.rev_from <= $revision
MATCH (c:VisibilityClass {vis: r.vis}) RETURN DISTINCT r.key, c.marking ORDER BY r.key, c.marking
"""
_KEYS: LiteralString = """
MATCH (r:Record) WHERE r.key > $after AND r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
WITH r ORDER BY r.key LIMIT $most RETURN collect(r.key), collect(r.vis)
"""
_KEYS_OF: LiteralString = """
UNWIND $numbers AS rid MATCH (r:Record {rid: rid})
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
RETURN collect(r.rid), collect(r.key)
"""
_BODIES: LiteralString = """
UNWIND $numbers AS rid MATCH (r:Record {rid: rid})
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
RETURN collect(r.rid), collect(r.body)
"""
_ENTITIES: LiteralString = """
UNWIND $ids AS id MATCH (e:Entity {id: id}) MATCH (d:Dataset {did: e.did})
RETURN e.id, d.agency, d.name, e.source_id
"""
_DOCUMENTS: LiteralString = """
MATCH (d:SavedDocument {kind: $kind}) WHERE $name IS NULL OR d.name = $name
WITH d ORDER BY d.kind, d.name, d.by, d.version
RETURN d.kind, d.name, d.by, d.version, d.at, d.body, d.evidence, d.own, d.vis
"""
_PUBLICATIONS: LiteralString = """
MATCH (r:Revision) WHERE any(vis IN r.classes WHERE vis IN $allowed) RETURN r.rev, r.token, r.at ORDER BY r.rev
"""


def _seen(scope: Scope) -> dict[str, Any]:
    """The parameters of a query's filter for standing records."""
    return {"allowed": list(scope.allowed), "revision": scope.revision}


@as_written("a record")
def records_by_key(database: Database, scope: Scope, keys: Sequence[str]) -> list[SourcedRecord]:
    """Records by key, ordered by key."""
    return _records(database.read(_BY_KEY, keys=_keyed(keys), **_seen(scope)))


@as_written("a record")
def records_about(database: Database, scope: Scope, entities: Sequence[str]) -> list[SourcedRecord]:
    """Records about entities, ordered by key."""
    return _records(database.read(_BY_ABOUT, entities=sorted(set(entities)), **_seen(scope)))


@as_written("a marking")
def markings_by_key(database: Database, scope: Scope, keys: Sequence[str]) -> dict[str, Marking]:
    """The markings of records, superseded ones included, by key, in order of keys."""
    found = database.read(_MARKINGS, keys=_keyed(keys), **_seen(scope))
    return {key: parse_marking(marking) for key, marking in found}


def _keyed(keys: Sequence[str]) -> list[str]:
    return sorted({key for key in keys if _KEY.fullmatch(key)})


def _records(found: list[list[Any]]) -> list[SourcedRecord]:
    return sorted((_record(*row) for row in found), key=lambda each: each.key)


def _record(
    key: str,
    source_id: str,
    part: str,
    locator: str,
    body: str,
    delivered: str,
    agency: str,
    name: str,
    marking: str,
    *provenance: str,
) -> SourcedRecord:
    record = from_content(body, Dataset(agency, name), source_id, parse_marking(marking), part, locator)
    path, file, adapter, by, at = provenance
    return SourcedRecord(key, record, Provenance(path, file, adapter, by, at, delivered))


@as_written("a document")
def documents(database: Database, kind: str, name: str | None) -> list[DocumentRow]:
    """All versions of the documents of a kind, of one name or all."""
    rows = map(DocumentRow._make, database.read(_DOCUMENTS, kind=kind, name=name))
    return [row._replace(evidence=tuple(row.evidence)) for row in rows]


def keys(database: Database, scope: Scope) -> Iterator[tuple[str, str, str]]:
    """The (key, marking, agency) of every record, ordered by key."""
    of = {each.vis: (str(each.marking), each.agency) for each in classes(database)}
    after = ""
    while True:
        page, vis = database.row(_KEYS, after=after, most=_PAGE, **_seen(scope))
        for key, number in zip(page, vis, strict=True):
            yield (key, *of[number])
        if len(page) < _PAGE:
            return
        after = page[-1]


def keys_of(database: Database, scope: Scope, numbers: Sequence[int]) -> dict[int, str]:
    """The keys of records, by number."""
    return dict(zip(*database.row(_KEYS_OF, numbers=list(numbers), **_seen(scope)), strict=True))


def bodies(database: Database, scope: Scope, numbers: Sequence[int]) -> dict[int, str]:
    """The content of records, by number."""
    return dict(zip(*database.row(_BODIES, numbers=list(numbers), **_seen(scope)), strict=True))


def entities(database: Database, ids: Sequence[str]) -> dict[str, tuple[Dataset, str]]:
    """Dataset and source id behind ids that a view has already shown."""
    found = database.read(_ENTITIES, ids=list(ids))
    return {each: (Dataset(agency, name), source_id) for each, agency, name, source_id in found}


@as_written("a class of visibility")
def classes(database: Database) -> list[VisibilityClass]:
    """All classes of visibility."""
    return [
        VisibilityClass(vis, agency, parse_marking(marking) if marking else None, tuple(members), epoch)
        for vis, agency, marking, members, epoch in database.read(_CLASSES)
    ]


def publications(database: Database, allowed: Sequence[int]) -> list[tuple[int, str, str]]:
    """The (number, token, time) of publications that changed content of these classes."""
    return [(rev, token, at) for rev, token, at in database.read(_PUBLICATIONS, allowed=list(allowed))]
