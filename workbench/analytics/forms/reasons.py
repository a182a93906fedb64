"""All reasons for all edges of a projection, as arrays: what edges are weighed by.

They are the derivations that `Edges.evidence` gives of one edge. A leg is a number; `leg` and `row` list the rows of
each. A *cut* takes one leg out of every derivation, by where it stands: the legs at one end, those in the middle, those
at the other end. If all legs of a cut are wrong, the edge is.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.store.assembly import each_once
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.patterns import Pairs, joined, pair_codes

Whole = NDArray[np.integer[Any]]


class Reasons(NamedTuple):
    """The derivations of all edges: the edge of each by its index, and the leg of each in every cut."""

    edge: Int64
    cuts: tuple[Int64, ...]
    leg: Int64
    row: Int64


Reasoning = Callable[[], Reasons]


class _Legs:
    """The legs of pairs of entities: the rows in which the two are paired."""

    def __init__(self, pairs: Pairs, n: int, first: int) -> None:
        self.codes = each_once(pair_codes(pairs.x, pairs.y, n))
        self.leg: Int64 = np.searchsorted(self.codes, pair_codes(pairs.x, pairs.y, n)) + first
        self.row, self.after, self.first, self._n = pairs.row, first + len(self.codes), first, n

    @property
    def x(self) -> Int64:
        """The first entity of each leg."""
        return self.codes // max(self._n, 1)

    @property
    def y(self) -> Int64:
        """The second entity of each leg."""
        return self.codes % max(self._n, 1)

    def between(self, x: Whole, y: Whole) -> Int64:
        """The leg of each of these pairs, all of which have one."""
        return np.searchsorted(self.codes, pair_codes(x, y, self._n)) + self.first


def expanded(counts: Whole) -> tuple[Int64, Int64]:
    """For each of so many elements of each row: the row, and the place of the element in it."""
    of = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return of, np.arange(len(of)) - starts[of]


def of_ties(pairs: Pairs, a: Int32, b: Int32, n: int) -> Reasons:
    """The reasons of edges that are ties: one for each, with itself as its only leg."""
    edge = _edges(a, b, np.minimum(pairs.x, pairs.y), np.maximum(pairs.x, pairs.y), n)
    legs = np.arange(len(edge))
    return Reasons(edge, (legs,), legs, pairs.row.astype(np.int64))


def _edges(a: Int32, b: Int32, p: Whole, q: Whole, n: int) -> Int64:
    """The index of the edge between each of these pairs; edges are in order."""
    return np.searchsorted(pair_codes(a, b, n), pair_codes(p, q, n)).astype(np.int64)


# -- what is shared --------------------------------------------------------------------------------


def of_shared(shared: Pairs, held: Pairs, between: Pairs, member: Bool, ends: tuple[Int32, Int32]) -> Reasons:
    """The reasons of edges between members: through a thing that both share, or a tie of what they hold.

    Where there is nothing in the middle, as with a shared thing, each of the two legs is taken for it in turn, so that
    neither end comes before the other.
    """
    n = len(member)
    low, high = np.minimum(between.x, between.y), np.maximum(between.x, between.y)
    through = _Legs(shared, n, 0)
    holding = _Legs(held, n, through.after)
    middle = _Legs(Pairs(low, high, between.row), n, holding.after)
    one, p1, q1 = _through_things(through)
    two, p2, q2 = _through_middle(holding, middle, member)
    edge = _edges(*ends, np.concatenate([p1, p2]), np.concatenate([q1, q2]), n)
    near, far, centre = two
    cuts = [(one[0], near), (one[0], centre), (one[1], centre), (one[1], far)]
    every = (through, holding, middle)
    leg, row = (np.concatenate([getattr(each, name) for each in every]) for name in ("leg", "row"))
    return Reasons(edge, tuple(np.concatenate(each) for each in cuts), leg, row)


def _through_things(through: _Legs) -> tuple[tuple[Int64, Int64], Int64, Int64]:
    """Of each two members who share a thing, the smaller first: the legs of both, and the members."""
    order = np.argsort(through.y, kind="stable")  # by thing, then by member
    counts = np.bincount(through.y)
    counts = counts[counts > 0]
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    first, later = expanded(np.repeat(counts, counts) - place - 1)
    p, q = order[first], order[first + later + 1]
    return (p + through.first, q + through.first), through.x[p], through.x[q]


def _through_middle(holding: _Legs, middle: _Legs, member: Bool) -> tuple[tuple[Int64, Int64, Int64], Int64, Int64]:
    """Of each two members, the smaller first, whose holdings are tied: three legs, and the members.

    A member stands for himself too, without a leg: then the tie is taken for it.
    """
    own = np.flatnonzero(member)
    stands = np.concatenate([own, holding.y])
    order = np.argsort(stands, kind="stable")
    who = np.concatenate([own, holding.x])[order]
    leg = np.concatenate([np.full(len(own), -1), np.arange(len(holding.codes)) + holding.first])[order]
    start = np.concatenate([[0], np.cumsum(np.bincount(stands, minlength=len(member)))])
    x, y = np.concatenate([middle.x, middle.y]), np.concatenate([middle.y, middle.x])
    tie = np.tile(np.arange(len(middle.codes)) + middle.first, 2)
    of, k = expanded(start[x + 1] - start[x])
    near = start[x[of]] + k
    again, k = expanded((start[y + 1] - start[y])[of])
    near, far, tie = near[again], start[y[of[again]]] + k, tie[of[again]]
    first = who[near] < who[far]
    near, far, tie = near[first], far[first], tie[first]
    legs = tuple(np.where(leg[each] < 0, tie, leg[each]) for each in (near, far))
    return (legs[0], legs[1], tie), who[near], who[far]


# -- what flows ------------------------------------------------------------------------------------


def of_flow(
    flow: Pairs, through: Pairs, holding: Pairs, passed_on: tuple[Int32, Int32], ends: tuple[Int32, Int32]
) -> Reasons:
    """The reasons of edges of money: a payment, or the passing of an account to its holders.

    `passed_on` has the only holder of each entity, and the node that stands for it. A cut takes the payment, or the
    n-th link from an end to the holder who stands for it; the payment where there is none.
    """
    only, place = passed_on
    n = len(place)
    every = joined([flow, through, through])
    turned = np.repeat([False, False, True], [len(flow.x), len(through.x), len(through.x)])
    p, q = place[every.x], place[every.y]
    edge = _edges(*ends, np.where(turned, q, p), np.where(turned, p, q), n)
    links = _Legs(holding, n, len(every.row))
    own = np.arange(len(every.row))
    cuts = [own]
    for end in (every.x, every.y):
        while len(moving := np.flatnonzero(only[end] != end)):
            cut = own.copy()
            cut[moving] = links.between(only[end[moving]], end[moving])
            cuts.append(cut)
            end = only[end]
    leg, row = (np.concatenate(each) for each in ((own, links.leg), (every.row, links.row)))
    return Reasons(edge, tuple(cuts), leg, row)
