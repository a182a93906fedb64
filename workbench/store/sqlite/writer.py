"""Loads: batches under an unpublished revision, one small commit that publishes it."""

import gc
import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial

from workbench.model.claims import NORMALISER
from workbench.model.marking import Marking, both_markings
from workbench.model.record import Dataset, Record
from workbench.store.base import Outcome, Writer
from workbench.store.rows import Row, row_of
from workbench.store.sqlite.connection import transaction
from workbench.store.sqlite.history import close_records, forget_unpublished
from workbench.store.sqlite.insertion import Insertion, Span
from workbench.store.sqlite.lease import Lease
from workbench.store.sqlite.revisions import publish_revision, published, refresh_revision_classes, set_vis
from workbench.store.sqlite.schema import LIVE, NEVER
from workbench.store.sqlite.standing import Complete, Known, Standing, known, standing_of_part
from workbench.store.sqlite.terms import Terms
from workbench.store.types import FileReport, Quarantined


@contextmanager
def without_collecting() -> Iterator[None]:
    """Put off the cyclic garbage collector: a batch makes many small objects and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows, what the store knows of them, and the place of each that is new, late, or said again."""

    rows: list[Row]
    found: Known
    fresh: dict[bytes, int]
    late: dict[bytes, int]
    again: set[int]

    def take(self, n: int) -> Outcome:
        """A new row, or one that says the same as another: under two markings both of them bind."""
        row = self.rows[n]
        first = self.fresh.setdefault(row.key, n)
        if first == n:
            return "accepted"
        both = _under_both(self.rows[first], row.record.marking)
        if row.key in self.found.remarked or both.record.marking == self.rows[first].record.marking:
            return "unchanged"
        self.rows[first] = both
        return "remarked"


def _under_both(row: Row, other: Marking) -> Row:
    """A row whose marking holds what two markings of one load ask for."""
    record = row.record
    if record.marking == other:
        return row
    marking = both_markings(record.marking, other, record.dataset.agency)
    return row._replace(record=replace(record, marking=marking))


