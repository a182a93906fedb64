"""Insert the rows of new records, and number the entities that they are about or refer to."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import orjson

from workbench.model.ids import entity_id
from workbench.model.record import Dataset
from workbench.store.loading import Mark
from workbench.store.records_known import NEVER
from workbench.store.rows import Row, claims, pairs_and_day, texts
from workbench.store.sqlite.interning import Terms
from workbench.store.sqlite.schema import TEXT_BITS
from workbench.store.sqlite.search import in_rows, indexed, keys_of, tokens_in

_ENTITIES_KEPT = 100_000
# How many values a statement may have at least, in all versions of SQLite since 3.32.
_VALUES = 32_000

# A statement, and the parameters of each of its executions.
Work = tuple[str, Sequence[tuple[object, ...]]]

_Tie = tuple[int, int, int, int, int, int, int, int, int, int]
_Claim = tuple[int, int, str, str, int, int, int, int]
_Text = tuple[int, int, str, int, int, int]


class Span(NamedTuple):
    """What all rows of one insertion share: file, delivery, and the revisions between which they stand."""

    file: int
    delivered: str
    rev_from: int
    rev_to: int


class Insertion:
    """Inserts the rows of one load; numbers continue from the highest in the store."""

    def __init__(self, db: sqlite3.Connection, terms: Terms) -> None:
        self._db = db
        self._terms = terms
        self.first = self._rid = int(db.execute("SELECT coalesce(max(rid), 0) FROM record").fetchone()[0]) + 1
        self._eid = int(db.execute("SELECT coalesce(max(eid), 0) FROM entity").fetchone()[0]) + 1
        self._entities: dict[Dataset, dict[str, int]] = {}  # numbers by source id

    def insert(self, rows: Sequence[Row], marks: Sequence[Mark], span: Span) -> None:
        """Insert rows, each with its class and the class that its delivery asks for."""
        for work in self.inserts(rows, marks, span):
            self._db.executemany(*work)

    def inserts(self, rows: Sequence[Row], marks: Sequence[Mark], span: Span) -> list[Work]:
        """What inserts rows, each with its class and the class that its delivery asks for."""
        self._know_entities(rows)
        first, self._rid = self._rid, self._rid + len(rows)
        records, ties, claimed, written = [], list[_Tie](), list[_Claim](), list[_Text]()
        sounds = list[tuple[str, int]]()
        numbers, (file, delivered, begin, end) = self._terms.numbers, span
        dataset, did, entities, otherwise = None, 0, dict[str, int](), list[tuple[int, int]]()
        for rid, (row, (vis, asked)) in enumerate(zip(rows, marks, strict=True), first):
            record, content, key, source, is_relationship = row
            if record.dataset is not dataset:
                dataset = record.dataset
                did, entities = self._terms.dataset(dataset), self._entities[dataset]
            name, part, schema = record.source_id, record.part, numbers[record.schema]
            about = None if is_relationship else entities[name]
            place = record.locator
            if asked != vis:
                otherwise.append((rid, asked))
            records.append(
                (rid, source, key, schema, about, did, name, part, vis, begin, end, file, place, delivered, content)
            )
            pairs, day = pairs_and_day(row)
            for (ra, a), (rb, b) in pairs:
                ties.append((rid, entities[a], entities[b], numbers[ra], numbers[rb], schema, day, vis, begin, end))
            if about is not None:
                for kind, value, scope in claims(row):
                    claimed.append((rid, numbers[kind], value, scope, about, vis, begin, end))
                said, names = in_rows(texts(row))
                for tid, text in enumerate(said, rid << TEXT_BITS):
                    written.append((tid, about, text, vis, begin, end))
                sounds += [(key, rid << TEXT_BITS | n) for n in range(names) for key in keys_of(said[n])]
        works = [*_inserts("record", records), ("INSERT INTO asked VALUES (?, ?)", otherwise)]
        if end != NEVER:
            works += [*_inserts("tie", ties), *_inserts("claim", claimed), *_inserts("text", written)]
            works += [*_indexing(written), *_inserts("sound", sorted(sounds))]
        return works

    # -- entities -----------------------------------------------------------------------

    def _know_entities(self, rows: Iterable[Row]) -> None:
        """Look up or assign the numbers of all entities that these rows are about or refer to."""
        if sum(map(len, self._entities.values())) > _ENTITIES_KEPT:
            self._entities.clear()
        wanted: dict[Dataset, set[str]] = {}
        dataset, refs = None, set[str]()
        for row in rows:
            record = row.record
            if record.dataset is not dataset:
                dataset = record.dataset
                refs = wanted.setdefault(dataset, set())
            for _, ref in record.roles:
                refs.add(ref)
            if not row.is_relationship:
                refs.add(record.source_id)
        for dataset, refs in wanted.items():
            known = self._entities.setdefault(dataset, {})
            self._number(dataset, known, refs.difference(known))

    def _number(self, dataset: Dataset, known: dict[str, int], refs: Iterable[str]) -> None:
        """Look up the numbers of a dataset's entities, and number new ones in the order of their ids."""
        ids = {entity_id(dataset.agency, dataset.name, ref): ref for ref in refs}
        if not ids:
            return
        numbers = dict(self._db.execute(_ENTITIES, (orjson.dumps(list(ids)).decode(),)))
        fresh, did = [], self._terms.dataset(dataset)
        for entity in sorted(ids):
            if entity not in numbers:
                numbers[entity], self._eid = self._eid, self._eid + 1
                fresh.append((numbers[entity], entity, did, ids[entity]))
            known[ids[entity]] = numbers[entity]
        self._db.executemany("INSERT INTO entity VALUES (?, ?, ?, ?)", fresh)


def _inserts(table: str, rows: Sequence[tuple[object, ...]]) -> Iterator[Work]:
    """What inserts rows into a table: as many at once as a statement may have values, then the rest one by one.

    Python waits for none of them, but does other things, only while SQLite works on a statement: so each is long.
    """
    if rows:
        width = len(rows[0])
        some = _VALUES // width
        whole = len(rows) - len(rows) % some
        if whole:
            yield _insert(table, width, some), [tuple(chain(*rows[n : n + some])) for n in range(0, whole, some)]
        yield _insert(table, width, 1), rows[whole:]


@cache
def _insert(table: str, width: int, rows: int) -> str:
    row = f"({','.join('?' * width)})"
    return f"INSERT INTO {table} VALUES {','.join([row] * rows)}"  # noqa: S608 - names of ours and question marks


def _indexing(written: Sequence[_Text]) -> list[Work]:
    """What makes texts searchable."""
    forms = [(tid, indexed(text)) for tid, _, text, _, _, _ in written]
    tokens = [(token, tid) for tid, _, text, _, _, _ in written for token in tokens_in(text)]
    return [
        ("INSERT INTO text_fts (rowid, folded) VALUES (?, ?)", forms),
        ("INSERT OR IGNORE INTO short VALUES (?, ?)", sorted(tokens)),
    ]


_ENTITIES = "SELECT id, eid FROM entity WHERE id IN (SELECT value FROM json_each(?))"
