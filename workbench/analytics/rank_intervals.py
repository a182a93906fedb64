"""Between which ranks an entity stands if some ties and persons are missing: 90 % intervals.

Nobody sees the whole network. What was observed is taken for what is left of it after a share of its ties or persons
was dropped at random. What the loss did is estimated by dropping the same share again, many times: as ranks change
from what was observed to what is left of it, so they have changed from the whole to what was observed.

The changes of all copies are pooled by rank: an entity's interval holds the ranks that entities which came out at
about its rank had before. So it allows for those who are found high by luck. The shortest interval is taken that
holds a given share of the changes; where equals move together, a higher share. Both shares were chosen on some
networks and hold on others (docs/decisions/0056).
"""

from typing import NamedTuple, Protocol

import numpy as np

from workbench.analytics.dropping import Copies, dropped
from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.analytics.ranks import Ranks, ranks
from workbench.store.columns import Bool, Int64

_ALONE, _OF_EQUALS = 0.91, 0.93  # the shares of changes in an interval
_SLACK = 0.05  # of the number of equals, at both ends: they move together, and not as equals of other networks do
_NEAR = 0.3  # those are of about the same rank whose places differ by this share of it, at least by 1
_NEAREST = 0.06  # and at most by this share of all
_EDGES_AT_ONCE, _NODES_AT_ONCE = 1_000_000, 5_000  # of copies that are measured together
_EXACT_PLACES, _STEP = 100, 0.01
_MOST_CHANGES = 200  # of one copy that are pooled
_ROUNDING = 1e-9


class Scorer(Protocol):
    """What nodes are ranked by. Scores are compared within a copy only.

    `sources` is a mask of the nodes from which a measure that searches does so; None for all.
    """

    def before(self, network: Network, copies: Copies, sources: Bool | None) -> Float64:
        """The score that each node of the copies has in the network itself."""

    def after(self, copies: Copies, sources: Bool | None) -> Float64:
        """The score of each node of the copies in its copy."""


class Plan(NamedTuple):
    """How many copies to make, and from how many sources to measure them (0: from all).

    `observed` is the number of sources of what was observed, 0 for all.
    """

    copies: int
    sources: int = 0
    observed: int = 0


class Intervals(NamedTuple):
    """The lowest and the highest number of the ranks between which each node stands; 1 is the best."""

    best: Int64
    worst: Int64

    def undecided(self) -> Int64:
        """For each node, how many others may be before or after it: those whose intervals overlap its own."""
        after = len(self.best) - np.searchsorted(np.sort(self.best), self.worst, "right")
        before = np.searchsorted(np.sort(self.worst), self.best)
        return np.asarray(len(self.best) - after - before - 1, np.int64)


class _Change(NamedTuple):
    """The places of one copy's nodes, in order, and the change of rank back to before; scaled to all nodes."""

    place: Float64
    change: Float64


def rank_intervals(
    network: Network, observed: Ranks, scorer: Scorer, missing: float, plan: Plan, seed: int
) -> Intervals:
    """The interval of each node of a network, if the share `missing` of its ties or persons is not in it.

    `observed` are the nodes' ranks, `scorer` what they are ranked by in copies.
    """
    changes = _changes(network, scorer, missing, plan, np.random.default_rng(seed))
    if not changes:
        return Intervals(observed.first, observed.first)
    place = _coarse((observed.first + observed.last) / 2)
    kinds, at = np.unique(np.stack([place, observed.last > observed.first], axis=1), axis=0, return_inverse=True)
    spans = np.array([_span(changes, of, network.n, bool(is_equal)) for of, is_equal in kinds.tolist()])[at.ravel()]
    slack = np.floor(_SLACK * (missing > 0) * (observed.last - observed.first)).astype(np.int64)
    low, high = (np.floor(observed.first + spans[:, end] + 0.5).astype(np.int64) for end in (0, 1))
    best, worst = low - slack, high + slack
    return Intervals(np.clip(best, 1, network.n), np.clip(worst, 1, network.n))


def _coarse(place: Float64) -> Float64:
    """Places that differ by less than a hundredth, beyond the first hundred, as one: spans are computed for each."""
    steps = np.round(np.log(np.maximum(place, _EXACT_PLACES) / _EXACT_PLACES) / _STEP)
    return np.where(place <= _EXACT_PLACES, place, _EXACT_PLACES * np.exp(steps * _STEP))


