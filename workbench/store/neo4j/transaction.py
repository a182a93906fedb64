"""A transaction of a store's only writer, in a database on a server."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, LiteralString, TypeVar

from neo4j import ManagedTransaction

from workbench.model.marking import Marking
from workbench.store.decided import Decided, Mark, Marked
from workbench.store.dump_rows import (
    ClassRow,
    CommonRow,
    DocumentRow,
    FacetRow,
    JudgementRow,
    LoadRow,
    ModelRow,
    PairRow,
    RemarkedRow,
    RevisionRow,
)
from workbench.store.moving import every
from workbench.store.neo4j import scores, scoring, ties
from workbench.store.neo4j.connection import rows
from workbench.store.neo4j.copying import Neo4jOutgoing
from workbench.store.neo4j.epochs import begin_epoch
from workbench.store.neo4j.interning import Terms
from workbench.store.neo4j.lease import Lease
from workbench.store.neo4j.standing import remarked
from workbench.store.records_known import LIVE
from workbench.store.transaction import OfSource, Transaction

R = TypeVar("R", bound=tuple[Any, ...])

_PUT: Mapping[type[tuple[Any, ...]], LiteralString] = {
    RevisionRow: "UNWIND $nodes AS node MERGE (r:Revision {rev: node.rev}) SET r += node",
    LoadRow: "UNWIND $nodes AS node MERGE (l:LoadEntry {lid: node.lid}) SET l += node",
    RemarkedRow: "UNWIND $nodes AS node MERGE (m:Remarked {subject: node.subject}) SET m += node",
    DocumentRow: """
        UNWIND $nodes AS node
        MERGE (d:SavedDocument {kind: node.kind, name: node.name, by: node.by, version: node.version}) SET d += node
    """,
    ModelRow: "UNWIND $nodes AS node MERGE (m:ScoringModel {mid: node.mid}) SET m += node",
    CommonRow: """
        UNWIND $nodes AS node
        MERGE (c:CommonValue {kind: node.kind, value: node.value, vis: node.vis, rev_from: node.rev_from}) SET c += node
    """,
    JudgementRow: """
        UNWIND $nodes AS node MERGE (j:Judgement {jid: node.jid}) SET j += node
        SET j.overriding = CASE WHEN size(node.overrides) > 0 THEN true END
    """,
}
# Only judgements that stand are drawn as relationships.
_DRAW: tuple[LiteralString, ...] = (
    """
    UNWIND $nodes AS node
    MATCH (:Entity {id: node.a})-[r:SAME|DIFFERENT|UNSURE]->(:Entity {id: node.b}) WHERE r.jid = node.jid DELETE r
    """,
    """
    UNWIND [each IN $nodes WHERE each.rev_to = $live] AS node
    MATCH (a:Entity {id: node.a}) MATCH (b:Entity {id: node.b})
    CREATE (a)-[:$(toUpper(node.verdict)) {jid: node.jid, vis: node.vis, rev_from: node.rev_from,
        rev_to: node.rev_to}]->(b)
    """,
)
_PUBLISHED: LiteralString = "MATCH (s:Store {name: 'workbench'}) RETURN s.published"
_PUBLISH: LiteralString = "MATCH (s:Store {name: 'workbench'}) SET s.published = $rev"
_VERSIONS: LiteralString = """
OPTIONAL MATCH (d:SavedDocument {kind: $kind, name: $name, by: $by}) RETURN coalesce(max(d.version), 0)
"""
_CLASSES_OF: LiteralString = """
UNWIND $keys AS key OPTIONAL MATCH (r:Record {key: key}) RETURN key, collect(DISTINCT r.vis)
"""
_OF_SOURCES: LiteralString = """
UNWIND $sources AS source MATCH (r:Record) USING INDEX r:Record(key) WHERE r.key STARTS WITH source
MATCH (d:Dataset {did: r.did}) RETURN r.key, r.source_id, d.agency, r.rid, r.vis, coalesce(r.asked, r.vis)
"""
_PLACED: LiteralString = "UNWIND $rids AS rid MATCH (r:Record {rid: rid}) RETURN rid, r.did, r.vis"
_ASK: LiteralString = "UNWIND $asked AS m MATCH (r:Record {rid: m[0]}) SET r.asked = m[1]"
_MOVE: LiteralString = """
UNWIND $rids AS rid MATCH (r:Record {rid: rid}) SET r.vis = $vis, r.marking = $marking
"""
_SPANS: LiteralString = """
MATCH (r:Record) WHERE r.rev_to > r.rev_from RETURN DISTINCT r.rev_from AS begun, r.rev_to AS ended, r.vis AS vis
UNION MATCH (f:Facet) WHERE f.rev_to > f.rev_from RETURN DISTINCT f.rev_from AS begun, f.rev_to AS ended, f.vis AS vis
"""


class Neo4jTransaction(Transaction):
    """See `Transaction`. Its creator must write the numbers that it assigns (`Terms.step`).

    There is one for each attempt at a transaction; `lease` has no other step in its second lane meanwhile.
    """

    def __init__(self, tx: ManagedTransaction, terms: Terms, lease: Lease) -> None:
        self.tx, self._terms = tx, terms
        self._aside = scoring.Aside(tx, lease)

    def published(self) -> int:
        return int(self._run(_PUBLISHED)[0][0])

    def publish(self, revision: RevisionRow) -> None:
        self.put(RevisionRow, [revision])
        self._run(_PUBLISH, rev=revision.rev)

    def class_number(self, agency: str, marking: str, members: Iterable[int] = ()) -> int:
        return self._terms.vis(agency, marking, members)

    def marking_of(self, vis: int) -> Marking:
        return self._terms.marking(vis)

    def rows(self, kind: type[R]) -> list[R]:
        if kind is ClassRow:
            self.settle()
        return every(Neo4jOutgoing(lambda query, **asked: self._run(query, **asked)[0]), kind)

    def put(self, kind: type[R], rows: Sequence[R]) -> None:
        if kind in (FacetRow, PairRow):
            scoring.put(self.tx, kind, self._aside.put(kind, rows))
            return
        fields = kind._fields  # type: ignore[attr-defined] # all are named tuples
        nodes = [dict(zip(fields, row, strict=True)) for row in rows]
        self._run(_PUT[kind], nodes=nodes)
        for statement in _DRAW if kind is JudgementRow else ():
            self._run(statement, nodes=nodes, live=LIVE)

    def versions(self, kind: str, name: str, by: str) -> int:
        return int(self._run(_VERSIONS, kind=kind, name=name, by=by)[0][0])

    def classes_of(self, keys: Sequence[str]) -> Mapping[str, Collection[int]]:
        return dict[str, list[int]](self._run(_CLASSES_OF, keys=list(keys)))

    def of_sources(self, sources: Sequence[bytes]) -> Iterator[OfSource]:
        for key, source_id, agency, *record in self._run(_OF_SOURCES, sources=[each.hex() for each in sources]):
            yield OfSource(bytes.fromhex(key), source_id, agency, Marked(*record))

    def decided(self, subjects: Sequence[bytes]) -> Mapping[bytes, Decided]:
        return remarked(partial(rows, self.tx), subjects)

    def placed(self, records: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        return {rid: (did, vis) for rid, did, vis in self._run(_PLACED, rids=list(records))}

    def ask(self, marks: Mapping[int, Mark]) -> None:
        others = [(rid, None if asked == vis else asked) for rid, (vis, asked) in sorted(marks.items())]
        self._run(_ASK, asked=others)

    def move(self, classes: Mapping[int, int]) -> None:
        by_class: dict[int, list[int]] = defaultdict(list)
        for rid, vis in classes.items():
            by_class[vis].append(rid)
        for vis, rids in sorted(by_class.items()):
            self._run(_MOVE, rids=rids, vis=vis, marking=str(self._terms.marking(vis)))
            ties.mark(self.tx, ties.drawn(self.tx, self._terms.shapes, rids), vis)

    def spans(self) -> Iterable[tuple[int, int, int]]:
        return [(begun, ended, vis) for begun, ended, vis in self._run(_SPANS)]

    def last_facet(self) -> int:
        return max(scores.last_facet(self._run), self._aside.last_facet())

    def has_facets(self) -> bool:
        return scores.last_facet(self._run) > 0

    def settle(self) -> None:
        """Write what the transaction has only in memory, so that it can be read inside."""
        self._terms.write_new(self.tx)

    def said_at(self, revision: int) -> Collection[tuple[int, int]]:
        return scores.said_at(self._run, self._types(), revision)

    def said_by(self, records: Collection[int]) -> Collection[tuple[int, int]]:
        return scores.said_by(self._run, self._types(), records)

    def facets_of(self, entities: Collection[int]) -> Sequence[FacetRow]:
        return scores.facets_of(self._run, entities)

    def pairs_of(self, facets: Collection[int]) -> Sequence[PairRow]:
        return scores.pairs_with(self._run, facets)

    def drop_facets(self, facets: Collection[int]) -> None:
        scores.drop_facets(self._run, facets)

    def drop_pairs(self, pairs: Collection[tuple[int, int]]) -> None:
        scores.drop_pairs(self._run, pairs)

    def begin_epoch(self, classes: Collection[int]) -> None:
        begin_epoch(self.tx, classes)

    def _types(self) -> frozenset[str]:
        """The types of the relationships that ties are drawn as."""
        return frozenset(each.type for each in self._terms.shapes.values() if each.type)

    def _run(self, query: LiteralString, **parameters: Any) -> list[list[Any]]:
        return rows(self.tx, query, **parameters)
