"""The relationships drawn for records: find them by their ends, change them with their record, move them to the past.

A relationship is a copy of its record's node, for people who query the graph; the node is the truth. If
the record is superseded, the relationship is closed by revision, and becomes a PAST once that is published.
"""

from collections.abc import Mapping, Sequence
from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.store.neo4j.connection import rows
from workbench.store.steps import Shape

_OF_RECORDS: LiteralString = """
UNWIND $rids AS rid MATCH (r:Record {rid: rid}) WHERE r.ties IS NOT NULL RETURN r.rid, r.ties[1..]
"""
# Grouped by entity: the server goes through the ties of an entity once, however many are changed.
_CLOSE: LiteralString = """
UNWIND $groups AS g MATCH (a:Entity {eid: g[0]})-[r:$(g[1])]->(:Entity) USING INDEX a:Entity(eid) WHERE r.rid IN g[2]
SET r.rev_to = $rev_to
"""
_MARK: LiteralString = """
UNWIND $groups AS g MATCH (a:Entity {eid: g[0]})-[r:$any([g[1], 'PAST'])]->(:Entity) USING INDEX a:Entity(eid)
WHERE r.rid IN g[2] SET r.vis = $vis
"""
_TO_PAST: LiteralString = """
UNWIND $groups AS g MATCH (a:Entity {eid: g[0]})-[r:$(g[1])]->(b:Entity) USING INDEX a:Entity(eid) WHERE r.rid IN g[2]
CREATE (a)-[p:PAST]->(b) SET p = properties(r), p.type = g[1] DELETE r
"""
_DELETE: LiteralString = """
UNWIND $groups AS g MATCH (a:Entity {eid: g[0]})-[r:$any([g[1], 'PAST'])]->(:Entity) USING INDEX a:Entity(eid)
WHERE r.rid IN g[2] DELETE r
"""


# A relationship of the graph: (record number, entity at its start, type).
Drawn = tuple[int, int, str]


def drawn(tx: ManagedTransaction, shapes: Mapping[int, Shape], rids: Sequence[int]) -> list[Drawn]:
    """The relationships of records, without duplicates."""
    relationships: set[Drawn] = set()
    for rid, ends in rows(tx, _OF_RECORDS, rids=list(rids)):
        for i in range(0, len(ends), 3):
            a, b, number = ends[i : i + 3]
            shape = shapes[number]
            if shape.type:
                relationships.add((rid, a if shape.forward else b, shape.type))
    return sorted(relationships)


def close(tx: ManagedTransaction, ties: Sequence[Drawn], rev_to: int) -> None:
    """Set the revision at which relationships end; LIVE lets them stand again."""
    rows(tx, _CLOSE, groups=_by_entity(ties), rev_to=rev_to)


def mark(tx: ManagedTransaction, ties: Sequence[Drawn], vis: int) -> None:
    """Set the visibility class of relationships, including past ones."""
    rows(tx, _MARK, groups=_by_entity(ties), vis=vis)


def move_to_past(tx: ManagedTransaction, ties: Sequence[Drawn]) -> None:
    """Turn relationships into PAST ones."""
    rows(tx, _TO_PAST, groups=_by_entity(ties))


def delete(tx: ManagedTransaction, ties: Sequence[Drawn]) -> None:
    """Delete relationships of records that were never published."""
    rows(tx, _DELETE, groups=_by_entity(ties))


def _by_entity(ties: Sequence[Drawn]) -> list[tuple[int, str, list[int]]]:
    """Group relationships as (entity at the start, type, record numbers)."""
    groups: dict[tuple[int, str], list[int]] = {}
    for rid, entity, type_ in ties:
        groups.setdefault((entity, type_), []).append(rid)
    return [(*of, rids) for of, rids in groups.items()]