def _changes(network: Network, scorer: Scorer, missing: float, plan: Plan, rng: np.random.Generator) -> list[_Change]:
    known = _some(network.n, plan.sources, rng)
    at_once = max(1, min(_EDGES_AT_ONCE // max(network.m, 1), _NODES_AT_ONCE // max(network.n, 1)))
    found: list[_Change] = []
    for start in range(0, plan.copies, at_once):
        copies = dropped(network, missing, min(at_once, plan.copies - start), rng)
        if copies.network.m:
            before = scorer.before(network, copies, known)
            found += _of(network.n, copies, before, scorer.after(copies, _sources(copies, known, plan, rng)))
    return found


def _some(n: int, many: int, rng: np.random.Generator) -> Bool | None:
    """A mask of so many nodes, drawn at random; None for all."""
    if not 0 < many < n:
        return None
    mask = np.zeros(n, bool)
    mask[rng.choice(n, many, replace=False)] = True
    return mask


def _sources(copies: Copies, known: Bool | None, plan: Plan, rng: np.random.Generator) -> Bool | None:
    """Of each copy, the sources of the whole, a part of them exchanged for others.

    With s sources here and o for what was observed, the share s / 2o is exchanged. Then chance changes as much
    here as it does an estimate from o sources: its variance is 2 (s / 2o) / s = 1 / o that of one source.
    """
    if known is None:
        return None
    exchanged = min(1.0, plan.sources / (2 * plan.observed)) * plan.sources if plan.observed else 0.0
    mask = np.zeros(copies.network.n, bool)
    for copy in np.unique(copies.copy).tolist():
        chosen = known.copy()
        out = rng.permutation(np.flatnonzero(known))[: int(exchanged + rng.random())]
        chosen[rng.permutation(np.flatnonzero(~known))[: len(out)]] = True
        chosen[out] = False
        rows = np.flatnonzero(copies.copy == copy)
        mask[rows] = chosen[copies.node[rows]]
    return mask


def _of(n: int, copies: Copies, before: Float64, after: Float64) -> list[_Change]:
    """The changes of each copy, among the nodes that are left in it."""
    then, now = ranks(before, copies.copy), ranks(after, copies.copy)
    left = np.bincount(copies.copy)
    scale = (n / np.maximum(left, 1))[copies.copy]
    place, change = (now.first + now.last) / 2 * scale, (then.first - now.first) * scale
    order = np.lexsort((place, copies.copy))
    parts = np.cumsum(left)[:-1]
    pairs = zip(np.split(place[order], parts), np.split(change[order], parts), strict=True)
    return [_Change(*pair) for pair in pairs if len(pair[0])]


def _span(changes: list[_Change], place: float, n: int, is_equal: bool) -> tuple[float, float]:
    """How many ranks lower those at about a place were before: from, to."""
    near = max(1.0, min(_NEAR * place, _NEAREST * n))
    pooled = np.sort(np.concatenate([_near(each, place, near) for each in changes]))
    return _shortest(pooled, _OF_EQUALS if is_equal else _ALONE)


def _near(of: _Change, place: float, near: float) -> Float64:
    """The changes of those whose place is near; if nobody's is, of the nearest."""
    start, end = np.searchsorted(of.place, place - near), np.searchsorted(of.place, place + near, "right")
    if start == end:
        after = min(int(start), len(of.place) - 1)
        is_before = start > 0 and place - of.place[start - 1] <= abs(of.place[after] - place)
        nearest = of.place[start - 1 if is_before else after]
        start, end = np.searchsorted(of.place, nearest), np.searchsorted(of.place, nearest, "right")
    return of.change[start : end : 1 + (end - start) // _MOST_CHANGES]


def _shortest(values: Float64, share: float) -> tuple[float, float]:
    """The shortest interval with a share of some values, which are in order; of equals the one nearest to 0."""
    inside = max(1, int(np.ceil(share * len(values) - _ROUNDING)))
    low, high = values[: len(values) - inside + 1], values[inside - 1 :]
    width = high - low
    best = np.flatnonzero(width <= width.min() + _ROUNDING)
    at = best[np.abs(low[best] + high[best]).argmin()]
    return float(low[at]), float(high[at])
