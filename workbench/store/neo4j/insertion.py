"""Nodes and relationships of new records, and the numbers of the entities that they are about or refer to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, LiteralString

from neo4j import ManagedTransaction

from workbench.model.ids import entity_id
from workbench.model.ontology import ontology
from workbench.model.record import Dataset
from workbench.store.columns import NO_DAY
from workbench.store.neo4j.connection import Database, rows
from workbench.store.neo4j.searchable import searchable
from workbench.store.neo4j.terms import Terms
from workbench.store.rows import Row, claims
from workbench.store.standing import LIVE

_ENTITIES_KEPT = 2_000_000
_NO_DAY = int(NO_DAY)

_KNOWN_ENTITIES: LiteralString = """
UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN collect(e.id), collect(e.eid)
"""
_ADD_ENTITIES: LiteralString = "UNWIND $nodes AS node CREATE (e:Entity) SET e = node"
_SAY_WHAT: LiteralString = """
UNWIND $said AS said MATCH (e:Entity {eid: said[0]}) SET e:$(said[1])
SET e.caption = CASE WHEN said[2] = '' THEN e.caption ELSE said[2] END
"""
_ADD_RECORDS: LiteralString = "UNWIND $nodes AS node CREATE (r:Record) SET r = node"
_ADD_PARTS: LiteralString = "UNWIND $nodes AS node CREATE (p:TextPart) SET p = node"
_ADD_TIES: LiteralString = """
UNWIND $ties AS tie MATCH (a:Entity {eid: tie[0]}) MATCH (b:Entity {eid: tie[1]})
CREATE (a)-[r:$(tie[2])]->(b) SET r = tie[3]
"""


@dataclass(slots=True)
class Span:
    """What all rows of one insertion share: their file, its delivery, and when they stand."""

    file: int
    delivered: str
    rev_from: int
    rev_to: int


@dataclass(slots=True)
class Inserted:
    """What one insertion adds, as the parameters of its statements."""

    entities: list[dict[str, Any]] = field(default_factory=list)
    said: list[tuple[int, str, str]] = field(default_factory=list)  # (entity, schema, caption)
    records: list[dict[str, Any]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    ties: list[tuple[int, int, str, dict[str, Any]]] = field(default_factory=list)

    def write(self, tx: ManagedTransaction) -> None:
        """Add it all, in a transaction."""
        rows(tx, _ADD_ENTITIES, nodes=self.entities)
        rows(tx, _SAY_WHAT, said=self.said)
        rows(tx, _ADD_RECORDS, nodes=self.records)
        rows(tx, _ADD_PARTS, nodes=self.parts)
        rows(tx, _ADD_TIES, ties=self.ties)


class Insertion:
    """Prepares the rows of one load; numbers go on from the highest in the store."""

    def __init__(self, database: Database, terms: Terms, first: int, first_entity: int) -> None:
        self._database = database
        self._terms = terms
        self._rid, self._eid = first, first_entity
        self._entities: dict[Dataset, dict[str, int]] = {}  # numbers by source id

    def prepared(self, rows_: Sequence[Row], classes: Sequence[int], span: Span, into: Inserted) -> None:
        """Prepare rows, each with its class."""
        self._know_entities(rows_, into)
        for row, vis in zip(rows_, classes, strict=True):
            self._record(row, vis, span, into)
            self._rid += 1

    def _record(self, row: Row, vis: int, span: Span, into: Inserted) -> None:
        record = row.record
        entities = self._entities[record.dataset]
        node = self._node(row, vis, span)
        if not row.is_relationship:
            node["about"] = about = entities[record.source_id]
            if span.rev_to == LIVE:
                into.said.append((about, record.schema, ontology().caption(record.schema, record.values())))
        if span.rev_to == LIVE:
            if not row.is_relationship:
                node.update(self._indexed(row, into))
            if row.pairs:
                self._tie(row, node, entities, into)
        into.records.append(node)

    def _node(self, row: Row, vis: int, span: Span) -> dict[str, Any]:
        record = row.record
        node = {
            "rid": self._rid,
            "vis": vis,
            "rev_from": span.rev_from,
            "rev_to": span.rev_to,
            "key": row.key.hex(),
            "schema": record.schema,
            "did": self._terms.dataset(record.dataset),
            "source_id": record.source_id,
            "part": record.part,
            "fid": span.file,
            "locator": record.locator,
            "delivered": span.delivered,
            "marking": str(record.marking),
            "body": row.content,
        }
        if record.source_id:
            node["source"] = row.source
        if record.grade is not None:
            node["grade"] = f"{record.grade.scheme} {record.grade.text}"
        if not row.is_relationship:
            node["shape"] = self._terms.shape(record, "", "")
        return node

    def _indexed(self, row: Row, into: Inserted) -> dict[str, Any]:
        """The claims and searchable texts of an entity's record."""
        said = [text for claim in claims(row) for text in (claim.kind, claim.value, claim.scope)]
        found, parts = searchable(row)
        into.parts.extend({"rid": self._rid, **part} for part in parts)
        return {**found, "claims": said} if said else found

    def _tie(self, row: Row, node: dict[str, Any], entities: dict[str, int], into: Inserted) -> None:
        """The ties of a record: as properties of its node, and drawn as relationships."""
        pairs: list[int] = []
        for x, y in row.pairs:
            a, b, number = entities[x.ref], entities[y.ref], self._terms.shape(row.record, x.name, y.name)
            pairs += (a, b, number)
            self._draw(a, b, number, node, row.day, into)
        if row.day != _NO_DAY:
            node["day"] = row.day
        if row.is_relationship:
            node["a"], node["b"], node["shape"], *pairs = pairs
        if pairs:
            node["more"] = pairs

    def _draw(self, a: int, b: int, number: int, node: dict[str, Any], day: int, into: Inserted) -> None:
        shape = self._terms.shapes[number]
        if not shape.type:
            return
        said = {
            "rid": node["rid"],
            "vis": node["vis"],
            "rev_from": node["rev_from"],
            "rev_to": node["rev_to"],
            "schema": shape.schema,
        }
        if day != _NO_DAY:
            said["date"] = date.fromordinal(day)
        start, end, said["from"], said["to"] = (
            (a, b, shape.role_a, shape.role_b) if shape.forward else (b, a, shape.role_b, shape.role_a)
        )
        into.ties.append((start, end, shape.type, said))

    # -- entities -----------------------------------------------------------------------

    def _know_entities(self, rows_: Iterable[Row], into: Inserted) -> None:
        """Find or make the numbers of all entities that these rows are about or refer to."""
        if sum(map(len, self._entities.values())) > _ENTITIES_KEPT:
            self._entities.clear()
        wanted: dict[Dataset, set[str]] = {}
        for row in rows_:
            record = row.record
            refs = wanted.setdefault(record.dataset, set())
            refs.update(ref for _, ref in record.roles)
            if not row.is_relationship:
                refs.add(record.source_id)
        for dataset, refs in wanted.items():
            known = self._entities.setdefault(dataset, {})
            self._number(dataset, known, refs.difference(known), into)

    def _number(self, dataset: Dataset, known: dict[str, int], refs: Iterable[str], into: Inserted) -> None:
        """Give the entities of a dataset their numbers, new ones in the order of their ids."""
        ids = {entity_id(dataset.agency, dataset.name, ref): ref for ref in refs}
        if not ids:
            return
        found = dict(zip(*self._database.row(_KNOWN_ENTITIES, ids=list(ids)), strict=True))
        did = self._terms.dataset(dataset)
        for each in sorted(ids):
            if each not in found:
                found[each], self._eid = self._eid, self._eid + 1
                into.entities.append(
                    {
                        "eid": found[each],
                        "id": each,
                        "did": did,
                        "dataset": str(dataset),
                        "source_id": ids[each],
                    }
                )
            known[ids[each]] = found[each]
