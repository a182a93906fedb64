"""Loads: batches under an unpublished revision, a small commit that publishes it, then ended ties move to the past."""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any, LiteralString

from neo4j import ManagedTransaction

from workbench.errors import StoreError
from workbench.model.claims import NORMALISER
from workbench.model.ids import new_file_id
from workbench.model.marking import Marking
from workbench.model.record import Dataset, Record
from workbench.store.accounts import Released
from workbench.store.decided import Decided
from workbench.store.loading import Changes, Mark
from workbench.store.neo4j.accounts import Neo4jAccounts, keep_account, restate, say_otherwise, take_back
from workbench.store.neo4j.connection import LONGEST, SIDE_BY_SIDE, Database, rows
from workbench.store.neo4j.flight import Flight
from workbench.store.neo4j.history import close_records, forget_unpublished, reopen_records, tidy
from workbench.store.neo4j.insertion import Inserted, Insertion, Span
from workbench.store.neo4j.interning import Terms, write
from workbench.store.neo4j.lease import SECOND, Lease
from workbench.store.neo4j.standing import any_remarked, found, remarked, standing, standing_of_part
from workbench.store.neo4j.transaction import Neo4jTransaction
from workbench.store.records_known import LIVE, NEVER, BySource, Complete, Found
from workbench.store.remarking import mark_records
from workbench.store.rows import Row, row_of
from workbench.store.transaction import Change, Transaction, of_kind
from workbench.store.types import FileReport, Quarantined, Withdrawal, marking_of_unit
from workbench.store.withdrawing import WithdrawingWriter

_BEGIN: LiteralString = """
MATCH (s:Store {name: 'workbench'}) WITH s,
    COLLECT { MATCH (r:Record) WHERE r.rid > 0 RETURN r.rid ORDER BY r.rid DESC LIMIT 1 } AS rids,
    COLLECT { MATCH (e:Entity) WHERE e.eid > 0 RETURN e.eid ORDER BY e.eid DESC LIMIT 1 } AS eids,
    COLLECT { MATCH (f:SourceFile) WHERE f.fid > 0 RETURN f.fid ORDER BY f.fid DESC LIMIT 1 } AS fids
SET s.writing = s.published + 1, s.first_record = coalesce(rids[0], 0) + 1, s.first_entity = coalesce(eids[0], 0) + 1
RETURN s.writing, s.first_record, s.first_entity, coalesce(fids[0], 0) + 1, s.secret
"""
_COMPLETE: LiteralString = "MATCH (c:CompleteDelivery) RETURN c.did, c.prefix, max(c.delivered)"
_ADD_COMPLETE: LiteralString = """
CREATE (c:CompleteDelivery {did: $did, prefix: $prefix, delivered: $delivered, rev: $rev, lid: $lid})
"""
_ADD_FILE: LiteralString = "CREATE (f:SourceFile) SET f = $file"
# The last delivery is stored also for the revision before; `said_since` is the revision from which that holds.
_SAID: LiteralString = """
UNWIND $rids AS rid MATCH (r:Record {rid: rid})
WITH r, CASE WHEN r.said_rev = $rev THEN null ELSE r.said_rev END AS forgotten
SET r.said_before = CASE WHEN r.said_rev = $rev THEN r.said_before ELSE r.said END
SET r.said = $delivered, r.said_rev = $rev
WITH max(forgotten) AS since
MATCH (s:Store {name: 'workbench'}) WHERE since > coalesce(s.said_since, 0) SET s.said_since = since
"""
_MARK: LiteralString = """
UNWIND $marks AS m MATCH (r:Record {rid: m[0]}) SET r.pending_vis = m[1], r.pending_asked = m[2]
"""
_MARKS: LiteralString = """
MATCH (r:Record) WHERE r.pending_vis IS NOT NULL WITH r, r.rid AS rid, r.pending_vis AS vis, r.pending_asked AS asked
REMOVE r.pending_vis, r.pending_asked RETURN rid, vis, asked
"""
_QUARANTINE: LiteralString = """
UNWIND $units AS unit MERGE (q:Quarantined {qid: unit.qid, rev: unit.rev}) SET q = unit
"""
_WAITING: LiteralString = "MATCH (q:Quarantined) WHERE q.rev = 0 AND q.agency = $agency RETURN q.qid"
_WAITING_FILES: LiteralString = """
MATCH (q:Quarantined) WHERE q.rev = 0 AND q.agency = $agency RETURN DISTINCT coalesce(q.file, '')
"""
_RELEASE: LiteralString = """
UNWIND $ids AS id MATCH (q:Quarantined {qid: id}) SET q.released = $rev RETURN q.agency, q.context
"""
_NUMBERING: LiteralString = "MATCH (n:Numbering {file: $file}) RETURN n.kept"

