"""The three forms of a projection: what is shared, what flows, every tie."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.projection import Derivation, Edges, Source
from workbench.errors import UsageError
from workbench.model.ontology import ontology
from workbench.resolve.patterns import Pairs, Pattern, is_of, joined
from workbench.store.columns import Bool, Int32, Int64

_MOST_PAIRS = 50_000_000


class Index:
    """Pairs by what is at x: for each, its y and its row; sorted at the first question."""

    def __init__(self, pairs: Pairs, n: int) -> None:
        self._pairs, self._n = pairs, n

    @cached_property
    def _sorted(self) -> tuple[Pairs, Int64]:
        pairs = self._pairs
        order = np.lexsort((pairs.row, pairs.y, pairs.x))
        start = np.concatenate([[0], np.cumsum(np.bincount(pairs.x, minlength=self._n))])
        return Pairs(pairs.x[order], pairs.y[order], pairs.row[order]), start

    def at(self, x: int) -> dict[int, tuple[int, ...]]:
        """The rows by which x stands with each y."""
        pairs, start = self._sorted
        span = slice(int(start[x]), int(start[x + 1]))
        found: dict[int, list[int]] = defaultdict(list)
        for y, row in zip(pairs.y[span].tolist(), pairs.row[span].tolist(), strict=True):
            found[y].append(row)
        return {y: tuple(rows) for y, rows in found.items()}


def ties_form(source: Source) -> Edges:
    """Every tie as it stands, but those of who is set aside or left out."""
    snapshot = source.snapshot
    n = len(snapshot.nodes)
    off = source.set_aside | source.left_out
    rows = np.flatnonzero(~(off[snapshot.a] | off[snapshot.b]))
    pairs = Pairs(snapshot.a[rows], snapshot.b[rows], rows)
    index = Index(joined([pairs, pairs.turned()]), n)

    def evidence(x: int, y: int) -> list[Derivation]:
        return [Derivation(((row,),), 0) for row in index.at(x).get(y, ())]

    a, b = _unique(pairs.x, pairs.y, n)
    place = np.where(source.left_out, -1, np.arange(n)).astype(np.int32)
    return Edges(a, b, rows, evidence, place)


def _unique(x: Int32, y: Int32, n: int) -> tuple[Int32, Int32]:
    """Each unordered pair of different ends once, the smaller first, in order."""
    low, high = np.minimum(x, y).astype(np.int64), np.maximum(x, y)
    codes = np.unique((low * max(n, 1) + high)[low != high])
    return (codes // max(n, 1)).astype(np.int32), (codes % max(n, 1)).astype(np.int32)


def shared_form(source: Source) -> Edges:
    """Members tied through what they share, through what joins what they hold, or directly."""
    snapshot, table, ties = source.snapshot, source.table, source.ties
    n = len(snapshot.nodes)
    member = is_of(snapshot, table["members"]) & ~source.left_out
    shared = ties.find(Pattern(*each) for each in table["shared"])
    shared = shared.take(member[shared.x] & ~source.set_aside[shared.y] & ~member[shared.y])
    held = ties.find(Pattern(*each) for each in table["holding"])
    held = held.take(member[held.x] & ~source.set_aside[held.y] & is_of(snapshot, table["held"])[held.y])
    between = _between(source, member)
    through = _through_shared(shared, n)
    across, used = _through_between(held, between, member, n)
    a, b = _unique(np.concatenate([through[0], across[0]]), np.concatenate([through[1], across[1]]), n)
    several = np.bincount(_unique_columns(shared, n), minlength=n) > 1
    rows = np.unique(np.concatenate([shared.row[several[shared.y]], used]))
    place = np.where(member, np.arange(n), -1).astype(np.int32)
    return Edges(a, b, rows, _shared_evidence(shared, held, between, n), place)


def _between(source: Source, member: Bool) -> Pairs:
    """What joins holdings or members: calls, payments, and any relationship of two members.

    A call or payment in which a common value has a part carries nothing.
    """
    snapshot = source.snapshot
    calls = source.ties.find(Pattern(*each) for each in source.table["between"])
    aside = source.set_aside[calls.x] | source.set_aside[calls.y]
    records = snapshot.record[calls.row]
    dropped = np.unique(records[aside])
    calls = calls.take(~np.isin(records, dropped))
    names = snapshot.columns.names
    known = ontology()
    is_relationship = np.array([s in known.schemata and known.is_relationship(s) for s in names] or [False])
    direct = member[snapshot.a] & member[snapshot.b] & is_relationship[snapshot.tie_schema]
    rows = np.flatnonzero(direct & ~np.isin(snapshot.record, dropped))
    rows = np.setdiff1d(rows, calls.row)
    return joined([calls, Pairs(snapshot.a[rows], snapshot.b[rows], rows)])


def _unique_columns(pairs: Pairs, n: int) -> Int64:
    """The y of each different pair."""
    return np.unique(pairs.x.astype(np.int64) * max(n, 1) + pairs.y) % max(n, 1)


def _through_shared(shared: Pairs, n: int) -> tuple[Int32, Int32]:
    """Pairs of members who share something."""
    holders = np.bincount(_unique_columns(shared, n), minlength=1).astype(np.int64)
    if int((holders * holders).sum()) > _MOST_PAIRS:
        raise UsageError(f"{int(holders.max())} members share one value, too many to pair: set common values aside")
    matrix = _matrix(shared.x, shared.y, n)
    found = (matrix @ matrix.T).tocoo()
    return found.coords[0].astype(np.int32), found.coords[1].astype(np.int32)


def _matrix(x: Int32, y: Int32, n: int) -> csr_array:
    matrix = csr_array((np.ones(len(x), np.int32), (x, y)), shape=(n, n))
    matrix.data[:] = 1
    return matrix


def _through_between(held: Pairs, between: Pairs, member: Bool, n: int) -> tuple[tuple[Int32, Int32], Int64]:
    """Pairs of members that a call, payment or relationship joins, and the rows used."""
    own = np.flatnonzero(member).astype(np.int32)
    stands = _matrix(np.concatenate([own, held.x]), np.concatenate([own, held.y]), n)
    found = (stands @ _matrix(between.x, between.y, n) @ stands.T).tocoo()
    x, y = found.coords[0].astype(np.int32), found.coords[1].astype(np.int32)
    somebody = np.asarray(stands.sum(axis=0)).ravel() > 0
    used = somebody[between.x] & somebody[between.y]
    touched = np.zeros(n, dtype=bool)
    touched[between.x[used]] = touched[between.y[used]] = True
    return (x, y), np.concatenate([between.row[used], held.row[touched[held.y]]])


def _shared_evidence(shared: Pairs, held: Pairs, between: Pairs, n: int) -> Callable[[int, int], list[Derivation]]:
    by_member, holdings = Index(shared, n), Index(held, n)
    joins = Index(joined([between, between.turned()]), n)

    def evidence(p: int, q: int) -> list[Derivation]:
        mine, yours = by_member.at(p), by_member.at(q)
        found = [Derivation((mine[thing], yours[thing]), 0) for thing in sorted(mine.keys() & yours.keys())]
        at_p, at_q = holdings.at(p) | {p: ()}, holdings.at(q) | {q: ()}
        for x in sorted(at_p):
            for y, rows in sorted(joins.at(x).items()):
                if y in at_q:
                    legs = [leg for leg in (at_p[x], rows, at_q[y]) if leg]
                    found.append(Derivation(tuple(legs), legs.index(rows)))
        return found

    return evidence


def flow_form(source: Source) -> Edges:
    """From who pays to who is paid; an account with one holder is its holder."""
    snapshot = source.snapshot
    n = len(snapshot.nodes)
    holding = _holding(source)
    place, several = _places(holding, n)
    place[source.left_out] = -1
    flow = _flow(source)
    x, y = place[flow.x], place[flow.y]
    kept = (x != y) & (x >= 0) & (y >= 0)
    flow, x, y = flow.take(kept), x[kept], y[kept]
    codes = np.unique(x.astype(np.int64) * max(n, 1) + y)
    joint = holding.take(several[holding.y])
    codes = np.unique(
        np.concatenate([codes, *(p.x.astype(np.int64) * max(n, 1) + p.y for p in (joint, joint.turned()))])
    )
    rows = np.unique(np.concatenate([flow.row, joint.row, _used(holding, flow)]))
    return Edges(
        (codes // max(n, 1)).astype(np.int32),
        (codes % max(n, 1)).astype(np.int32),
        rows,
        _flow_evidence(flow, x, y, holding, joint, n),
        place,
    )


def _holding(source: Source) -> Pairs:
    """Who holds which account; what a payment says counts only where nothing else does."""
    ties, table, snapshot = source.ties, source.table, source.snapshot
    account = is_of(snapshot, table["accounts"]) & ~source.set_aside
    recorded = ties.find(Pattern(*each) for each in table["holding"])
    recorded = recorded.take(account[recorded.y])
    said = ties.find(Pattern(*each) for each in table["said"])
    has_holder = np.zeros(len(snapshot.nodes), dtype=bool)
    has_holder[recorded.y] = True
    said = said.take(account[said.y] & ~has_holder[said.y])
    return joined([recorded, said])


def _places(holding: Pairs, n: int) -> tuple[Int32, Bool]:
    """The node of each entity (an account's only holder, else itself), and joint accounts."""
    holders = np.bincount(_unique_columns(holding, n), minlength=n)
    place = np.arange(n, dtype=np.int32)
    alone = holders[holding.y] == 1
    place[holding.y[alone]] = holding.x[alone]
    return place, holders > 1


def _flow(source: Source) -> Pairs:
    """The flow of each record between the first ends that it names, and to its place if in cash."""
    snapshot, table = source.snapshot, source.table
    flow, rank = _ranked(source, table["flow"])
    flow_record = snapshot.record[flow.row]
    aside = np.unique(flow_record[source.set_aside[flow.x] | source.set_aside[flow.y]])
    to_account = np.unique(flow_record[is_of(snapshot, ["BankAccount"])[flow.y]])
    cash, cash_rank = _ranked(source, table["cash"])
    in_cash = ~np.isin(snapshot.record[cash.row], to_account) & ~source.set_aside[cash.y]
    parts = [flow.take(_first(rank, flow_record)), cash.take(in_cash & _first(cash_rank, snapshot.record[cash.row]))]
    found = joined(parts)
    return found.take(~np.isin(snapshot.record[found.row], aside) & ~source.set_aside[found.x])


def _ranked(source: Source, patterns: Sequence[Sequence[str]]) -> tuple[Pairs, Int64]:
    """The pairs of each of some patterns, and the place of its pattern among them."""
    found = [source.ties.find([Pattern(*pattern)]) for pattern in patterns]
    return joined(found), np.repeat(np.arange(len(found)), [len(pairs.x) for pairs in found])


def _first(rank: Int64, record: Int64) -> Bool:
    """Which rows have the lowest rank of their record."""
    _, place = np.unique(record, return_inverse=True)
    best = np.full(len(record), np.iinfo(np.int64).max)
    np.minimum.at(best, place, rank)
    return np.asarray(rank == best[place])


def _used(holding: Pairs, flow: Pairs) -> Int64:
    """Rows of holdings by which an account of the flow is its holder's."""
    return holding.row[np.isin(holding.y, np.concatenate([flow.x, flow.y]))]


def _flow_evidence(
    flow: Pairs, x: Int32, y: Int32, holding: Pairs, joint: Pairs, n: int
) -> Callable[[int, int], list[Derivation]]:
    ends: dict[int, tuple[int, int]] = {}
    for row, a, b in zip(flow.row.tolist(), flow.x.tolist(), flow.y.tolist(), strict=True):
        ends[row] = (a, b)
    flows = Index(Pairs(x, y, flow.row), n)
    holders = Index(holding.turned(), n)
    joints = Index(joined([joint, joint.turned()]), n)

    def side(end: int, node: int) -> tuple[int, ...]:
        return holders.at(end).get(node, ()) if end != node else ()

    def evidence(p: int, q: int) -> list[Derivation]:
        found = []
        for row in flows.at(p).get(q, ()):
            a, b = ends[row]
            legs = [leg for leg in (side(a, p), (row,), side(b, q)) if leg]
            found.append(Derivation(tuple(legs), legs.index((row,))))
        return found + [Derivation(((row,),), 0) for row in joints.at(p).get(q, ())]

    return evidence


FORMS: Mapping[str, Callable[[Source], Edges]] = {"flow": flow_form, "shared": shared_form, "ties": ties_form}
