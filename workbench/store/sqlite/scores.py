"""Scores of pairs in the tables, and what records say about facets."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from workbench.model.numbers import RevisionNumber
from workbench.store.dump_rows import FacetRow, PairRow
from workbench.store.facet_values import FacetValues, facet_values, held_by_many, limits
from workbench.store.scores import HELD, Counted, Facets, Pairs, Scores, facets_in, model_for_views, pairs_of
from workbench.store.sqlite.reader import classes, seen
from workbench.store.types import Scope

_AT_ONCE = 50_000  # facets whose forms are read


def said_at(db: sqlite3.Connection, revision: int) -> set[tuple[int, int]]:
    """See `Transaction.said_at`."""
    older = db.execute("SELECT rid FROM record WHERE rev_from < ? ORDER BY rid DESC LIMIT 1", (revision,)).fetchone()
    begun = db.execute("SELECT rid FROM record WHERE rid > ?", older or (0,))
    ended = db.execute("SELECT rid FROM record WHERE rev_to < 2147483647 AND rev_to = ?", (revision,))
    return said_by(db, sorted({rid for (rid,) in (*begun, *ended)}))


def said_by(db: sqlite3.Connection, records: Collection[int]) -> set[tuple[int, int]]:
    """See `Transaction.said_by`."""
    rids = json.dumps(list(records))
    return {*db.execute(_SAID, (rids, rids, rids)), *db.execute(_HELD, (rids, json.dumps(HELD)) * 2)}


_SAID = """
SELECT r.about, r.vis FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value
WHERE r.about IS NOT NULL AND r.rev_to > r.rev_from
UNION SELECT t.a, t.vis FROM json_each(?) j CROSS JOIN tie t ON t.rid = j.value WHERE t.rev_to > t.rev_from
UNION SELECT t.b, t.vis FROM json_each(?) j CROSS JOIN tie t ON t.rid = j.value WHERE t.rev_to > t.rev_from
"""
_HELD = """
SELECT t.a, t.vis FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value CROSS JOIN tie t ON t.b = r.about
WHERE t.vis = r.vis AND t.rev_to > t.rev_from AND r.rev_to > r.rev_from
    AND r.schema IN (SELECT num FROM term WHERE text IN (SELECT value FROM json_each(?)))
UNION
SELECT t.b, t.vis FROM json_each(?) j CROSS JOIN record r ON r.rid = j.value CROSS JOIN tie t ON t.a = r.about
WHERE t.vis = r.vis AND t.rev_to > t.rev_from AND r.rev_to > r.rev_from
    AND r.schema IN (SELECT num FROM term WHERE text IN (SELECT value FROM json_each(?)))
