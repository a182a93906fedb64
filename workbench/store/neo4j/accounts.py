"""The accounts of a store's loads, and the changes to them when a load is withdrawn."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.model.ids import source_number
from workbench.model.record import Dataset
from workbench.store.accounts import Accounts, Alone, Kept, Logged, OfFile, Waiting
from workbench.store.columns import Int64
from workbench.store.neo4j.connection import Database, rows
from workbench.store.neo4j.interning import datasets
from workbench.store.neo4j.lease import Lease
from workbench.store.records_known import LIVE
from workbench.store.restating import Restated
from workbench.store.types import Withdrawal
from workbench.store.withdrawing import TakenBack

_AT_ONCE = 10_000
_HALF = 8  # octets of a key

_LOADS: LiteralString = """
MATCH (l:LoadEntry) RETURN l.lid, l.agency, l.dataset, l.adapter, l.delivered, coalesce(l.withdrawn, ''),
    coalesce(l.datasets, []), coalesce(l.classes, []) ORDER BY l.seq
"""
_FILES_OF: LiteralString = """
MATCH (f:SourceFile {sha256: $sha256}) WHERE f.rev = 0 RETURN f.fid, coalesce(f.lid, ''), f.path ORDER BY f.fid DESC
"""
_ACCOUNT: LiteralString = "MATCH (a:Account {lid: $lid}) RETURN a.body ORDER BY a.n"
_SOURCES: LiteralString = "UNWIND $rids AS rid MATCH (r:Record {rid: rid}) RETURN collect(DISTINCT left(r.key, 16))"
_UNDER: LiteralString = """
MATCH (r:Record) WHERE r.did = $did AND r.part STARTS WITH $prefix RETURN collect(DISTINCT left(r.key, 16))
"""
_KEPT: LiteralString = """
UNWIND $sources AS source MATCH (r:Record) USING INDEX r:Record(key) WHERE r.key STARTS WITH source
RETURN r.rid, r.key, r.did, r.source_id, r.part, r.vis, coalesce(r.asked, r.vis), r.rev_to, r.fid, r.delivered,
    coalesce(r.said, r.delivered)
ORDER BY r.rid
"""
_ALONE: LiteralString = """
UNWIND $rids AS rid MATCH (r:Record {rid: rid}) WHERE r.rev_to = $live
    AND COUNT { MATCH (o:Record) USING INDEX o:Record(key) WHERE o.key = r.key } = 1
RETURN r.rid, r.vis, coalesce(r.asked, r.vis), coalesce(r.said, r.delivered) < $delivered ORDER BY r.rid
"""
_CONTENTS: LiteralString = "UNWIND $rids AS rid MATCH (r:Record {rid: rid}) RETURN r.rid, r.body, r.locator"
_FILES_WITHOUT: LiteralString = """
UNWIND $fids AS fid MATCH (f:SourceFile {fid: fid}) WHERE coalesce(f.lid, '') = '' RETURN f.fid
"""
_COMPLETE_WITHOUT: LiteralString = """
MATCH (c:CompleteDelivery) WHERE coalesce(c.lid, '') = '' RETURN c.did, c.prefix, c.delivered
"""

_KEEP: LiteralString = "UNWIND $account AS a CREATE (n:Account {lid: $lid, n: a[0], body: a[1]})"
# The same as when a load repeats a record: the delivery before the last is kept for the revision before.
_SAY: LiteralString = """
UNWIND $said AS s MATCH (r:Record {rid: s[0]})
WITH r, s, CASE WHEN r.said_rev = $rev THEN null ELSE r.said_rev END AS forgotten
SET r.said_before = CASE WHEN r.said_rev = $rev THEN r.said_before ELSE r.said END
SET r.said = s[1], r.said_rev = $rev
WITH max(forgotten) AS since
MATCH (s:Store {name: 'workbench'}) WHERE since > coalesce(s.said_since, 0) SET s.said_since = since
"""
_SAY_GONE: LiteralString = """
UNWIND $gone AS g MATCH (r:Record {rid: g[0]}) SET r.delivered = g[1], r.said = g[1] REMOVE r.said_before, r.said_rev
"""
_WITHDRAW: LiteralString = "MATCH (l:LoadEntry {lid: $lid}) SET l.withdrawn = $withdrawn"
_FORGET_COMPLETE: LiteralString = """
UNWIND $parts AS p MATCH (c:CompleteDelivery {did: p[0], prefix: p[1]}) WHERE coalesce(c.lid, '') <> '' DELETE c
"""
_ADD_COMPLETE: LiteralString = """
UNWIND $complete AS c
CREATE (n:CompleteDelivery {did: c[0], prefix: c[1], delivered: c[2], rev: $rev, lid: $lid})
"""
_FORGET_DELIVERIES: LiteralString = """
UNWIND $deliveries AS d MATCH (x:Delivery {did: d[0], delivered: d[1], content: d[2]}) DELETE x
"""
_FORGET_UNITS: LiteralString = "MATCH (q:Quarantined) WHERE q.rev = 0 AND q.loads = [$lid] DELETE q"
_WAITING: LiteralString = """
MATCH (q:Quarantined) WHERE q.rev = 0 AND $lid IN q.loads AND size(q.loads) > 1
RETURN q.qid, q.loads, q.raw, q.context ORDER BY q.qid
"""
_UNIT_AGAIN: LiteralString = """
UNWIND $units AS u MATCH (q:Quarantined {qid: u[0], rev: 0})
SET q.adapter = u[1], q.path = u[2], q.locator = u[3], q.reason = u[4], q.message = u[5], q.context = u[6],
    q.raw = u[7]
