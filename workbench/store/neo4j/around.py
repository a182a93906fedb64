"""Walking in the database: the ties of some entities, with the view's filters in the pattern."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import numpy as np

from workbench.store.columns import Int64, all_rows
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.insertion import UNKNOWN_DAY
from workbench.store.steps import RecordTies, Shape, Steps, day_text
from workbench.store.types import Scope

# The list of entities is inside a map: for a bare list the server makes a new plan whenever its order of magnitude
# changes, which costs more than the answer.

# A relationship that ended after the view's revision may be moved to the past at any moment, so both types are
# searched. One that is being moved may occur twice, not at all, or without properties, because the server reads
# committed data as it goes. Without the hint, 2026.08.1 may look up all relationships of these types and then give
# some of them wrong ends (DynamicUndirectedRelationshipTypeLookup, seen in small graphs).
_STEPS: LiteralString = """
UNWIND $asked.entities AS near MATCH (e:Entity {eid: near})-[r:$any($types) WHERE r.vis IN $allowed
    AND r.rev_from <= $revision AND r.rev_to > $revision]-(other:Entity) USING INDEX e:Entity(eid)
RETURN collect(near), collect(coalesce(other.eid, -1)), collect(coalesce(r.rid, -1))
"""
_SAID_OF: LiteralString = """
UNWIND $records AS rid MATCH (r:Record {rid: rid})
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision AND r.ties IS NOT NULL
RETURN collect(r.rid), collect(r.key), collect(r.ties)
"""


def ties_at(database: Database, scope: Scope, shapes: Mapping[int, Shape], entities: Sequence[Int64]) -> Steps:
    """The steps from entities; see `Walks`."""
    seen = _seen(scope, shapes)
    found = database.row_of_each(_STEPS, [{**seen, "asked": {"entities": part.tolist()}} for part in entities], list)
    return all_rows([_steps(row) for row in found])


def _seen(scope: Scope, shapes: Mapping[int, Shape]) -> dict[str, Any]:
    types = sorted({shape.type for shape in shapes.values() if shape.type} | {"PAST"})
    return {"types": types, "allowed": list(scope.allowed), "revision": scope.revision}


def _steps(row: Sequence[Sequence[int]]) -> Steps:
    return Steps(*np.array(row, dtype=np.int64))


def said_of(database: Database, scope: Scope, records: Sequence[int]) -> dict[int, RecordTies]:
    """The key, day and ties of records; see `Walks`."""
    found = database.row(_SAID_OF, records=list(records), allowed=list(scope.allowed), revision=scope.revision)
    return {record: _said(key, *ties) for record, key, ties in zip(*found, strict=True)}


def _said(key: str, day: int, *ties: int) -> RecordTies:
    """A record's ties from a flat list of a, b, shape for each."""
    ends = tuple(zip(ties[::3], ties[1::3], ties[2::3], strict=True))
    return RecordTies(key, "" if day == UNKNOWN_DAY else day_text(day), ends)
