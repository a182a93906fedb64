"""The store over one SQLite file."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

from workbench.access.files import make_file, make_folder
from workbench.errors import NotFound, StoreError
from workbench.model.claims import NORMALISER
from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.backend import Backend
from workbench.store.column_cache import KeptColumns
from workbench.store.columns import Columns
from workbench.store.decided import Sees
from workbench.store.leasing import PATIENCE, Leases
from workbench.store.moving import refuse_writing
from workbench.store.records_known import LIVE
from workbench.store.search import ranked
from workbench.store.sqlite import reader, search
from workbench.store.sqlite.claims import recompute_claims
from workbench.store.sqlite.columns import read_columns
from workbench.store.sqlite.connection import Connections, connect, migrate, refuse_newer, transaction
from workbench.store.sqlite.copying import SqliteIncoming, SqliteOutgoing, status
from workbench.store.sqlite.history import forget_unpublished
from workbench.store.sqlite.interning import vis_class
from workbench.store.sqlite.lease import Lease
from workbench.store.sqlite.remarking import remark
from workbench.store.sqlite.revisions import conjunction, publish_revision, published
from workbench.store.sqlite.writer import SqliteWriter
from workbench.store.types import (
    CommonEntry,
    Document,
    Judgement,
    Moment,
    Scope,
    SourcedRecord,
    VisibilityClass,
    now,
)

T = TypeVar("T")

_MOMENT = """
SELECT (SELECT value FROM meta WHERE name = 'epoch'), coalesce((SELECT token FROM revision WHERE rev = ?), '')
"""
_AGENCIES = "SELECT DISTINCT agency FROM load WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'copying')"


class SqliteBackend(Backend):
    """See `Backend`. Many processes may read while one writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        try:
            make_folder(path.parent)
            if not path.exists():
                os.close(make_file(path))  # SQLite gives what it makes beside it the same mode
        except OSError as error:
            raise StoreError(f"can't make {path}, or its folder: {error}") from error
        connection = connect(path)
        try:
            migrate(connection, path)
        finally:
            connection.close()
        self._connections = Connections(path)
        self.leases = Leases(lambda: Lease(path))
        self._kept = KeptColumns(lambda revision: read_columns(self._db, revision))

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connections.get()

    def writer(self, *, agency: str, by: str, at: str, patience: float = PATIENCE) -> SqliteWriter:
        """Begin a load; see `Backend.writer`."""
        lease = self.leases.of_thread()
        lease.take(patience)
        try:
            self.refuse_writing()
            return SqliteWriter(connect(self.path), lease, agency, by, at)
        except BaseException:
            lease.give_back()
            raise

    def refuse_writing(self) -> None:
        refuse_newer(self._db, self.path)
        refuse_writing(self.url, status(self._db))

    def agencies(self) -> frozenset[str]:
        """The agencies that loads into this store named."""
        return frozenset(agency for (agency,) in self._db.execute(_AGENCIES))

    def close(self) -> None:
        """Close all connections of this process."""
        self._connections.close()

    # -- writing by people ----------------------------------------------------------------

    def _publish(self, kind: str, change: Callable[[sqlite3.Connection, int, str], set[int]]) -> str:
        """Run a change as one publication of its own; the classes it touched are shown it."""
        token, at = token_hex(8), now()

        def publication(db: sqlite3.Connection) -> str:
            rev = published(db) + 1
            touched = change(db, rev, at)
            if not touched:
                return ""
            publish_revision(db, rev, token, kind, at, touched)
            return token

        return self._write(publication)

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some work in one transaction, as the only writer."""
        with closing(connect(self.path)) as db:
            forget_unpublished(db)
            with transaction(db):
                return work(db)

    def add_judgement(self, judgement: Judgement) -> str:
        """Keep a judgement; see `GraphStore`."""

        def change(db: sqlite3.Connection, rev: int, at: str) -> set[int]:
            vis = conjunction(db, judgement.evidence, ())
            j = judgement
            rests_on, overrides = json.dumps(list(j.evidence)), json.dumps(sorted(j.overrides))
            row = (j.id, j.a, j.b, j.verdict, j.by, j.why, j.at, rests_on, overrides, vis, rev, LIVE)
            db.execute("INSERT INTO judgement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            return {vis}

        return self._publish("judgement", change)

    def withdraw_judgement(self, judgement: str) -> str:
        """End a judgement; see `GraphStore`."""

        def change(db: sqlite3.Connection, rev: int, at: str) -> set[int]:
            found = db.execute("SELECT vis FROM judgement WHERE jid = ? AND rev_to = ?", (judgement, LIVE)).fetchone()
            if found is None:
                raise NotFound("judgement", judgement)
            db.execute("UPDATE judgement SET rev_to = ? WHERE jid = ?", (rev, judgement))
            return {found[0]}

        return self._publish("undo", change)

    def add_common(self, entry: CommonEntry) -> str:
        """List a value as common; see `GraphStore`."""

        def change(db: sqlite3.Connection, rev: int, at: str) -> set[int]:
            vis = vis_class(db, entry.agency, entry.marking, ())
            row = (entry.kind, entry.value, entry.agency, entry.marking, entry.why, vis, rev, LIVE)
            db.execute("INSERT INTO common VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            return {vis}

        return self._publish("common", change)

    def remove_common(self, entry: CommonEntry) -> str:
        """Take a value off the list; see `GraphStore`."""

        def change(db: sqlite3.Connection, rev: int, at: str) -> set[int]:
            vis = vis_class(db, entry.agency, entry.marking, ())
            ended = db.execute(
                "UPDATE common SET rev_to = ? WHERE kind = ? AND value = ? AND vis = ? AND rev_to = ?",
                (rev, entry.kind, entry.value, vis, LIVE),
            ).rowcount
            return {vis} if ended else set()

        return self._publish("common", change)

    def remark(self, parts: Sequence[tuple[Sequence[str], Marking]], sees: Sees) -> int:
        """Give other markings to what records speak of, at every revision; see `GraphStore`."""
        return self._write(lambda db: sum(remark(db, keys, marking, sees) for keys, marking in parts))

    def save_document(self, document: Document, agency: str, marking: Marking, evidence: Sequence[str]) -> None:
        """Keep a document; see `GraphStore`."""

        def change(db: sqlite3.Connection) -> None:
            own = vis_class(db, agency, str(marking), ())
            vis = conjunction(db, evidence, (own,))
            d = document
            last = db.execute(
                "SELECT coalesce(max(version), 0) FROM document WHERE kind = ? AND name = ? AND by = ?",
                (d.kind, d.name, d.by),
            ).fetchone()[0]
            body, rests_on = json.dumps(d.body, ensure_ascii=False, sort_keys=True), json.dumps(list(evidence))
            row = (d.kind, d.name, last + 1, d.by, d.at, body, rests_on, own, vis)
            db.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

        self._write(change)

    def claims_are_old(self) -> bool:
        row = self._db.execute("SELECT value FROM meta WHERE name = 'normaliser'").fetchone()
        return row[0] not in (0, NORMALISER)

    def recompute_claims(self) -> int:
        return self._write(recompute_claims)

    def demo_mark(self) -> str:
        """The demo's mark; see `GraphStore`."""
        found = self._db.execute("SELECT value FROM meta WHERE name = 'demo'").fetchone()
        return str(found[0]) if found else ""

    def mark_as_demo(self, mark: str) -> None:
        """Give it the demo's mark; see `GraphStore`."""
        self._write(lambda db: db.execute("INSERT OR REPLACE INTO meta VALUES ('demo', ?)", (mark,)))

    # -- moving -------------------------------------------------------------------------------

    def outgoing(self) -> SqliteOutgoing:
        return SqliteOutgoing(self._connections.get)

    def incoming(self, patience: float = PATIENCE) -> SqliteIncoming:
        return SqliteIncoming(self.path, self.leases.of_thread(), patience)

    # -- primitives for views ---------------------------------------------------------------

    def moment(self, revision: int) -> Moment:
        return Moment(*self._db.execute(_MOMENT, (revision,)).fetchone())

    def classes(self) -> Sequence[VisibilityClass]:
        return reader.classes(self._db)

    def published(self) -> int:
        return published(self._db)

    def publications(self, allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        return reader.publications(self._db, allowed)

    def columns(self, revision: int) -> Columns:
        return self._kept.of(revision, self.moment(revision))

    def records_by_key(self, scope: Scope, keys: Sequence[str]) -> Sequence[SourcedRecord]:
        return reader.records_by_key(self._db, scope, keys)

    def markings_by_key(self, scope: Scope, keys: Sequence[str]) -> Mapping[str, Marking]:
        return reader.markings_by_key(self._db, scope, keys)

    def records_about(self, scope: Scope, entities: Sequence[str]) -> Sequence[SourcedRecord]:
        return reader.records_about(self._db, scope, entities)

    def keys(self, scope: Scope) -> Iterator[tuple[str, str, str]]:
        return reader.keys(self._db, scope)

    def keys_of(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        return reader.keys_of(self._db, scope, numbers)

    def entities(self, entities: Sequence[str]) -> Mapping[str, tuple[Dataset, str]]:
        return reader.entities(self._db, entities)

    def find(self, scope: Scope, forms: Sequence[str]) -> Mapping[int, int]:
        return ranked(search.candidates(self._db, scope, forms), forms)
