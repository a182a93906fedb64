"""Loads: batches under an unpublished revision, and a small commit that publishes it."""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from workbench.errors import StoreError
from workbench.model.claims import NORMALISER
from workbench.model.ids import new_file_id
from workbench.model.marking import Marking
from workbench.model.record import Dataset, Record
from workbench.store.accounts import Released
from workbench.store.decided import Decided
from workbench.store.file_lease import FileLease
from workbench.store.loading import Changes
from workbench.store.records_known import LIVE, NEVER, BySource, Complete, Found
from workbench.store.remarking import mark_records
from workbench.store.rows import Row
from workbench.store.sqlite.accounts import SqliteAccounts, keep_account, restate, take_back
from workbench.store.sqlite.connection import StoreConnection, transaction
from workbench.store.sqlite.history import begin_writing, close_records, forget_unpublished, still_writes
from workbench.store.sqlite.insertion import Insertion, Span, Work
from workbench.store.sqlite.interning import Terms
from workbench.store.sqlite.revisions import published
from workbench.store.sqlite.standing import found, known, remarked, standing_of_part
from workbench.store.sqlite.transaction import SqliteTransaction
from workbench.store.transaction import Change, Transaction
from workbench.store.types import FileReport, Quarantined, Withdrawal, marking_of_unit
from workbench.store.withdrawing import WithdrawingWriter
from workbench.store.writing import Outcome

# Each commit writes every page that was touched, and records touch pages all over an index: so it waits for batches.
_MOST_UNCOMMITTED = 100_000

_NEWEST = """
SELECT x.delivered, x.content FROM dataset d JOIN delivery x USING (did) WHERE d.agency = ? AND d.name = ?
    AND x.delivered = (SELECT max(y.delivered) FROM delivery y WHERE y.did = d.did)
"""


