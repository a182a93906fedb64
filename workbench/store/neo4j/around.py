"""Walking in the database: the ties at some entities, with the view in the pattern."""

from collections.abc import Iterator, Mapping, Sequence
from typing import LiteralString

from workbench.store.columns import NO_DAY
from workbench.store.neighbourhood import day_text
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.terms import Shape
from workbench.store.types import Scope
from workbench.store.walking import StoredTie

# A relationship that ended after the view's revision may be moved to the past at any moment: both are looked at.
_TIES_AT: LiteralString = """
UNWIND $entities AS id MATCH (e:Entity {id: id})-[r:$any($types) WHERE r.vis IN $allowed
    AND r.rev_from <= $revision AND r.rev_to > $revision]-(:Entity)
WITH DISTINCT r, startNode(r) AS s, endNode(r) AS t
RETURN collect(r.rid), collect(r.shape), collect(s.id), collect(t.id)
"""
_SAID_OF: LiteralString = """
UNWIND $records AS rid MATCH (r:Record {rid: rid})
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
RETURN collect(r.rid), collect(r.key), collect(coalesce(r.day, $no_day))
"""


def ties_at(
    database: Database, scope: Scope, shapes: Mapping[int, Shape], entities: Sequence[str]
) -> Iterator[StoredTie]:
    """The ties at entities; see `GraphStore`."""
    types = sorted({shape.type for shape in shapes.values() if shape.type} | {"PAST"})
    found = database.row(
        _TIES_AT, entities=list(entities), types=types, allowed=list(scope.allowed), revision=scope.revision
    )
    for record, number, start, end in zip(*found, strict=True):
        shape = shapes[number]
        a, b = (start, end) if shape.forward else (end, start)
        yield StoredTie(record, shape.schema, a, b, shape.role_a, shape.role_b)


def said_of(database: Database, scope: Scope, records: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Key and day of records; see `GraphStore`."""
    found = database.row(
        _SAID_OF, records=list(records), no_day=int(NO_DAY), allowed=list(scope.allowed), revision=scope.revision
    )
    return {record: (key, day_text(day)) for record, key, day in zip(*found, strict=True)}
