"""Scores of pairs on a server, and what records say about facets.

Facets and pairs are nodes to which no relationship leads: they are found by their numbers, and pairs by the entities
that they are between. The present that Browser draws has none of them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, LiteralString

from workbench.model.numbers import RevisionNumber
from workbench.store.columns import all_rows
from workbench.store.dump_rows import FacetRow, PairRow
from workbench.store.facet_values import FacetValues, facet_values, held_by_many, limits
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.reader import classes
from workbench.store.scores import (
    HELD,
    Counted,
    Facets,
    Pairs,
    Scores,
    facets_in,
    in_order,
    model_for_views,
    pairs_in,
    pairs_of,
)
from workbench.store.types import Scope

_PAGE = 10_000
_FACETS_PAGE = 5_000  # so many facets have some ten thousand pairs
_PAGES_AT_ONCE = 8

# Runs a query in a transaction; see `connection.rows`.
Run = Callable[..., list[list[Any]]]

_NEWEST_FACET: LiteralString = "MATCH (f:Facet) WHERE f.fid > 0 RETURN f.fid ORDER BY f.fid DESC LIMIT 1"
# Records are numbered in the order of revisions; those that have ended are marked until the load is tidied up.
_OLDER: LiteralString = """
MATCH (r:Record) WHERE r.rid > 0 AND r.rev_from < $revision RETURN r.rid ORDER BY r.rid DESC LIMIT 1
"""
_CHANGED: LiteralString = """
CALL () {
    MATCH (r:Record) WHERE r.rid > $older RETURN r.rid AS rid
    UNION MATCH (r:Record:Closing) WHERE r.rev_to = $revision RETURN r.rid AS rid
}
RETURN rid
"""
_SAID: LiteralString = """
UNWIND $rids AS rid MATCH (r:Record {rid: rid}) WHERE r.rev_to > r.rev_from
RETURN r.vis, r.about, r.ties, r.about IS NOT NULL AND r.schema IN $held
"""
_TIED: LiteralString = """
UNWIND $things AS x
CALL (x) {
    MATCH (e:Entity {eid: x[0]})-[t:$any($types)]-(:Entity) USING INDEX SEEK e:Entity(eid) RETURN t.rid AS rid
    UNION MATCH (f:FoundBy {number: x[0]}) USING INDEX SEEK f:FoundBy(number) RETURN f.rid AS rid
}
MATCH (r:Record {rid: rid}) WHERE r.vis = x[1] AND r.rev_to > r.rev_from AND r.ties IS NOT NULL
RETURN x[0], x[1], r.ties
"""


def last_facet(run: Run) -> int:
    """See `Transaction.last_facet`."""
    return next((number for (number,) in run(_NEWEST_FACET)), 0)


def said_at(run: Run, types: Collection[str], revision: int) -> set[tuple[int, int]]:
    """See `Transaction.said_at`; of a revision that is being published. `types` are those of relationships."""
    older = [rid for (rid,) in run(_OLDER, revision=revision)] or [0]
    return said_by(run, types, [rid for (rid,) in run(_CHANGED, older=older[0], revision=revision)])


def said_by(run: Run, types: Collection[str], records: Collection[int]) -> set[tuple[int, int]]:
    """See `Transaction.said_by`."""
    said, things = set[tuple[int, int]](), set[tuple[int, int]]()
    for some in _pages(sorted(records)):
        for vis, about, ties, is_held in run(_SAID, rids=some, held=HELD):
            said.update((end, vis) for pair in _ends(ties or ()) for end in pair)
            if about is not None:
                said.add((about, vis))
            if is_held:
                things.add((about, vis))
    drawn = sorted({*types, "PAST"})
    for some in _pages(sorted(things)):
        for thing, vis, ties in run(_TIED, things=[[*each] for each in some], types=drawn):
            said.update((end, vis) for pair in _ends(ties) if thing in pair for end in pair if end != thing)
    return said


def _ends(ties: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The two entities of each tie of a record, from its property `ties`."""
    return ((ties[i], ties[i + 1]) for i in range(1, len(ties), 3))


