"""Rows in a scope by entity or by identifier, each question answered by an index or by the relationships of entities.

Both only propose records; the record's node says what counts. While somebody writes, relationships may be read in the
middle of a change, and one that is being moved twice or not at all. So they are read while no change is applied, or,
if that does not come, base columns are read instead.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any, LiteralString

import numpy as np

from workbench.model.claims import FORBIDDING, KINDS
from workbench.model.ontology import ontology
from workbench.model.record import Dataset
from workbench.store.columns import About, Columns, Int64, Ties
from workbench.store.lookups import ClaimRows, EntityRows, Identifier, InColumns, Lookups, TooMany
from workbench.store.neo4j import scores
from workbench.store.neo4j.columns import every_tie, fields_of_shapes, known_day
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.finding import number_of
from workbench.store.neo4j.interning import datasets, shapes
from workbench.store.scores import Counted, Pairs, facets_seen
from workbench.store.steps import Shape
from workbench.store.types import Judgement, Scope

_ALL = (1 << 31) - 1  # more records than any question has

# Lists are inside a map: for a bare list the server makes a new plan whenever its order of magnitude changes.
_NUMBERS: LiteralString = """
UNWIND $asked.ids AS id MATCH (e:Entity {id: id}) USING INDEX SEEK e:Entity(id) RETURN collect(e.id), collect(e.eid)
"""
_ENTITIES: LiteralString = """
UNWIND $asked.entities AS eid MATCH (e:Entity {eid: eid}) USING INDEX SEEK e:Entity(eid)
RETURN collect(e.eid), collect(e.id), collect(e.did)
"""
_PRESENT: LiteralString = """
UNWIND $asked.entities AS eid WITH eid WHERE EXISTS {
    MATCH (r:Record {about: eid}) USING INDEX SEEK r:Record(about)
    WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
} OR EXISTS {
    MATCH (e:Entity {eid: eid})-[t:$any($asked.types)]-(:Entity) USING INDEX SEEK e:Entity(eid)
    MATCH (r:Record {rid: t.rid}) USING INDEX SEEK r:Record(rid)
    WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
} OR EXISTS {
    MATCH (f:FoundBy {number: eid}) USING INDEX SEEK f:FoundBy(number)
    MATCH (r:Record {rid: f.rid}) USING INDEX SEEK r:Record(rid)
    WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
}
RETURN collect(eid)
"""
_ABOUT: LiteralString = """
UNWIND $asked.entities AS eid MATCH (r:Record {about: eid}) USING INDEX SEEK r:Record(about)
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
RETURN collect(eid), collect(r.schema), collect(r.rid), collect(r.vis)
"""
_CLAIMS_OF: LiteralString = """
UNWIND $asked.entities AS eid MATCH (r:Record {about: eid}) USING INDEX SEEK r:Record(about)
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
WITH eid, r.rid AS rid, r.claims AS claims WHERE claims IS NOT NULL LIMIT $most
RETURN collect(eid), collect(rid), collect(claims)
"""
_CLAIMING: LiteralString = """
CALL () {
    UNWIND $asked.numbers AS n MATCH (r:Record {found_by: n}) USING INDEX SEEK r:Record(found_by) RETURN r
    UNION
    UNWIND $asked.numbers AS n MATCH (f:FoundBy {number: n}) USING INDEX SEEK f:FoundBy(number)
    MATCH (r:Record {rid: f.rid}) USING INDEX SEEK r:Record(rid) RETURN r
}
WITH r WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
WITH r.about AS eid, r.rid AS rid, r.claims AS claims LIMIT $most
RETURN collect(eid), collect(rid), collect(claims)
"""
# A nested list costs a Python object, and most records have one tie: so the first tie comes in columns.
_TIES: LiteralString = """
CALL () {
    UNWIND $asked.entities AS eid
    MATCH (e:Entity {eid: eid})-[t:$any($asked.types)]-(:Entity) USING INDEX SEEK e:Entity(eid) RETURN t.rid AS rid
    UNION
    UNWIND $asked.entities AS eid MATCH (f:FoundBy {number: eid}) USING INDEX SEEK f:FoundBy(number) RETURN f.rid AS rid
}
MATCH (r:Record {rid: rid}) USING INDEX SEEK r:Record(rid)
WHERE r.vis IN $allowed AND r.rev_from <= $revision AND r.rev_to > $revision
    AND ($asked.schemata IS NULL OR r.schema IN $asked.schemata)
WITH rid, r.vis AS vis, r.ties AS ties LIMIT $most
RETURN collect(rid), collect(vis), collect(ties[0]), collect(ties[1]), collect(ties[2]), collect(ties[3]),
    collect(CASE WHEN size(ties) > 4 THEN [rid, vis] + ties END)