_NEWEST: LiteralString = """
OPTIONAL MATCH (d:Dataset {agency: $agency, name: $name}) OPTIONAL MATCH (x:Delivery {did: d.did})
WITH x.delivered AS date, collect(x.content) AS contents ORDER BY date DESC LIMIT 1
RETURN coalesce(date, ''), contents
"""
_ADD_DELIVERIES: LiteralString = """
UNWIND $deliveries AS d MERGE (x:Delivery {did: d[0], delivered: d[1], content: d[2]})
"""

_PUBLISH_FILES: LiteralString = "MATCH (f:SourceFile) WHERE f.rev = $rev SET f.rev = 0"
_PUBLISH_QUARANTINE: tuple[LiteralString, ...] = (
    # a unit that was in quarantine already keeps the loads that brought it before
    """
    MATCH (q:Quarantined) WHERE q.rev = $rev MATCH (old:Quarantined {qid: q.qid}) WHERE old.rev = 0
    WITH q, coalesce(old.loads, ['']) AS before SET q.loads = before + [each IN q.loads WHERE NOT each IN before]
    """,
    "MATCH (q:Quarantined) WHERE q.rev = $rev MATCH (old:Quarantined {qid: q.qid}) WHERE old.rev = 0 DELETE old",
    "MATCH (q:Quarantined) WHERE q.rev = $rev SET q.rev = 0",
    "MATCH (q:Quarantined) WHERE q.released IS NOT NULL DELETE q",
    "UNWIND $numbering AS n MERGE (m:Numbering {file: n[0]}) SET m.kept = n[1]",
    "MATCH (n:Numbering) WHERE NOT EXISTS { MATCH (q:Quarantined) WHERE q.file = n.file } DELETE n",
)
_LOG: LiteralString = """
OPTIONAL MATCH (l:LoadEntry) WITH coalesce(max(l.seq), 0) + 1 AS seq
MERGE (new:LoadEntry {lid: $load.lid}) SET new = $load, new.seq = seq
"""
_END: LiteralString = """
MATCH (s:Store {name: 'workbench'}) REMOVE s.writing
SET s.normaliser = CASE WHEN s.normaliser = 0 THEN $normaliser ELSE s.normaliser END
"""

_SOURCES_KEPT = 1_000_000
_LONGEST_TO_SCORE = 6 * 3600.0  # seconds after which the server ends the transaction that publishes
_ASKED_AT_ONCE = 2_500  # small, so that decisions wait less for the last answer
_AT_ONCE = 5_000  # records in a transaction: with more, memory on the server costs more than commits save


