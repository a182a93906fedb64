"""Copies of a whole store from and to neutral rows: a column for each field, a page at a time."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, LiteralString

from neo4j import ManagedTransaction

from workbench.model.claims import NORMALISER
from workbench.store.dump_rows import PARTS, AnyRow, Batch, RecordRow
from workbench.store.loading import without_collecting
from workbench.store.moving import Incoming, Outgoing, Stamp, after_pair, rows_of, runs
from workbench.store.neo4j.connection import Database, rows
from workbench.store.neo4j.facet_values import properties_of
from workbench.store.neo4j.flight import Flight
from workbench.store.neo4j.insertion import Inserted, Insertion, Span
from workbench.store.neo4j.interning import Terms, datasets, write
from workbench.store.neo4j.lease import Lease
from workbench.store.records_known import LIVE
from workbench.store.rows import Row

_MANY, _FEW = 10_000, 1_000  # rows in a page and a transaction; the latter for rows that can be large

_STAMP: LiteralString = """
MATCH (s:Store {name: 'workbench'}) WITH s, coalesce($published, s.published) AS published
OPTIONAL MATCH (r:Revision {rev: published})
RETURN coalesce(COLLECT { MATCH (l:LoadEntry) RETURN l.lid ORDER BY l.seq LIMIT 1 }[0],
        COLLECT { MATCH (first:Revision) WHERE first.rev > 0 RETURN first.token ORDER BY first.rev LIMIT 1 }[0], ''),
    published, CASE WHEN published < coalesce(s.said_since, 0) THEN '' ELSE coalesce(r.token, '') END, s.epoch,
    s.normaliser,
    coalesce(COLLECT { MATCH (l:LoadEntry) RETURN l.seq ORDER BY l.seq DESC LIMIT 1 }[0], 0),
    COUNT { MATCH (:SavedDocument) },
    CASE WHEN s.writing IS NOT NULL THEN s.first_record - 1 ELSE
        coalesce(COLLECT { MATCH (n:Record) WHERE n.rid > 0 RETURN n.rid ORDER BY n.rid DESC LIMIT 1 }[0], 0) END,
    CASE WHEN s.writing IS NOT NULL THEN s.first_entity - 1 ELSE
        coalesce(COLLECT { MATCH (e:Entity) WHERE e.eid > 0 RETURN e.eid ORDER BY e.eid DESC LIMIT 1 }[0], 0) END
