"""Relationships of records: found by their ends, changed with their record, and moved to the past.

A relationship is a copy of what its record's node says, drawn for those who query the graph: the
node is the truth. One that was superseded is closed by revision, and becomes a PAST once the
revision is published.
"""

from collections.abc import Mapping, Sequence
from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.store.neo4j.connection import rows
from workbench.store.walking import Shape

_OF_RECORDS: LiteralString = """
UNWIND $rids AS rid MATCH (r:Record {rid: rid}) WHERE r.ties IS NOT NULL RETURN r.rid, r.ties[1..]
"""
_CLOSE: LiteralString = """
UNWIND $ties AS tie MATCH (a:Entity {eid: tie[1]})-[r:$(tie[3])]->(b:Entity {eid: tie[2]}) WHERE r.rid = tie[0]
SET r.rev_to = $rev_to
"""
_MARK: LiteralString = """
UNWIND $ties AS tie MATCH (a:Entity {eid: tie[1]})-[r:$any([tie[3], 'PAST'])]->(b:Entity {eid: tie[2]})
WHERE r.rid = tie[0] SET r.vis = $vis
"""
_TO_PAST: LiteralString = """
UNWIND $ties AS tie MATCH (a:Entity {eid: tie[1]})-[r:$(tie[3])]->(b:Entity {eid: tie[2]}) WHERE r.rid = tie[0]
CREATE (a)-[p:PAST]->(b) SET p = properties(r), p.type = tie[3] DELETE r
"""
_DELETE: LiteralString = """
UNWIND $ties AS tie MATCH (a:Entity {eid: tie[1]})-[r:$any([tie[3], 'PAST'])]->(b:Entity {eid: tie[2]})
WHERE r.rid = tie[0] DELETE r
"""


# A relationship of the graph: the record's number, the entities from and to which it runs, its type.
Drawn = tuple[int, int, int, str]


def drawn(tx: ManagedTransaction, shapes: Mapping[int, Shape], rids: Sequence[int]) -> list[Drawn]:
    """The relationships of records, each once."""
    found: set[Drawn] = set()
    for rid, ends in rows(tx, _OF_RECORDS, rids=list(rids)):
        for i in range(0, len(ends), 3):
            a, b, number = ends[i : i + 3]
            shape = shapes[number]
            if shape.type:
                found.add((rid, a, b, shape.type) if shape.forward else (rid, b, a, shape.type))
    return sorted(found)


def close(tx: ManagedTransaction, ties: Sequence[Drawn], rev_to: int) -> None:
    """Let relationships end at a revision, or stand again."""
    rows(tx, _CLOSE, ties=ties, rev_to=rev_to)


def mark(tx: ManagedTransaction, ties: Sequence[Drawn], vis: int) -> None:
    """Put relationships, also past ones, into a visibility class."""
    rows(tx, _MARK, ties=ties, vis=vis)


def move_to_past(tx: ManagedTransaction, ties: Sequence[Drawn]) -> None:
    """Take relationships out of the present."""
    rows(tx, _TO_PAST, ties=ties)


def delete(tx: ManagedTransaction, ties: Sequence[Drawn]) -> None:
    """Delete relationships of records that were never published."""
    rows(tx, _DELETE, ties=ties)
