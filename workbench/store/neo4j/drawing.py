"""Whether the relationships of the graph are those that the ties of the records are drawn as."""

from collections.abc import Mapping
from typing import LiteralString

import numpy as np

from workbench.store.columns import Int64
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.interning import shapes
from workbench.store.steps import Shape

_PAGE = 50_000

_LAST: LiteralString = """
MATCH (s:Store {name: 'workbench'}) RETURN s.writing IS NOT NULL,
    coalesce(COLLECT { MATCH (r:Record) WHERE r.rid > 0 RETURN r.rid ORDER BY r.rid DESC LIMIT 1 }[0], 0),
    coalesce(COLLECT { MATCH (e:Entity) WHERE e.eid > 0 RETURN e.eid ORDER BY e.eid DESC LIMIT 1 }[0], 0)
"""
_DRAWN: LiteralString = """
MATCH (a:Entity)-[t]->(b:Entity) WHERE a.eid >= $first AND a.eid < $end AND t.rid IS NOT NULL
RETURN collect(t.rid), collect(a.eid), collect(b.eid)
"""
_TIES: LiteralString = """
MATCH (r:Record) WHERE r.rid >= $first AND r.rid < $end AND r.ties IS NOT NULL RETURN collect(r.rid), collect(r.ties)
"""
_KEYS: LiteralString = "UNWIND $asked.records AS rid MATCH (r:Record {rid: rid}) RETURN collect(r.key)"


def wrongly_drawn(database: Database) -> list[str] | None:
    """The keys of the records whose ties are not drawn as they are, in order; None while somebody writes."""
    writing, records, entities = database.row(_LAST)
    if writing:
        return None
    known = shapes(database)
    told = database.row_of_each(_TIES, _pages(records), lambda page: _told(known, *page))
    drawn = database.row_of_each(_DRAWN, _pages(entities), lambda page: np.array(page, dtype=np.int64).T)
    wrong = _unlike(np.concatenate(told), np.concatenate(drawn))
    return sorted(database.row(_KEYS, asked={"records": wrong})[0])


def _pages(last: int) -> list[Mapping[str, int]]:
    return [{"first": first, "end": first + _PAGE} for first in range(1, max(last, 1) + 1, _PAGE)]


def _told(known: Mapping[int, Shape], records: list[int], ties: list[list[int]]) -> Int64:
    """The (record, entity at the start, entity at the end) of each tie that is drawn."""
    rows = []
    for record, (_, *ends) in zip(records, ties, strict=True):
        for i in range(0, len(ends), 3):
            a, b, shape = ends[i : i + 3]
            if known[shape].type:
                rows.append((record, a, b) if known[shape].forward else (record, b, a))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _unlike(told: Int64, drawn: Int64) -> list[int]:
    """The records of rows that are not equally often in both."""
    rows, place = np.unique(np.concatenate([told, drawn]), axis=0, return_inverse=True)
    more = np.bincount(place.ravel()[: len(told)], minlength=len(rows))
    fewer = np.bincount(place.ravel()[len(told) :], minlength=len(rows))
    return [int(record) for record in np.unique(rows[more != fewer, 0])]
