"""Follow money from one entity to another, forward in time."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from workbench.analytics.forms import Derivation
from workbench.analytics.forward import AT_ANY_TIME, Crossing, Network, Span, Way, span_of, ways
from workbench.analytics.projection import Projection
from workbench.analytics.reach import levels
from workbench.analytics.steps import when
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.view import View

# At most this many payments are read: if more lie between the two, longer paths are not searched for.
_MOST_PAYMENTS = 100_000
_AT_ONCE = 20_000  # records read together


class Followed(NamedTuple):
    """The best paths; `searched` is the number of steps up to which the search was complete, None without a limit."""

    ways: list[Way]
    searched: int | None


def follow(view: View, found: Projection, start: Place, end: Place, k: int) -> Followed:
    """The k best paths of money between two nodes: fewest steps first, then earliest arrival, then by nodes.

    A path of n steps visits only nodes whose distances from both ends add up to at most n. So the
    search stays in that part of the network, and widens it until it covers everything in between.
    """
    there, back = levels(found.adjacency, start), levels(found.adjacency.T.tocsr(), end)
    if there[end] < 0:
        return Followed([], None)
    detour = np.where((there >= 0) & (back >= 0), there + back, -1)
    fewest, last = int(there[end]), int(detour.max())
    payments, best, searched = _Payments(view, found), list[Way](), fewest - 1
    for within in _widths(fewest, last):
        network = payments.network(np.flatnonzero((detour >= 0) & (detour <= within)))
        if network is None:
            return Followed(best, searched)
        every = ways(network, start, end, k)
        best = every if within == last else [way for way in every if way.steps <= within]
        if len(best) == k:
            break
        searched = within
    return Followed(best, None)


def _widths(fewest: int, last: int) -> Iterator[int]:
    """Numbers of steps from the fewest to the last, with growing increments."""
    within, more = fewest, 1
    while within < last:
        yield within
        within, more = within + more, 2 * more
    yield last


class _Payments:
    """The payments of a projection, read when they are needed."""

    def __init__(self, view: View, found: Projection) -> None:
        self._view, self._found = view, found
        self._crossings: dict[tuple[Place, Place], Crossing] = {}
        self._looked_at = 0

    def network(self, part: Int64) -> Network | None:
        """The payments among some nodes as a network in time; None if there are more than may be read."""
        adjacency = self._found.adjacency[part][:, part].tocoo()
        ends = [part[places].tolist() for places in adjacency.coords]
        fresh = {
            pair: self._found.edges.evidence(*pair) for pair in zip(*ends, strict=True) if pair not in self._crossings
        }
        self._looked_at += sum(map(len, fresh.values()))
        if self._looked_at > _MOST_PAYMENTS:
            return None
        spans = self._spans({way.legs[way.main][0] for derived in fresh.values() for way in derived if way.flows})
        for pair, derived in fresh.items():
            self._crossings[pair] = Crossing(_span(way, spans) for way in derived)
        network: dict[Place, dict[Place, Crossing]] = {}
        for a, b in zip(*ends, strict=True):
            network.setdefault(a, {})[b] = self._crossings[a, b]
        return network

    def _spans(self, rows: set[int]) -> dict[int, Span]:
        """The span of time in which each payment can have been made, by row."""
        snapshot, spans = self._found.snapshot, dict[int, Span]()
        wanted = sorted(rows)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            keys = snapshot.keys_of(sorted({snapshot.record_at(row) for row in some}))
            dates = {each.key: when(each.record) for each in self._view.records(sorted(keys.values()))}
            spans |= {row: span_of(dates[keys[snapshot.record_at(row)]]) for row in some}
        return spans


def _span(way: Derivation, spans: dict[int, Span]) -> Span:
    return spans[way.legs[way.main][0]] if way.flows else AT_ANY_TIME