"""
_STATUS: LiteralString = """
MATCH (s:Store {name: 'workbench'}) RETURN coalesce(s.copying, ''), coalesce(s.copy_of_viewer, '')
"""

# Each part as columns, in pages: of a range of numbers here, of so many rows in the order of the key in `_BY_PLACE`.
# Pairs are so many that a page begins after the key of the last row, as one number.
_BY_NUMBER: Mapping[str, LiteralString] = {
    "classes": """
        MATCH (c:VisibilityClass) WHERE c.vis > $after AND c.vis <= $end WITH c ORDER BY c.vis
        RETURN collect(c.vis), collect(c.agency), collect(c.marking), collect(c.members)
    """,
    "datasets": """
        MATCH (d:Dataset) WHERE d.did > $after AND d.did <= $end WITH d ORDER BY d.did
        RETURN collect(d.did), collect(d.agency), collect(d.name)
    """,
    "revisions": """
        MATCH (r:Revision) WHERE r.rev > $after AND r.rev <= $end AND r.rev <= $published WITH r ORDER BY r.rev
        RETURN collect(r.rev), collect(r.token), collect(r.kind), collect(r.at), collect(r.classes)
    """,
    "files": """
        MATCH (f:SourceFile) WHERE f.fid > $after AND f.fid <= $end AND f.rev = 0 WITH f ORDER BY f.fid
        RETURN collect(f.fid), collect(f.id), collect(f.path), collect(f.sha256), collect(f.adapter), collect(f.agency),
            collect(f.loaded_by), collect(f.loaded_at), collect(coalesce(f.lid, ''))
    """,
    "loads": """
        MATCH (l:LoadEntry) WHERE l.seq > $after AND l.seq <= $end AND l.seq <= $loads WITH l ORDER BY l.seq
        RETURN collect(l.seq), collect(l.lid), collect(l.agency), collect(l.dataset), collect(l.adapter), collect(l.by),
            collect(l.at), collect(l.delivered), collect(coalesce(l.token, '')), collect(l.files),
            collect(coalesce(l.datasets, [])), collect(coalesce(l.classes, [])), collect(coalesce(l.withdrawn, ''))
    """,
    "entities": """
        MATCH (e:Entity) WHERE e.eid > $after AND e.eid <= $end AND e.eid <= $entities WITH e ORDER BY e.eid
        RETURN collect(e.eid), collect(e.id), collect(e.did), collect(e.source_id)
    """,
    "facets": """
        MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end AND f.rev_from <= $published WITH f ORDER BY f.fid
        RETURN collect(f.fid), collect(f.eid), collect(f.kind), collect(f.vis), collect(f.scope), collect(f.forms),
            collect(f.rev_from), collect(CASE WHEN f.rev_to > $published THEN $live ELSE f.rev_to END)
    """,
    "records": """
        MATCH (r:Record) WHERE r.rid > $after AND r.rid <= $end AND r.rid <= $records AND r.rev_from <= $published
        WITH r ORDER BY r.rid
        RETURN collect(r.rid), collect(r.key), collect(r.did), collect(r.source_id), collect(r.part), collect(r.vis),
            collect(coalesce(r.asked, r.vis)), collect(r.rev_from),
            collect(CASE WHEN r.rev_to > $published THEN $live ELSE r.rev_to END),
            collect(r.fid), collect(r.locator), collect(r.delivered),
            collect(CASE WHEN r.said_rev > $published THEN coalesce(r.said_before, r.delivered)
                ELSE coalesce(r.said, r.delivered) END), collect(r.body)
    """,
}
_LAST: Mapping[str, LiteralString] = {
    "classes": "MATCH (c:VisibilityClass) RETURN coalesce(max(c.vis), 0)",
    "datasets": "MATCH (d:Dataset) RETURN coalesce(max(d.did), 0)",
    "files": "MATCH (f:SourceFile) RETURN coalesce(max(f.fid), 0)",
    "facets": "MATCH (f:Facet) RETURN coalesce(max(f.fid), 0)",
}
_BY_PLACE: Mapping[str, LiteralString] = {
    "secret": "MATCH (s:Store {name: 'workbench'}) WITH s SKIP $after LIMIT $most RETURN collect(s.secret)",
    "quarantine": """
        MATCH (q:Quarantined) WHERE q.rev = 0 WITH q ORDER BY q.qid SKIP $after LIMIT $most
        RETURN collect(q.qid), collect(q.agency), collect(q.dataset), collect(q.adapter), collect(q.path),
            collect(q.locator), collect(q.reason), collect(q.message), collect(q.raw), collect(q.context),
            collect(coalesce(q.loads, ['']))
    """,
    "accounts": """
        MATCH (a:Account) WITH a ORDER BY a.lid, a.n SKIP $after LIMIT $most
        RETURN collect(a.lid), collect(a.n), collect(a.body)
    """,
    "numbering": """
        MATCH (n:Numbering) WITH n ORDER BY n.file SKIP $after LIMIT $most RETURN collect(n.file), collect(n.kept)
    """,
    "remarked": """
        MATCH (m:Remarked) WITH m ORDER BY m.subject SKIP $after LIMIT $most
        RETURN collect(m.subject), collect(m.given), collect(m.known)
    """,
    "complete": """
        MATCH (c:CompleteDelivery) WHERE c.rev <= $published
        WITH c ORDER BY c.did, c.prefix, c.delivered, c.rev SKIP $after LIMIT $most
        RETURN collect(c.did), collect(c.prefix), collect(c.delivered), collect(c.rev), collect(coalesce(c.lid, ''))
    """,
    "deliveries": """
        MATCH (x:Delivery) WITH x ORDER BY x.did, x.delivered, x.content SKIP $after LIMIT $most
        RETURN collect(x.did), collect(x.delivered), collect(x.content)
    """,
    "documents": """
        MATCH (d:SavedDocument) WITH d ORDER BY d.kind, d.name, d.by, d.version SKIP $after LIMIT $most
        RETURN collect(d.kind), collect(d.name), collect(d.by), collect(d.version), collect(d.at), collect(d.body),
            collect(d.evidence), collect(d.own), collect(d.vis)
    """,
    "judgements": """
        MATCH (j:Judgement) WHERE j.rev_from <= $published WITH j ORDER BY j.jid SKIP $after LIMIT $most
        RETURN collect(j.jid), collect(j.a), collect(j.b), collect(j.verdict), collect(j.by), collect(j.why),
            collect(j.at), collect(j.evidence), collect(j.overrides), collect(j.vis), collect(j.rev_from),
            collect(CASE WHEN j.rev_to > $published THEN $live ELSE j.rev_to END)
    """,
    "commons": """
        MATCH (c:CommonValue) WHERE c.rev_from <= $published
        WITH c ORDER BY c.kind, c.value, c.vis, c.rev_from SKIP $after LIMIT $most
        RETURN collect(c.kind), collect(c.value), collect(c.agency), collect(c.marking), collect(c.why), collect(c.vis),
            collect(c.rev_from), collect(CASE WHEN c.rev_to > $published THEN $live ELSE c.rev_to END)
    """,
    "models": """
        MATCH (m:ScoringModel) WHERE m.rev_from <= $published WITH m ORDER BY m.mid SKIP $after LIMIT $most
        RETURN collect(m.mid), collect(m.body), collect(m.rev_from),
            collect(CASE WHEN m.rev_to > $published THEN $live ELSE m.rev_to END)
    """,
    "pairs": """
        MATCH (p:Pair) WHERE p.fa >= $after / $live AND p.fb > 0
            AND p.fa * $live + p.fb > $after AND p.rev_from <= $published
        WITH p ORDER BY p.fa, p.fb LIMIT $most
        RETURN collect(p.fa), collect(p.fb), collect(p.a), collect(p.b), collect(p.kind), collect(p.vis),
            collect(p.weights), collect(p.blocked), collect(p.rev_from),
            collect(CASE WHEN p.rev_to > $published THEN $live ELSE p.rev_to END)
    """,
}
_LARGE = frozenset({"quarantine", "numbering", "documents", "loads", "accounts"})
_LISTS = {
    "classes": (3,),
    "revisions": (4,),
    "loads": (10, 11),
    "quarantine": (10,),
    "remarked": (1, 2),
    "documents": (6,),
    "judgements": (7, 8),
}


# Returns the only row of a query.
RowOf = Callable[..., Sequence[Any]]


def status(row: RowOf) -> tuple[str, str]:
    """See `Outgoing.status`."""
    kept, viewer = row(_STATUS)
    return str(kept), str(viewer)


class Neo4jOutgoing(Outgoing):
    """See `Outgoing`."""

    def __init__(self, row: RowOf) -> None:
        self._row = row

    def stamp(self, published: int | None = None) -> Stamp:
        """The store as it is now; see `Outgoing`."""
        return Stamp(*self._row(_STAMP, published=published))

    def status(self) -> tuple[str, str]:
        """Whether the store is a copy; see `Outgoing`."""
        return status(self._row)

    def batches(self, part: str, after: int, stamp: Stamp, most: int | None = None) -> Iterator[Batch]:
        """The rows of a part; see `Outgoing`."""
        pages = self._by_number if part in _BY_NUMBER else self._by_place
        asked = {**stamp._asdict(), "live": LIVE, "most": most or (_FEW if part in _LARGE else _MANY)}
        for page, position in pages(part, after, asked):
            with without_collecting():
                found = _neutral(part, page)
            yield found, position

    def _by_number(
        self, part: str, after: int, asked: Mapping[str, Any]
    ) -> Iterator[tuple[Sequence[Sequence[Any]], int]]:
        of_part = {"revisions": "published"}.get(part, part)
        last = int(asked[of_part] if of_part in asked else self._row(_LAST[part])[0])
        while after < last:
            end = min(after + asked["most"], last)
            yield self._row(_BY_NUMBER[part], **{**asked, "after": after, "end": end}), end
            after = end

    def _by_place(
        self, part: str, after: int, asked: Mapping[str, Any]
    ) -> Iterator[tuple[Sequence[Sequence[Any]], int]]:
        while True:
            page = self._row(_BY_PLACE[part], **{**asked, "after": after})
            if not page[0]:
                return
            after = after_pair(page[0][-1], page[1][-1]) if part == "pairs" else after + len(page[0])
            yield page, after
            if len(page[0]) < asked["most"]:
                return


def _neutral(part: str, page: Sequence[Sequence[Any]]) -> list[AnyRow]:
    """Rows from columns; values that are lists become tuples."""
    kind, lists = PARTS[part], _LISTS.get(part, ())
    make: Callable[[Iterable[Any]], AnyRow] = kind._make  # type: ignore[attr-defined] # all are named tuples
    if part == "loads":
        page = [*page[:8], [token or None for token in page[8]], *page[9:]]
    columns = [map(tuple, column) if i in lists else column for i, column in enumerate(page)]
    return [make(row) for row in zip(*columns, strict=True)]


_ADD: Mapping[str, LiteralString] = {
    "classes": "UNWIND $nodes AS node CREATE (n:VisibilityClass) SET n = node",
    "datasets": "UNWIND $nodes AS node CREATE (n:Dataset) SET n = node",
    "revisions": "UNWIND $nodes AS node CREATE (n:Revision) SET n = node",
    "files": "UNWIND $nodes AS node CREATE (n:SourceFile) SET n = node, n.rev = 0",
    "loads": "UNWIND $nodes AS node CREATE (n:LoadEntry) SET n = node",
    "quarantine": "UNWIND $nodes AS node CREATE (n:Quarantined) SET n = node, n.rev = 0",
    "secret": "UNWIND $nodes AS node MATCH (s:Store {name: 'workbench'}) SET s.secret = node.secret",
    "accounts": "UNWIND $nodes AS node CREATE (n:Account) SET n = node",
    "numbering": "UNWIND $nodes AS node CREATE (n:Numbering) SET n = node",
    "remarked": "UNWIND $nodes AS node CREATE (n:Remarked) SET n = node",
    "complete": "UNWIND $nodes AS node CREATE (n:CompleteDelivery) SET n = node",
    "deliveries": "UNWIND $nodes AS node CREATE (n:Delivery) SET n = node",
    "documents": "UNWIND $nodes AS node CREATE (n:SavedDocument) SET n = node",
    # Only judgements that stand are drawn as relationships.
    "judgements": """
        UNWIND $nodes AS node CREATE (j:Judgement) SET j = node
        SET j.overriding = CASE WHEN size(node.overrides) > 0 THEN true END
        WITH j WHERE j.rev_to = $live MATCH (a:Entity {id: j.a}) MATCH (b:Entity {id: j.b})
        CREATE (a)-[:$(toUpper(j.verdict)) {jid: j.jid, vis: j.vis, rev_from: j.rev_from, rev_to: j.rev_to}]->(b)
    """,
    "commons": "UNWIND $nodes AS node CREATE (c:CommonValue) SET c = node",
    "models": "UNWIND $nodes AS node CREATE (m:ScoringModel) SET m = node",
    "facets": "UNWIND $nodes AS node CREATE (f:Facet) SET f = node",
    "pairs": "UNWIND $nodes AS node CREATE (p:Pair) SET p = node",
}
_SAID: LiteralString = "UNWIND $said AS s MATCH (r:Record {rid: s[0]}) SET r.said = s[1]"
_Work = Callable[[ManagedTransaction], object]

_NAMED = frozenset({"classes", "datasets"})  # parts whose numbers the insertion of records uses
_KEEP: LiteralString = "MATCH (s:Store {name: 'workbench'}) SET s.copying = $kept"
_KEPT_NO_MORE: LiteralString = "MATCH (s:Store {name: 'workbench'}) REMOVE s.copying"
_GROUP: LiteralString = "UNWIND $canonical AS c MATCH (e:Entity {eid: c[0]}) SET e.canonical = c[1]"
_IS_EMPTY: LiteralString = """
MATCH (s:Store {name: 'workbench'}) WHERE s.copying IS NULL AND s.copy_of_viewer IS NULL AND s.writing IS NULL
    AND s.demo IS NULL
