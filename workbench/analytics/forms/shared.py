"""Edges between members who share something, or whose holdings are tied."""

from functools import partial

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.forms.edges import Derivation, Edges, Evidence, Index, Source
from workbench.analytics.forms.reasons import of_shared
from workbench.errors import UsageError
from workbench.model.numbers import Place
from workbench.model.ontology import ontology
from workbench.store.assembly import each_once
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.patterns import Pairs, Pattern, is_of, joined, pair_codes, pairs_of

_MOST_PAIRS = 50_000_000


def shared_form(source: Source) -> Edges:
    """Edges between members who share something, whose holdings are tied, or who are tied directly."""
    snapshot, table, ties = source.snapshot, source.table, source.ties
    n = len(snapshot.nodes)
    member = is_of(snapshot, table["members"]) & ~source.left_out
    shared = ties.find(Pattern(*each) for each in table["shared"])
    shared = shared.take(member[shared.x] & ~source.set_aside[shared.y] & ~member[shared.y])
    held = ties.find(Pattern(*each) for each in table["holding"])
    held = held.take(member[held.x] & ~source.set_aside[held.y] & is_of(snapshot, table["held"])[held.y])
    between = _between(source, member)
    pairs = each_once(np.concatenate([_through_shared(shared, n), _through_between(held, between, member, n)]))
    a, b = pairs_of(pairs, n)
    rows = np.concatenate([_rows_shared(shared, n), _rows_between(held, between, member)])
    place = np.where(member, np.arange(n), -1).astype(np.int32)
    reasons = partial(of_shared, shared, held, between, member, (a, b))
    return Edges(a, b, each_once(rows), _evidence(shared, held, between, n), place, reasons)


def _between(source: Source, member: Bool) -> Pairs:
    """The ties between holdings or members: calls, payments, and any relationship of two members.

    A call or payment that involves a common value is left out.
    """
    snapshot = source.snapshot
    calls = source.ties.find(Pattern(*each) for each in source.table["between"])
    aside = source.set_aside[calls.x] | source.set_aside[calls.y]
    records = snapshot.record[calls.row]
    dropped = np.unique(records[aside])
    calls = calls.take(~np.isin(records, dropped))
    names = snapshot.names
    known = ontology()
    is_relationship = np.array([s in known.schemata and known.is_relationship(s) for s in names] or [False])
    direct = member[snapshot.a] & member[snapshot.b] & is_relationship[snapshot.tie_schema]
    rows = np.flatnonzero(direct & ~np.isin(snapshot.record, dropped))
    return joined([calls, Pairs(snapshot.a[rows], snapshot.b[rows], rows)])


def _through_shared(shared: Pairs, n: int) -> Int64:
    """The pairs of members who share something, as codes, the smaller member first."""
    holders = _holders(shared, n)
    if int((holders * holders).sum()) > _MOST_PAIRS:
        raise UsageError(f"{int(holders.max())} members share one value, too many to pair: set common values aside")
    matrix = _matrix(shared.x, shared.y, n)
    return _codes(matrix @ matrix.T, n)


def _through_between(held: Pairs, between: Pairs, member: Bool, n: int) -> Int64:
    """The pairs of members tied by a call, payment or relationship, as codes, the smaller member first."""
    own = np.flatnonzero(member).astype(np.int32)
    stands = _matrix(np.concatenate([own, held.x]), np.concatenate([own, held.y]), n)
    return _codes(stands @ _matrix(between.x, between.y, n) @ stands.T, n)


def _matrix(x: Int32, y: Int32, n: int) -> csr_array:
    matrix = csr_array((np.ones(len(x), np.int32), (x, y)), shape=(n, n))
    matrix.data[:] = 1
    return matrix


def _codes(matrix: csr_array, n: int) -> Int64:
    x, y = (ends.astype(np.int32) for ends in matrix.tocoo().coords)
    apart = x != y
    return each_once(pair_codes(np.minimum(x, y)[apart], np.maximum(x, y)[apart], n))


def _holders(shared: Pairs, n: int) -> Int64:
    """The number of different members who share each thing."""
    _, things = pairs_of(each_once(pair_codes(shared.x, shared.y, n)), n)
    return np.bincount(things, minlength=n).astype(np.int64)


def _rows_shared(shared: Pairs, n: int) -> Int64:
    """The rows of things that two or more members share."""
    return shared.row[_holders(shared, n)[shared.y] > 1]


def _rows_between(held: Pairs, between: Pairs, member: Bool) -> Int64:
    """The rows of ties between members or their holdings, and the rows of those holdings."""
    somebody = member.copy()
    somebody[held.y] = True
    used = somebody[between.x] & somebody[between.y]
    touched = np.zeros(len(member), dtype=bool)
    touched[between.x[used]] = touched[between.y[used]] = True
    return np.concatenate([between.row[used], held.row[touched[held.y]]])


def _evidence(shared: Pairs, held: Pairs, between: Pairs, n: int) -> Evidence:
    by_member, holdings = Index(shared, n), Index(held, n)
    joins = Index(joined([between, between.turned()]), n)

    def evidence(p: Place, q: Place) -> list[Derivation]:
        mine, yours = by_member.at(p), by_member.at(q)
        reasons = [Derivation((mine[thing], yours[thing]), 0) for thing in sorted(mine.keys() & yours.keys())]
        at_p, at_q = holdings.at(p) | {p: ()}, holdings.at(q) | {q: ()}
        for x in sorted(at_p):
            for y in sorted(at_q):
                if rows := joins.rows(x, y):
                    legs = [leg for leg in (at_p[x], rows, at_q[y]) if leg]
                    reasons.append(Derivation(tuple(legs), legs.index(rows)))
        return reasons

    return evidence
