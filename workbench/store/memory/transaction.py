"""A transaction of a store's only writer, over its tables."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from workbench.model.marking import Marking
from workbench.store.decided import Decided, Mark, Marked
from workbench.store.dump_rows import ClassRow, DocumentRow, FacetRow, PairRow, RecordRow, RevisionRow
from workbench.store.memory import scores
from workbench.store.memory.tables import Tables
from workbench.store.transaction import OfSource, Transaction
from workbench.store.types import new_epoch

R = TypeVar("R", bound=tuple[Any, ...])


class MemoryTransaction(Transaction):
    """See `Transaction`. Its changes are visible once its tables are shown."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def published(self) -> int:
        return self.tables.published()

    def publish(self, revision: RevisionRow) -> None:
        self.put(RevisionRow, [revision])

    def class_number(self, agency: str, marking: str, members: Iterable[int] = ()) -> int:
        of = (agency, marking, tuple(sorted(set(members))))
        for row in self.tables.rows(ClassRow):
            if row[1:] == of:
                return row.vis
        vis = self.tables.next(ClassRow)
        self.tables.put(ClassRow, [ClassRow(vis, *of)])
        return vis

    def marking_of(self, vis: int) -> Marking:
        return self.tables.markings()[vis]

    def rows(self, kind: type[R]) -> list[R]:
        return self.tables.rows(kind)

    def put(self, kind: type[R], rows: Sequence[R]) -> None:
        self.tables.put(kind, rows)

    def versions(self, kind: str, name: str, by: str) -> int:
        found = self.tables.rows(DocumentRow)
        return max((row.version for row in found if (row.kind, row.name, row.by) == (kind, name, by)), default=0)

    def classes_of(self, keys: Sequence[str]) -> Mapping[str, Collection[int]]:
        classes: dict[str, set[int]] = {key: set() for key in keys}
        for row in self.tables.of_sources({key[:16] for key in keys}):
            classes.get(row.key, set()).add(row.vis)
        return classes

    def of_sources(self, sources: Sequence[bytes]) -> Iterator[OfSource]:
        datasets = self.tables.datasets()
        for row in self.tables.of_sources(source.hex() for source in sources):
            record = Marked(row.rid, row.vis, row.asked)
            yield OfSource(bytes.fromhex(row.key), row.source_id, datasets[row.did].agency, record)

    def decided(self, subjects: Sequence[bytes]) -> Mapping[bytes, Decided]:
        known = self.tables.parts["remarked"]
        return {each: Decided(*known[each.hex()][1:]) for each in subjects if each.hex() in known}

    def placed(self, records: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        return {rid: (row.did, row.vis) for rid in records for row in [self.tables.row(RecordRow, rid)]}

    def ask(self, marks: Mapping[int, Mark]) -> None:
        for rid, (_, asked) in marks.items():
            self.tables.change([rid], asked=asked)

    def move(self, classes: Mapping[int, int]) -> None:
        for rid, vis in classes.items():
            self.tables.change([rid], vis=vis)

    def spans(self) -> Iterable[tuple[int, int, int]]:
        records = {(row.rev_from, row.rev_to, row.vis) for row in self.tables.rows(RecordRow)}
        facets = {(row.rev_from, row.rev_to, row.vis) for row in self.tables.rows(FacetRow)}
        return {(begun, ended, vis) for begun, ended, vis in records | facets if ended > begun}

    def last_facet(self) -> int:
        return max(self.tables.parts["facets"], default=0)

    def said_at(self, revision: int) -> Collection[tuple[int, int]]:
        return scores.said_at(self.tables, revision)

    def said_by(self, records: Collection[int]) -> Collection[tuple[int, int]]:
        return scores.said_by(self.tables, records)

    def facets_of(self, entities: Collection[int]) -> Sequence[FacetRow]:
        return [row for row in self.tables.rows(FacetRow) if row.eid in entities]

    def pairs_of(self, facets: Collection[int]) -> Sequence[PairRow]:
        return [row for row in self.tables.rows(PairRow) if row.fa in facets or row.fb in facets]

    def drop_facets(self, facets: Collection[int]) -> None:
        self.tables.drop(PairRow, lambda row: row.fa in facets or row.fb in facets)
        self.tables.drop(FacetRow, lambda row: row.fid in facets)

    def drop_pairs(self, pairs: Collection[tuple[int, int]]) -> None:
        self.tables.drop(PairRow, lambda row: (row.fa, row.fb) in pairs)

    def begin_epoch(self, classes: Collection[int]) -> None:
        self.tables.notes["epoch"] = new_epoch()
        self.tables.epochs.update((vis, new_epoch()) for vis in classes)