class SqliteWriter(WithdrawingWriter):
    """See `Writer`. `then` is called when a load has been published."""

    def __init__(
        self,
        connection: StoreConnection,
        lease: FileLease,
        agency: str,
        by: str,
        at: str,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        self._db, self._then = connection, then
        self._lease = lease
        self._agency, self._by, self._at = agency, by, at
        self._open = True
        connection.execute("PRAGMA synchronous=NORMAL")  # a power failure may lose a batch: it is not acknowledged yet
        connection.execute(
            "PRAGMA cache_size=-32768"
        )  # with 64 MB four million records take as long, with 16 a third more
        connection.execute("PRAGMA mmap_size=0")  # or all that it has looked at would count as its memory
        self._name = begin_writing(connection)
        self._terms = Terms(connection)
        self._tx = SqliteTransaction(connection, self._terms)
        self._insertion = Insertion(connection, self._terms)
        complete = connection.execute("SELECT did, prefix, max(delivered) FROM complete GROUP BY did, prefix")
        (secret,) = connection.execute("SELECT value FROM meta WHERE name = 'secret'").fetchone()
        super().__init__(published(connection) + 1, self._insertion.first, Complete(complete), secret)
        self._numbering: dict[str, bytes] = {}
        self._works: list[Work] = []
        self._uncommitted = 0  # records in a transaction that was begun

    # -- what a load brings -----------------------------------------------------------

    def file(self, path: str, sha256: str, adapter: str) -> int:
        """Register a file that records come from."""
        self._begin()
        row = (self._rev, new_file_id(), path, sha256, adapter, self._agency, self._by, self._at, self._load)
        statement = (
            "INSERT INTO file (rev, id, path, sha256, adapter, agency, loaded_by, loaded_at, lid)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        return int(self._db.execute(statement, row).lastrowid or 0)

    def put(self, records: Sequence[Record], file: int, delivered: str) -> list[Outcome]:
        """Write records of a file; see `Writer.put`. The next `put` makes its rows meanwhile."""
        try:
            outcomes = super().put(records, file, delivered)
            self._uncommitted += len(records)
            is_much = self._uncommitted >= _MOST_UNCOMMITTED
            self._db.write_later(self._taken(), "COMMIT" if is_much else "")
            self._uncommitted = 0 if is_much else self._uncommitted
        except BaseException:
            self._roll_back()
            raise
        return outcomes

    def _rows(self, records: Sequence[Record]) -> list[Row]:
        rows = super()._rows(records)
        self._begin()
        return rows

    def _begin(self) -> None:
        """Begin a transaction, or go on with one that was begun."""
        self._db.wait()
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
            self._refuse_another()

    def _refuse_another(self) -> None:
        """StoreError if another writer began meanwhile, by another link to the file: it deleted what this one wrote."""
        if not still_writes(self._db, self._name):
            raise StoreError(
                f"{self._db.path}: somebody else wrote to this file meanwhile, so nothing was loaded: name it by the"
                f" same path everywhere, leave the file {self._db.path.name}.writer alone, and load again"
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Run a block as one transaction, after what was begun."""
        self._commit()
        with transaction(self._db):
            self._refuse_another()
            yield

    def _commit(self) -> None:
        self._db.wait()
        if self._db.in_transaction:
            self._db.execute("COMMIT")
        self._uncommitted = 0

    def _taken(self) -> list[Work]:
        works, self._works = self._works, []
        return works

    def withdraw_absent(self, dataset: Dataset, part_prefix: str, delivered: str) -> int:
        """Withdraw records that a complete delivery no longer contains, in one transaction; see `Writer`."""
        with self._transaction():
            return super().withdraw_absent(dataset, part_prefix, delivered)

    def _remarked(self, rows: Sequence[Row]) -> Mapping[bytes, Decided]:
        return remarked(self._db, rows)

    def _found(self, rows: Sequence[Row]) -> Iterator[Found]:
        yield found(self._db, rows)

    def _known(self, rows: Sequence[Row]) -> BySource:
        return known(self._db, rows)

    def _apply(self, changes: Changes) -> None:
        close_records(self._db, LIVE, changes.reopened)
        said = [(rid, changes.delivered, self._rev) for rid in changes.said]
        self._db.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", said)
        close_records(self._db, self._rev, changes.closed)
        marks = [(rid, self._rev, *mark) for rid, mark in changes.marks.items()]
        self._db.executemany("INSERT OR REPLACE INTO pending_mark (rid, rev, vis, asked) VALUES (?, ?, ?, ?)", marks)
        span = Span(changes.file, changes.delivered, self._rev, LIVE)
        self._works += self._insertion.inserts(changes.late, changes.late_marks, span._replace(rev_to=NEVER))
        self._works += self._insertion.inserts(changes.fresh, changes.fresh_marks, span)

    def _write(self, changes: Changes) -> None:
        with self._transaction():
            self._apply(changes)
            for work in self._taken():
                self._db.executemany(*work)

    def _accounts(self) -> SqliteAccounts:
        return SqliteAccounts(self._db)

    def _standing_of_part(self, dataset: Dataset, part_prefix: str, delivered: str) -> list[tuple[int, int]]:
        return standing_of_part(self._db, self._dataset_number(dataset), part_prefix, delivered)

    def _withdraw(self, rids: Sequence[int], complete: tuple[int, str, str] | None) -> None:
        close_records(self._db, self._rev, rids)
        if complete is not None:
            self._db.execute("INSERT INTO complete VALUES (?, ?, ?, ?, ?)", (*complete, self._rev, self._load))

    def _dataset_number(self, dataset: Dataset) -> int:
        return self._terms.dataset(dataset)

    def _class_number(self, agency: str, marking: Marking) -> int:
        return self._terms.vis(agency, marking)

    def _marking_of(self, vis: int) -> Marking:
        return self._terms.marking(vis)

    def quarantine(self, units: Iterable[Quarantined]) -> None:
        """Store units that could not be read; see `Writer`."""
        units = list(units)
        self._note_units(units)
        rows = [
            (
                *(u.id, self._rev, u.agency, u.dataset, u.adapter, u.path, u.locator, u.reason, u.message, u.raw),
                *(json.dumps(u.context, ensure_ascii=False, sort_keys=True), None, json.dumps([self._load])),
            )
            for u in units
        ]
        statement = "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._begin()
        self._db.executemany(statement, rows)

    def waiting(self) -> frozenset[str]:
        """Ids of the agency's units in quarantine; see `Writer`."""
        rows = self._db.execute("SELECT qid FROM quarantine WHERE rev = 0 AND agency = ?", (self._agency,))
        return frozenset(each for (each,) in rows)

    def waiting_files(self) -> frozenset[str]:
        """Ids of the files of the agency's units in quarantine; see `Writer`."""
        return frozenset(each for (each,) in self._db.execute(_WAITING_FILES, (self._agency,)))

    def newest_delivery(self, dataset: Dataset) -> tuple[str, frozenset[str]]:
        """The dataset's newest delivery before this load; see `Writer`."""
        found = self._db.execute(_NEWEST, (dataset.agency, dataset.name)).fetchall()
        return max((date for date, _ in found), default=""), frozenset(content for _, content in found)

    def numbering(self, file: str) -> bytes:
        """The stored numbering of a file's equal units; see `Writer`."""
        if file in self._numbering:
            return self._numbering[file]
        found = self._db.execute("SELECT kept FROM numbering WHERE file = ?", (file,)).fetchone()
        return bytes(found[0]) if found else b""

    def keep_numbering(self, file: str, kept: bytes) -> None:
        """Store the numbering of a file's equal units; see `Writer`."""
        self._numbering[file] = kept

    def release(self, quarantined: Iterable[str]) -> None:
        """Take units out of quarantine; also waits until what was put is written."""
        self._begin()
        statement = "UPDATE quarantine SET released = ? WHERE qid = ? RETURNING agency, context"
        for each in quarantined:
            for agency, context in self._db.execute(statement, (self._rev, each)).fetchall():
                self._note_unit(agency, marking_of_unit(agency, json.loads(context)))
                self._released += 1

    # -- the end of a load --------------------------------------------------------------

    def publish(
        self, *, dataset: str, adapter: str, files: Sequence[FileReport], also: Change | None = None
    ) -> str | None:
        """Make the load visible and log it; see `Writer.publish`."""
        token = secrets.token_hex(8)
        self._commit()
        self._db.execute("PRAGMA synchronous=FULL")  # this commit puts all earlier batches on disk too
        with self._transaction():
            self._let_stand(self._tx, token)
            self._settle_accounts()
            self._db.execute("UPDATE file SET rev = 0 WHERE rev = ?", (self._rev,))
            self._publish_quarantine()
            self._db.executemany("INSERT OR IGNORE INTO delivery VALUES (?, ?, ?)", self._deliveries)
            self._log(token if self._touched() else None, dataset, adapter, files)
            self._db.execute("UPDATE meta SET value = ? WHERE name = 'normaliser' AND value = 0", (NORMALISER,))
            self._db.execute("DELETE FROM meta WHERE name = 'writing'")
            shown = self._change_too(self._tx, token, also)
        self._end()
        self._then()
        return shown

    def _settle_accounts(self) -> None:
        """Store the account of this load, or apply the withdrawal of another."""
        if self._restated is not None:
            restate(self._db, self._restated, self._load, self._rev)
        if self._taken_back is None:
            self._account.note(Released(self._released))
            keep_account(self._db, self._load, self._account.kept)
        else:
            withdrawal = Withdrawal(self._at, self._by, self._taken_back.why)
            take_back(self._db, self._taken_back, withdrawal)

    def _publish_quarantine(self) -> None:
        self._db.execute(_UNITS_AGAIN, (self._rev,))
        self._db.execute(
            "DELETE FROM quarantine WHERE rev = 0 AND qid IN (SELECT qid FROM quarantine WHERE rev = ?)", (self._rev,)
        )
        self._db.execute("UPDATE quarantine SET rev = 0 WHERE rev = ?", (self._rev,))
        self._db.execute("DELETE FROM quarantine WHERE released IS NOT NULL")
        self._db.executemany("INSERT OR REPLACE INTO numbering VALUES (?, ?)", sorted(self._numbering.items()))
        self._db.execute(
            "DELETE FROM numbering WHERE NOT EXISTS"
            " (SELECT 1 FROM quarantine q WHERE json_extract(q.context, '$.file') = numbering.file)"
        )

    def _apply_marks(self, tx: Transaction) -> None:
        marks = self._db.execute("SELECT rid, vis, asked FROM pending_mark WHERE rev = ?", (self._rev,)).fetchall()
        if marks:
            mark_records(tx, {rid: (vis, asked) for rid, vis, asked in marks}, self._first)
            self._db.execute("DELETE FROM pending_mark")

    def _log(self, token: str | None, dataset: str, adapter: str, files: Sequence[FileReport]) -> None:
        body = json.dumps([asdict(each) for each in files], ensure_ascii=False, sort_keys=True)
        seq = int(self._db.execute("SELECT coalesce(max(seq), 0) FROM load").fetchone()[0]) + 1
        row = (self._load, self._rev, self._agency, dataset, adapter, self._by, self._at)
        rests_on = map(json.dumps, self._evidence(files))
        self._db.execute(
            "INSERT INTO load (lid, rev, agency, dataset, adapter, by, at, delivered, token, files, seq, datasets,"
            " classes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, self._delivered, token, body, seq, *rests_on),
        )

    def abort(self) -> None:
        """Undo everything; does nothing after `publish`."""
        if self._open:
            try:
                self._forget()
            finally:
                self._end()

    def _forget(self) -> None:
        try:
            self._db.wait()  # raises what failed
        finally:
            self._roll_back()
            with transaction(self._db):
                if still_writes(self._db, self._name):
                    forget_unpublished(self._db)

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _end(self) -> None:
        self._open = False
        self._db.close()
        self._lease.give_back()


_WAITING_FILES = """
SELECT DISTINCT coalesce(json_extract(context, '$.file'), '') FROM quarantine WHERE rev = 0 AND agency = ?
"""

# A unit that was in quarantine already keeps the loads that brought it before.
_UNITS_AGAIN = """
UPDATE quarantine SET loads = (
    SELECT json_group_array(value) FROM (SELECT j.value FROM quarantine old, json_each(old.loads) j
        WHERE old.qid = quarantine.qid AND old.rev = 0
        UNION SELECT value FROM json_each(quarantine.loads))
) WHERE rev = ? AND EXISTS (SELECT 1 FROM quarantine old WHERE old.qid = quarantine.qid AND old.rev = 0)
"""
