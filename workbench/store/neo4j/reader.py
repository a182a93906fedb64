"""What views read, filtered by their scope in the WHERE of every query."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, LiteralString

from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, from_content
from workbench.store.neo4j.connection import Database
from workbench.store.types import (
    CommonEntry,
    Document,
    FileReport,
    Judgement,
    LoadEntry,
    Provenance,
    Quarantined,
    Scope,
    SourcedRecord,
    VisibilityClass,
    withdrawal_of,
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
_ENTITIES: LiteralString = """
UNWIND $ids AS id MATCH (e:Entity {id: id}) MATCH (d:Dataset {did: e.did})
RETURN e.id, d.agency, d.name, e.source_id
"""
_JUDGEMENTS: LiteralString = """
MATCH (j:Judgement) WHERE j.vis IN $allowed AND j.rev_from <= $revision AND j.rev_to > $revision
RETURN j.jid, j.a, j.b, j.verdict, j.by, j.why, j.at, j.evidence, j.overrides ORDER BY j.jid
"""
_COMMONS: LiteralString = """
MATCH (c:CommonValue) WHERE c.vis IN $allowed AND c.rev_from <= $revision AND c.rev_to > $revision
RETURN c.kind, c.value, c.agency, c.marking, c.why
"""
_PUBLICATIONS: LiteralString = """
MATCH (r:Revision) WHERE any(vis IN r.classes WHERE vis IN $allowed) RETURN r.rev, r.token, r.at ORDER BY r.rev
"""
_LOADS: LiteralString = """
MATCH (s:Store {name: 'workbench'}) WHERE s.copying IS NULL
MATCH (l:LoadEntry) WHERE l.agency IN $agencies AND size(l.classes) > 0 AND all(vis IN l.classes WHERE vis IN $allowed)
RETURN l.files, l.token, coalesce(l.withdrawn, ''), l.lid, l.agency, l.dataset, l.adapter, l.by, l.at, l.delivered
ORDER BY l.seq
"""
_QUARANTINED: LiteralString = """
MATCH (s:Store {name: 'workbench'}) WHERE s.copying IS NULL
MATCH (q:Quarantined) WHERE q.rev = 0 AND q.agency IN $agencies
RETURN q.raw, q.context, q.qid, q.agency, q.dataset, q.adapter, q.path, q.locator, q.reason, q.message
"""
_DOCUMENTS: LiteralString = """
MATCH (s:Store {name: 'workbench'}) WHERE s.copying IS NULL
MATCH (d:SavedDocument) WHERE d.kind = $kind AND d.vis IN $allowed WITH d ORDER BY d.version DESC
WITH d.name AS name, d.by AS by, count(*) AS version, collect(d)[0] AS newest
RETURN name, version, by, newest.at, newest.body
"""


def _seen(scope: Scope) -> dict[str, Any]:
    """The parameters of the predicate with which a query asks for what stands."""
    return {"allowed": list(scope.allowed), "revision": scope.revision}


def records_by_key(database: Database, scope: Scope, keys: Sequence[str]) -> list[SourcedRecord]:
    """Records by key, ordered by key."""
    return _records(database.read(_BY_KEY, keys=_keyed(keys), **_seen(scope)))


def records_about(database: Database, scope: Scope, entities: Sequence[str]) -> list[SourcedRecord]:
    """Records about entities, ordered by key."""
    return _records(database.read(_BY_ABOUT, entities=sorted(set(entities)), **_seen(scope)))


def markings_by_key(database: Database, scope: Scope, keys: Sequence[str]) -> dict[str, Marking]:
    """Markings of records by key, in the order of keys; superseded ones have theirs too."""
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


def keys(database: Database, scope: Scope) -> Iterator[tuple[str, str, str]]:
    """(key, marking, agency) of every record, ordered by key."""
    of = {each.vis: (str(each.marking), each.agency) for each in classes(database)}
    after = ""
    while True:
        found, vis = database.row(_KEYS, after=after, most=_PAGE, **_seen(scope))
        for key, number in zip(found, vis, strict=True):
            yield (key, *of[number])
        if len(found) < _PAGE:
            return
        after = found[-1]


def keys_of(database: Database, scope: Scope, numbers: Sequence[int]) -> dict[int, str]:
    """Keys of records by number."""
    return dict(zip(*database.row(_KEYS_OF, numbers=list(numbers), **_seen(scope)), strict=True))


def entities(database: Database, ids: Sequence[str]) -> dict[str, tuple[Dataset, str]]:
    """Dataset and source id behind ids that a view has already shown."""
    found = database.read(_ENTITIES, ids=list(ids))
    return {each: (Dataset(agency, name), source_id) for each, agency, name, source_id in found}


def judgements(database: Database, scope: Scope) -> list[Judgement]:
    """Judgements, ordered by id; each names those that it overrides and that are seen too."""
    found = database.read(_JUDGEMENTS, **_seen(scope))
    shown = {jid for jid, *_ in found}
    return [
        Judgement(jid, a, b, verdict, by, why, at, tuple(evidence), _among(shown, overrides))
        for jid, a, b, verdict, by, why, at, evidence, overrides in found
    ]


def _among(shown: Collection[str], ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in ids if each in shown)


def commons(database: Database, scope: Scope) -> list[CommonEntry]:
    """Listed common values, ordered by kind and value."""
    found = [CommonEntry(*row) for row in database.read(_COMMONS, **_seen(scope))]
    return sorted(found, key=lambda each: (each.kind, each.value, each.agency, each.marking))


def classes(database: Database) -> list[VisibilityClass]:
    """All classes of visibility."""
    return [
        VisibilityClass(vis, agency, parse_marking(marking) if marking else None, tuple(members), epoch)
        for vis, agency, marking, members, epoch in database.read(_CLASSES)
    ]


def publications(database: Database, allowed: Sequence[int]) -> list[tuple[int, str, str]]:
    """(number, token, time) of publications that changed content of these classes."""
    return [(rev, token, at) for rev, token, at in database.read(_PUBLICATIONS, allowed=list(allowed))]


def loads(database: Database, agencies: Sequence[str], allowed: Sequence[int]) -> list[LoadEntry]:
    """Loads of agencies that were about nothing but these classes, oldest first."""
    return [_load(*row) for row in database.read(_LOADS, agencies=list(agencies), allowed=list(allowed))]


def _load(files: str, token: str | None, withdrawn: str, *said: str) -> LoadEntry:
    lid, agency, dataset, adapter, by, at, delivered = said
    reports = tuple(FileReport(**each) for each in json.loads(files))
    return LoadEntry(lid, agency, dataset, adapter, by, at, delivered, token, reports, withdrawal_of(withdrawn))


def quarantined(database: Database, agencies: Sequence[str]) -> list[Quarantined]:
    """Units in quarantine of agencies."""
    found = [_unit(*row) for row in database.read(_QUARANTINED, agencies=list(agencies))]
    return sorted(found, key=lambda each: (each.path, each.locator, each.id))


def _unit(raw: bytes, context: str, *said: str) -> Quarantined:
    qid, agency, dataset, adapter, path, locator, reason, message = said
    return Quarantined(qid, agency, dataset, adapter, path, locator, reason, message, bytes(raw), json.loads(context))


def documents(database: Database, scope: Scope, kind: str) -> list[Document]:
    """The newest visible version of each document of a kind, ordered by name and author.

    Versions are counted among the visible ones: a gap would tell.
    """
    found = database.read(_DOCUMENTS, kind=kind, allowed=list(scope.allowed))
    saved = [Document(kind, name, version, by, at, json.loads(body)) for name, version, by, at, body in found]
    return sorted(saved, key=lambda each: (each.name, each.by))
