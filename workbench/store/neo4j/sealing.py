"""A migration: give files random ids, and units sealed ids, where an older workbench used hashes."""

import json
from typing import Any, LiteralString

from neo4j import ManagedTransaction

from workbench.model.ids import new_file_id, new_secret, sealed
from workbench.store.neo4j.connection import Database, rows

_SEALING: LiteralString = """
MATCH (s:Store {name: 'workbench'}) SET s.secret = coalesce(s.secret, $secret) RETURN s.secret
"""
_FILES: LiteralString = "MATCH (f:SourceFile) WHERE f.id IS NULL RETURN f.fid"
_NAME_FILES: LiteralString = "UNWIND $ids AS i MATCH (f:SourceFile {fid: i[0]}) SET f.id = i[1]"
_UNITS: LiteralString = "MATCH (q:Quarantined) RETURN q.qid, q.rev, q.context"
_SEAL_UNITS: LiteralString = """
UNWIND $units AS u MATCH (q:Quarantined {qid: u.known, rev: u.rev})
SET q.qid = u.qid, q.file = u.file, q.context = u.context
"""
_SEAL_NUMBERING: LiteralString = "UNWIND $files AS f MATCH (n:Numbering {file: f[0]}) SET n.file = f[1]"
_LOADS: LiteralString = "MATCH (l:LoadEntry) RETURN l.lid, l.files"
_LOG: LiteralString = "UNWIND $loads AS l MATCH (e:LoadEntry {lid: l[0]}) SET e.files = l[1]"


def seal_files(database: Database) -> None:
    """Give new ids to files and units, all in one transaction; those that have new ids keep them."""
    database.write(_seal)


def _seal(tx: ManagedTransaction) -> None:
    ((secret,),) = rows(tx, _SEALING, secret=new_secret())
    nameless = [fid for (fid,) in rows(tx, _FILES)]
    rows(tx, _NAME_FILES, ids=[(fid, new_file_id()) for fid in nameless])
    units = [(qid, rev, json.loads(context)) for qid, rev, context in rows(tx, _UNITS)]
    old = [each for each in units if "sha256" in each[2]]
    files = sorted({str(context["file"]) for *_, context in old})
    rows(tx, _SEAL_UNITS, units=[_sealed_unit(secret, *each) for each in old])
    rows(tx, _SEAL_NUMBERING, files=[(file, sealed(secret, file)) for file in files])
    if nameless:  # otherwise the log was written by a workbench that leaves out hashes where it must
        rows(tx, _LOG, loads=[(lid, _without_hashes(found)) for lid, found in rows(tx, _LOADS)])


def _sealed_unit(secret: str, known: str, rev: int, context: dict[str, Any]) -> dict[str, Any]:
    file = sealed(secret, str(context["file"]))
    kept = {name: value for name, value in context.items() if name != "sha256"} | {"file": file}
    written = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return {"known": known, "rev": rev, "qid": sealed(secret, known), "file": file, "context": written}


def _without_hashes(files: str) -> str:
    return json.dumps([each | {"sha256": ""} for each in json.loads(files)], ensure_ascii=False, sort_keys=True)
