"""What people say: judgements on who is one, drawn between the entities, and values listed as common."""

from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.store.neo4j.connection import rows
from workbench.store.records_known import LIVE
from workbench.store.types import CommonEntry, Judgement

# What has ended is in no present: it is not drawn.
ADD: LiteralString = """
UNWIND $nodes AS node CREATE (j:Judgement) SET j = node
WITH j WHERE j.rev_to = $live MATCH (a:Entity {id: j.a}) MATCH (b:Entity {id: j.b})
CREATE (a)-[:$(toUpper(j.verdict)) {jid: j.jid, vis: j.vis, rev_from: j.rev_from, rev_to: j.rev_to}]->(b)
"""
_WITHDRAW: LiteralString = """
MATCH (j:Judgement {jid: $jid}) WHERE j.rev_to = $live SET j.rev_to = $rev
WITH j OPTIONAL MATCH (a:Entity {id: j.a})-[r:SAME|DIFFERENT|UNSURE]->(b:Entity {id: j.b}) WHERE r.jid = j.jid DELETE r
RETURN DISTINCT j.vis
"""
ADD_COMMON: LiteralString = "UNWIND $nodes AS node CREATE (c:CommonValue) SET c = node"
_REMOVE_COMMON: LiteralString = """
MATCH (c:CommonValue) WHERE c.kind = $kind AND c.value = $value AND c.vis = $vis AND c.rev_to = $live
SET c.rev_to = $rev RETURN c.vis
"""


def add(tx: ManagedTransaction, judgement: Judgement, vis: int, rev: int) -> None:
    """Keep a judgement of a visibility class from a revision on."""
    j = judgement
    said = {"jid": j.id, "a": j.a, "b": j.b, "verdict": j.verdict, "by": j.by, "why": j.why, "at": j.at}
    rests_on = {"evidence": list(j.evidence), "overrides": sorted(j.overrides)}
    rows(tx, ADD, nodes=[{**said, **rests_on, "vis": vis, "rev_from": rev, "rev_to": LIVE}], live=LIVE)


def withdraw(tx: ManagedTransaction, judgement: str, rev: int) -> int | None:
    """End a judgement; its class, None if none of that id stands."""
    found = rows(tx, _WITHDRAW, jid=judgement, rev=rev, live=LIVE)
    return int(found[0][0]) if found else None


def add_common(tx: ManagedTransaction, entry: CommonEntry, vis: int, rev: int) -> None:
    """List a value as common from a revision on."""
    said = {"kind": entry.kind, "value": entry.value, "agency": entry.agency, "marking": entry.marking}
    node = {**said, "why": entry.why, "vis": vis, "rev_from": rev, "rev_to": LIVE}
    rows(tx, ADD_COMMON, nodes=[node])


def remove_common(tx: ManagedTransaction, entry: CommonEntry, vis: int, rev: int) -> bool:
    """Take a value off the list; whether it was on it."""
    return bool(rows(tx, _REMOVE_COMMON, kind=entry.kind, value=entry.value, vis=vis, rev=rev, live=LIVE))
