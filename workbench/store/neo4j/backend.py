"""The store over one database of a Neo4j server."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from secrets import token_hex
from typing import LiteralString, Self, TypeVar

from neo4j import ManagedTransaction

from workbench.errors import NotFound
from workbench.model.claims import NORMALISER
from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.backend import Backend, Walks
from workbench.store.column_cache import KeptColumns
from workbench.store.columns import Columns, Int64
from workbench.store.decided import Sees
from workbench.store.leasing import PATIENCE, Leases
from workbench.store.login import NOBODY, Login
from workbench.store.moving import refuse_writing
from workbench.store.neo4j import around, judging, reader, search
from workbench.store.neo4j.claims import recompute_claims
from workbench.store.neo4j.columns import read_columns
from workbench.store.neo4j.connection import Database, address_of, rows
from workbench.store.neo4j.copying import Neo4jIncoming, Neo4jOutgoing, status
from workbench.store.neo4j.history import forget_unpublished
from workbench.store.neo4j.interning import Terms, shapes
from workbench.store.neo4j.lease import Lease
from workbench.store.neo4j.remarking import remark
from workbench.store.neo4j.revisions import conjunction, publish_revision
from workbench.store.neo4j.schema import migrate, migrate_existing, recorded
from workbench.store.neo4j.writer import Neo4jWriter
from workbench.store.steps import RecordTies, Shape, Steps
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

_MOMENT: LiteralString = """
MATCH (s:Store {name: 'workbench'}) OPTIONAL MATCH (r:Revision {rev: $revision})
RETURN s.epoch, coalesce(r.token, '')
"""
_PUBLISHED: LiteralString = "MATCH (s:Store {name: 'workbench'}) RETURN s.published"
_DEMO: LiteralString = "MATCH (s:Store {name: 'workbench'}) RETURN coalesce(s.demo, '')"
_MARK_AS_DEMO: LiteralString = "MATCH (s:Store {name: 'workbench'}) SET s.demo = $mark"
_NORMALISER: LiteralString = "MATCH (s:Store {name: 'workbench'}) RETURN s.normaliser"
_AGENCIES: LiteralString = """
MATCH (s:Store {name: 'workbench'}) WHERE s.copying IS NULL MATCH (l:LoadEntry) RETURN DISTINCT l.agency
"""

_SAVE: LiteralString = """
OPTIONAL MATCH (d:SavedDocument {kind: $document.kind, name: $document.name, by: $document.by})
WITH coalesce(max(d.version), 0) + 1 AS version
CREATE (new:SavedDocument) SET new = $document, new.version = version
"""


class Neo4jBackend(Backend):
    """See `Backend`. Many processes of many machines may read while one writes."""

    def __init__(self, url: str, login: Login = NOBODY, prepare: Callable[[Database], None] = migrate) -> None:
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
        self.walks = Neo4jWalks(self._database)
        self._kept = KeptColumns(lambda revision: read_columns(self._database, revision))

    @classmethod
    def existing(cls, url: str, login: Login = NOBODY) -> Self:
        """The store that there is; NoStore where there is none."""
        return cls(url, login, migrate_existing)

    def writer(self, *, agency: str, by: str, at: str, patience: float = PATIENCE) -> Neo4jWriter:
        """Begin a load; see `Backend.writer`."""
        lease = self.leases.of_thread()
        lease.take(patience)
        try:
            self.refuse_writing()
            return Neo4jWriter(self._database, lease, agency, by, at)
        except BaseException:
            lease.give_back()
            raise

    def refuse_writing(self) -> None:
        recorded(self._database)
        refuse_writing(self.url, status(self._database))

    def agencies(self) -> frozenset[str]:
        """The agencies that loads into this store named."""
        return frozenset(agency for (agency,) in self._database.read(_AGENCIES))

    def close(self) -> None:
        """Close all connections of this process."""
        self._database.close()

    # -- writing by people ----------------------------------------------------------------

    def _publish(self, kind: str, change: Callable[[ManagedTransaction, Terms, int], set[int]]) -> str:
        """Run a change as one publication of its own; the classes it touched are shown it."""
        token, at = token_hex(8), now()

        def publication(tx: ManagedTransaction, terms: Terms) -> str:
            rev = int(rows(tx, _PUBLISHED)[0][0]) + 1
            touched = change(tx, terms, rev)
            if not touched:
                return ""
            publish_revision(tx, rev, token, kind, at, touched)
            return token

        return self._write(publication)

    def _write(self, work: Callable[[ManagedTransaction, Terms], T]) -> T:
        """Do some work in one transaction, as the only writer."""
        lease, terms = self.leases.of_thread(), Terms(self._database)
        forget_unpublished(self._database, lease)
        return terms.step(lease, lambda tx: work(tx, terms))

    def add_judgement(self, judgement: Judgement) -> str:
        """Keep a judgement; see `GraphStore`."""

        def change(tx: ManagedTransaction, terms: Terms, rev: int) -> set[int]:
            vis = conjunction(tx, terms, judgement.evidence, ())
            judging.add(tx, judgement, vis, rev)
            return {vis}

        return self._publish("judgement", change)

    def withdraw_judgement(self, judgement: str) -> str:
        """End a judgement; see `GraphStore`."""

        def change(tx: ManagedTransaction, terms: Terms, rev: int) -> set[int]:
            vis = judging.withdraw(tx, judgement, rev)
            if vis is None:
                raise NotFound("judgement", judgement)
            return {vis}

        return self._publish("undo", change)

    def add_common(self, entry: CommonEntry) -> str:
        """List a value as common; see `GraphStore`."""

        def change(tx: ManagedTransaction, terms: Terms, rev: int) -> set[int]:
            vis = terms.vis(entry.agency, entry.marking)
            judging.add_common(tx, entry, vis, rev)
            return {vis}

        return self._publish("common", change)

    def remove_common(self, entry: CommonEntry) -> str:
        """Take a value off the list; see `GraphStore`."""

        def change(tx: ManagedTransaction, terms: Terms, rev: int) -> set[int]:
            vis = terms.vis(entry.agency, entry.marking)
            return {vis} if judging.remove_common(tx, entry, vis, rev) else set()

        return self._publish("common", change)

    def remark(self, parts: Sequence[tuple[Sequence[str], Marking]], sees: Sees) -> int:
        """Give other markings to what records speak of, at every revision; see `GraphStore`."""
        return self._write(lambda tx, terms: sum(remark(tx, terms, keys, marking, sees) for keys, marking in parts))

    def save_document(self, document: Document, agency: str, marking: Marking, evidence: Sequence[str]) -> None:
        """Keep a document; see `GraphStore`."""

        def change(tx: ManagedTransaction, terms: Terms) -> None:
            own = terms.vis(agency, str(marking))
            vis = conjunction(tx, terms, evidence, (own,))
            body = json.dumps(document.body, ensure_ascii=False, sort_keys=True)
            said = {"kind": document.kind, "name": document.name, "by": document.by, "at": document.at, "body": body}
            rows(tx, _SAVE, document={**said, "evidence": list(evidence), "own": own, "vis": vis})

        self._write(change)

    def claims_are_old(self) -> bool:
        return self._database.row(_NORMALISER)[0] not in (0, NORMALISER)

    def recompute_claims(self) -> int:
        return self._write(recompute_claims)

    def demo_mark(self) -> str:
        """The demo's mark; see `GraphStore`."""
        return str(self._database.row(_DEMO)[0])

    def mark_as_demo(self, mark: str) -> None:
        """Give it the demo's mark; see `GraphStore`."""
        self._write(lambda tx, _: rows(tx, _MARK_AS_DEMO, mark=mark))

    # -- moving -------------------------------------------------------------------------------

    def outgoing(self) -> Neo4jOutgoing:
        return Neo4jOutgoing(self._database)

    def incoming(self, patience: float = PATIENCE) -> Neo4jIncoming:
        return Neo4jIncoming(self._database, self.leases.of_thread(), patience)

    # -- primitives for views ---------------------------------------------------------------

    def moment(self, revision: int) -> Moment:
        return Moment(*self._database.row(_MOMENT, revision=revision))

    def classes(self) -> Sequence[VisibilityClass]:
        return reader.classes(self._database)

    def published(self) -> int:
        return int(self._database.row(_PUBLISHED)[0])

    def publications(self, allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        return reader.publications(self._database, allowed)

    def columns(self, revision: int) -> Columns:
        return self._kept.of(revision, self.moment(revision))

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

    def entities(self, entities: Sequence[str]) -> Mapping[str, tuple[Dataset, str]]:
        return reader.entities(self._database, entities)

    def find(self, scope: Scope, forms: Sequence[str]) -> Mapping[int, int]:
        return search.found(self._database, scope, forms)


class Neo4jWalks(Walks):
    """Steps along ties, as the server finds them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def shapes(self) -> Mapping[int, Shape]:
        """The shapes of ties; see `Walks`."""
        return shapes(self._database)

    def ties_at(self, scope: Scope, entities: Sequence[Int64], shapes: Mapping[int, Shape]) -> Steps:
        """The steps from entities; see `Walks`."""
        return around.ties_at(self._database, scope, shapes, entities)

    def said_of(self, scope: Scope, records: Sequence[int]) -> Mapping[int, RecordTies]:
        """What records say; see `Walks`."""
        return around.said_of(self._database, scope, records)
