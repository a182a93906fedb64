"""Insert nodes and relationships of new records, and number the entities that they are about or refer to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, LiteralString

from neo4j import ManagedTransaction

from workbench.model.ids import entity_id
from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.columns import NO_DAY
from workbench.store.loading import Mark
from workbench.store.neo4j.connection import Database, rows
from workbench.store.neo4j.finding import ADD_FURTHER, numbers_of, undrawn
from workbench.store.neo4j.history import caption_of
from workbench.store.neo4j.interning import Terms
from workbench.store.neo4j.searchable import searchable
from workbench.store.records_known import LIVE, NEVER
from workbench.store.rows import Row, claims, pairs_and_day, texts

_ENTITIES_KEPT = 2_000_000
_NO_DAY = int(NO_DAY)
UNKNOWN_DAY = 0  # the day in `Record.ties` if it is not known

_KNOWN_ENTITIES: LiteralString = """
UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN collect(e.id), collect(e.eid)
"""
_ADD_ENTITIES: LiteralString = """
UNWIND $rows AS x
CREATE (e:Entity:$(x[5]) {eid: x[0], id: x[1], did: x[2], dataset: x[3], source_id: x[4], caption: x[6]})
"""
_SAY_WHAT: LiteralString = """
UNWIND $rows AS x MATCH (e:Entity {eid: x[0]}) SET e:$(x[1]), e.caption = coalesce(x[2], e.caption)
"""

# Rows are lists in the order of these properties: maps with names would cost more than the values.
_ADD_RELATIONSHIPS: LiteralString = """
UNWIND $rows AS x CREATE (r:Record {rid: x[0], vis: x[1], rev_from: x[2], rev_to: x[3], key: x[4], schema: x[5],
    did: x[6], source_id: x[7], part: x[8], fid: x[9], locator: x[10], delivered: x[11], marking: x[12], body: x[13],
    grade: x[14], ties: x[15]})
"""
_ADD_DESCRIPTIONS: LiteralString = """
UNWIND $rows AS x CREATE (r:Record {rid: x[0], vis: x[1], rev_from: x[2], rev_to: x[3], key: x[4], schema: x[5],
    did: x[6], source_id: x[7], part: x[8], fid: x[9], locator: x[10], delivered: x[11], marking: x[12], body: x[13],
    grade: x[14], ties: x[15], about: x[16], claims: x[17], found_by: x[18], search: x[19],
    tokens: x[20], texts: x[21], names: x[22]})
"""
_ADD_PARTS: LiteralString = "UNWIND $rows AS x CREATE (p:TextPart) SET p = x"
_ADD_ASKED: LiteralString = "UNWIND $rows AS x MATCH (r:Record {rid: x[0]}) SET r.asked = x[1]"
_ADD_TIES: LiteralString = """
UNWIND $rows AS x MATCH (a:Entity {eid: x[0]}) MATCH (b:Entity {eid: x[1]})
CREATE (a)-[:$(x[2]) {rid: x[3], vis: x[4], rev_from: x[5], rev_to: x[6], schema: x[7], from: x[8], to: x[9],
    date: x[10]}]->(b)
"""
_ADD_PAST: LiteralString = """
UNWIND $rows AS x MATCH (a:Entity {eid: x[0]}) MATCH (b:Entity {eid: x[1]})
CREATE (a)-[:PAST {type: x[2], rid: x[3], vis: x[4], rev_from: x[5], rev_to: x[6], schema: x[7], from: x[8], to: x[9],
    date: x[10]}]->(b)
