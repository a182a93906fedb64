"""The store over one SQLite file."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from copy import copy
from functools import partial
from pathlib import Path
from typing import TypeVar

from workbench.access.files import make_file, make_folder
from workbench.errors import StoreError
from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.backend import Backend
from workbench.store.column_cache import Kept
from workbench.store.column_files import ColumnFiles
from workbench.store.columns import Base
from workbench.store.dump_rows import DocumentRow
from workbench.store.facet_values import FacetValues
from workbench.store.file_lease import FileLease
from workbench.store.leasing import PATIENCE, Leases
from workbench.store.moving import refuse_writing
from workbench.store.scores import Counted, Facets, Scores
from workbench.store.search import Query, ranked, with_similar
from workbench.store.sqlite import reader, scores, search
from workbench.store.sqlite.claims import recompute_claims
from workbench.store.sqlite.columns import SqliteBases
from workbench.store.sqlite.connection import Connections, connect, migrate, refuse_newer, transaction
from workbench.store.sqlite.copying import SqliteIncoming, SqliteOutgoing, status
from workbench.store.sqlite.facet_values import put_values, wrong_values
from workbench.store.sqlite.history import forget_unpublished
from workbench.store.sqlite.lookups import SqliteLookups
from workbench.store.sqlite.revisions import published
from workbench.store.sqlite.transaction import SqliteTransaction
from workbench.store.sqlite.writer import SqliteWriter
from workbench.store.transaction import Transaction, of_kind
from workbench.store.types import Moment, Scope, SourcedRecord, VisibilityClass

T = TypeVar("T")


class SqliteBackend(Backend):
    """See `Backend`. Many processes may read while one writes. `cache` is the folder where base columns are cached."""

    def __init__(self, path: Path, cache: Path | None = None) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        try:
            make_folder(path.parent)
            if not path.exists():
                os.close(make_file(path))  # SQLite gives the files that it creates beside it the same mode
            _refuse_names(path)
        except OSError as error:
            raise StoreError(f"can't create {path} or its folder: {error}") from error
        connection = connect(path)
        try:
            migrate(connection, path)
        finally:
            connection.close()
        self._connections = Connections(path)
        self.leases = Leases(lambda: FileLease(path))
        self._read_by(self._connections.get, cache)
        self._tidy()

    def _read_by(self, connection: Callable[[], sqlite3.Connection], cache: Path | None) -> None:
        """Read by these connections from now on: one for each thread."""
        self._connection = connection
        self._bases = SqliteBases(connection)
        self._files = ColumnFiles(cache, self._bases) if cache else None
        self._kept = Kept(self._files.base if self._files else self._read)
        self._counts = Kept(lambda revision, _: scores.counted_at(self._db, revision))
        self._shared = Kept(lambda revision, _: scores.shared(self._db, revision))
        self._scored = Kept(lambda revision, _: scores.scores_at(self._db, revision, self._counted(revision)))

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connection()

    def writer(self, *, agency: str, by: str, at: str, patience: float = PATIENCE) -> SqliteWriter:
        """Begin a load; see `Backend.writer`."""
        lease = self.leases.of_thread()
        lease.take(patience)
        try:
            self.refuse_writing()
            return SqliteWriter(connect(self.path), lease, agency, by, at, self._tidy)
        except BaseException:
            lease.give_back()
            raise

    def refuse_writing(self) -> None:
        refuse_newer(self._db, self.path)
        refuse_writing(self.url, status(self._db))

    def close(self) -> None:
        """Close all connections of this process."""
        self._connections.close()

    # -- writing by people ----------------------------------------------------------------

    def write(self, work: Callable[[Transaction], T]) -> T:
        return self._write(lambda db: work(SqliteTransaction(db)))

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do the work in one transaction, under the lease."""
        with closing(connect(self.path)) as db, transaction(db):
            forget_unpublished(db)
            done = work(db)
        self._tidy()
        return done

    def inside(self, tx: Transaction) -> Backend:
        within, db = copy(self), of_kind(tx, SqliteTransaction).db
        within._read_by(lambda: db, None)
        return within

    def find_by_values(self) -> None:
        if wrong_values(self._db):
            with self.leases.held(PATIENCE):
                self._write(put_values)

    def recompute_claims(self) -> int:
        return self._write(recompute_claims)

    def demo_mark(self) -> str:
        """The demo's mark; see `Backend`."""
        found = self._db.execute("SELECT value FROM meta WHERE name = 'demo'").fetchone()
        return str(found[0]) if found else ""

    def mark_as_demo(self, mark: str) -> None:
        """Put the demo's mark on the store; see `Backend`."""
        self._write(lambda db: db.execute("INSERT OR REPLACE INTO meta VALUES ('demo', ?)", (mark,)))

    # -- moving -------------------------------------------------------------------------------

    def outgoing(self) -> SqliteOutgoing:
        return SqliteOutgoing(self._connection)

    def incoming(self, patience: float = PATIENCE) -> SqliteIncoming:
        return SqliteIncoming(self.path, self.leases.of_thread(), patience)

    # -- primitives for views ---------------------------------------------------------------

    def moment(self, revision: int) -> Moment:
        return self._bases.moment(revision)

    def classes(self) -> Sequence[VisibilityClass]:
        return reader.classes(self._db)

    def published(self) -> int:
        return published(self._db)

    def publications(self, allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        return reader.publications(self._db, allowed)

    def base(self, revision: int) -> Base:
        return self._kept.of(revision, self.moment(revision))

    def _read(self, revision: int, _: Moment) -> Base:
        return self._bases.read(revision)

    def _tidy(self) -> None:
        """Remove what the cache has of what the store was before: of markings that were changed, for example."""
        if self._files:
            self._files.tidy()

    def records_by_key(self, scope: Scope, keys: Sequence[str]) -> Sequence[SourcedRecord]:
        return reader.records_by_key(self._db, scope, keys)

    def markings_by_key(self, scope: Scope, keys: Sequence[str]) -> Mapping[str, Marking]:
        return reader.markings_by_key(self._db, scope, keys)

    def records_about(self, scope: Scope, entities: Sequence[str]) -> Sequence[SourcedRecord]:
        return reader.records_about(self._db, scope, entities)

    def kinds(self, scope: Scope) -> frozenset[tuple[int, str]]:
        return reader.kinds(self._db, scope)

    def keys(self, scope: Scope) -> Iterator[tuple[str, str, str]]:
        return reader.keys(self._db, scope)

    def keys_of(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        return reader.keys_of(self._db, scope, numbers)

    def bodies(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        return reader.bodies(self._db, scope, numbers)

    def entities(self, entities: Sequence[str]) -> Mapping[str, tuple[Dataset, str]]:
        return reader.entities(self._db, entities)

    def documents(self, kind: str, name: str | None = None) -> Sequence[DocumentRow]:
        return reader.documents(self._db, kind, name)

    def find(self, scope: Scope, query: Query) -> Mapping[int, int]:
        exact = ranked(search.candidates(self._db, scope, query.forms), query.forms)
        return with_similar(exact, search.similar(self._db, scope, query.said), query.said)

    def scores(self, revision: int) -> Scores:
        return self._scored.of(revision, self.moment(revision))

    def facets(self, scope: Scope) -> Facets:
        return scores.standing_facets(self._db, scope)

    def forms(self, scope: Scope) -> Iterator[Mapping[int, str]]:
        return scores.forms(self._db, scope)

    def forms_of(self, scope: Scope, entities: Sequence[int]) -> Mapping[int, str]:
        return scores.forms_of(self._db, scope, entities)

    def shared(self, revision: int) -> FacetValues:
        return self._shared.of(revision, self.moment(revision))

    def holding(self, scope: Scope, values: Sequence[int]) -> FacetValues:
        return scores.holding(self._db, scope, values)

    def held_by(self, scope: Scope, facets: Sequence[int]) -> FacetValues:
        return scores.held_by(self._db, scope, facets)

    def lookups(self, scope: Scope) -> SqliteLookups:
        return SqliteLookups(self._connection, scope, partial(self._counted, scope.revision))

    def _counted(self, revision: int) -> Counted:
        return self._counts.of(revision, self.moment(revision))


def _refuse_names(path: Path) -> None:
    """StoreError for a file with hard links: SQLite keeps what was just written beside the name that it was given."""
    names = path.stat().st_nlink
    if names > 1:
        raise StoreError(
            f"{path}: the file has {names} names (hard links), and loses records so: copy it, and open that"
        )
