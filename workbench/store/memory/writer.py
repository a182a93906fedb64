"""Loads: each works on a copy of the tables, which is shown when it publishes."""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from workbench.model.claims import NORMALISER
from workbench.model.ids import entity_id, new_file_id
from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.accounts import Released
from workbench.store.decided import Decided, Mark
from workbench.store.dump_rows import (
    AccountRow,
    CompleteRow,
    DatasetRow,
    DeliveryRow,
    EntityRow,
    FileRow,
    LoadRow,
    NumberingRow,
    QuarantineRow,
    RecordRow,
    SecretRow,
)
from workbench.store.leasing import Lease
from workbench.store.loading import Changes
from workbench.store.memory.accounts import MemoryAccounts, restate, take_back
from workbench.store.memory.tables import Tables
from workbench.store.memory.transaction import MemoryTransaction
from workbench.store.records_known import LIVE, NEVER, BySource, Complete, Found, Standing
from workbench.store.remarking import mark_records
from workbench.store.rows import Row
from workbench.store.transaction import Change, Transaction
from workbench.store.types import FileReport, Quarantined, Withdrawal, marking_of_unit
from workbench.store.withdrawing import WithdrawingWriter


class MemoryWriter(WithdrawingWriter):
    """See `Writer`. `show` shows the tables to readers."""

    def __init__(
        self, tables: Tables, show: Callable[[Tables], None], lease: Lease, agency: str, by: str, at: str
    ) -> None:
        self._tables, self._show, self._lease = tables, show, lease
        self._tx = MemoryTransaction(tables)
        self._agency, self._by, self._at = agency, by, at
        self._marks: dict[int, Mark] = {}  # for records that change class when this load is published
        complete = Complete(row[:3] for row in tables.rows(CompleteRow))
        super().__init__(tables.published() + 1, tables.next(RecordRow), complete, tables.row(SecretRow, 0).secret)

    # -- what a load brings -----------------------------------------------------------

    def file(self, path: str, sha256: str, adapter: str) -> int:
        fid = self._tables.next(FileRow)
        said = (new_file_id(), path, sha256, adapter, self._agency, self._by, self._at, self._load)
        self._tables.put(FileRow, [FileRow(fid, *said)])
        return fid

    def _remarked(self, rows: Sequence[Row]) -> Mapping[bytes, Decided]:
        return self._tx.decided([row.subject for row in rows])

    def _found(self, rows: Sequence[Row]) -> Iterator[Found]:
        yield Found([None] * len(rows), self._known(rows))

    def _known(self, rows: Sequence[Row]) -> BySource:
        halves = {row.source: row.key[:8].hex() for row in rows}
        found = {source: [*map(self._standing, self._tables.of_sources([half]))] for source, half in halves.items()}
        return {source: records for source, records in found.items() if records}

    def _standing(self, row: RecordRow) -> Standing:
        mark = self._marks.get(row.rid, (row.vis, row.asked))
        said = self._tables.said_last(row)
        return Standing(row.rid, bytes.fromhex(row.key), row.source_id, row.part, *mark, said, row.rev_to)

    def _apply(self, changes: Changes) -> None:
        self._tables.change(changes.reopened, rev_to=LIVE)
        for rid in changes.said:
            self._tables.said[rid] = (*self._tables.said.get(rid, ()), (self._rev, changes.delivered))
        self._tables.change(changes.closed, rev_to=self._rev)
        self._marks.update(changes.marks)
        self._insert(changes, changes.late, changes.late_marks, NEVER)
        self._insert(changes, changes.fresh, changes.fresh_marks, LIVE)

    _write = _apply

    def _insert(self, changes: Changes, rows: Sequence[Row], marks: Sequence[Mark], rev_to: int) -> None:
        self._know_entities(rows)
        for rid, (row, (vis, asked)) in enumerate(zip(rows, marks, strict=True), self._tables.next(RecordRow)):
            record = row.record
            made = RecordRow(
                rid=rid,
                key=row.key.hex(),
                did=self._dataset_number(record.dataset),
                source_id=record.source_id,
                part=record.part,
                vis=vis,
                asked=asked,
                rev_from=self._rev,
                rev_to=rev_to,
                fid=changes.file,
                locator=record.locator,
                delivered=changes.delivered,
                said=changes.delivered,
                body=row.content,
            )
            self._tables.put(RecordRow, [made])

    def _know_entities(self, rows: Iterable[Row]) -> None:
        """Number the new entities among those that these rows are about or refer to."""
        known, numbers = {row.id for row in self._tables.rows(EntityRow)}, dict[str, tuple[int, str]]()
        for row in rows:
            dataset, did = row.record.dataset, self._dataset_number(row.record.dataset)
            refs = {ref for _, ref in row.record.roles} | (set() if row.is_relationship else {row.record.source_id})
            numbers.update((entity_id(dataset.agency, dataset.name, ref), (did, ref)) for ref in refs)
        new = sorted(set(numbers) - known)
        made = [EntityRow(eid, each, *numbers[each]) for eid, each in enumerate(new, self._tables.next(EntityRow))]
        self._tables.put(EntityRow, made)

    def _accounts(self) -> MemoryAccounts:
        return MemoryAccounts(self._tables)

    def _standing_of_part(self, dataset: Dataset, part_prefix: str, delivered: str) -> list[tuple[int, int]]:
        did = self._dataset_number(dataset)
        rows = [row for row in self._tables.rows(RecordRow) if row.did == did and row.part.startswith(part_prefix)]
        return [(r.rid, r.vis) for r in rows if r.rev_to == LIVE and self._tables.said_last(r) <= delivered]

    def _withdraw(self, rids: Sequence[int], complete: tuple[int, str, str] | None) -> None:
        self._tables.change(rids, rev_to=self._rev)
        if complete is not None:
            self._tables.put(CompleteRow, [CompleteRow(*complete, self._rev, self._load)])

    def _dataset_number(self, dataset: Dataset) -> int:
        known = {each: did for did, each in self._tables.datasets().items()}
        if dataset not in known:
            known[dataset] = self._tables.next(DatasetRow)
            self._tables.put(DatasetRow, [DatasetRow(known[dataset], dataset.agency, dataset.name)])
        return known[dataset]

    def _class_number(self, agency: str, marking: Marking) -> int:
        return self._tx.class_number(agency, str(marking))

    def _marking_of(self, vis: int) -> Marking:
        return self._tx.marking_of(vis)

    # -- quarantine and deliveries ------------------------------------------------------

    def quarantine(self, units: Iterable[Quarantined]) -> None:
        units = list(units)
        self._note_units(units)
        known = {row.qid: row for row in self._tables.rows(QuarantineRow)}
        for u in units:
            context = json.dumps(u.context, ensure_ascii=False, sort_keys=True)
            before = known[u.id].loads if u.id in known else ()
            loads = (*before, *({self._load} - {*before}))
            said = (u.agency, u.dataset, u.adapter, u.path, u.locator, u.reason, u.message, u.raw)
            self._tables.put(QuarantineRow, [QuarantineRow(u.id, *said, context, loads)])

    def waiting(self) -> frozenset[str]:
        return frozenset(row.qid for row in self._tables.rows(QuarantineRow) if row.agency == self._agency)

    def waiting_files(self) -> frozenset[str]:
        rows = (row for row in self._tables.rows(QuarantineRow) if row.agency == self._agency)
        return frozenset(json.loads(row.context).get("file") or "" for row in rows)

    def release(self, quarantined: Iterable[str]) -> None:
        wanted = set(quarantined)
        for row in self._tables.rows(QuarantineRow):
            if row.qid in wanted:
                self._note_unit(row.agency, marking_of_unit(row.agency, json.loads(row.context)))
                self._released += 1
        self._tables.drop(QuarantineRow, lambda row: row.qid in wanted)

    def newest_delivery(self, dataset: Dataset) -> tuple[str, frozenset[str]]:
        dids = {did for did, each in self._tables.datasets().items() if each == dataset}
        found = [row for row in self._tables.rows(DeliveryRow) if row.did in dids]
        newest = max((row.delivered for row in found), default="")
        return newest, frozenset(row.content for row in found if row.delivered == newest)

    def numbering(self, file: str) -> bytes:
        known = self._tables.parts["numbering"]
        return bytes(known[file][1]) if file in known else b""

    def keep_numbering(self, file: str, kept: bytes) -> None:
        self._tables.put(NumberingRow, [NumberingRow(file, kept)])

    # -- the end of a load --------------------------------------------------------------

    def publish(
        self, *, dataset: str, adapter: str, files: Sequence[FileReport], also: Change | None = None
    ) -> str | None:
        token = secrets.token_hex(8)
        self._let_stand(self._tx, token)
        self._settle_accounts()
        waiting = {json.loads(row.context).get("file") for row in self._tables.rows(QuarantineRow)}
        self._tables.drop(NumberingRow, lambda row: row.file not in waiting)
        self._tables.put(DeliveryRow, [DeliveryRow(*each) for each in self._deliveries])
        self._log(token if self._touched() else None, dataset, adapter, files)
        self._tables.notes["normaliser"] = self._tables.notes["normaliser"] or NORMALISER
        shown = self._change_too(self._tx, token, also)
        self._show(self._tables)
        self.abort()
        return shown

    def _apply_marks(self, tx: Transaction) -> None:
        mark_records(tx, self._marks, self._first)

    def _settle_accounts(self) -> None:
        """Store the account of this load, or apply the withdrawal of another."""
        if self._restated is not None:
            if self._restated.alters_dates:
                self._tx.begin_epoch(())
            restate(self._tables, self._restated, self._load, self._rev)
        if self._taken_back is not None:
            withdrawal = Withdrawal(self._at, self._by, self._taken_back.why)
            take_back(self._tables, self._taken_back, withdrawal)
            return
        self._account.note(Released(self._released))
        account = [AccountRow(self._load, n, body) for n, body in enumerate(self._account.kept)]
        self._tables.put(AccountRow, account)

    def _log(self, token: str | None, dataset: str, adapter: str, files: Sequence[FileReport]) -> None:
        body = json.dumps([asdict(each) for each in files], ensure_ascii=False, sort_keys=True)
        datasets, classes = map(tuple, self._evidence(files))
        said = (self._load, self._agency, dataset, adapter, self._by, self._at, self._delivered, token, body)
        self._tables.put(LoadRow, [LoadRow(self._tables.next(LoadRow), *said, datasets, classes, "")])

    def abort(self) -> None:
        """Let the next writer in, and drop everything that was not published."""
        self._lease.give_back()