class SqliteWriter(Writer):
    """See `Writer`."""

    def __init__(self, connection: sqlite3.Connection, lease: Lease, agency: str, by: str, at: str) -> None:
        self._db = connection
        self._lease = lease
        self._agency, self._by, self._at = agency, by, at
        self._open = True
        connection.execute("PRAGMA synchronous=NORMAL")  # a batch may be lost with the power: it is not acknowledged
        forget_unpublished(connection)
        self._rev = published(connection) + 1
        self._terms = Terms(connection)
        self._insertion = Insertion(connection, self._terms)
        self._first = self._insertion.first  # number of the first record that this load brings
        self._classes: dict[int, tuple[Marking, str, int]] = {}
        self._remarked: dict[bytes, int] = {}
        self._seen = bytearray(self._first // 8 + 1)  # records from before that this load said again
        self._changed: Counter[int] = Counter()  # records that begin or end here, by class
        self._noted = False  # whether something is to be remembered that changes no content
        self._complete = Complete(connection)
        self._delivered = ""
        self._numbering: dict[str, bytes] = {}
        with self._db:
            self._db.execute("INSERT INTO meta VALUES ('writing', ?)", (self._rev,))

    # -- what a load brings -----------------------------------------------------------

    def file(self, path: str, sha256: str, adapter: str) -> int:
        """Register a file that records come from."""
        row = (self._rev, path, sha256, adapter, self._agency, self._by, self._at)
        statement = (
            "INSERT INTO file (rev, path, sha256, adapter, agency, loaded_by, loaded_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        return int(self._db.execute(statement, row).lastrowid or 0)

    def put(self, records: Sequence[Record], file: int, delivered: str) -> list[Outcome]:
        """Write records of a file; see `Writer.put`."""
        self._delivered = max(self._delivered, delivered)
        self._classes.clear()
        with without_collecting(), transaction(self._db):
            return self._put([row_of(record) for record in records], file, delivered)

    def _put(self, rows: list[Row], file: int, delivered: str) -> list[Outcome]:
        found = known(self._db, rows)
        self._remarked = found.remarked
        batch = _Batch(rows, found, {}, {}, set())
        decide = partial(self._decide, batch, delivered) if found.by_source or self._complete else batch.take
        outcomes = [decide(n) for n in range(len(rows))]
        fresh = [rows[n] for n in batch.fresh.values()]
        met = [row for row in fresh if found.meets(row)] if found.by_source else []
        rivals = {each.rid: each for row in met for each in found.rivals(row)}
        older = {rid: each.vis for rid, each in rivals.items() if each.said < delivered and rid not in batch.again}
        self._close(older)
        for row in met:
            self._mark(found, row)
        self._insert(fresh, Span(file, delivered, self._rev, LIVE))
        self._insert([rows[n] for n in batch.late.values()], Span(file, delivered, self._rev, NEVER))
        self._noted |= bool(batch.late)
        return outcomes

    def _decide(self, batch: "_Batch", delivered: str, n: int) -> Outcome:
        """What becomes of one record of a batch of which something is known."""
        row = batch.rows[n]
        standing = batch.found.standing(row, self._rev) if batch.found.meets(row) else None
        if standing is not None:
            batch.again.add(standing.rid)
            return self._again(batch.found, standing, row, delivered)
        if row.key not in batch.fresh and self._is_late(batch.found, row, delivered):
            is_new = not batch.found.of_key(row) and row.key not in batch.late
            if is_new:
                batch.late[row.key] = n
            return "accepted" if is_new else "unchanged"
        return batch.take(n)

    def _is_late(self, found: Known, row: Row, delivered: str) -> bool:
        """Whether a newer delivery has spoken of what this one tells."""
        if found.meets(row) and any(each.said > delivered for each in found.rivals(row)):
            return True
        return self._complete.newer(self._did(row.record.dataset), row.record.part, delivered)

    def _again(self, found: Known, standing: Standing, row: Row, delivered: str) -> Outcome:
        """A record that stands already: note that it was said again, perhaps re-mark it."""
        if self._was_seen(standing.rid):
            row = _under_both(row, self._terms.marking(standing.vis))
        self._mark_seen(standing.rid)
        if standing.rev_to != LIVE:  # ended by this very load, by a batch before
            close_records(self._db, LIVE, [standing.rid])
            found.reopen(row, standing.rid)
            self._changed[standing.vis] += 1 if standing.rid >= self._first else -1
        if standing.said < delivered:
            self._db.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?)", (standing.rid, delivered, self._rev))
            self._noted = True
        return "unchanged" if standing.said > delivered or not self._mark(found, row) else "remarked"

    def _mark(self, found: Known, row: Row) -> bool:
        """Put all records of a key into the class that its newest delivery gives it; whether any changed."""
        vis = found.remarked.get(row.key, self._vis(row.record))
        marks = [(rid, self._rev, vis) for rid in found.remark(row, vis)]
        if marks:
            self._db.executemany("INSERT OR REPLACE INTO pending_mark VALUES (?, ?, ?)", marks)
        return bool(marks)

    def _close(self, records: Mapping[int, int]) -> None:
        """End records, by number and class; what this load brought itself was never there."""
        close_records(self._db, self._rev, sorted(records))
        for rid, vis in records.items():
            self._changed[vis] += -1 if rid >= self._first else 1

    def _insert(self, rows: Sequence[Row], span: Span) -> None:
        remarked, vis = self._remarked, self._vis
        classes = [remarked.get(row.key) or vis(row.record) for row in rows]
        if span.rev_to == LIVE:
            self._changed.update(classes)
        self._insertion.insert(rows, classes, span)

    def withdraw_absent(self, dataset: Dataset, part_prefix: str, delivered: str) -> int:
        """Withdraw what a complete delivery no longer says; see `Writer`."""
        did = self._did(dataset)
        with transaction(self._db):
            found = standing_of_part(self._db, did, part_prefix, delivered)
            gone = {rid: vis for rid, vis in found if not self._was_seen(rid)}
            self._close(gone)
            self._noted |= self._complete.note(did, part_prefix, delivered, self._rev)
        return len(gone)

    def quarantine(self, units: Iterable[Quarantined]) -> None:
        """Keep units that could not be read; see `Writer`."""
        rows = [
            (
                *(u.id, self._rev, u.agency, u.dataset, u.adapter, u.path, u.locator, u.reason, u.message, u.raw),
                *(json.dumps(u.context, ensure_ascii=False, sort_keys=True), None),
            )
            for u in units
        ]
        statement = "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        with self._db:
            self._db.executemany(statement, rows)

    def waiting(self) -> frozenset[str]:
        """Ids of the agency's units in quarantine; see `Writer`."""
        rows = self._db.execute("SELECT qid FROM quarantine WHERE rev = 0 AND agency = ?", (self._agency,))
        return frozenset(each for (each,) in rows)

    def numbering(self, file: str) -> bytes:
        """How the equal units of a file are numbered; see `Writer`."""
        if file in self._numbering:
            return self._numbering[file]
        found = self._db.execute("SELECT kept FROM numbering WHERE file = ?", (file,)).fetchone()
        return bytes(found[0]) if found else b""

    def keep_numbering(self, file: str, kept: bytes) -> None:
        """Keep how the equal units of a file are numbered; see `Writer`."""
        self._numbering[file] = kept

    def release(self, quarantined: Iterable[str]) -> None:
        """Take units out of quarantine."""
        with self._db:
            self._db.executemany(
                "UPDATE quarantine SET released = ? WHERE qid = ?", [(self._rev, each) for each in quarantined]
            )

    # -- the end of a load --------------------------------------------------------------

    def publish(self, *, dataset: str, adapter: str, files: Sequence[FileReport]) -> str | None:
        """Make the load visible and log it."""
        touched = [vis for vis, n in self._changed.items() if n > 0]
        token = secrets.token_hex(8)
        self._db.execute("PRAGMA synchronous=FULL")  # with this commit all batches before it are on disk
        with transaction(self._db):
            if touched or self._noted:
                publish_revision(self._db, self._rev, token, "load", self._at, touched)
            self._apply_marks()
            self._db.execute("UPDATE file SET rev = 0 WHERE rev = ?", (self._rev,))
            self._publish_quarantine()
            self._log(token if touched else None, dataset, adapter, files)
            self._db.execute("UPDATE meta SET value = ? WHERE name = 'normaliser' AND value = 0", (NORMALISER,))
            self._db.execute("DELETE FROM meta WHERE name = 'writing'")
        self._end()
        return token if touched else None

    def _publish_quarantine(self) -> None:
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

    def _apply_marks(self) -> None:
        marks = self._db.execute("SELECT rid, vis FROM pending_mark WHERE rev = ?", (self._rev,)).fetchall()
        if marks:
            set_vis(self._db, marks)
            self._db.execute("DELETE FROM pending_mark")
            refresh_revision_classes(self._db)

    def _log(self, token: str | None, dataset: str, adapter: str, files: Sequence[FileReport]) -> None:
        body = json.dumps([asdict(each) for each in files], ensure_ascii=False, sort_keys=True)
        seq = int(self._db.execute("SELECT coalesce(max(seq), 0) FROM load").fetchone()[0]) + 1
        row = (secrets.token_hex(8), self._rev, self._agency, dataset, adapter, self._by, self._at)
        self._db.execute(
            "INSERT INTO load VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, self._delivered, token, body, seq)
        )

    def abort(self) -> None:
        """Take everything back; nothing to do after `publish`."""
        if self._open:
            try:
                forget_unpublished(self._db)
            finally:
                self._end()

    def _end(self) -> None:
        self._open = False
        self._db.close()
        self._lease.give_back()

    # -- numbers ------------------------------------------------------------------------

    def _did(self, dataset: Dataset) -> int:
        return self._terms.dataset(dataset)

    def _vis(self, record: Record) -> int:
        """The class of a record, remembered by the very marking that its batch shares."""
        kept = self._classes.get(id(record.marking))
        if kept is None or kept[0] is not record.marking or kept[1] != record.dataset.agency:
            vis = self._terms.vis(record.dataset.agency, record.marking)
            kept = self._classes[id(record.marking)] = (record.marking, record.dataset.agency, vis)
        return kept[2]

    def _mark_seen(self, rid: int) -> None:
        if rid < self._first:
            self._seen[rid >> 3] |= 1 << (rid & 7)

    def _was_seen(self, rid: int) -> bool:
        return rid >= self._first or bool(self._seen[rid >> 3] & 1 << (rid & 7))
