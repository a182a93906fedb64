"""Rows in a scope by entity or by identifier, each question answered by an index."""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from workbench.errors import as_written
from workbench.model.record import Dataset
from workbench.store.columns import About, Int32, Int64, Ties
from workbench.store.lookups import ClaimRows, EntityRows, Identifier, Lookups, TooMany
from workbench.store.scores import Counted, Pairs, facets_seen
from workbench.store.sqlite import scores
from workbench.store.types import Judgement, Scope

_TIE = "i4,i4,i2,i2,i2,i4,i8,i4"


class SqliteLookups(Lookups):
    """See `Lookups`."""

    def __init__(self, db: Callable[[], sqlite3.Connection], scope: Scope, counted: Callable[[], Counted]) -> None:
        self._connection, self._scope, self._counted = db, scope, counted
        self._seen = (orjson.dumps(list(scope.allowed)).decode(), scope.revision, scope.revision)
        self._names: tuple[str, ...] | None = None

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connection()

    def names(self) -> Sequence[str]:
        if self._names is None:
            rows = dict(self._db.execute("SELECT num, text FROM term").fetchall())
            self._names = tuple(rows.get(number, "") for number in range(max(rows, default=0) + 1))
        return self._names

    def datasets(self) -> Mapping[int, Dataset]:
        rows = self._db.execute("SELECT did, agency, name FROM dataset")
        return {did: Dataset(agency, name) for did, agency, name in rows}

    def numbers_of(self, ids: Collection[str]) -> Mapping[str, int]:
        return dict(self._db.execute(_NUMBERS, (json.dumps(list(ids)),)))

    def entities(self, entities: Int64) -> EntityRows:
        rows = np.fromiter(self._db.execute(_ENTITIES, (_listed(entities),)), np.dtype("i4,S20,i4"))
        return EntityRows(*_columns(rows))

    def present(self, entities: Int64) -> Int64:
        found = self._db.execute(_PRESENT, (_listed(entities), *self._seen * 3))
        return np.fromiter((number for (number,) in found), np.int64)

    def about(self, entities: Int64) -> About:
        return About(*_columns(np.fromiter(self._db.execute(_ABOUT, (_listed(entities), *self._seen)), "i4,i2,i8,i4")))

    def claims_of(self, entities: Int64, most: int) -> ClaimRows:
        return _claims(self._db.execute(_CLAIMS_OF, (_listed(entities), *self._seen, most + 1)), most)

    def claiming(self, identifiers: Collection[Identifier], most: int) -> ClaimRows:
        numbers = {name: number for number, name in enumerate(self.names())}
        asked = [(numbers[kind], value) for kind, value in identifiers if kind in numbers]
        return _claims(self._db.execute(_CLAIMING, (json.dumps(asked), *self._seen, most + 1)), most)

    def ties(self, entities: Int64, schemata: Collection[str] | None, most: int | None = None) -> Ties:
        of: tuple[str, ...] = ()
        statements = (_TIES_A, _TIES_B)
        if schemata is not None:
            of, statements = (json.dumps(self._numbers_of(schemata)),), (_TIES_A_OF, _TIES_B_OF)
        limit = -1 if most is None else most + 1
        return self._tied(statements, (_listed(entities), *of, *self._seen, limit), entities, most)

    def some_ties(self, entities: Int64, schemata: Collection[str], most: int) -> Ties:
        of = json.dumps(self._numbers_of(schemata))
        found = (
            self._db.execute(each, (number, of, *self._seen, most))
            for each in (_SOME_A, _SOME_B)
            for number in entities.tolist()
        )
        return Ties(*_columns(np.fromiter(chain.from_iterable(found), dtype=np.dtype(_TIE))))

    def ties_between(self, some: Int64, others: Int64) -> Ties:
        given = (_listed(some), _listed(others), *self._seen)
        return self._tied((_BETWEEN_A, _BETWEEN_B), given, np.intersect1d(some, others), None)

    def _numbers_of(self, names: Collection[str]) -> list[int]:
        return [number for number, name in enumerate(self.names()) if name in names]

    def _tied(self, statements: Sequence[str], given: tuple[object, ...], twice: Int64, most: int | None) -> Ties:
        """The rows of two statements, for each end of a tie; a tie has two rows if both its ends are in `twice`."""
        first, second = (np.fromiter(self._db.execute(each, given), dtype=np.dtype(_TIE)) for each in statements)
        again = np.isin(second["f0"], twice) & np.isin(second["f1"], twice)
        rows = np.concatenate([first, second[~again]])
        if most is not None and len(rows) > most:
            raise TooMany
        return Ties(*_columns(rows))

    def tied(self, entities: Int64) -> Int64:
        rows = np.fromiter(self._db.execute(_TIED, (_listed(entities),)), np.dtype("i8,i8"))
        order = np.argsort(rows["f0"])
        return np.asarray(rows["f1"][order[np.searchsorted(rows["f0"][order], entities)]], dtype=np.int64)

    def has_judgements(self) -> bool:
        return self._db.execute("SELECT 1 FROM judgement LIMIT 1").fetchone() is not None

    def judgements(self, ids: Collection[str]) -> Sequence[Judgement]:
        about = json.dumps(list(ids))
        rows = self._db.execute(_JUDGEMENTS, (*self._seen, about, about, *self._seen))
        with as_written("a list in judgements"):
            return [Judgement(*row[:7], *(tuple(json.loads(each)) for each in row[7:])) for row in rows]

    def outweighed(self, judgements: Collection[str]) -> frozenset[str]:
        rows = self._db.execute(_OUTWEIGHED, (*self._seen, json.dumps(list(judgements))))
        return frozenset(judgement for (judgement,) in rows)

    def facets(self) -> Mapping[int, int]:
        return facets_seen(self._counted().facets, self._scope.allowed)

    def model(self) -> str:
        return self._counted().model

    def scored(self, entities: Int64) -> Pairs:
        return scores.scored(self._db, np.unique(entities).tolist(), self._scope)