RETURN NOT EXISTS { MATCH (n) WHERE NOT n:Store|Lease|Heartbeat|Migration }
"""
_CLEAR: LiteralString = """
MATCH (n) WHERE NOT n:Store|Lease|Heartbeat|Migration WITH n LIMIT $most DETACH DELETE n RETURN count(*)
"""
_FINISH: LiteralString = """
MATCH (s:Store {name: 'workbench'}) REMOVE s.copying
SET s.published = $published, s.epoch = $epoch, s.normaliser = $normaliser
WITH s WHERE $viewer IS NOT NULL
SET s.copy_of_viewer = $viewer, s.copy_purpose = $purpose, s.copied_at = datetime()
"""


class Neo4jIncoming(Incoming):
    """See `Incoming`. Every batch is a step of the lease, and so takes effect once."""

    def __init__(self, database: Database, lease: Lease, patience: float) -> None:
        self._database, self._lease = database, lease
        self._records: _Records | None = None
        self._flight = Flight()
        lease.take(patience)

    def is_empty(self) -> bool:
        """Whether nothing is in the store; see `Incoming`."""
        return self._database.read(_IS_EMPTY) == [[True]]

    def put(self, part: str, rows_: Sequence[AnyRow], kept: str) -> None:
        """Write rows; see `Incoming`. Records are written in the background: a later call raises if that failed."""
        if part in _NAMED:
            self._records = None
        with without_collecting():
            put = {"records": self._put_records, "entities": self._put_entities}.get(part, self._put_nodes)
            work = put(part, rows_)

        def step(tx: ManagedTransaction) -> None:
            work(tx)
            rows(tx, _KEEP, kept=kept)

        self._flight.send(lambda: self._lease.step(step), ())
        if part != "records":
            self._flight.land()

    def _put_records(self, part: str, rows_: Sequence[AnyRow]) -> _Work:
        if self._records is None:
            self._flight.land()
            self._records = _Records(self._database)
        return self._records.put([RecordRow._make(row) for row in rows_])

    def _put_entities(self, part: str, rows_: Sequence[AnyRow]) -> _Work:
        known = datasets(self._database)
        added = [(eid, id_, did, str(known[did]), source_id) for eid, id_, did, source_id in rows_]
        return Inserted(entities=added).write

    def _put_nodes(self, part: str, rows_: Sequence[AnyRow]) -> _Work:
        nodes = self._nodes(part, rows_)
        return lambda tx: rows(tx, _ADD[part], nodes=nodes, live=LIVE)

    def _nodes(self, part: str, rows_: Sequence[AnyRow]) -> list[dict[str, Any]]:
        """Rows as the properties of nodes."""
        fields = PARTS[part]._fields  # type: ignore[attr-defined] # all are named tuples
        nodes = [dict(zip(fields, row, strict=True)) for row in rows_]
        if part == "quarantine":
            return [{**node, "file": json.loads(node["context"]).get("file")} for node in nodes]
        if part == "facets":
            return [{**node, **properties_of(node["fid"], node["forms"])} for node in nodes]
        return nodes

    def land(self) -> None:
        """Wait for all writes; see `Incoming`."""
        self._flight.land()

    def group(self, canonical: Iterable[tuple[int, str]]) -> None:
        """Store canonical ids at entities; see `Incoming`."""
        self._flight.land()
        left = iter(canonical)
        while some := list(islice(left, _MANY)):
            self._lease.step(partial(rows, query=_GROUP, canonical=some))

    def clear(self) -> None:
        """Empty the store; see `Incoming`."""
        self._records = None
        self._flight.land()
        while self._lease.step(lambda tx: rows(tx, _CLEAR, most=_MANY)) != [[0]]:
            pass
        self._lease.step(lambda tx: rows(tx, _KEPT_NO_MORE))

    def finish(self, stamp: Stamp, whose: tuple[str, str] | None = None) -> None:
        """Make the copy readable; see `Incoming`."""
        self._flight.land()
        viewer, purpose = whose or (None, None)
        normaliser = NORMALISER if stamp.normaliser else 0
        said = {"published": stamp.published, "epoch": stamp.epoch, "normaliser": normaliser}
        self._lease.step(lambda tx: rows(tx, _FINISH, **said, viewer=viewer, purpose=purpose))

    def close(self) -> None:
        """Give back the lease."""
        self._flight.end()
        self._lease.give_back()


class _Records(Insertion):
    """Inserts records under their existing numbers, from the rows that a load would make."""

    def __init__(self, database: Database) -> None:
        self._named = Terms(database)
        self._by_number = datasets(database)
        super().__init__(database, self._named, 1, 1)

    def put(self, records: Sequence[RecordRow]) -> _Work:
        """The work that inserts records."""
        markings = {each.vis: self._named.marking(each.vis) for each in records}
        added = self._added(records, rows_of(records, self._by_number, markings))
        new, said = self._named.new(), [(each.rid, each.said) for each in records if each.said > each.delivered]

        def work(tx: ManagedTransaction) -> None:
            added.write(tx)
            write(tx, new)
            if said:
                rows(tx, _SAID, said=said)

        return work

    def _added(self, records: Sequence[RecordRow], made: Sequence[Row]) -> Inserted:
        added = Inserted()
        self._know_entities(made, added)
        for start, end in runs(records):
            first = records[start]
            self._rid = first.rid
            span = Span(first.fid, first.delivered, first.rev_from, first.rev_to)
            self.prepared(made[start:end], [(each.vis, each.asked) for each in records[start:end]], span, added)
        return added
