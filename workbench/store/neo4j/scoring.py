"""Facets and pairs of a revision that is not published yet, as many as there may be.

They are written a batch at a time, beside the transaction that publishes the revision, in the second lane of its
lease: in one transaction they would not fit in a server's memory. Nobody sees them before it is committed. If it is
not, the next writer removes them, and lets those stand that it would have ended.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, LiteralString

from neo4j import ManagedTransaction

from workbench.store.dump_rows import FacetRow, PairRow
from workbench.store.facet_values import values_of
from workbench.store.neo4j import scores
from workbench.store.neo4j.connection import rows
from workbench.store.neo4j.lease import SECOND, Lease
from workbench.store.neo4j.scores import PUT_FACETS, PUT_PAIRS
from workbench.store.records_known import LIVE

_AT_ONCE = 10_000  # rows in a transaction
_FACETS_AT_ONCE = 5_000

_PUT: Mapping[type[tuple[Any, ...]], LiteralString] = {FacetRow: PUT_FACETS, PairRow: PUT_PAIRS}
# The lane says for which revision scores are written: only its own steps lock it.
_BEGIN: LiteralString = """
MATCH (s:Store {name: 'workbench'}) MATCH (l:Lease {name: 'second'}) SET l.scores = s.published + 1 RETURN s.published
"""
_UNPUBLISHED: LiteralString = """
MATCH (s:Store {name: 'workbench'}) MATCH (l:Lease {name: 'second'}) WHERE l.scores > s.published RETURN s.published
"""
_LAST: LiteralString = """
RETURN coalesce(COLLECT { MATCH (f:Facet) WHERE f.fid > 0 RETURN f.fid ORDER BY f.fid DESC LIMIT 1 }[0], 0),
    coalesce(COLLECT { MATCH (p:Pair) WHERE p.fa > 0 AND p.fb > 0 RETURN p.fa ORDER BY p.fa DESC LIMIT 1 }[0], 0)
"""
_FORGET: tuple[LiteralString, ...] = (
    "MATCH (p:Pair) WHERE p.fa > $after AND p.fa <= $end AND p.fb > 0 AND p.rev_from > $published DELETE p",
    """
    MATCH (p:Pair) WHERE p.fa > $after AND p.fa <= $end AND p.fb > 0 AND p.rev_to > $published AND p.rev_to < $live
    SET p.rev_to = $live
    """,
    "MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end AND f.rev_from > $published DELETE f",
    """
    MATCH (f:Facet) WHERE f.fid > $after AND f.fid <= $end AND f.rev_to > $published AND f.rev_to < $live
    SET f.rev_to = $live
    """,
)
_FORGOTTEN: LiteralString = "MATCH (l:Lease {name: 'second'}) REMOVE l.scores"


class Aside:
    """Writes facets and pairs of the next revision, for one attempt at the transaction that publishes it.

    What an earlier attempt left is removed at once: nothing of it may be read in this one.
    """

    def __init__(self, tx: ManagedTransaction, lease: Lease) -> None:
        self._lease = lease
        self._published: int | None = None
        if rows(tx, _UNPUBLISHED):
            forget_scores(lease)

    def put(self, kind: type[tuple[Any, ...]], new: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
        """Write the rows that begin or end with the next revision; returns the others.

        Of what stood before, nothing but `rev_to` may differ.
        """
        published = self._begun()
        wanted = [published < row[-2] or published < row[-1] < LIVE for row in new]
        mine = [row for row, is_wanted in zip(new, wanted, strict=True) if is_wanted]
        for start in range(0, len(mine), _AT_ONCE):
            self._lease.step(partial(put, kind=kind, some=mine[start : start + _AT_ONCE]), SECOND)
        return [row for row, is_wanted in zip(new, wanted, strict=True) if not is_wanted]

    def last_facet(self) -> int:
        """The highest number of a facet outside: whose facet the transaction deletes has locked that number."""
        return int(self._lease.step(lambda tx: scores.last_facet(partial(rows, tx)), SECOND))

    def _begun(self) -> int:
        """The newest publication; notes that scores are written for the next."""
        if self._published is None:
            ((self._published,),) = self._lease.step(lambda tx: rows(tx, _BEGIN), SECOND)
        return int(self._published or 0)


def put(tx: ManagedTransaction, kind: type[tuple[Any, ...]], some: Sequence[tuple[Any, ...]]) -> None:
    """Write facets or pairs; each replaces the one with its key."""
    for start in range(0, len(some), _AT_ONCE):
        page = some[start : start + _AT_ONCE]
        rows(tx, _PUT[kind], rows=[[*row, *_derived(row)] for row in page])


def _derived(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The name and the values of a facet, as two fields more."""
    return values_of(row.fid, row.forms) if isinstance(row, FacetRow) else ()


def forget_scores(lease: Lease) -> None:
    """Remove what was never published, and let stand again what it would have ended."""
    for (published,) in lease.step(lambda tx: rows(tx, _UNPUBLISHED), SECOND):
        last = max(lease.step(lambda tx: rows(tx, _LAST), SECOND)[0])
        for after in range(0, last, _FACETS_AT_ONCE):
            spans = {"after": after, "end": after + _FACETS_AT_ONCE, "published": published, "live": LIVE}
            lease.step(partial(_forget, spans=spans), SECOND)
        lease.step(lambda tx: rows(tx, _FORGOTTEN), SECOND)


def _forget(tx: ManagedTransaction, spans: Mapping[str, int]) -> None:
    for statement in _FORGET:
        rows(tx, statement, **spans)
