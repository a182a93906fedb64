"""Close records, move their ties to the past after publication, and delete what was never published."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, LiteralString

from neo4j import ManagedTransaction

from workbench.model.ontology import ontology
from workbench.model.record import properties_of
from workbench.store.neo4j import ties
from workbench.store.neo4j.connection import Database, rows
from workbench.store.neo4j.interning import shapes
from workbench.store.neo4j.lease import SECOND, Lease
from workbench.store.neo4j.scoring import forget_scores
from workbench.store.records_known import LIVE
from workbench.store.steps import Shape

_AT_ONCE = 2_000

# A record that has ended carries the label Closing until its ties are moved to the past.
_CLOSE: LiteralString = "UNWIND $rids AS rid MATCH (r:Record {rid: rid}) SET r.rev_to = $rev, r:Closing"
_REOPEN: LiteralString = "UNWIND $rids AS rid MATCH (r:Record {rid: rid}) SET r.rev_to = $live REMOVE r:Closing"

_CLOSED: LiteralString = "MATCH (r:Record:Closing) WHERE r.rev_to <= $published RETURN r.rid, r.about LIMIT $most"
_CLOSED_IN_VAIN: LiteralString = (
    "MATCH (r:Record:Closing) WHERE r.rev_to > $published RETURN r.rid, r.about LIMIT $most"
)
_TIDIED: LiteralString = "UNWIND $rids AS rid MATCH (r:Record:Closing {rid: rid}) REMOVE r:Closing"

# Captions and labels of entities are copied from their standing records, for people who query the graph.
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
    """End records and their ties at a revision."""
    if rids:
        rows(tx, _CLOSE, rids=list(rids), rev=rev)
        ties.close(tx, ties.drawn(tx, known, rids), rev)


def reopen_records(tx: ManagedTransaction, known: Mapping[int, Shape], rids: Sequence[int]) -> None:
    """Let records that this load ended stand again."""
    if rids:
        rows(tx, _REOPEN, rids=list(rids), live=LIVE)
        ties.close(tx, ties.drawn(tx, known, rids), LIVE)


def tidy(database: Database, lease: Lease, published: int) -> None:
    """Move the ties of ended records to the past; if a writer is killed before this, the next one does it."""
    known = shapes(database)

    def some(tx: ManagedTransaction) -> int:
        closed = rows(tx, _CLOSED, published=published, most=_AT_ONCE)
        rids = [rid for rid, _ in closed]
        if rids:
            ties.move_to_past(tx, ties.drawn(tx, known, rids))
            rows(tx, _TIDIED, rids=rids)
            describe(tx, [about for _, about in closed if about is not None])
        return len(rids)

    _until_none_is_left(lease, some)


def forget_unpublished(database: Database, lease: Lease) -> None:
    """Delete what a writer left without publishing; does nothing after one that published.

    Its state is read as a step of the lease, so that writes still in flight, in either lane, are done or void by then.
    """
    lease.step(lambda _: None, SECOND)
    ((published, writing, first, first_entity, scoring),) = lease.step(lambda tx: rows(tx, _STATE))
    if scoring:
        forget_scores(lease)
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
MATCH (s:Store {name: 'workbench'}) OPTIONAL MATCH (l:Lease {name: 'second'})
RETURN s.published, s.writing, s.first_record, s.first_entity, coalesce(l.scores, 0) > s.published
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
UNWIND $rids AS rid MATCH (r:Record {rid: rid}) OPTIONAL MATCH (p:TextPart {rid: rid})
OPTIONAL MATCH (f:FoundBy {rid: rid}) DELETE p, f, r
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
        new = rows(tx, _NEW, first=first, most=_AT_ONCE)
        rids = [rid for rid, _ in new]
        if rids:
            ties.delete(tx, ties.drawn(tx, known, rids))
            rows(tx, _DELETE_RECORDS, rids=rids)
            describe(tx, [about for _, about in new if about is not None])
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
    """Set labels and captions of entities from the records that stand about them."""
    described = list(_descriptions(rows(tx, _DESCRIBED, entities=sorted(set(entities)), live=LIVE)))
    rows(tx, _DESCRIBE, described=described)


def _descriptions(described: list[list[Any]]) -> Iterator[tuple[int, list[str], list[str], str | None]]:
    for eid, labels, schemata, bodies in described:
        captions = [caption_of(schema, body) for schema, body in zip(schemata, bodies, strict=True)]
        said = [caption for caption in captions if caption]
        yield eid, labels, sorted(set(schemata)), said[-1] if said else None


def caption_of(schema: str, body: str) -> str:
    """The caption that a record gives its entity; "" if it gives none."""
    return ontology().caption(schema, properties_of(body))
