"""A store in the memory of one process: the whole contract of a store in its shortest form.

Its rows are the neutral rows of copies. A writer changes a copy of the tables and publishes it in one step: an
unpublished load leaves nothing behind, and readers never see half of one. The store ends with its process.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import TypeVar

import numpy as np

from workbench.errors import StoreBusy
from workbench.model.claims import NORMALISER
from workbench.model.marking import Marking
from workbench.model.numbers import ClassNumber, RevisionNumber
from workbench.model.record import Dataset, Record, from_content
from workbench.store import registers
from workbench.store.backend import Backend
from workbench.store.column_cache import Kept
from workbench.store.columns import Base
from workbench.store.dump_rows import ClassRow, EntityRow, FacetRow, FileRow, RecordRow, RevisionRow
from workbench.store.facet_values import FacetValues, facet_values, held_by_many, value_rows
from workbench.store.leasing import PATIENCE, Lease, Leases
from workbench.store.lookups import InColumns
from workbench.store.memory import scores
from workbench.store.memory.columns import read_base
from workbench.store.memory.moving import MemoryIncoming, MemoryOutgoing, status
from workbench.store.memory.tables import Tables
from workbench.store.memory.transaction import MemoryTransaction
from workbench.store.memory.writer import MemoryWriter
from workbench.store.moving import refuse_writing
from workbench.store.rows import Row, claims, row_of, short_tokens, texts
from workbench.store.scores import Facets, Scores, facets_in
from workbench.store.search import Query, matches, ranked, with_similar
from workbench.store.transaction import Transaction, of_kind
from workbench.store.types import Moment, Provenance, Scope, SourcedRecord, VisibilityClass

T = TypeVar("T")

_SHORT = 2


class _Lease(Lease):
    """A lock of this process."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock

    def _begin(self, patience: float) -> None:
        if not self._lock.acquire(timeout=patience):
            raise StoreBusy("another thread is writing to the store: try again when it is done")

    def _end(self) -> None:
        self._lock.release()