def _listed(numbers: Int64 | Int32) -> str:
    return orjson.dumps(np.unique(numbers).tolist()).decode()


def _columns(rows: NDArray[np.void]) -> list[Any]:
    return [rows[field].copy() for field in rows.dtype.names or ()]


def _claims(cursor: sqlite3.Cursor, most: int) -> ClaimRows:
    rows = cursor.fetchall()
    if len(rows) > most:
        raise TooMany
    kind, value, scope, entity, record = zip(*rows, strict=True) if rows else ((),) * 5
    texts = np.array(value, dtype=object), np.array(scope, dtype=object)
    return ClaimRows(np.array(kind, np.int16), *texts, np.array(entity, np.int32), np.array(record, np.int64))


_NUMBERS = "SELECT e.id, e.eid FROM json_each(?) j CROSS JOIN entity e ON e.id = j.value"
_ENTITIES = "SELECT e.eid, e.id, e.did FROM json_each(?) j CROSS JOIN entity e ON e.eid = j.value"
_PRESENT = """
SELECT j.value FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM record r WHERE r.about = j.value
    AND r.vis IN (SELECT value FROM json_each(?)) AND r.rev_from <= ? AND r.rev_to > ?)
OR EXISTS (SELECT 1 FROM tie t WHERE t.a = j.value
    AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?)
OR EXISTS (SELECT 1 FROM tie t WHERE t.b = j.value
    AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?)
"""
_ABOUT = """
SELECT r.about, r.schema, r.rid, r.vis FROM json_each(?) j CROSS JOIN record r ON r.about = j.value
WHERE r.vis IN (SELECT value FROM json_each(?)) AND r.rev_from <= ? AND r.rev_to > ?
"""
_CLAIMS_OF = """
SELECT c.kind, c.value, c.scope, c.eid, c.rid FROM json_each(?) j CROSS JOIN claim c ON c.eid = j.value
WHERE c.vis IN (SELECT value FROM json_each(?)) AND c.rev_from <= ? AND c.rev_to > ? LIMIT ?
"""
_CLAIMING = """
SELECT c.kind, c.value, c.scope, c.eid, c.rid FROM json_each(?) j
CROSS JOIN claim c ON c.value = j.value ->> 1 AND c.kind = j.value ->> 0
WHERE c.vis IN (SELECT value FROM json_each(?)) AND c.rev_from <= ? AND c.rev_to > ? LIMIT ?
"""
_TIES_A = """
SELECT t.a, t.b, t.ra, t.rb, t.schema, t.day, t.rid, t.vis FROM json_each(?) j CROSS JOIN tie t ON t.a = j.value
WHERE t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ? LIMIT ?
"""
_TIES_B = """
SELECT t.a, t.b, t.ra, t.rb, t.schema, t.day, t.rid, t.vis FROM json_each(?) j CROSS JOIN tie t ON t.b = j.value
WHERE t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ? LIMIT ?
"""
_TIES_A_OF = """
SELECT t.a, t.b, t.ra, t.rb, t.schema, t.day, t.rid, t.vis FROM json_each(?) j
CROSS JOIN tie t ON t.a = j.value AND t.schema IN (SELECT value FROM json_each(?))
WHERE t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ? LIMIT ?
"""
_TIES_B_OF = """
SELECT t.a, t.b, t.ra, t.rb, t.schema, t.day, t.rid, t.vis FROM json_each(?) j
CROSS JOIN tie t ON t.b = j.value AND t.schema IN (SELECT value FROM json_each(?))
WHERE t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ? LIMIT ?
"""
_SOME_A = """
SELECT t.a, t.b, t.ra, t.rb, t.schema, t.day, t.rid, t.vis FROM tie t
WHERE t.a = ? AND t.schema IN (SELECT value FROM json_each(?))
AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ? LIMIT ?
"""
_SOME_B = """
SELECT t.a, t.b, t.ra, t.rb, t.schema, t.day, t.rid, t.vis FROM tie t
WHERE t.b = ? AND t.schema IN (SELECT value FROM json_each(?))
AND t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ? LIMIT ?
"""
_BETWEEN_A = """
SELECT t.a, t.b, t.ra, t.rb, t.schema, t.day, t.rid, t.vis FROM json_each(?) j
CROSS JOIN tie t ON t.a = j.value AND t.b IN (SELECT value FROM json_each(?))
WHERE t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?
"""
_BETWEEN_B = """
SELECT t.a, t.b, t.ra, t.rb, t.schema, t.day, t.rid, t.vis FROM json_each(?) j
CROSS JOIN tie t ON t.b = j.value AND t.a IN (SELECT value FROM json_each(?))
WHERE t.vis IN (SELECT value FROM json_each(?)) AND t.rev_from <= ? AND t.rev_to > ?
"""
_TIED = """
SELECT j.value, (SELECT count(*) FROM tie t WHERE t.a = j.value) + (SELECT count(*) FROM tie t WHERE t.b = j.value)
FROM json_each(?) j
"""
_JUDGEMENTS = """
SELECT x.jid, x.a, x.b, x.verdict, x.by, x.why, x.at, x.evidence,
    (SELECT json_group_array(j.value) FROM json_each(x.overrides) j CROSS JOIN judgement o ON o.jid = j.value
    WHERE o.vis IN (SELECT value FROM json_each(?)) AND o.rev_from <= ? AND o.rev_to > ?)
FROM judgement x WHERE x.jid IN (
    SELECT y.jid FROM json_each(?) j CROSS JOIN judgement y ON y.a = j.value
    UNION ALL
    SELECT y.jid FROM json_each(?) j CROSS JOIN judgement y ON y.b = j.value)
AND x.vis IN (SELECT value FROM json_each(?)) AND x.rev_from <= ? AND x.rev_to > ? ORDER BY x.jid
"""
_OUTWEIGHED = """
SELECT DISTINCT json_each.value FROM judgement x CROSS JOIN json_each(x.overrides) WHERE x.overrides <> '[]'
AND x.vis IN (SELECT value FROM json_each(?)) AND x.rev_from <= ? AND x.rev_to > ?
AND json_each.value IN (SELECT value FROM json_each(?))
"""
