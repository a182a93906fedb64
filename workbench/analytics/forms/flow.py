"""Edges of money: from the payer to the beneficiary."""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from workbench.analytics.forms.edges import Derivation, Edges, Evidence, Index, Source
from workbench.analytics.forms.reasons import of_flow
from workbench.model.numbers import Place
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.patterns import Pairs, Pattern, is_of, joined, pair_codes, pairs_of


def flow_form(source: Source) -> Edges:
    """Edges from payer to beneficiary; an account with one holder is replaced by its holder.

    Accounts that are held only by entities left out are left out too.
    """
    first, _ = _flow(source)
    return _edges(source, first, joined([]), joined([]))


def followed_form(source: Source) -> Edges:
    """As `flow_form`, but a payer or beneficiary named in a payment counts, whatever other records say.

    That entity pays or is paid in that payment, and counts as one of the account's holders.
    """
    return _edges(source, *_flow(source), _said(source, _accounts(source)))


def _edges(source: Source, first: Pairs, others: Pairs, said: Pairs) -> Edges:
    """The edges of payments, and of passing an account to its holders; `others` and `said` only if they add edges."""
    n = len(source.snapshot.nodes)
    holding = _holding(source)
    only = _only(holding, n)
    place = _places(holding, only, source.left_out)
    holding = holding.take(~source.left_out[holding.x])
    more = said.take(~np.isin(pair_codes(said.x, said.y, n), pair_codes(holding.x, holding.y, n)))
    first, others, through = (_apart(each, place) for each in (first, others, joined([holding, more])))
    flow = joined([first, others.take(~_told(source, others, first, place))])
    flowing, passing = _at(flow, place), _at(through, place)
    ends = joined([flowing, passing, passing.turned()])
    a, b = pairs_of(np.unique(pair_codes(ends.x, ends.y, n)), n)
    held = holding.row[np.isin(holding.y, _followed(only, np.concatenate([flow.x, flow.y, through.x, through.y])))]
    rows, evidence = np.unique(np.concatenate([ends.row, held])), _evidence(flow, through, holding, only, place)
    return Edges(a, b, rows, evidence, place, partial(of_flow, flow, through, holding, (only, place), (a, b)))


def _apart(pairs: Pairs, place: Int32) -> Pairs:
    """The pairs whose two ends have different nodes."""
    x, y = place[pairs.x], place[pairs.y]
    return pairs.take((x != y) & (x >= 0) & (y >= 0))


def _at(pairs: Pairs, place: Int32) -> Pairs:
    """The pairs with both ends replaced by their nodes."""
    return Pairs(place[pairs.x], place[pairs.y], pairs.row)


def _told(source: Source, others: Pairs, first: Pairs, place: Int32) -> Bool:
    """A mask of those `others` that repeat, for the same record, the nodes of a pair in `first`."""
    both = joined([others, first])
    n = len(place)
    _, way = np.unique(pair_codes(place[both.x], place[both.y], n), return_inverse=True)
    record = source.snapshot.record[both.row].astype(np.int64)
    code = record * (len(way) + 1) + way
    return np.isin(code[: len(others.x)], code[len(others.x) :])


def _accounts(source: Source) -> Bool:
    return is_of(source.snapshot, source.table["accounts"]) & ~source.set_aside


def _said(source: Source, account: Bool) -> Pairs:
    """The (holder, account) pairs that payments state."""
    said = source.ties.find(Pattern(*each) for each in source.table["said"])
    return said.take(account[said.y])


def _holding(source: Source) -> Pairs:
    """The (holder, account) pairs from records, and from payments for accounts without any."""
    account = _accounts(source)
    recorded = source.ties.find(Pattern(*each) for each in source.table["holding"])
    recorded = recorded.take(account[recorded.y])
    has_holder = np.zeros(len(account), dtype=bool)
    has_holder[recorded.y] = True
    return joined([recorded, _said(source, account & ~has_holder)])


def _only(holding: Pairs, n: int) -> Int32:
    """The only holder of each account; any other entity, and any in a ring of holders, maps to itself."""
    _, held = pairs_of(np.unique(pair_codes(holding.x, holding.y, n)), n)
    alone = np.bincount(held, minlength=n)[holding.y] == 1
    only = np.arange(n, dtype=np.int32)
    only[holding.y[alone]] = holding.x[alone]
    far = _last(only)
    ring = far[only[far] != far]
    only[ring] = ring
    return only