class MemoryBackend(Backend):
    """See `Backend`. It starts with `tables`, by default empty.

    - `keep` gets the tables before readers see them, and may write them to disk; if it raises, nothing changes.
    - `newer` returns the tables that another process has published since the last call, or None. It is called before
      each answer, and under the lease before each write.
    - `lease` makes a thread's lease; it must hold between processes if there are several.
    """

    def __init__(
        self,
        url: str,
        tables: Tables | None = None,
        keep: Callable[[Tables], None] = lambda _: None,
        newer: Callable[[], Tables | None] = lambda: None,
        lease: Callable[[], Lease] | None = None,
    ) -> None:
        self.url = url
        self._shown, self._keep, self._newer = tables or Tables(), keep, newer
        lock = Lock()
        self.leases = Leases(lease or (lambda: _Lease(lock)))
        self._scored = Kept(lambda revision, _: scores.scores_at(self._tables, revision))
        self._bases = Kept(lambda revision, _: read_base(self._tables, revision))

    def close(self) -> None:
        """Do nothing: it has no files and no connections."""

    def _show(self, tables: Tables) -> None:
        """Keep these tables, then let readers see them."""
        self._keep(tables)
        self._shown = tables

    @property
    def _tables(self) -> Tables:
        """The tables that readers see, published by this process or another."""
        self._shown = self._newer() or self._shown
        return self._shown

    # -- what views read ------------------------------------------------------------------

    def moment(self, revision: int) -> Moment:
        tokens = {row.rev: row.token for row in self._tables.rows(RevisionRow)}
        return Moment(self._tables.notes["epoch"], tokens.get(revision, ""))

    def classes(self) -> Sequence[VisibilityClass]:
        markings, epochs = self._tables.markings(), self._tables.epochs
        return [
            VisibilityClass(
                *(ClassNumber(row.vis), row.agency, markings.get(row.vis)),
                *(tuple(map(ClassNumber, row.members)), epochs.get(row.vis, 0)),
            )
            for row in self._tables.rows(ClassRow)
        ]

    def published(self) -> int:
        return self._tables.published()

    def publications(self, allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        rows = self._tables.rows(RevisionRow)
        return [(row.rev, row.token, row.at) for row in rows if not set(allowed).isdisjoint(row.classes)]

    def base(self, revision: int) -> Base:
        return self._bases.of(revision, self.moment(revision))

    def records_by_key(self, scope: Scope, keys: Sequence[str]) -> Sequence[SourcedRecord]:
        return self._sourced(row for row in self._tables.seen(scope) if row.key in keys)

    def records_about(self, scope: Scope, entities: Sequence[str]) -> Sequence[SourcedRecord]:
        return self._sourced(row for row, entity, _ in self._about(scope) if entity.id in entities)

    def _sourced(self, rows: Iterable[RecordRow]) -> list[SourcedRecord]:
        sourced = []
        for row in sorted(rows, key=lambda row: row.key):
            file = self._tables.row(FileRow, row.fid)
            provenance = Provenance(file.path, file.id, file.adapter, file.loaded_by, file.loaded_at, row.delivered)
            sourced.append(SourcedRecord(row.key, self._record(row), provenance))
        return sourced

    def _record(self, row: RecordRow) -> Record:
        dataset, marking = self._tables.datasets()[row.did], self._tables.markings()[row.vis]
        return from_content(row.body, dataset, row.source_id, marking, row.part, row.locator)

    def _about(self, scope: Scope) -> Iterator[tuple[RecordRow, EntityRow, Row]]:
        """The records of a scope that are about an entity."""
        entities = {(row.did, row.source_id): row for row in self._tables.rows(EntityRow)}
        for row in self._tables.seen(scope):
            made = row_of(self._record(row))
            if not made.is_relationship:
                yield row, entities[row.did, row.source_id], made

    def markings_by_key(self, scope: Scope, keys: Sequence[str]) -> Mapping[str, Marking]:
        markings, ever = self._tables.markings(), self._tables.seen(scope, ended_too=True)
        return {row.key: markings[row.vis] for row in sorted(ever, key=lambda row: row.key) if row.key in keys}

    def keys(self, scope: Scope) -> Iterator[tuple[str, str, str]]:
        rows = sorted(self._tables.seen(scope), key=lambda row: row.key)
        classes = {row.vis: row for row in self._tables.rows(ClassRow)}
        return ((row.key, classes[row.vis].marking, classes[row.vis].agency) for row in rows)

    def keys_of(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        return {row.rid: row.key for row in self._tables.seen(scope) if row.rid in numbers}

    def bodies(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        return {row.rid: row.body for row in self._tables.seen(scope) if row.rid in numbers}

    def entities(self, entities: Sequence[str]) -> Mapping[str, tuple[Dataset, str]]:
        datasets, rows = self._tables.datasets(), self._tables.rows(EntityRow)
        return {row.id: (datasets[row.did], row.source_id) for row in rows if row.id in entities}

    def find(self, scope: Scope, query: Query) -> Mapping[int, int]:
        said = [(entity.eid, texts(made)) for _, entity, made in self._about(scope)]
        every = [(entity, text) for entity, found in said for text in found.both]
        exact = ranked([each for each in every if any(_answers(each[1], form) for form in query.forms)], query.forms)
        return with_similar(exact, [(entity, name) for entity, found in said for name in found.names], query.said)

    def lookups(self, scope: Scope) -> InColumns:
        said = registers.judgements(self, scope)
        return InColumns(self.columns(scope.revision), scope, said, self.scores(scope.revision))

    def scores(self, revision: int) -> Scores:
        return self._scored.of(revision, self.moment(revision))

    def facets(self, scope: Scope) -> Facets:
        rows = [(row.fid, row.eid, row.kind, row.vis, row.scope) for row in self._facets(scope)]
        return facets_in([*np.array(rows, dtype=np.int64).reshape(-1, 5).T])

    def forms(self, scope: Scope) -> Iterator[Mapping[int, str]]:
        yield {row.fid: row.forms for row in self._facets(scope)}

    def forms_of(self, scope: Scope, entities: Sequence[int]) -> Mapping[int, str]:
        return {row.fid: row.forms for row in self._facets(scope) if row.eid in entities}

    def shared(self, revision: int) -> FacetValues:
        names = {row[:3:2] for row in _values(self._tables.rows(FacetRow))}
        many = held_by_many(Counter(value for value, _ in names).items())
        everybody = Scope(tuple(each.vis for each in self.classes()), RevisionNumber(revision))
        return self.holding(everybody, many)

    def holding(self, scope: Scope, values: Sequence[int]) -> FacetValues:
        return facet_values(sorted(row for row in _values(self._facets(scope)) if row[0] in values))

    def held_by(self, scope: Scope, facets: Sequence[int]) -> FacetValues:
        return facet_values(sorted(row for row in _values(self._facets(scope)) if row[1] in facets))

    def _facets(self, scope: Scope) -> Iterator[FacetRow]:
        standing = (row for row in self._tables.rows(FacetRow) if row.rev_from <= scope.revision < row.rev_to)
        return (row for row in standing if row.vis in scope.allowed)

    # -- what loads and people write --------------------------------------------------------

    def refuse_writing(self) -> None:
        refuse_writing(self.url, status(self._tables))

    def writer(self, *, agency: str, by: str, at: str, patience: float = PATIENCE) -> MemoryWriter:
        lease = self.leases.of_thread()
        lease.take(patience)
        try:
            self.refuse_writing()
        except BaseException:
            lease.give_back()
            raise
        return MemoryWriter(self._tables.copy(), self._show, lease, agency, by, at)

    def write(self, work: Callable[[Transaction], T]) -> T:
        tables = self._tables.copy()
        done = work(MemoryTransaction(tables))
        self._show(tables)
        return done

    def inside(self, tx: Transaction) -> Backend:
        return MemoryBackend(self.url, of_kind(tx, MemoryTransaction).tables)

    def recompute_claims(self) -> int:
        """Note the new normaliser; claims are computed anyway whenever columns are read."""
        tables = self._tables.copy()
        tables.notes["normaliser"] = NORMALISER
        MemoryTransaction(tables).begin_epoch([row.vis for row in tables.rows(ClassRow)])
        self._show(tables)
        ever = [row for row in tables.rows(RecordRow) if row.rev_to > row.rev_from]
        return sum(bool(claims(row_of(self._record(row)))) for row in ever)

    def demo_mark(self) -> str:
        return str(self._tables.notes.get("demo", ""))

    def mark_as_demo(self, mark: str) -> None:
        tables = self._tables.copy()
        tables.notes["demo"] = mark
        self._show(tables)

    # -- moving -----------------------------------------------------------------------------

    def outgoing(self) -> MemoryOutgoing:
        return MemoryOutgoing(self._tables)

    def incoming(self, patience: float = PATIENCE) -> MemoryIncoming:
        lease = self.leases.of_thread()
        lease.take(patience)
        return MemoryIncoming(self._tables.copy(), self._show, lease)


def _values(facets: Iterable[FacetRow]) -> Iterator[tuple[int, int, int, int]]:
    """The value, facet, name and class of all that facets hold."""
    return ((*row, each.vis) for each in facets for row in value_rows(each.fid, each.forms))


def _answers(text: str, form: str) -> bool:
    """Whether a folded text matches a form; a short form must be a whole word of the text."""
    return form in short_tokens(text) if len(form) <= _SHORT else matches(text, (form,))