"""
_TIED: LiteralString = """
UNWIND $asked.entities AS eid MATCH (e:Entity {eid: eid}) USING INDEX SEEK e:Entity(eid)
RETURN collect(eid), collect(COUNT { (e)--() })
"""
_HAS_JUDGEMENTS: LiteralString = """
MATCH (j:Judgement) USING INDEX SEEK j:Judgement(jid) WHERE j.jid > '' WITH j LIMIT 1 RETURN count(j) > 0
"""
_JUDGEMENTS: LiteralString = """
CALL () {
    UNWIND $asked.ids AS id MATCH (j:Judgement {a: id}) USING INDEX SEEK j:Judgement(a) RETURN j
    UNION
    UNWIND $asked.ids AS id MATCH (j:Judgement {b: id}) USING INDEX SEEK j:Judgement(b) RETURN j
}
WITH j WHERE j.vis IN $allowed AND j.rev_from <= $revision AND j.rev_to > $revision
WITH j ORDER BY j.jid
RETURN collect([j.jid, j.a, j.b, j.verdict, j.by, j.why, j.at, j.evidence, COLLECT {
    UNWIND j.overrides AS jid MATCH (o:Judgement {jid: jid}) USING INDEX SEEK o:Judgement(jid)
    WHERE o.vis IN $allowed AND o.rev_from <= $revision AND o.rev_to > $revision RETURN jid
}])
"""
_OUTWEIGHED: LiteralString = """
MATCH (j:Judgement {overriding: true}) USING INDEX SEEK j:Judgement(overriding)
WHERE j.vis IN $allowed AND j.rev_from <= $revision AND j.rev_to > $revision
UNWIND j.overrides AS jid WITH jid WHERE jid IN $asked.judgements
RETURN collect(DISTINCT jid)
"""


class Neo4jLookups(Lookups):
    """See `Lookups`. `columns` returns the base columns of the scope's revision, `counted` what is counted of it."""

    def __init__(
        self, database: Database, scope: Scope, columns: Callable[[], Columns], counted: Callable[[], Counted]
    ) -> None:
        self._database, self._scope, self._columns, self._counted = database, scope, columns, counted
        self._datasets: Mapping[int, Dataset] = {}
        self._seen: dict[str, Any] = {"allowed": list(scope.allowed), "revision": scope.revision}

    @cached_property
    def _shapes(self) -> Mapping[int, Shape]:
        return shapes(self._database)

    @cached_property
    def _numbers(self) -> Mapping[str, np.int16]:
        said = chain(*(shape[:3] for shape in self._shapes.values()))
        return {name: np.int16(n) for n, name in enumerate(sorted({*ontology().schemata, *KINDS, *said}))}

    def names(self) -> Sequence[str]:
        return tuple(self._numbers)

    def datasets(self) -> Mapping[int, Dataset]:
        return self._datasets or self._read_datasets()

    def _read_datasets(self) -> Mapping[int, Dataset]:
        self._datasets = datasets(self._database)
        return self._datasets

    def numbers_of(self, ids: Collection[str]) -> Mapping[str, int]:
        asked = _possible(ids)
        return dict(zip(*self._database.row(_NUMBERS, asked={"ids": asked}), strict=True)) if asked else {}

    def entities(self, entities: Int64) -> EntityRows:
        number, ids, dataset = self._of(_ENTITIES, 3, entities)
        if not self.datasets().keys() >= set(dataset):  # a load has brought others since they were read
            self._read_datasets()
        return EntityRows(np.array(number, np.int32), np.array(ids, dtype="S20"), np.array(dataset, np.int32))

    def present(self, entities: Int64) -> Int64:
        found = self._at_rest(_PRESENT, 1, entities, self._types(None), **self._seen)
        if found is None:
            return self._whole.present(self._in_columns(entities))
        return np.array(found[0], dtype=np.int64)

    def about(self, entities: Int64) -> About:
        entity, schemata, record, vis = self._of(_ABOUT, 4, entities, **self._seen)
        schema = np.array([self._numbers[name] for name in schemata], dtype=np.int16)
        return About(np.array(entity, np.int32), schema, np.array(record, np.int64), np.array(vis, np.int32))

    def claims_of(self, entities: Int64, most: int) -> ClaimRows:
        found = self._of(_CLAIMS_OF, 3, entities, **self._seen, most=most + 1)
        return self._claims(_each_claim(*found), most)

    def claiming(self, identifiers: Collection[Identifier], most: int) -> ClaimRows:
        wanted = set(identifiers)
        if any(kind in FORBIDDING for kind, _ in wanted):
            raise TooMany  # no index has them
        asked = {"numbers": sorted({number_of(*each) for each in wanted})}
        found = self._database.row(_CLAIMING, asked=asked, **self._seen, most=most + 1) if wanted else ([], [], [])
        if len(found[0]) > most:
            raise TooMany
        return self._claims((each for each in _each_claim(*found) if each[:2] in wanted), most)

    def ties(self, entities: Int64, schemata: Collection[str] | None, most: int | None = None) -> Ties:
        limit = _ALL if most is None else most + 1
        asked = {**self._types(schemata), "schemata": None if schemata is None else sorted(schemata)}
        found = self._at_rest(_TIES, 7, entities, asked, **self._seen, most=limit)
        if found is None:
            return self._renamed(self._whole.ties(self._in_columns(entities), schemata, most))
        every = every_tie(np.array(found[:6], dtype=np.int64), found[6])
        wanted = every[:, np.isin(every[3], entities) | np.isin(every[4], entities)]
        if most is not None and max(len(found[0]), wanted.shape[1]) > most:
            raise TooMany
        return self._tied(wanted)

    def ties_between(self, some: Int64, others: Int64) -> Ties:
        ties = self.ties(min(some, others, key=lambda each: int(self.tied(each).sum())), None)
        there = np.isin(ties.a, some) & np.isin(ties.b, others)
        return ties.take(there | (np.isin(ties.a, others) & np.isin(ties.b, some)))

    def tied(self, entities: Int64) -> Int64:
        found = self._at_rest(_TIED, 2, entities, {})
        if found is None:
            known = self._in_columns(entities)
            found = known.tolist(), self._whole.tied(known).tolist()
        many: dict[int, int] = dict(zip(*found, strict=True))
        return np.array([many.get(each, 0) for each in entities.tolist()], dtype=np.int64)

    def has_judgements(self) -> bool:
        return bool(self._database.row(_HAS_JUDGEMENTS)[0])

    def judgements(self, ids: Collection[str]) -> Sequence[Judgement]:
        asked = _possible(ids)
        rows = self._database.row(_JUDGEMENTS, asked={"ids": asked}, **self._seen)[0] if asked else []
        return [Judgement(*row[:7], *map(tuple, row[7:])) for row in rows]

    def outweighed(self, judgements: Collection[str]) -> frozenset[str]:
        return frozenset(self._database.row(_OUTWEIGHED, asked={"judgements": list(judgements)}, **self._seen)[0])

    def facets(self) -> Mapping[int, int]:
        return facets_seen(self._counted().facets, self._scope.allowed)

    def model(self) -> str:
        return self._counted().model

    def scored(self, entities: Int64) -> Pairs:
        return scores.scored(self._database, np.unique(entities).tolist(), self._scope)

    def _types(self, schemata: Collection[str] | None) -> dict[str, Any]:
        """The types of the relationships that ties of some schemata may be drawn as."""
        shapes = self._shapes.values()
        drawn = {each.type for each in shapes if each.type and (schemata is None or each.schema in schemata)}
        return {"types": sorted(drawn | {"PAST"})}

    @cached_property
    def _whole(self) -> Lookups:
        return InColumns(self._columns(), self._scope)

    def _in_columns(self, entities: Int64) -> Int64:
        """Those of some entities that the columns have: not those that a later load brought."""
        return np.intersect1d(entities, self._columns().number)

    def _renamed(self, ties: Ties) -> Ties:
        """Ties from columns, with the numbers of names here."""
        number = np.array([self._numbers[name] for name in self._whole.names()], dtype=np.int16)
        return replace(ties, **{field: number[getattr(ties, field)] for field in ("role_a", "role_b", "schema")})

    def _at_rest(
        self, query: LiteralString, columns: int, entities: Int64, more: Mapping[str, object], **given: Any
    ) -> Sequence[list[Any]] | None:
        """As `_of`, of a database at rest; None if it does not come to rest."""
        if not len(entities):
            return [[] for _ in range(columns)]
        return self._database.row_at_rest(query, asked={"entities": np.unique(entities).tolist(), **more}, **given)

    def _of(self, query: LiteralString, columns: int, entities: Int64, **given: Any) -> Sequence[list[Any]]:
        """The columns that a query has for entities; nothing is asked about none."""
        if not len(entities):
            return [[] for _ in range(columns)]
        return self._database.row(query, asked={"entities": np.unique(entities).tolist()}, **given)

    def _claims(self, rows: Iterable[tuple[str, str, str, int, int]], most: int) -> ClaimRows:
        kind, value, scope, entity, record = zip(*found, strict=True) if (found := list(rows)) else ((),) * 5
        if len(kind) > most:
            raise TooMany
        kinds = np.array([self._numbers[name] for name in kind], dtype=np.int16)
        texts = np.array(value, dtype=object), np.array(scope, dtype=object)
        return ClaimRows(kinds, *texts, np.array(entity, np.int32), np.array(record, np.int64))

    def _tied(self, ties: Int64) -> Ties:
        record, vis, day, a, b, shape = ties
        schema, role_a, role_b = (fields_of_shapes(self._shapes, field, self._numbers)[shape] for field in range(3))
        ends = a.astype(np.int32), b.astype(np.int32)
        return Ties(*ends, role_a, role_b, schema, known_day(day), record, vis.astype(np.int32))


def _possible(ids: Collection[str]) -> list[str]:
    """Those that can be ids of entities: a server takes no broken text."""
    return [each for each in ids if each.isascii()]


def _each_claim(
    entities: Sequence[int], records: Sequence[int], claims: Sequence[Sequence[str]]
) -> Iterable[tuple[str, str, str, int, int]]:
    """Kind, value, scope, entity and record of each claim, from the lists of kind, value, scope of records."""
    for entity, record, said in zip(entities, records, claims, strict=True):
        for i in range(0, len(said), 3):
            yield said[i], said[i + 1], said[i + 2], entity, record