"""
_UNITS_OF_OTHERS: LiteralString = """
MATCH (q:Quarantined) WHERE q.rev = 0 AND $lid IN q.loads SET q.loads = [each IN q.loads WHERE each <> $lid]
"""


class Neo4jAccounts(Accounts):
    """See `Accounts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def loads(self) -> list[Logged]:
        """All loads of the log; see `Accounts`."""
        return [
            Logged(lid, agency, name, adapter, day, bool(ended), tuple(zip(of, classes, strict=True)))
            for lid, agency, name, adapter, day, ended, of, classes in self._database.read(_LOADS)
        ]

    def of(self, load: str) -> Iterator[bytes]:
        """A load's account; see `Accounts`."""
        return (bytes(body) for (body,) in self._database.read(_ACCOUNT, lid=load))

    def files_of(self, sha256: str) -> list[OfFile]:
        """The files with this hash; see `Accounts`."""
        return [OfFile(*row) for row in self._database.read(_FILES_OF, sha256=sha256)]

    def waiting(self, load: str) -> list[Waiting]:
        """Units that others brought too; see `Accounts`."""
        found = self._database.read(_WAITING, lid=load)
        return [Waiting(qid, loads, bytes(raw), context) for qid, loads, raw, context in found]

    def datasets(self) -> dict[int, Dataset]:
        """Datasets by number; see `Accounts`."""
        return datasets(self._database)

    def sources_of(self, records: Sequence[int]) -> set[int]:
        """The first halves of the keys of records; see `Accounts`."""
        (found,) = self._database.row(_SOURCES, rids=list(records))
        return {source_number(bytes.fromhex(half)) for half in found}

    def sources_under(self, did: int, prefix: str) -> set[int]:
        """The first halves of the keys in parts; see `Accounts`."""
        (found,) = self._database.row(_UNDER, did=did, prefix=prefix)
        return {source_number(bytes.fromhex(half)) for half in found}

    def kept(self, sources: Sequence[int]) -> list[Kept]:
        """Records with these first halves of keys; see `Accounts`."""
        halves = [source.to_bytes(_HALF, signed=True).hex() for source in sources]
        return [
            Kept(rid, source_number(bytes.fromhex(key)), bytes.fromhex(key), *rest)
            for rid, key, *rest in self._database.read(_KEPT, sources=halves)
        ]

    def alone(self, records: Int64, delivered: str) -> Alone:
        """Those of these records that stand alone; see `Accounts`."""
        found = self._database.read(_ALONE, rids=records.tolist(), live=LIVE, delivered=delivered)
        return Alone.of([(rid, vis, asked, older) for rid, vis, asked, older in found])

    def contents(self, records: Sequence[int]) -> dict[int, tuple[str, str]]:
        """What records say; see `Accounts`."""
        return {rid: (body, place) for rid, body, place in self._database.read(_CONTENTS, rids=list(records))}

    def files_without(self, files: Sequence[int]) -> list[int]:
        """Files of older loads; see `Accounts`."""
        return [fid for (fid,) in self._database.read(_FILES_WITHOUT, fids=list(files))]

    def complete_without(self) -> list[tuple[int, str, str]]:
        """Complete deliveries of older loads; see `Accounts`."""
        return [(did, prefix, delivered) for did, prefix, delivered in self._database.read(_COMPLETE_WITHOUT)]


def keep_account(tx: ManagedTransaction, load: str, account: Iterable[bytes]) -> None:
    """Keep the account of a load."""
    rows(tx, _KEEP, lid=load, account=list(enumerate(account)))


def say_otherwise(lease: Lease, of: Restated, rev: int) -> None:
    """Update the last delivery of records that go on standing, some at a time; undone if the load is not published."""
    left = iter(of.said.items())
    while some := list(islice(left, _AT_ONCE)):
        _say(lease, some, rev)


def _say(lease: Lease, some: Sequence[tuple[int, str]], rev: int) -> None:
    lease.step(lambda tx: rows(tx, _SAY, said=some, rev=rev))


def restate(tx: ManagedTransaction, of: Restated, load: str, rev: int) -> None:
    """Store which complete deliveries count after all was decided again, for a load."""
    rows(tx, _SAY_GONE, gone=[[*each] for each in of.gone.items()])
    rows(tx, _FORGET_COMPLETE, parts=of.parts)
    rows(tx, _ADD_COMPLETE, complete=of.complete, rev=rev, lid=load)


def take_back(tx: ManagedTransaction, of: TakenBack, withdrawal: Withdrawal) -> None:
    """Mark a load as withdrawn, and delete what only it said."""
    rows(tx, _WITHDRAW, lid=of.load, withdrawn=json.dumps(asdict(withdrawal), ensure_ascii=False))
    rows(tx, _FORGET_DELIVERIES, deliveries=list(map(tuple, of.deliveries)))
    rows(tx, _FORGET_UNITS, lid=of.load)
    rows(tx, _UNITS_OF_OTHERS, lid=of.load)
    rows(tx, _UNIT_AGAIN, units=[[*unit[:-1], raw] for unit, raw in of.units])
