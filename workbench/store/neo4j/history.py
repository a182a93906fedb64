"""Closing records, moving them out of the present once that is published, and forgetting what never was."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, LiteralString

from neo4j import ManagedTransaction

from workbench.model.ontology import ontology
from workbench.model.record import properties_of
from workbench.store.neo4j import ties
from workbench.store.neo4j.connection import Database, rows
from workbench.store.neo4j.interning import shapes
from workbench.store.neo4j.lease import SECOND, Lease
from workbench.store.records_known import LIVE
from workbench.store.steps import Shape

_AT_ONCE = 2_000

# A record that ended carries the label Closing until it is out of the present.
_CLOSE: LiteralString = "UNWIND $rids AS rid MATCH (r:Record {rid: rid}) SET r.rev_to = $rev, r:Closing"
_REOPEN: LiteralString = "UNWIND $rids AS rid MATCH (r:Record {rid: rid}) SET r.rev_to = $live REMOVE r:Closing"

_CLOSED: LiteralString = "MATCH (r:Record:Closing) WHERE r.rev_to <= $published RETURN r.rid, r.about LIMIT $most"
_CLOSED_IN_VAIN: LiteralString = (
    "MATCH (r:Record:Closing) WHERE r.rev_to > $published RETURN r.rid, r.about LIMIT $most"
)
_TIDIED: LiteralString = "UNWIND $rids AS rid MATCH (r:Record:Closing {rid: rid}) REMOVE r:Closing"

# What an entity is called and labelled is a copy of what its standing records say, for those who query the graph.
_DESCRIBED: LiteralString = """
UNWIND $entities AS eid MATCH (e:Entity {eid: eid})
OPTIONAL MATCH (r:Record {about: eid}) WHERE r.rev_to = $live
WITH e, r ORDER BY r.rid
RETURN e.eid, [label IN labels(e) WHERE label <> 'Entity'], collect(r.schema), collect(r.body)
"""
_DESCRIBE: LiteralString = """
UNWIND $described AS d MATCH (e:Entity {eid: d[0]}) REMOVE e:$(d[1]) SET e:$(d[2]), e.caption = d[3]
"""


def close_records(tx: ManagedTransaction, known: Mapping[int, Shape], rev: int, rids: Sequence[int]) -> None:
    """End records, with their ties, at a revision."""
    if rids:
        rows(tx, _CLOSE, rids=list(rids), rev=rev)
        ties.close(tx, ties.drawn(tx, known, rids), rev)


def reopen_records(tx: ManagedTransaction, known: Mapping[int, Shape], rids: Sequence[int]) -> None:
    """Let records stand again that this load ended."""
    if rids:
        rows(tx, _REOPEN, rids=list(rids), live=LIVE)
        ties.close(tx, ties.drawn(tx, known, rids), LIVE)


def tidy(database: Database, lease: Lease, published: int) -> None:
    """Take what has ended out of the present; what a writer was killed before the next one does."""
    known = shapes(database)

    def some(tx: ManagedTransaction) -> int:
        found = rows(tx, _CLOSED, published=published, most=_AT_ONCE)
        rids = [rid for rid, _ in found]
        if rids:
            ties.move_to_past(tx, ties.drawn(tx, known, rids))
            rows(tx, _TIDIED, rids=rids)
            describe(tx, [about for _, about in found if about is not None])
        return len(rids)

    _until_none_is_left(lease, some)


def forget_unpublished(database: Database, lease: Lease) -> None:
    """Take back what a writer left that never published; nothing to do after one that did.

    Whether it did is asked as a step: what is still on its way, in either lane, is done, or never will be.
    """
    lease.step(lambda _: None, SECOND)
    ((published, writing, first, first_entity),) = lease.step(lambda tx: rows(tx, _STATE))
    if writing is None:
        return
    known = shapes(database)
    for work in (
        _reopened(known, published),
        _forgotten_records(known, first),
        _forgotten_entities(first_entity),
        _unsaid(published),
        _unmarked,
    ):
        _until_none_is_left(lease, work)
    lease.step(lambda tx: [rows(tx, each, published=published) for each in _FORGET])


_STATE: LiteralString = """
MATCH (s:Store {name: 'workbench'}) RETURN s.published, s.writing, s.first_record, s.first_entity
"""
_FORGET: tuple[LiteralString, ...] = (
    "MATCH (f:SourceFile) WHERE f.rev > $published DELETE f",
    "MATCH (c:CompleteDelivery) WHERE c.rev > $published DELETE c",
    "MATCH (q:Quarantined) WHERE q.rev > $published DELETE q",
    "MATCH (q:Quarantined) WHERE q.released IS NOT NULL REMOVE q.released",
    "MATCH (s:Store {name: 'workbench'}) REMOVE s.writing",
)

_NEW: LiteralString = "MATCH (r:Record) WHERE r.rid >= $first RETURN r.rid, r.about LIMIT $most"
_DELETE_RECORDS: LiteralString = """
UNWIND $rids AS rid MATCH (r:Record {rid: rid}) OPTIONAL MATCH (p:TextPart {rid: rid}) DELETE p, r
"""
_DELETE_ENTITIES: LiteralString = """
MATCH (e:Entity) WHERE e.eid >= $first WITH e LIMIT $most DELETE e RETURN count(*)
"""
_UNSAY: LiteralString = """
MATCH (r:Record) WHERE r.said_rev > $published WITH r LIMIT $most
SET r.said = r.said_before REMOVE r.said_before, r.said_rev RETURN count(*)
"""
_UNMARK: LiteralString = """
MATCH (r:Record) WHERE r.pending_vis IS NOT NULL WITH r LIMIT $most REMOVE r.pending_vis, r.pending_asked
RETURN count(*)
"""

_Work = Callable[[ManagedTransaction], int]


def _until_none_is_left(lease: Lease, some: _Work) -> None:
    while lease.step(some):
        pass


def _reopened(known: Mapping[int, Shape], published: int) -> _Work:
    def some(tx: ManagedTransaction) -> int:
        found = rows(tx, _CLOSED_IN_VAIN, published=published, most=_AT_ONCE)
        reopen_records(tx, known, [rid for rid, _ in found])
        return len(found)

    return some


def _forgotten_records(known: Mapping[int, Shape], first: int) -> _Work:
    def some(tx: ManagedTransaction) -> int:
        found = rows(tx, _NEW, first=first, most=_AT_ONCE)
        rids = [rid for rid, _ in found]
        if rids:
            ties.delete(tx, ties.drawn(tx, known, rids))
            rows(tx, _DELETE_RECORDS, rids=rids)
            describe(tx, [about for _, about in found if about is not None])
        return len(rids)

    return some


def _forgotten_entities(first: int) -> _Work:
    return lambda tx: _count(rows(tx, _DELETE_ENTITIES, first=first, most=_AT_ONCE))


def _unsaid(published: int) -> _Work:
    return lambda tx: _count(rows(tx, _UNSAY, published=published, most=_AT_ONCE))


def _unmarked(tx: ManagedTransaction) -> int:
    return _count(rows(tx, _UNMARK, most=_AT_ONCE))


def _count(found: list[list[Any]]) -> int:
    return int(found[0][0])


def describe(tx: ManagedTransaction, entities: Sequence[int]) -> None:
    """Label and call entities anew by what stands about them."""
    described = list(_descriptions(rows(tx, _DESCRIBED, entities=sorted(set(entities)), live=LIVE)))
    rows(tx, _DESCRIBE, described=described)


def _descriptions(found: list[list[Any]]) -> Iterator[tuple[int, list[str], list[str], str | None]]:
    for eid, labels, schemata, bodies in found:
        captions = [caption_of(schema, body) for schema, body in zip(schemata, bodies, strict=True)]
        said = [caption for caption in captions if caption]
        yield eid, labels, sorted(set(schemata)), said[-1] if said else None


def caption_of(schema: str, body: str) -> str:
    """What a record calls its entity; "" if it does not."""
    return ontology().caption(schema, properties_of(body))
