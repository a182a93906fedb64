"""From who pays to who is paid."""

from collections.abc import Sequence

import numpy as np

from workbench.analytics.forms.edges import Derivation, Edges, Evidence, Index, Source
from workbench.resolve.patterns import Pairs, Pattern, is_of, joined, pair_codes, pairs_of
from workbench.store.columns import Bool, Int32, Int64


def flow_form(source: Source) -> Edges:
    """From who pays to who is paid; an account with one holder is its holder.

    With who is left out go the accounts that nobody else holds.
    """
    n = len(source.snapshot.nodes)
    holding = _holding(source)
    place, several = _places(holding, source.left_out)
    holding = holding.take(~source.left_out[holding.x])
    flow = _flow(source)
    x, y = place[flow.x], place[flow.y]
    kept = (x != y) & (x >= 0) & (y >= 0)
    flow, x, y = flow.take(kept), x[kept], y[kept]
    joint = holding.take(several[holding.y])  # an account of several stands between them
    ends = joined([Pairs(x, y, flow.row), joint, joint.turned()])
    a, b = pairs_of(np.unique(pair_codes(ends.x, ends.y, n)), n)
    held = holding.row[np.isin(holding.y, np.concatenate([flow.x, flow.y]))]
    evidence = _evidence(flow, (x, y), holding, joint, n)
    return Edges(a, b, np.unique(np.concatenate([ends.row, held])), evidence, place)


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


def _places(holding: Pairs, left_out: Bool) -> tuple[Int32, Bool]:
    """The node of each entity (an account's only holder, else itself; -1 if left out), and joint accounts."""
    n = len(left_out)
    holder, held = pairs_of(np.unique(pair_codes(holding.x, holding.y, n)), n)
    holders = np.bincount(held, minlength=n)
    kept = np.bincount(held[~left_out[holder]], minlength=n)
    place = np.arange(n, dtype=np.int32)
    alone = holders[holding.y] == 1
    place[holding.y[alone]] = holding.x[alone]
    place[left_out | ((holders > 0) & (kept == 0))] = -1
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


def _evidence(flow: Pairs, nodes: tuple[Int32, Int32], holding: Pairs, joint: Pairs, n: int) -> Evidence:
    ends = {row: (a, b) for row, a, b in zip(flow.row.tolist(), flow.x.tolist(), flow.y.tolist(), strict=True)}
    flows = Index(Pairs(*nodes, flow.row), n)
    holders = Index(holding.turned(), n)
    joints = Index(joined([joint, joint.turned()]), n)

    def side(end: int, node: int) -> tuple[int, ...]:
        return holders.at(end).get(node, ()) if end != node else ()

    def evidence(p: int, q: int) -> list[Derivation]:
        found = []
        for row in flows.at(p).get(q, ()):
            a, b = ends[row]
            legs = [leg for leg in (side(a, p), (row,), side(b, q)) if leg]
            found.append(Derivation(tuple(legs), legs.index((row,)), flows=True))
        return found + [Derivation(((row,),), 0) for row in joints.at(p).get(q, ())]

    return evidence
