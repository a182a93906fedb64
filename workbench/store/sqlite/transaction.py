"""A transaction of a store's only writer, over its tables."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import orjson

from workbench.model.ids import source_number
from workbench.model.marking import Marking
from workbench.store.decided import Decided, Mark, Marked
from workbench.store.dump_rows import FacetRow, PairRow, RevisionRow, part_of
from workbench.store.moving import every
from workbench.store.sqlite import scores
from workbench.store.sqlite.copying import SqliteOutgoing, put_rows
from workbench.store.sqlite.interning import Terms, vis_class
from workbench.store.sqlite.revisions import begin_epoch, published
from workbench.store.sqlite.schema import text_span
from workbench.store.sqlite.standing import decisions
from workbench.store.transaction import OfSource, Transaction

R = TypeVar("R", bound=tuple[Any, ...])

_VERSIONS = "SELECT coalesce(max(version), 0) FROM document WHERE kind = ? AND name = ? AND by = ?"
_CLASSES = "SELECT key, vis FROM record WHERE source IN (SELECT value FROM json_each(?))"
_OF_SOURCES = """
SELECT r.key, r.source_id, d.agency, r.rid, r.vis, coalesce(a.vis, r.vis)
FROM json_each(?) j CROSS JOIN record r ON r.source = j.value JOIN dataset d USING (did)
LEFT JOIN asked a ON a.rid = r.rid
"""
_PLACED = "SELECT r.rid, r.did, r.vis FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value"
_SPANS = """
SELECT rev_from, rev_to, vis FROM record WHERE rev_to > rev_from
UNION SELECT rev_from, rev_to, vis FROM facet WHERE rev_to > rev_from
"""


class SqliteTransaction(Transaction):
    """See `Transaction`. The caller opens and ends the transaction of its connection."""

    def __init__(self, db: sqlite3.Connection, terms: Terms | None = None) -> None:
        self.db, self._terms = db, terms or Terms(db)

    def published(self) -> int:
        return published(self.db)

    def publish(self, revision: RevisionRow) -> None:
        self.put(RevisionRow, [revision])

    def class_number(self, agency: str, marking: str, members: Iterable[int] = ()) -> int:
        return vis_class(self.db, agency, marking, members)

    def marking_of(self, vis: int) -> Marking:
        return self._terms.marking(vis)

    def rows(self, kind: type[R]) -> list[R]:
        return every(SqliteOutgoing(lambda: self.db), kind)

    def put(self, kind: type[R], rows: Sequence[R]) -> None:
        put_rows(self.db, part_of(kind), rows)

    def versions(self, kind: str, name: str, by: str) -> int:
        return int(self.db.execute(_VERSIONS, (kind, name, by)).fetchone()[0])

    def classes_of(self, keys: Sequence[str]) -> Mapping[str, Collection[int]]:
        classes: dict[str, set[int]] = {key: set() for key in keys}
        sources = {source_number(bytes.fromhex(key)) for key in classes}
        for key, vis in self.db.execute(_CLASSES, (json.dumps(sorted(sources)),)):
            if key.hex() in classes:
                classes[key.hex()].add(vis)
        return classes

    def of_sources(self, sources: Sequence[bytes]) -> Iterator[OfSource]:
        numbers = [source_number(source) for source in sources]
        for key, source_id, agency, *record in self.db.execute(_OF_SOURCES, (json.dumps(numbers),)).fetchall():
            yield OfSource(key, source_id, agency, Marked(*record))

    def decided(self, subjects: Sequence[bytes]) -> Mapping[bytes, Decided]:
        return decisions(self.db, subjects)

    def placed(self, records: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        found = self.db.execute(_PLACED, (orjson.dumps(list(records)).decode(),))
        return {rid: (did, vis) for rid, did, vis in found}

    def ask(self, marks: Mapping[int, Mark]) -> None:
        self.db.executemany("DELETE FROM asked WHERE rid = ?", [(rid,) for rid in marks])
        others = [(rid, asked) for rid, (vis, asked) in marks.items() if asked != vis]
        self.db.executemany("INSERT INTO asked VALUES (?, ?)", others)

    def move(self, classes: Mapping[int, int]) -> None:
        marks = [(vis, rid) for rid, vis in classes.items()]
        self.db.executemany("UPDATE record SET vis = ? WHERE rid = ?", marks)
        self.db.executemany("UPDATE claim SET vis = ? WHERE rid = ?", marks)
        self.db.executemany("UPDATE tie SET vis = ? WHERE rid = ?", marks)
        spans = [(vis, *text_span(rid)) for vis, rid in marks]
        self.db.executemany("UPDATE text SET vis = ? WHERE tid BETWEEN ? AND ?", spans)

    def spans(self) -> Iterable[tuple[int, int, int]]:
        return self.db.execute(_SPANS).fetchall()

    def last_facet(self) -> int:
        return int(self.db.execute("SELECT coalesce(max(fid), 0) FROM facet").fetchone()[0])

    def said_at(self, revision: int) -> Collection[tuple[int, int]]:
        return scores.said_at(self.db, revision)

    def said_by(self, records: Collection[int]) -> Collection[tuple[int, int]]:
        return scores.said_by(self.db, records)

    def facets_of(self, entities: Collection[int]) -> Sequence[FacetRow]:
        return scores.facets_of(self.db, entities)

    def pairs_of(self, facets: Collection[int]) -> Sequence[PairRow]:
        return scores.pairs_with(self.db, facets)

    def drop_facets(self, facets: Collection[int]) -> None:
        scores.drop_facets(self.db, facets)

    def drop_pairs(self, pairs: Collection[tuple[int, int]]) -> None:
        scores.drop_pairs(self.db, pairs)

    def begin_epoch(self, classes: Collection[int]) -> None:
        begin_epoch(self.db, classes)
