"""Walking in the database: the ties at some entities, with the view in the pattern."""

from collections.abc import Mapping, Sequence
from typing import LiteralString

import numpy as np

from workbench.store.columns import Bool, Int64
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.insertion import UNKNOWN_DAY
from workbench.store.types import Scope
from workbench.store.walking import Shape, Steps, all_steps, day_text

# Entities whose ties are asked for at once: two such queries run side by side.
_AT_ONCE = 1_000

# A relationship that ended after the view's revision may be moved to the past at any moment: both are looked at.
_STEPS: LiteralString = """
UNWIND $entities AS near MATCH (e:Entity {eid: near})-[r:$any($types) WHERE r.vis IN $allowed
    AND r.rev_from <= $revision AND r.rev_to > $revision]-(other:Entity)
RETURN collect(near), collect(other.eid), collect(r.rid), collect(r.shape), collect(startNode(r) = e)
"""
_SAID_OF: LiteralString = """
UNWIND $records AS rid MATCH (r:Record {rid: rid})
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
RETURN collect(r.rid), collect(r.key), collect(r.ties[0])
"""


def ties_at(database: Database, scope: Scope, shapes: Mapping[int, Shape], entities: Int64) -> Steps:
    """The steps from entities; see `GraphStore`."""
    types = sorted({shape.type for shape in shapes.values() if shape.type} | {"PAST"})
    seen = {"types": types, "allowed": list(scope.allowed), "revision": scope.revision}
    parts = np.array_split(entities, max(1, -(-len(entities) // _AT_ONCE)))
    found = database.row_of_each(_STEPS, [{**seen, "entities": part.tolist()} for part in parts])
    forwards = np.zeros(max(shapes, default=0) + 1, dtype=bool)
    forwards[[number for number, shape in shapes.items() if shape.forward]] = True
    return all_steps([_steps(row[:4], row[4], forwards) for row in found])


def _steps(numbers: list[list[int]], starts: list[bool], forwards: Bool) -> Steps:
    near, far, record, shape = np.array(numbers, dtype=np.int64)
    return Steps(near, far, record, shape, np.array(starts, dtype=bool) == forwards[shape])


def said_of(database: Database, scope: Scope, records: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Key and day of records; see `GraphStore`."""
    found = database.row(_SAID_OF, records=list(records), allowed=list(scope.allowed), revision=scope.revision)
    return {record: (key, "" if day == UNKNOWN_DAY else day_text(day)) for record, key, day in zip(*found, strict=True)}