def _pages(numbers: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(numbers)
    while some := list(islice(left, _PAGE)):
        yield some


# -- rows ---------------------------------------------------------------------------------------

PUT_FACETS: LiteralString = """
UNWIND $rows AS x MERGE (f:Facet {fid: x[0]}) SET f.eid = x[1], f.kind = x[2], f.vis = x[3], f.scope = x[4],
    f.forms = x[5], f.rev_from = x[6], f.rev_to = x[7],
    f.holder = x[8], f.values = x[9]
"""
PUT_PAIRS: LiteralString = """
UNWIND $rows AS x MERGE (p:Pair {fa: x[0], fb: x[1]}) SET p.a = x[2], p.b = x[3], p.kind = x[4], p.vis = x[5],
    p.weights = x[6], p.blocked = x[7], p.rev_from = x[8], p.rev_to = x[9]
"""
_FACETS_OF: LiteralString = """
UNWIND $entities AS eid MATCH (f:Facet {eid: eid}) USING INDEX SEEK f:Facet(eid)
RETURN f.fid, f.eid, f.kind, f.vis, f.scope, f.forms, f.rev_from, f.rev_to
"""
_PAIRS_OF: LiteralString = """
CALL () {
    UNWIND $facets AS fid MATCH (p:Pair) USING INDEX SEEK p:Pair(fa, fb) WHERE p.fa = fid AND p.fb > fid RETURN p
    UNION UNWIND $facets AS fid MATCH (p:Pair {fb: fid}) USING INDEX SEEK p:Pair(fb) RETURN p
}
RETURN p.fa, p.fb, p.a, p.b, p.kind, p.vis, p.weights, p.blocked, p.rev_from, p.rev_to
"""
_DROP: tuple[LiteralString, ...] = (
    "UNWIND $facets AS fid MATCH (p:Pair) USING INDEX SEEK p:Pair(fa, fb) WHERE p.fa = fid AND p.fb > fid DELETE p",
    "UNWIND $facets AS fid MATCH (p:Pair {fb: fid}) USING INDEX SEEK p:Pair(fb) DELETE p",
    "UNWIND $facets AS fid MATCH (f:Facet {fid: fid}) DELETE f",
)
_DROP_PAIRS: LiteralString = "UNWIND $pairs AS x MATCH (p:Pair {fa: x[0], fb: x[1]}) DELETE p"


def facets_of(run: Run, entities: Collection[int]) -> list[FacetRow]:
    """See `Transaction.facets_of`."""
    return sorted(FacetRow._make(row) for some in _pages(sorted(entities)) for row in run(_FACETS_OF, entities=some))


def pairs_with(run: Run, facets: Collection[int]) -> list[PairRow]:
    """See `Transaction.pairs_of`."""
    every = (row for some in _pages(sorted(facets)) for row in run(_PAIRS_OF, facets=some))
    return sorted({PairRow._make(row) for row in every})


def drop_facets(run: Run, facets: Collection[int]) -> None:
    """See `Transaction.drop_facets`."""
    for some in _pages(sorted(facets)):
        for statement in _DROP:
            run(statement, facets=some)


def drop_pairs(run: Run, pairs: Collection[tuple[int, int]]) -> None:
    """See `Transaction.drop_pairs`."""
    for some in _pages(sorted(pairs)):
        run(_DROP_PAIRS, pairs=[[*each] for each in some])


# -- readers --------------------------------------------------------------------------------------

_LAST_FACET: LiteralString = """
RETURN COLLECT { MATCH (f:Facet) WHERE f.fid > 0 RETURN f.fid ORDER BY f.fid DESC LIMIT 1 }
"""
_PAIRS_AT: LiteralString = """
MATCH (p:Pair) WHERE p.fa > $after AND p.fa <= $end AND p.fb > 0 AND p.rev_from <= $revision AND p.rev_to > $revision
RETURN collect(p.fa), collect(p.fb), collect(p.a), collect(p.b), collect(p.kind), collect(p.vis), collect(p.blocked),
    collect(p.weights)
"""
_TALLY: LiteralString = """
MATCH (f:Facet) WHERE f.rev_from <= $revision AND f.rev_to > $revision RETURN f.kind, f.vis, count(*)
"""
_MODEL: LiteralString = """
MATCH (m:ScoringModel) WHERE m.rev_from <= $revision AND m.rev_to > $revision RETURN m.body
"""
_STANDING: LiteralString = """
MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end
    AND f.vis IN $allowed AND f.rev_from <= $revision AND f.rev_to > $revision
RETURN collect(f.fid), collect(f.eid), collect(f.kind), collect(f.vis), collect(f.scope)
"""
_FORMS: LiteralString = """
MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end
    AND f.vis IN $allowed AND f.rev_from <= $revision AND f.rev_to > $revision
RETURN collect(f.fid), collect(f.forms)
"""
_FORMS_OF: LiteralString = """
UNWIND $entities AS eid MATCH (f:Facet {eid: eid}) USING INDEX SEEK f:Facet(eid)
WHERE f.vis IN $allowed AND f.rev_from <= $revision AND f.rev_to > $revision
RETURN collect(f.fid), collect(f.forms)
"""
_MANY: LiteralString = """
MATCH (f:Facet) WHERE f.fid > 0 UNWIND f.values AS value WITH value, count(DISTINCT f.holder) AS n WHERE n > $limit
RETURN collect([value, n])
"""
_HOLDING: LiteralString = """
MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end
    AND f.vis IN $allowed AND f.rev_from <= $revision AND f.rev_to > $revision
UNWIND f.values AS value WITH f, value WHERE value IN $values RETURN collect([value, f.fid, f.holder, f.vis])
"""
_HELD_BY: LiteralString = """
UNWIND $facets AS fid MATCH (f:Facet {fid: fid})
WHERE f.vis IN $allowed AND f.rev_from <= $revision AND f.rev_to > $revision
UNWIND f.values AS value RETURN collect([value, f.fid, f.holder, f.vis])
"""
_SCORED: LiteralString = """
CALL () {
    UNWIND $asked.entities AS eid MATCH (p:Pair {a: eid}) USING INDEX SEEK p:Pair(a) RETURN p
    UNION UNWIND $asked.entities AS eid MATCH (p:Pair {b: eid}) USING INDEX SEEK p:Pair(b) RETURN p
}
WITH p WHERE p.vis IN $allowed AND p.rev_from <= $revision AND p.rev_to > $revision
RETURN collect([p.fa, p.fb, p.a, p.b, p.kind, p.vis, p.weights, p.blocked])
"""


def shared(database: Database, revision: int) -> FacetValues:
    """See `Backend.shared`."""
    everybody = Scope(tuple(each.vis for each in classes(database)), RevisionNumber(revision))
    return holding(database, everybody, held_by_many(database.row(_MANY, limit=min(limits().values()))[0]))


def holding(database: Database, scope: Scope, values: Collection[int]) -> FacetValues:
    """See `Backend.holding`."""
    pages = _facet_pages(database, values=list(values), **_seen(scope)) if values else []
    found = database.row_of_each(_HOLDING, pages, lambda page: page[0])
    return facet_values(sorted(tuple(row) for page in found for row in page))


def held_by(database: Database, scope: Scope, facets: Collection[int]) -> FacetValues:
    """See `Backend.held_by`."""
    pages = (database.row(_HELD_BY, facets=some, **_seen(scope))[0] for some in _pages(facets))
    return facet_values(sorted(tuple(row) for page in pages for row in page))


def scores_at(database: Database, revision: int, counted: Counted) -> Scores:
    """See `Backend.scores`; facets are counted already."""
    asked = _facet_pages(database, revision=revision)
    pages = database.row_of_each(_PAIRS_AT, asked, lambda page: pairs_in(page[:-1], page[-1]))
    return Scores(in_order(pages), *counted)


def counted_at(database: Database, revision: int) -> Counted:
    """What is counted of a revision."""
    models = [model_for_views(body) for (body,) in database.read(_MODEL, revision=revision)]
    return Counted({(kind, vis): n for kind, vis, n in database.read(_TALLY, revision=revision)}, "".join(models))


def standing_facets(database: Database, scope: Scope) -> Facets:
    """See `Backend.facets`."""
    return all_rows(database.row_of_each(_STANDING, _facet_pages(database, **_seen(scope)), facets_in))


def forms(database: Database, scope: Scope) -> Iterator[dict[int, str]]:
    """See `Backend.forms`."""
    pages = iter(_facet_pages(database, **_seen(scope)))
    while some := list(islice(pages, _PAGES_AT_ONCE)):
        yield from database.row_of_each(_FORMS, some, _by_number)


def forms_of(database: Database, scope: Scope, entities: Collection[int]) -> dict[int, str]:
    """See `Backend.forms_of`."""
    found = dict[int, str]()
    for some in _pages(sorted(entities)):
        found |= _by_number(database.row(_FORMS_OF, entities=some, **_seen(scope)))
    return found


def _by_number(page: Sequence[Sequence[Any]]) -> dict[int, str]:
    return dict(zip(*page, strict=True))


def _seen(scope: Scope) -> dict[str, Any]:
    return {"allowed": list(scope.allowed), "revision": scope.revision}


def _facet_pages(database: Database, **asked: Any) -> list[Mapping[str, Any]]:
    """Ranges of the numbers of facets; at least one."""
    (last,) = database.row(_LAST_FACET)
    starts = range(0, max([1, *last]), _FACETS_PAGE)
    return [{**asked, "after": after, "end": after + _FACETS_PAGE} for after in starts]


def scored(database: Database, entities: Sequence[int], scope: Scope) -> Pairs:
    """See `Lookups.scored`."""
    found = database.row(_SCORED, asked={"entities": entities}, **_seen(scope))[0] if entities else []
    return pairs_of(found)