"""


def facets_of(db: sqlite3.Connection, entities: Collection[int]) -> list[FacetRow]:
    """See `Transaction.facets_of`."""
    return [FacetRow._make(row) for row in db.execute(_FACETS_OF, (json.dumps(list(entities)),))]


_FACETS_OF = """
SELECT f.fid, f.eid, f.kind, f.vis, f.scope, f.forms, f.rev_from, f.rev_to
FROM json_each(?) j CROSS JOIN facet f ON f.eid = j.value ORDER BY f.fid
"""


def pairs_with(db: sqlite3.Connection, facets: Collection[int]) -> list[PairRow]:
    """See `Transaction.pairs_of`."""
    fids = json.dumps(list(facets))
    return [PairRow._make(row) for row in db.execute(_PAIRS_OF, (fids, fids))]


_PAIRS_OF = """
SELECT p.fa, p.fb, p.a, p.b, p.kind, p.vis, p.weights, p.blocked, p.rev_from, p.rev_to
FROM json_each(?) j CROSS JOIN pair p ON p.fa = j.value
UNION
SELECT p.fa, p.fb, p.a, p.b, p.kind, p.vis, p.weights, p.blocked, p.rev_from, p.rev_to
FROM json_each(?) j CROSS JOIN pair p ON p.fb = j.value
ORDER BY 1, 2
"""


def drop_facets(db: sqlite3.Connection, facets: Collection[int]) -> None:
    """See `Transaction.drop_facets`."""
    numbers = [(fid,) for fid in facets]
    db.executemany("DELETE FROM pair WHERE fa = ?", numbers)
    db.executemany("DELETE FROM pair WHERE fb = ?", numbers)
    db.executemany("DELETE FROM facet_value WHERE fid = ?", numbers)
    db.executemany("DELETE FROM facet WHERE fid = ?", numbers)


def drop_pairs(db: sqlite3.Connection, pairs: Collection[tuple[int, int]]) -> None:
    """See `Transaction.drop_pairs`."""
    db.executemany("DELETE FROM pair WHERE fa = ? AND fb = ?", list(pairs))


def standing_facets(db: sqlite3.Connection, scope: Scope) -> Facets:
    """See `Backend.facets`."""
    rows = np.fromiter(db.execute(_STANDING, seen(scope)), dtype="i8,i4,i1,i4,i4")
    return facets_in([rows[name] for name in rows.dtype.names or ()])


def forms(db: sqlite3.Connection, scope: Scope) -> Iterator[dict[int, str]]:
    """See `Backend.forms`."""
    last = 0
    while some := dict(db.execute(_FORMS, (last, *seen(scope), _AT_ONCE))):
        yield some
        last = max(some)


def forms_of(db: sqlite3.Connection, scope: Scope, entities: Collection[int]) -> dict[int, str]:
    """See `Backend.forms_of`."""
    return dict(db.execute(_FORMS_OF, (json.dumps(list(entities)), *seen(scope))))


_STANDING = """
SELECT fid, eid, kind, vis, scope FROM facet
WHERE vis IN (SELECT value FROM json_each(?)) AND rev_from <= ? AND rev_to > ?
"""
_FORMS = """
SELECT fid, forms FROM facet
WHERE fid > ? AND vis IN (SELECT value FROM json_each(?)) AND rev_from <= ? AND rev_to > ? ORDER BY fid LIMIT ?
"""
_FORMS_OF = """
SELECT f.fid, f.forms FROM json_each(?) j CROSS JOIN facet f ON f.eid = j.value
WHERE f.vis IN (SELECT value FROM json_each(?)) AND f.rev_from <= ? AND f.rev_to > ?
"""


def shared(db: sqlite3.Connection, revision: int) -> FacetValues:
    """See `Backend.shared`."""
    everybody = Scope(tuple(each.vis for each in classes(db)), RevisionNumber(revision))
    return holding(db, everybody, held_by_many(db.execute(_MANY, (min(limits().values()),))))


def holding(db: sqlite3.Connection, scope: Scope, values: Collection[int]) -> FacetValues:
    """See `Backend.holding`."""
    return facet_values(db.execute(_HOLDING, (json.dumps(list(values)), *seen(scope))).fetchall())


def held_by(db: sqlite3.Connection, scope: Scope, facets: Collection[int]) -> FacetValues:
    """See `Backend.held_by`."""
    return facet_values(db.execute(_HELD_BY, (json.dumps(list(facets)), *seen(scope))).fetchall())


_MANY = "SELECT value, count(DISTINCT holder) AS n FROM facet_value GROUP BY value HAVING n > ?"
_HOLDING = """
SELECT v.value, v.fid, v.holder, f.vis FROM json_each(?) j CROSS JOIN facet_value v ON v.value = j.value
CROSS JOIN facet f ON f.fid = v.fid
WHERE f.vis IN (SELECT value FROM json_each(?)) AND f.rev_from <= ? AND f.rev_to > ? ORDER BY v.value, v.fid
"""
_HELD_BY = """
SELECT v.value, v.fid, v.holder, f.vis FROM json_each(?) j CROSS JOIN facet_value v ON v.fid = j.value
CROSS JOIN facet f ON f.fid = v.fid
WHERE f.vis IN (SELECT value FROM json_each(?)) AND f.rev_from <= ? AND f.rev_to > ? ORDER BY v.value, v.fid
"""


def scores_at(db: sqlite3.Connection, revision: int, counted: Counted) -> Scores:
    """See `Backend.scores`; facets are counted already."""
    return Scores(pairs_of(db.execute(_PAIRS, (revision, revision)).fetchall()), *counted)


def counted_at(db: sqlite3.Connection, revision: int) -> Counted:
    """What is counted of a revision."""
    at = (revision, revision)
    models = [model_for_views(body) for (body,) in db.execute(_MODEL, at)]
    return Counted({(kind, vis): n for kind, vis, n in db.execute(_TALLY, at)}, "".join(models))


_MODEL = "SELECT body FROM model WHERE rev_from <= ? AND rev_to > ?"
_TALLY = "SELECT kind, vis, count(*) FROM facet WHERE rev_from <= ? AND rev_to > ? GROUP BY kind, vis"
_PAIRS = "SELECT fa, fb, a, b, kind, vis, weights, blocked FROM pair WHERE rev_from <= ? AND rev_to > ?"


def scored(db: sqlite3.Connection, entities: Sequence[int], scope: Scope) -> Pairs:
    """See `Lookups.scored`."""
    asked = (json.dumps(list(entities)), *seen(scope))
    return pairs_of(db.execute(_NEAR, asked * 2).fetchall())


_NEAR = """
SELECT p.fa, p.fb, p.a, p.b, p.kind, p.vis, p.weights, p.blocked FROM json_each(?) j CROSS JOIN pair p ON p.a = j.value
WHERE p.vis IN (SELECT value FROM json_each(?)) AND p.rev_from <= ? AND p.rev_to > ?
UNION
SELECT p.fa, p.fb, p.a, p.b, p.kind, p.vis, p.weights, p.blocked FROM json_each(?) j CROSS JOIN pair p ON p.b = j.value
WHERE p.vis IN (SELECT value FROM json_each(?)) AND p.rev_from <= ? AND p.rev_to > ?
"""
