"""Walking in the database: the ties at some entities, with the view in the pattern."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import numpy as np

from workbench.store.columns import Int64
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.insertion import UNKNOWN_DAY
from workbench.store.steps import RecordTies, Shape, Steps, all_steps, day_text
from workbench.store.types import Scope

# A server plans a query anew for lists of another order of magnitude, which costs more than the answer does: lists in
# a map are one to it.

# A relationship that ended after the view's revision may be moved to the past at any moment: both are looked at. One
# that is moved at this moment may be met twice, not at all, or without its properties, for a server reads what is
# committed as it goes. Without the hint 2026.08.1 may plan to look up all relationships of these types, and then gives
# some of them wrong ends (DynamicUndirectedRelationshipTypeLookup, seen where a graph is small).
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
    """The steps from entities; see `GraphStore`."""
    seen = _seen(scope, shapes)
    found = database.row_of_each(_STEPS, [{**seen, "asked": {"entities": part.tolist()}} for part in entities], list)
    return all_steps([_steps(row) for row in found])


def _seen(scope: Scope, shapes: Mapping[int, Shape]) -> dict[str, Any]:
    types = sorted({shape.type for shape in shapes.values() if shape.type} | {"PAST"})
    return {"types": types, "allowed": list(scope.allowed), "revision": scope.revision}


def _steps(row: Sequence[Sequence[int]]) -> Steps:
    return Steps(*np.array(row, dtype=np.int64))


def said_of(database: Database, scope: Scope, records: Sequence[int]) -> dict[int, RecordTies]:
    """What records say; see `GraphStore`."""
    found = database.row(_SAID_OF, records=list(records), allowed=list(scope.allowed), revision=scope.revision)
    return {record: _said(key, *ties) for record, key, ties in zip(*found, strict=True)}


def _said(key: str, day: int, *ties: int) -> RecordTies:
    """What a record says, whose ties are ends and shape one after the other."""
    ends = tuple(zip(ties[::3], ties[1::3], ties[2::3], strict=True))
    return RecordTies(key, "" if day == UNKNOWN_DAY else day_text(day), ends)