class Neo4jWriter(WithdrawingWriter):
    """See `Writer`. `then` is called when a load has been published."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        agency: str,
        by: str,
        at: str,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._lease, self._then = database, lease, then
        self._agency, self._by, self._at = agency, by, at
        self._open = True
        forget_unpublished(database, lease)
        ((rev, first, first_entity, self._fid, secret),) = lease.step(lambda tx: rows(tx, _BEGIN))
        tidy(database, lease, rev - 1)
        self._terms = Terms(database)
        self._any_remarked = any_remarked(database)
        self._insertion = Insertion(database, self._terms, first, first_entity)
        self._flight = Flight()
        self._asking = ThreadPoolExecutor(SIDE_BY_SIDE, "asking")
        self._answers: list[Future[Found]] = []
        self._numbering: dict[str, bytes] = {}
        self._marks = False  # whether records have pending classes
        self._written: set[int] | None = set()  # sources written by this load; None if there are too many to keep
        super().__init__(rev, first, Complete((*each,) for each in database.read(_COMPLETE)), secret)

    # -- what a load brings -----------------------------------------------------------

    def file(self, path: str, sha256: str, adapter: str) -> int:
        """Register a file that records come from."""
        fid = int(self._fid)
        self._fid = fid + 1
        file = {"fid": fid, "id": new_file_id(), "rev": self._rev, "path": path, "sha256": sha256, "adapter": adapter}
        file |= {"agency": self._agency, "loaded_by": self._by, "loaded_at": self._at, "lid": self._load}
        self._step(_ADD_FILE, file=file)
        return fid

    def _rows(self, records: Sequence[Record]) -> list[Row]:
        """The rows of records; the store is asked about some while the next are made."""
        made: list[Row] = []
        self._answers = []
        for start in range(0, len(records), _ASKED_AT_ONCE):
            some = [row_of(record) for record in records[start : start + _ASKED_AT_ONCE]]
            if self._flight.carries(row.source for row in some):
                self._flight.land()
            places = self._perhaps_known(some)
            self._answers.append(self._asking.submit(found, self._database, some, places, self._marks))
            made += some
        return made

    def _remarked(self, rows: Sequence[Row]) -> Mapping[bytes, Decided]:
        return remarked(self._database.read, {row.subject for row in rows}) if self._any_remarked else {}

    def _found(self, rows: Sequence[Row]) -> Iterator[Found]:
        """What the store knows, in the order of rows, so that some are decided while others are looked up."""
        answers, self._answers = self._answers, []
        for answer in answers:
            yield answer.result()

    def _known(self, rows: Sequence[Row]) -> BySource:
        return standing(self._database, rows, self._marks)

    def _perhaps_known(self, rows: Sequence[Row]) -> Sequence[int]:
        """The indices of rows to look up: of a new dataset, only those that this load may have written before."""
        written, is_new = self._written, self._terms.is_new
        datasets = {id(row.record.dataset): row.record.dataset for row in rows}.values()
        if written is None or not any(map(is_new, datasets)):
            return range(len(rows))
        return [n for n, row in enumerate(rows) if row.source in written or not is_new(row.record.dataset)]

    def _apply(self, changes: Changes) -> None:
        if changes.alters:
            self._flight.land()  # no other transaction may lock what this one changes
            self._send(changes, changes.late, changes.late_marks, NEVER, partial(self._alter, changes))
        for start in range(0, len(changes.fresh), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            self._send(changes, changes.fresh[some], changes.fresh_marks[some], LIVE)
        self._marks |= bool(changes.marks)
        if self._written is not None:
            self._written |= changes.sources
            if len(self._written) > _SOURCES_KEPT:
                self._written = None

    def _send(
        self,
        changes: Changes,
        fresh: Sequence[Row],
        marks: Sequence[Mark],
        rev_to: int,
        first: Callable[[ManagedTransaction], None] = lambda _: None,
    ) -> None:
        """Send new records to the server in two transactions; `first` runs at the start of the first one."""
        if self._insertion.is_full:
            self._flight.land()
        added = Inserted()
        self._insertion.prepared(fresh, marks, Span(changes.file, changes.delivered, self._rev, rev_to), added)
        new = self._terms.new()

        def work(tx: ManagedTransaction) -> None:
            first(tx)
            added.write_first(tx)
            write(tx, new)

        second = partial(self._lease.step, added.write_second, SECOND) if added.has_second else None
        self._flight.send(partial(self._lease.step, work), changes.sources, second)

    def _alter(self, changes: Changes, tx: ManagedTransaction) -> None:
        reopen_records(tx, self._terms.shapes, changes.reopened)
        if changes.said:
            rows(tx, _SAID, rids=changes.said, delivered=changes.delivered, rev=self._rev)
        close_records(tx, self._terms.shapes, self._rev, changes.closed)
        if changes.marks:
            rows(tx, _MARK, marks=[(rid, *mark) for rid, mark in sorted(changes.marks.items())])

    def _write(self, changes: Changes) -> None:
        self._apply(changes)

    def _accounts(self) -> Neo4jAccounts:
        self._flight.land()
        return Neo4jAccounts(self._database)

    def _standing_of_part(self, dataset: Dataset, part_prefix: str, delivered: str) -> list[tuple[int, int]]:
        self._flight.land()
        return standing_of_part(self._database, self._dataset_number(dataset), part_prefix, delivered)

    def _withdraw(self, rids: Sequence[int], complete: tuple[int, str, str] | None) -> None:
        def work(tx: ManagedTransaction) -> None:
            close_records(tx, self._terms.shapes, self._rev, rids)
            if complete is not None:
                did, prefix, delivered = complete
                rows(tx, _ADD_COMPLETE, did=did, prefix=prefix, delivered=delivered, rev=self._rev, lid=self._load)

        self._flight.land()
        self._terms.step(self._lease, work)

    def _dataset_number(self, dataset: Dataset) -> int:
        return self._terms.dataset(dataset)

    def _class_number(self, agency: str, marking: Marking) -> int:
        return self._terms.vis(agency, str(marking))

    def _marking_of(self, vis: int) -> Marking:
        return self._terms.marking(vis)

    def quarantine(self, units: Iterable[Quarantined]) -> None:
        """Store units that could not be read; see `Writer`."""
        units = list(units)
        self._note_units(units)
        nodes = [
            {
                **{name: value for name, value in _fields(unit).items() if name != "id"},
                "qid": unit.id,
                "rev": self._rev,
                "context": json.dumps(unit.context, ensure_ascii=False, sort_keys=True),
                "file": unit.context.get("file"),
                "loads": [self._load],
            }
            for unit in units
        ]
        self._step(_QUARANTINE, units=nodes)

    def waiting(self) -> frozenset[str]:
        """Ids of the agency's units in quarantine; see `Writer`."""
        return frozenset(each for (each,) in self._database.read(_WAITING, agency=self._agency))

    def waiting_files(self) -> frozenset[str]:
        """Ids of the files of the agency's units in quarantine; see `Writer`."""
        return frozenset(each for (each,) in self._database.read(_WAITING_FILES, agency=self._agency))

    def newest_delivery(self, dataset: Dataset) -> tuple[str, frozenset[str]]:
        """The dataset's newest delivery before this load; see `Writer`."""
        date, contents = self._database.row(_NEWEST, agency=dataset.agency, name=dataset.name)
        return str(date), frozenset(contents)

    def numbering(self, file: str) -> bytes:
        """The stored numbering of a file's equal units; see `Writer`."""
        if file in self._numbering:
            return self._numbering[file]
        found = self._database.read(_NUMBERING, file=file)
        return bytes(found[0][0]) if found else b""

    def keep_numbering(self, file: str, kept: bytes) -> None:
        """Store the numbering of a file's equal units; see `Writer`."""
        self._numbering[file] = kept

    def release(self, quarantined: Iterable[str]) -> None:
        """Take units out of quarantine."""
        for agency, context in self._step(_RELEASE, ids=sorted(quarantined), rev=self._rev):
            self._note_unit(agency, marking_of_unit(agency, json.loads(context)))
            self._released += 1

    # -- the end of a load --------------------------------------------------------------

    def publish(
        self, *, dataset: str, adapter: str, files: Sequence[FileReport], also: Change | None = None
    ) -> str | None:
        """Make the load visible and log it; see `Writer.publish`."""
        token = secrets.token_hex(8)
        load = self._logged(token if self._is_news else None, dataset, adapter, files)
        self._account.note(Released(self._released))

        def work(tx: ManagedTransaction) -> str | None:
            mine = Neo4jTransaction(tx, self._terms, self._lease)
            self._let_stand(mine, token)
            self._settle_accounts(tx)
            rows(tx, _PUBLISH_FILES, rev=self._rev)
            for statement in _PUBLISH_QUARANTINE:
                rows(tx, statement, rev=self._rev, numbering=sorted(self._numbering.items()))
            rows(tx, _ADD_DELIVERIES, deliveries=list(map(tuple, self._deliveries)))
            rows(tx, _LOG, load=load)
            rows(tx, _END, normaliser=NORMALISER)
            return self._change_too(mine, token, also)

        self._flight.land()
        if self._restated is not None:
            say_otherwise(self._lease, self._restated, self._rev)
        shown = self._terms.step(self._lease, work, LONGEST if also is None else _LONGEST_TO_SCORE)
        self._open = False
        with suppress(StoreError):  # the load is published; the next writer tidies up what is left
            tidy(self._database, self._lease, self._rev)
        self._end()
        self._then()
        return shown

    def _settle_accounts(self, tx: ManagedTransaction) -> None:
        """Store the account of this load, or apply the withdrawal of another."""
        if self._restated is not None:
            restate(tx, self._restated, self._load, self._rev)
        if self._taken_back is None:
            keep_account(tx, self._load, self._account.kept)
        else:
            withdrawal = Withdrawal(self._at, self._by, self._taken_back.why)
            take_back(tx, self._taken_back, withdrawal)

    def _apply_marks(self, tx: Transaction) -> None:
        marks = rows(of_kind(tx, Neo4jTransaction).tx, _MARKS)
        if marks:
            of_records = {rid: (vis, asked) for rid, vis, asked in marks}
            mark_records(tx, of_records, self._first)

    def _logged(self, token: str | None, dataset: str, adapter: str, files: Sequence[FileReport]) -> dict[str, Any]:
        body = json.dumps([asdict(each) for each in files], ensure_ascii=False, sort_keys=True)
        datasets, classes = self._evidence(files)
        return {
            "lid": self._load,
            "agency": self._agency,
            "dataset": dataset,
            "adapter": adapter,
            "by": self._by,
            "at": self._at,
            "delivered": self._delivered,
            "token": token,
            "files": body,
            "datasets": datasets,
            "classes": classes,
        }

    def abort(self) -> None:
        """Undo everything; does nothing after `publish`."""
        if self._open:
            self._flight.end()
            try:
                if not self._database.is_given_up:  # otherwise the next writer does it
                    forget_unpublished(self._database, self._lease)
            finally:
                self._end()

    def _end(self) -> None:
        self._open = False
        self._flight.end()
        self._asking.shutdown()
        self._lease.give_back()

    def _step(self, statement: LiteralString, **parameters: Any) -> list[list[Any]]:
        self._flight.land()
        return self._lease.step(lambda tx: rows(tx, statement, **parameters))


def _fields(unit: Quarantined) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in unit.__dataclass_fields__}