def _last(only: Int32) -> Int32:
    """The last holder for each entity, following only holders."""
    for _ in range(len(only).bit_length()):
        only = only[only]
    return only


def _followed(only: Int32, ends: Int32) -> Int32:
    """These entities and all their only holders."""
    entities = np.unique(ends)
    while len(more := np.union1d(entities, only[entities])) > len(entities):
        entities = more
    return entities


def _places(holding: Pairs, only: Int32, left_out: Bool) -> Int32:
    """The node of each entity: the last holder of an account, else itself; -1 if left out."""
    n = len(left_out)
    out = left_out.copy()
    out[np.setdiff1d(holding.y, holding.y[~left_out[holding.x]])] = True
    place = _last(only)
    return np.where(out | out[place], np.int32(-1), place) if n else place


def _flow(source: Source) -> tuple[Pairs, Pairs]:
    """Two sets of pairs: the flow between the ends of each record, by the first matching pattern, and by the others.

    The others state the same flow with other ends. Cash flows to the place named, if to no account.
    """
    snapshot, table = source.snapshot, source.table
    flow, rank = _ranked(source, table["flow"])
    flow_record = snapshot.record[flow.row]
    aside = np.unique(flow_record[source.set_aside[flow.x] | source.set_aside[flow.y]])
    to_account = np.unique(flow_record[is_of(snapshot, ["BankAccount"])[flow.y]])
    cash, cash_rank = _ranked(source, table["cash"])
    every, record = joined([flow, cash]), np.concatenate([flow_record, snapshot.record[cash.row]])
    first = np.concatenate([_first(rank, flow_record), _first(cash_rank, snapshot.record[cash.row])])
    counts = ~np.isin(record, aside) & ~source.set_aside[every.x] & ~source.set_aside[every.y]
    counts[len(flow.x) :] &= ~np.isin(snapshot.record[cash.row], to_account)
    others = counts & ~first & np.isin(record, record[counts & first])
    return every.take(counts & first), every.take(others)


def _ranked(source: Source, patterns: Sequence[Sequence[str]]) -> tuple[Pairs, Int64]:
    """The pairs that match some patterns, and the index of each pair's pattern."""
    matching = [source.ties.find([Pattern(*pattern)]) for pattern in patterns]
    return joined(matching), np.repeat(np.arange(len(matching)), [len(pairs.x) for pairs in matching])


def _first(rank: Int64, record: Int32) -> Bool:
    """A mask of the rows with the lowest rank in their record."""
    _, place = np.unique(record, return_inverse=True)
    best = np.full(len(record), np.iinfo(np.int64).max)
    np.minimum.at(best, place, rank)
    return np.asarray(rank == best[place])


def _evidence(flow: Pairs, through: Pairs, holding: Pairs, only: Int32, place: Int32) -> Evidence:
    n = len(place)
    ends = {row: (a, b) for each in (flow, through) for a, b, row in _each(each)}
    flows, passing = (Index(_at(each, place), n) for each in (flow, joined([through, through.turned()])))
    holders = Index(holding.turned(), n)

    def legs(end: Place) -> list[tuple[int, ...]]:
        """The rows that link an account to its holder, that holder to its own, and so on."""
        links = []
        while (holder := Place(int(only[end]))) != end:
            links.append(holders.at(end)[holder])
            end = holder
        return links

    def evidence(p: Place, q: Place) -> list[Derivation]:
        reasons = []
        for row in flows.at(p).get(q, ()):
            before, after = (legs(end) for end in ends[row])
            reasons.append(Derivation((*before, (row,), *after), len(before), flows=True))
        for row in passing.at(p).get(q, ()):
            before, after = (legs(end) for end in ends[row])
            every = (*before, (row,), *after)
            # the main leg is the record of holding, not the payment's names
            reasons.append(Derivation(every, len(every) - 1))
        return reasons

    return evidence


def _each(pairs: Pairs) -> Iterable[tuple[Place, Place, int]]:
    return zip(pairs.x.tolist(), pairs.y.tolist(), pairs.row.tolist(), strict=True)