"""

_SEARCHED = ("search", "tokens", "texts", "names")
_NOT_SEARCHED = (None,) * len(_SEARCHED)


@dataclass(slots=True)
class Span:
    """What all rows of one insertion share: file, delivery, and the revisions between which they stand."""

    file: int
    delivered: str
    rev_from: int
    rev_to: int


# What records say about an entity: their schemata, and the last record's caption.
Said = tuple[list[str], str | None]
_UNSAID: Said = ([], None)


@dataclass(slots=True)
class Inserted:
    """What one insertion adds: rows of parameters for its statements."""

    entities: list[tuple[Any, ...]] = field(default_factory=list)
    said: dict[int, Said] = field(default_factory=dict)  # by entity
    relationships: list[tuple[Any, ...]] = field(default_factory=list)
    descriptions: list[tuple[Any, ...]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    further: list[tuple[int, int]] = field(default_factory=list)  # see `finding`
    asked: list[tuple[int, int]] = field(default_factory=list)
    ties: list[tuple[Any, ...]] = field(default_factory=list)
    past: list[tuple[Any, ...]] = field(default_factory=list)

    def say(self, entity: int, row: Row) -> None:
        """Note the schema and caption that a standing record gives an entity."""
        schemata, caption = self.said.get(entity, _UNSAID)
        schema = row.record.schema
        self.said[entity] = ([*schemata, schema], caption_of(schema, row.content) or caption)

    @property
    def has_second(self) -> bool:
        """Whether there is anything for the second half."""
        return bool(self.descriptions or self.said or self.asked or self.further or self.ties or self.past)

    def write(self, tx: ManagedTransaction) -> None:
        """Write everything, in one transaction."""
        self.write_first(tx)
        self.write_second(tx)

    def write_first(self, tx: ManagedTransaction) -> None:
        """Write new entities and the nodes of relationships: about half of the work, without locking existing nodes."""
        _write(
            tx,
            (_ADD_ENTITIES, [(*entity, *self.said.get(entity[0], _UNSAID)) for entity in self.entities]),
            (_ADD_RELATIONSHIPS, self.relationships),
        )

    def write_second(self, tx: ManagedTransaction) -> None:
        """Write records about entities, and ties, once the entities exist."""
        new = {eid for eid, *_ in self.entities}
        _write(
            tx,
            (_ADD_DESCRIPTIONS, self.descriptions),
            (_ADD_PARTS, self.parts),
            (ADD_FURTHER, self.further),
            (_ADD_ASKED, self.asked),
            (_SAY_WHAT, [(eid, *said) for eid, said in self.said.items() if eid not in new]),
            (_ADD_TIES, self.ties),
            (_ADD_PAST, self.past),
        )


def _write(tx: ManagedTransaction, *statements: tuple[LiteralString, Sequence[Any]]) -> None:
    for statement, added in statements:
        if added:
            rows(tx, statement, rows=added)


class Insertion:
    """Prepares the rows of one load; numbers continue from the highest in the store."""

    def __init__(self, database: Database, terms: Terms, first: int, first_entity: int) -> None:
        self._database = database
        self._terms = terms
        self._rid, self._eid = first, first_entity
        self._entities: dict[Dataset, dict[str, int]] = {}  # numbers by source id

    @property
    def is_full(self) -> bool:
        """Whether its cache of entity numbers is full: it will drop the cache, and ask the database again."""
        return sum(map(len, self._entities.values())) > _ENTITIES_KEPT

    def prepared(self, rows_: Sequence[Row], marks: Sequence[Mark], span: Span, into: Inserted) -> None:
        """Prepare rows, each with its class and the class that its delivery asks for."""
        self._know_entities(rows_, into)
        for row, (vis, asked) in zip(rows_, marks, strict=True):
            if asked != vis:
                into.asked.append((self._rid, asked))
            self._record(row, vis, span, into)
            self._rid += 1

    def _record(self, row: Row, vis: int, span: Span, into: Inserted) -> None:
        stood = span.rev_to != NEVER
        entities = self._entities[row.record.dataset]
        said = self._said(row, vis, span)
        ties = self._ties(row, vis, span, entities, into) if stood else None
        if row.is_relationship:
            into.relationships.append((*said, ties))
            into.further += [(self._rid, each) for each in undrawn(ties or (), self._terms.shapes)]
            return
        about = entities[row.record.source_id]
        if span.rev_to == LIVE:
            into.say(about, row)
        claimed, searched = self._indexed(row, into) if stood else (None, _NOT_SEARCHED)
        found_by, further = numbers_of(ties, claimed, self._terms.shapes)
        into.further += [(self._rid, each) for each in further]
        into.descriptions.append((*said, ties, about, claimed, found_by, *searched))

    def _said(self, row: Row, vis: int, span: Span) -> tuple[Any, ...]:
        """The properties that the node of every record has, in order."""
        record = row.record
        return (
            self._rid,
            vis,
            span.rev_from,
            span.rev_to,
            row.key.hex(),
            record.schema,
            self._terms.dataset(record.dataset),
            record.source_id,
            record.part,
            span.file,
            record.locator,
            span.delivered,
            _text(self._terms.marking(vis)),
            row.content,
            f"{record.grade.scheme} {record.grade.text}" if record.grade else None,
        )

    def _indexed(self, row: Row, into: Inserted) -> tuple[list[str] | None, tuple[Any, ...]]:
        """The claims and the searchable texts of an entity's record."""
        properties, parts = searchable(texts(row))
        into.parts.extend({"rid": self._rid, **part} for part in parts)
        claimed = [text for claim in claims(row) for text in (claim.kind, claim.value, claim.scope)]
        return claimed or None, tuple(properties.get(name) for name in _SEARCHED)

    def _ties(self, row: Row, vis: int, span: Span, entities: dict[str, int], into: Inserted) -> list[int] | None:
        """A record's day, then a, b, shape of each tie; the ties are also prepared as relationships."""
        pairs, day = pairs_and_day(row)
        if not pairs:
            return None
        when = None if day == _NO_DAY else date.fromordinal(day)
        ties = [UNKNOWN_DAY if when is None else day]
        for x, y in pairs:
            a, b, number = entities[x.ref], entities[y.ref], self._terms.shape(row.record, x.name, y.name)
            ties += (a, b, number)
            shape = self._terms.shapes[number]
            if shape.type:
                ends = (a, b, shape.type) if shape.forward else (b, a, shape.type)
                roles = (shape.role_a, shape.role_b) if shape.forward else (shape.role_b, shape.role_a)
                stands = (self._rid, vis, span.rev_from, span.rev_to, shape.schema)
                drawn = into.ties if span.rev_to == LIVE else into.past
                drawn.append((*ends, *stands, *roles, when))
        return ties

    # -- entities -----------------------------------------------------------------------

    def _know_entities(self, rows_: Iterable[Row], into: Inserted) -> None:
        """Look up or assign the numbers of all entities that these rows are about or refer to."""
        if self.is_full:
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
        """Look up the numbers of a dataset's entities, and number new ones in the order of their ids."""
        ids = {entity_id(dataset.agency, dataset.name, ref): ref for ref in refs}
        if not ids:
            return
        numbers = dict(zip(*self._database.row(_KNOWN_ENTITIES, ids=list(ids)), strict=True))
        did = self._terms.dataset(dataset)
        for entity in sorted(ids):
            if entity not in numbers:
                numbers[entity], self._eid = self._eid, self._eid + 1
                into.entities.append((numbers[entity], entity, did, str(dataset), ids[entity]))
            known[ids[entity]] = numbers[entity]


@lru_cache(maxsize=4096)
def _text(marking: Marking) -> str:
    return str(marking)
