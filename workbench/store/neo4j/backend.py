"""The store over one database of a Neo4j server."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import partial
from pathlib import Path
from typing import LiteralString, Self, TypeVar

from neo4j import ManagedTransaction

from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.backend import Backend, Walks
from workbench.store.column_cache import Kept
from workbench.store.column_files import ColumnFiles
from workbench.store.columns import Base, Int64
from workbench.store.dump_rows import DocumentRow
from workbench.store.facet_values import FacetValues
from workbench.store.leasing import PATIENCE, Leases
from workbench.store.login import NOBODY, Login
from workbench.store.moving import refuse_writing
from workbench.store.neo4j import around, reader, scores, search
from workbench.store.neo4j.claims import recompute_claims
from workbench.store.neo4j.columns import Neo4jBases
from workbench.store.neo4j.connection import Database, address_of, rows
from workbench.store.neo4j.copying import Neo4jIncoming, Neo4jOutgoing, status
from workbench.store.neo4j.facet_values import put_values
from workbench.store.neo4j.history import forget_unpublished
from workbench.store.neo4j.inside import Inside
from workbench.store.neo4j.interning import Terms, shapes
from workbench.store.neo4j.lease import Lease
from workbench.store.neo4j.lookups import Neo4jLookups
from workbench.store.neo4j.schema import migrate, migrate_existing, recorded
from workbench.store.neo4j.transaction import Neo4jTransaction
from workbench.store.neo4j.writer import Neo4jWriter
from workbench.store.scores import Counted, Facets, Scores
from workbench.store.search import Query, with_similar
from workbench.store.steps import RecordTies, Shape, Steps
from workbench.store.transaction import Transaction, of_kind
from workbench.store.types import Moment, Scope, SourcedRecord, VisibilityClass

T = TypeVar("T")

_PUBLISHED: LiteralString = "MATCH (s:Store {name: 'workbench'}) RETURN s.published"
_DEMO: LiteralString = "MATCH (s:Store {name: 'workbench'}) RETURN coalesce(s.demo, '')"
_MARK_AS_DEMO: LiteralString = "MATCH (s:Store {name: 'workbench'}) SET s.demo = $mark"


class Neo4jBackend(Backend):
    """See `Backend`. Many processes on many machines may read while one writes."""

    def __init__(
        self,
        url: str,
        login: Login = NOBODY,
        cache: Path | None = None,
        prepare: Callable[[Database], None] = migrate,
    ) -> None:
        address = address_of(url, login)
        self.url = address.shown
        self._database = Database(address)
        try:
            self._database.server()
            prepare(self._database)
        except BaseException:
            self._database.close()
            raise
        self.leases = Leases(lambda: Lease(self._database))
        self._read_from(self._database, cache)
        self._tidy()

    def _read_from(self, database: Database, cache: Path | None) -> None:
        """Read from this database from now on."""
        self._database = database
        self.walks = Neo4jWalks(database)
        self._bases = Neo4jBases(database)
        self._files = ColumnFiles(cache, self._bases) if cache else None
        self._kept = Kept(self._files.base if self._files else self._read)
        self._counts = Kept(lambda revision, _: scores.counted_at(database, revision))
        self._shared = Kept(lambda revision, _: scores.shared(database, revision))
        self._scored = Kept(lambda revision, _: scores.scores_at(database, revision, self._counted(revision)))

    @classmethod
    def existing(cls, url: str, login: Login = NOBODY, cache: Path | None = None) -> Self:
        """The existing store; NoStore if there is none."""
        return cls(url, login, cache, migrate_existing)

    def writer(self, *, agency: str, by: str, at: str, patience: float = PATIENCE) -> Neo4jWriter:
        """Begin a load; see `Backend.writer`."""
        lease = self.leases.of_thread()
        lease.take(patience)
        try:
            self.refuse_writing()
            return Neo4jWriter(self._database, lease, agency, by, at, self._tidy)
        except BaseException:
            lease.give_back()
            raise

    def refuse_writing(self) -> None:
        recorded(self._database)
        refuse_writing(self.url, status(self._database.row))

    def close(self) -> None:
        """Close all connections of this process."""
        self._database.close()

    # -- writing by people ----------------------------------------------------------------

    def write(self, work: Callable[[Transaction], T]) -> T:
        lease = self.leases.of_thread()
        return self._write(lambda tx, terms: work(Neo4jTransaction(tx, terms, lease)))

    def _write(self, work: Callable[[ManagedTransaction, Terms], T]) -> T:
        """Do the work in one transaction, under the lease."""
        lease, terms = self.leases.of_thread(), Terms(self._database)
        forget_unpublished(self._database, lease)
        done = terms.step(lease, lambda tx: work(tx, terms))
        self._tidy()
        return done

    def inside(self, tx: Transaction) -> Backend:
        mine, within = of_kind(tx, Neo4jTransaction), copy(self)
        mine.settle()
        within._read_from(Inside(self._database, mine.tx), None)
        return within

    def find_by_values(self) -> None:
        put_values(self._database)

    def recompute_claims(self) -> int:
        return self._write(recompute_claims)

    def demo_mark(self) -> str:
        """The demo's mark; see `Backend`."""
        return str(self._database.row(_DEMO)[0])

    def mark_as_demo(self, mark: str) -> None:
        """Put the demo's mark on the store; see `Backend`."""
        self._write(lambda tx, _: rows(tx, _MARK_AS_DEMO, mark=mark))

    # -- moving -------------------------------------------------------------------------------

    def outgoing(self) -> Neo4jOutgoing:
        return Neo4jOutgoing(self._database.row)

    def incoming(self, patience: float = PATIENCE) -> Neo4jIncoming:
        return Neo4jIncoming(self._database, self.leases.of_thread(), patience)

    # -- primitives for views ---------------------------------------------------------------

    def moment(self, revision: int) -> Moment:
        return self._bases.moment(revision)

    def classes(self) -> Sequence[VisibilityClass]:
        return reader.classes(self._database)

    def published(self) -> int:
        return int(self._database.row(_PUBLISHED)[0])

    def publications(self, allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        return reader.publications(self._database, allowed)

    def base(self, revision: int) -> Base:
        return self._kept.of(revision, self.moment(revision))

    def _read(self, revision: int, _: Moment) -> Base:
        return self._bases.read(revision)

    def _tidy(self) -> None:
        """Remove what this client's cache has of what the store was before."""
        if self._files:
            self._files.tidy()

    def records_by_key(self, scope: Scope, keys: Sequence[str]) -> Sequence[SourcedRecord]:
        return reader.records_by_key(self._database, scope, keys)

    def markings_by_key(self, scope: Scope, keys: Sequence[str]) -> Mapping[str, Marking]:
        return reader.markings_by_key(self._database, scope, keys)

    def records_about(self, scope: Scope, entities: Sequence[str]) -> Sequence[SourcedRecord]:
        return reader.records_about(self._database, scope, entities)

    def keys(self, scope: Scope) -> Iterator[tuple[str, str, str]]:
        return reader.keys(self._database, scope)

    def keys_of(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        return reader.keys_of(self._database, scope, numbers)

    def bodies(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        return reader.bodies(self._database, scope, numbers)

    def entities(self, entities: Sequence[str]) -> Mapping[str, tuple[Dataset, str]]:
        return reader.entities(self._database, entities)

    def documents(self, kind: str, name: str | None = None) -> Sequence[DocumentRow]:
        return reader.documents(self._database, kind, name)

    def find(self, scope: Scope, query: Query) -> Mapping[int, int]:
        exact = search.found(self._database, scope, query.forms)
        return with_similar(exact, search.similar(self._database, scope, query.said), query.said)

    def lookups(self, scope: Scope) -> Neo4jLookups:
        columns, counted = partial(self.columns, scope.revision), partial(self._counted, scope.revision)
        return Neo4jLookups(self._database, scope, columns, counted)

    def scores(self, revision: int) -> Scores:
        return self._scored.of(revision, self.moment(revision))

    def facets(self, scope: Scope) -> Facets:
        return scores.standing_facets(self._database, scope)

    def forms(self, scope: Scope) -> Iterator[Mapping[int, str]]:
        return scores.forms(self._database, scope)

    def forms_of(self, scope: Scope, entities: Sequence[int]) -> Mapping[int, str]:
        return scores.forms_of(self._database, scope, entities)

    def shared(self, revision: int) -> FacetValues:
        return self._shared.of(revision, self.moment(revision))

    def holding(self, scope: Scope, values: Sequence[int]) -> FacetValues:
        return scores.holding(self._database, scope, values)

    def held_by(self, scope: Scope, facets: Sequence[int]) -> FacetValues:
        return scores.held_by(self._database, scope, facets)

    def _counted(self, revision: int) -> Counted:
        return self._counts.of(revision, self.moment(revision))


class Neo4jWalks(Walks):
    """Walks along ties, by queries to the server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def shapes(self) -> Mapping[int, Shape]:
        """The shapes of ties; see `Walks`."""
        return shapes(self._database)

    def ties_at(self, scope: Scope, entities: Sequence[Int64], shapes: Mapping[int, Shape]) -> Steps:
        """The steps from entities; see `Walks`."""
        return around.ties_at(self._database, scope, shapes, entities)

    def said_of(self, scope: Scope, records: Sequence[int]) -> Mapping[int, RecordTies]:
        """The key, day and ties of records; see `Walks`."""
        return around.said_of(self._database, scope, records)
