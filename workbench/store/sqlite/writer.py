"""Loads: batches under an unpublished revision, one small commit that publishes it."""

import gc
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import NamedTuple

from workbench.model.claims import NORMALISER
from workbench.model.ids import entity_id
from workbench.model.marking import Marking
from workbench.model.record import Dataset, Record
from workbench.store.base import Outcome, Writer
from workbench.store.rows import Row, claims, row_of, short_tokens, texts
from workbench.store.sqlite import terms
from workbench.store.sqlite.history import close_records, forget_unpublished
from workbench.store.sqlite.lease import Lease
from workbench.store.sqlite.revisions import publish_revision, published, refresh_revision_classes, set_vis
from workbench.store.sqlite.schema import LIVE, TEXT_BITS
from workbench.store.sqlite.search import indexed
from workbench.store.types import FileReport, Quarantined

_ENTITIES_KEPT = 2_000_000
_MOST_TEXTS = (1 << TEXT_BITS) - 1


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


class _Standing(NamedTuple):
    rid: int
    key: str
    vis: int
    delivered: str


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
        self._rid = int(connection.execute("SELECT coalesce(max(rid), 0) FROM record").fetchone()[0]) + 1
        self._eid = int(connection.execute("SELECT coalesce(max(eid), 0) FROM entity").fetchone()[0]) + 1
        self._terms = terms.Terms(connection)
        self._entities: dict[tuple[int, str], int] = {}
        self._classes: dict[int, tuple[Marking, str, int]] = {}
        self._seen = bytearray(self._rid // 8 + 1)
        self._touched: set[int] = set()
        self._delivered = ""
        with self._db:
            self._db.execute("INSERT INTO meta VALUES ('writing', ?)", (self._rev,))
            self._db.execute("CREATE TEMP TABLE IF NOT EXISTS incoming (n INTEGER PRIMARY KEY, key BLOB, sid INTEGER)")

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
        with without_collecting():
            rows = [row_of(record) for record in records]
            self._db.execute("BEGIN IMMEDIATE")
            try:
                outcomes = self._put(rows, file, delivered)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        return outcomes

    def _put(self, rows: list[Row], file: int, delivered: str) -> list[Outcome]:
        fresh: dict[str, int] = {}
        sids = [self._sid(row.record) for row in rows]
        by_key, by_sid = self._standing(rows, sids)
        outcomes: list[Outcome] = []
        new: list[int] = []
        for n, row in enumerate(rows):
            standing = by_key.get(row.key)
            if standing is not None:
                outcomes.append(self._again(standing, row, delivered))
            elif row.key in fresh:
                outcomes.append("unchanged")
            else:
                fresh[row.key] = n
                new.append(n)
                outcomes.append("accepted")
        current = [n for n in new if not self._is_history(rows[n], by_sid.get(sids[n]), delivered)]
        self._supersede([each for n in current for each in by_sid.get(sids[n], ()) if each.delivered < delivered])
        self._insert([(rows[n], sids[n]) for n in current], file, delivered, self._rev, LIVE)
        kept = set(current)
        history = [n for n in new if n not in kept]
        known = self._known_history([rows[n].key for n in history])
        for n in history:
            if rows[n].key in known:
                outcomes[n] = "unchanged"
        self._insert([(rows[n], sids[n]) for n in history if rows[n].key not in known], file, delivered, 0, 0)
        return outcomes

    def _again(self, standing: _Standing, row: Row, delivered: str) -> Outcome:
        """A record that stands already: note that it was said again, perhaps re-mark it."""
        self._mark_seen(standing.rid)
        if standing.delivered < delivered:
            self._db.execute("UPDATE record SET delivered = ? WHERE rid = ?", (delivered, standing.rid))
        vis = self._vis(row.record)
        if vis == standing.vis or standing.delivered > delivered:
            return "unchanged"
        self._db.execute("INSERT OR REPLACE INTO pending_mark VALUES (?, ?, ?)", (standing.rid, self._rev, vis))
        return "remarked"

    @staticmethod
    def _is_history(row: Row, standing: Sequence[_Standing] | None, delivered: str) -> bool:
        return any(each.delivered > delivered for each in standing or ())

    def _standing(
        self, rows: Sequence[Row], sids: Sequence[int | None]
    ) -> tuple[dict[str, _Standing], dict[int | None, list[_Standing]]]:
        """Live records with the same key, and with the same source id and part."""
        self._db.execute("DELETE FROM incoming")
        incoming = ((n, bytes.fromhex(row.key), sids[n]) for n, row in enumerate(rows))
        self._db.executemany("INSERT INTO incoming VALUES (?, ?, ?)", incoming)
        found = self._db.execute(
            "SELECT DISTINCT r.rid, r.key, r.vis, r.delivered FROM incoming i CROSS JOIN record r ON r.key = i.key"
            " WHERE r.rev_to = ?",
            (LIVE,),
        )
        by_key = {key.hex(): _Standing(rid, key.hex(), vis, day) for rid, key, vis, day in found}
        by_sid: dict[int | None, list[_Standing]] = {}
        related = self._db.execute(
            "SELECT DISTINCT r.sid, r.rid, r.key, r.vis, r.delivered FROM incoming i CROSS JOIN record r"
            " ON r.sid = i.sid WHERE r.rev_to = ? AND i.sid IS NOT NULL",
            (LIVE,),
        )
        for sid, rid, key, vis, day in related:
            by_sid.setdefault(sid, []).append(_Standing(rid, key.hex(), vis, day))
        return by_key, by_sid

    def _known_history(self, keys: Sequence[str]) -> set[str]:
        wanted = [bytes.fromhex(key) for key in keys]
        return {
            key.hex()
            for each in wanted
            for (key,) in self._db.execute("SELECT key FROM record WHERE key = ? LIMIT 1", (each,))
        }

    def _supersede(self, standing: Iterable[_Standing]) -> None:
        gone = {each.rid: each for each in standing if not self._was_seen(each.rid)}
        self._touched.update(each.vis for each in gone.values())
        close_records(self._db, self._rev, sorted(gone))

    def _insert(
        self, rows: Sequence[tuple[Row, int | None]], file: int, delivered: str, rev_from: int, rev_to: int
    ) -> None:
        self._know_entities([row for row, _ in rows])
        number, entities = self._terms.number, self._entities
        records: list[tuple[object, ...]] = []
        ties: list[tuple[object, ...]] = []
        claimed: list[tuple[object, ...]] = []
        written: list[tuple[int, int, str, int, int, int]] = []
        for rid, (row, sid) in enumerate(rows, self._rid):
            record = row.record
            did, vis, schema = self._did(record.dataset), self._vis(record), number(record.schema)
            about = None if row.is_relationship else entities[did, record.source_id]
            records.append(
                (
                    *(rid, bytes.fromhex(row.key), schema, about, did, record.source_id, record.part, sid),
                    *(vis, rev_from, rev_to, file, record.locator, delivered, row.content),
                )
            )
            if rev_to != LIVE:
                continue
            self._mark_seen(rid)
            self._touched.add(vis)
            for x, y in row.pairs:
                ends = entities[did, x.ref], entities[did, y.ref], number(x.name), number(y.name)
                ties.append((rid, *ends, schema, row.day, vis, rev_from, rev_to))
            if about is not None:
                claimed += [(rid, number(c.kind), c.value, c.scope, about, vis, rev_from, rev_to) for c in claims(row)]
                found = enumerate(texts(row)[:_MOST_TEXTS])
                written += [(rid << TEXT_BITS | n, about, text, vis, rev_from, rev_to) for n, text in found]
        self._rid += len(rows)
        self._db.executemany(f"INSERT INTO record VALUES ({','.join('?' * 15)})", records)  # noqa: S608 - question marks only
        self._db.executemany("INSERT INTO tie VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ties)
        self._db.executemany("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)", claimed)
        self._index(written)

    def _index(self, written: Sequence[tuple[int, int, str, int, int, int]]) -> None:
        self._db.executemany("INSERT INTO text VALUES (?, ?, ?, ?, ?, ?)", written)
        self._db.executemany(
            "INSERT INTO text_fts (rowid, folded) VALUES (?, ?)", ((row[0], indexed(row[2])) for row in written)
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO short VALUES (?, ?)",
            ((token, row[0]) for row in written for token in sorted(short_tokens(row[2]))),
        )

    def _know_entities(self, rows: Sequence[Row]) -> None:
        """Find or make the numbers of all entities that these rows are about or refer to."""
        if len(self._entities) > _ENTITIES_KEPT:
            self._entities.clear()
        wanted: dict[tuple[int, str], str] = {}
        for row in rows:
            dataset = row.record.dataset
            did = self._did(dataset)
            refs = [role.ref for role in row.record.roles]
            for ref in refs if row.is_relationship else [*refs, row.record.source_id]:
                if (did, ref) not in self._entities and (did, ref) not in wanted:
                    wanted[did, ref] = entity_id(dataset.agency, dataset.name, ref)
        ids = json.dumps(list(wanted.values()))
        known = dict(
            self._db.execute(
                "SELECT id, eid FROM entity WHERE id IN (SELECT value FROM json_each(?))", (ids,)
            ).fetchall()
        )
        fresh: list[tuple[int, str, int, str]] = []
        for (did, ref), each in wanted.items():
            eid = known.get(each)
            if eid is None:
                eid, self._eid = self._eid, self._eid + 1
                fresh.append((eid, each, did, ref))
            self._entities[did, ref] = eid
        self._db.executemany("INSERT INTO entity VALUES (?, ?, ?, ?)", fresh)

    def withdraw_absent(self, dataset: Dataset, part_prefix: str, delivered: str) -> int:
        """Withdraw what a complete delivery no longer says; see `Writer`."""
        found = self._db.execute(
            "SELECT rid, vis FROM record WHERE did = ? AND rev_to = ? AND delivered <= ? AND substr(part, 1, ?) = ?",
            (self._did(dataset), LIVE, delivered, len(part_prefix), part_prefix),
        )
        gone = {rid: vis for rid, vis in found if not self._was_seen(rid)}
        with self._db:
            close_records(self._db, self._rev, sorted(gone))
        self._touched.update(gone.values())
        return len(gone)

    def quarantine(self, units: Iterable[Quarantined]) -> None:
        """Keep units that could not be read."""
        rows = [
            (
                *(u.id, self._rev, u.agency, u.dataset, u.adapter, u.path, u.locator, u.reason, u.message, u.raw),
                *(json.dumps(u.context, ensure_ascii=False, sort_keys=True), None),
            )
            for u in units
        ]
        statement = "INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        with self._db:
            self._db.executemany(statement, rows)

    def release(self, quarantined: Iterable[str]) -> None:
        """Take units out of quarantine."""
        with self._db:
            self._db.executemany(
                "UPDATE quarantine SET released = ? WHERE qid = ?", [(self._rev, each) for each in quarantined]
            )

    # -- the end of a load --------------------------------------------------------------

    def publish(self, *, dataset: str, adapter: str, files: Sequence[FileReport]) -> str | None:
        """Make the load visible and log it."""
        token = secrets.token_hex(8) if self._touched else None
        self._db.execute("PRAGMA synchronous=FULL")  # with this commit all batches before it are on disk
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if token:
                publish_revision(self._db, self._rev, token, "load", self._at, self._touched)
            self._apply_marks()
            self._db.execute("UPDATE file SET rev = 0 WHERE rev = ?", (self._rev,))
            self._db.execute("UPDATE quarantine SET rev = 0 WHERE rev = ?", (self._rev,))
            self._db.execute("DELETE FROM quarantine WHERE released IS NOT NULL")
            self._log(token, dataset, adapter, files)
            self._db.execute("UPDATE meta SET value = ? WHERE name = 'normaliser' AND value = 0", (NORMALISER,))
            self._db.execute("DELETE FROM meta WHERE name = 'writing'")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        self._end()
        return token

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
            forget_unpublished(self._db)
            self._end()

    def _end(self) -> None:
        self._open = False
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

    def _sid(self, record: Record) -> int | None:
        return terms.source_number(record.dataset, record.source_id, record.part) if record.source_id else None

    def _mark_seen(self, rid: int) -> None:
        byte = rid >> 3
        if byte >= len(self._seen):
            self._seen.extend(bytes(max(byte + 1 - len(self._seen), len(self._seen))))
        self._seen[byte] |= 1 << (rid & 7)

    def _was_seen(self, rid: int) -> bool:
        byte = rid >> 3
        return byte < len(self._seen) and bool(self._seen[byte] & 1 << (rid & 7))
