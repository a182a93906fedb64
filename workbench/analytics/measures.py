"""Measures of position: what key players are ranked by, exactly or, in large networks, from a sample of sources."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.brokerage import brokerage, membership
from workbench.analytics.dropping import Copies
from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.network import Float64
from workbench.analytics.engines.table import WORTH_LOADING, lasting_engine_for
from workbench.analytics.rank_intervals import Plan, Scorer
from workbench.store.columns import Bool, Int64

MEASURES = (
    "betweenness", "degree", "closeness", "pagerank", "brokerage", "brokerage-agencies", "brokerage-countries"
)  # fmt: skip
WEIGHABLE = ("degree", "pagerank")  # for which ties can count by what they weigh
SEARCHING = frozenset({"betweenness", "closeness"})  # those that search from every node

_MOST_COPIES, _FEW_COPIES, _FEWEST_COPIES = 100, 20, 5
_WORK, _WORK_OF_SAMPLES = 60_000_000, 16_000_000  # edges that the searches in all copies go along, 1 to 3 s of one core
_EDGES = {"degree": 4_000_000, "pagerank": 1_000_000}  # of all copies, for measures without searches
_EDGES_OF_OTHERS = 500_000
_LEAST_COPIES = 8  # of measures without searches
_FEWEST_SOURCES = 24
_AT_ONCE = 4_000_000  # entries of a dense matrix


class Measured(NamedTuple):
    """The score of each node; if it was estimated, from `sources` of `of` nodes, else 0 and 0."""

    scores: Float64
    sources: int = 0
    of: int = 0


@dataclass(frozen=True)
class Plain:
    """A measure that is computed from the network alone."""

    scores: Callable[[Copies, Bool | None], Float64]
    _known: dict[int, Float64] = field(default_factory=dict)

    def before(self, network: Network, copies: Copies, sources: Bool | None) -> Float64:
        """See `Scorer`; computed once for a network."""
        if id(network) not in self._known:
            self._known[id(network)] = self.scores(Copies.whole(network), sources)
        known: Float64 = self._known[id(network)][copies.node]
        return known

    def after(self, copies: Copies, sources: Bool | None) -> Float64:
        """See `Scorer`."""
        return self.scores(copies, sources)


@dataclass(frozen=True)
class Between:
    """Brokerage between groups that are known, whatever is dropped: agencies, countries."""

    groups: csr_array

    def before(self, network: Network, copies: Copies, sources: Bool | None) -> Float64:
        """See `Scorer`."""
        return brokerage(network, self.groups)[copies.node]

    def after(self, copies: Copies, sources: Bool | None) -> Float64:
        """See `Scorer`."""
        return brokerage(copies.network, self.groups[copies.node])


@dataclass(frozen=True)
class BetweenFound:
    """Brokerage between groups that are found in the ties.

    They fit the ties from which they were found better than others. So the groups of each copy are found anew,
    and brokerage before is that between these groups. Who is in no copy is of the group of most of its neighbours.
    """

    seed: int

    def before(self, network: Network, copies: Copies, sources: Bool | None) -> Float64:
        """See `Scorer`; a network of whole copies has the groups of those that lack something."""
        n, times = network.n, int(copies.copy.max(initial=-1)) + 1
        shift = np.repeat(np.arange(times) * n, network.m)
        a, b = ((np.tile(ends, times) + shift).astype(np.int32) for ends in (network.a, network.b))
        rows = copies.copy * n + copies.node
        every = Network(n * times, network.directed, a, b)
        found = brokerage(every, _spread(every, membership(every.n, rows, self._found(copies))))
        return np.asarray(found[rows], np.float64)

    def after(self, copies: Copies, sources: Bool | None) -> Float64:
        """See `Scorer`."""
        return brokerage(copies.network, membership(copies.network.n, np.arange(copies.network.n), self._found(copies)))

    def _found(self, copies: Copies) -> Int64:
        """Louvain's groups of each copy: all at once, at the resolution at which each is divided as if alone."""
        many = len(np.unique(copies.copy))
        kept = copies.network.kept
        if "groups of copies" not in kept:
            labels = operations.louvain(copies.network, self.seed, resolution=float(many))
            kept["groups of copies"] = np.unique(labels, return_inverse=True)[1].ravel()
        return np.asarray(kept["groups of copies"], np.int64)


def _spread(network: Network, groups: csr_array) -> csr_array:
    """The groups, in which each node without one has that of most of its neighbours; of equals the first."""
    alone = np.flatnonzero(np.diff(groups.indptr) == 0)
    if not len(alone):
        return groups
    near = ((network.structure[alone] + network.into[alone]) @ groups).tocsr()
    row = np.repeat(np.arange(len(alone)), np.diff(near.indptr))
    order = np.lexsort((near.indices, -near.data, row))
    first = order[np.searchsorted(row[order], np.unique(row))]
    rows, columns = groups.nonzero()
    members = np.concatenate([rows, alone[row[first]]]).astype(np.int64)
    return membership(network.n, members, np.concatenate([columns, near.indices[first]]).astype(np.int64))


def scorer_of(measure: str, groups: csr_array | None, seed: int) -> Scorer:
    """What copies are ranked by; `groups` are those that are known."""
    if measure in _PLAIN:
        return Plain(_PLAIN[measure])
    return BetweenFound(seed) if groups is None else Between(groups)


def plan_of(network: Network, measure: str, observed: int = 0) -> Plan:
    """How many copies to make: as many as the network's size allows. `observed`: see `Plan`."""
    if measure not in SEARCHING:
        return Plan(
            int(np.clip(_EDGES.get(measure, _EDGES_OF_OTHERS) // max(network.m, 1), _FEWEST_COPIES, _MOST_COPIES))
        )
    copies = _WORK // max(1, work(network))
    if copies >= _FEW_COPIES:
        return Plan(min(copies, _MOST_COPIES))
    sources = _WORK_OF_SAMPLES // ((_FEWEST_COPIES + 1) * 2 * network.m)
    return Plan(_FEWEST_COPIES, min(network.n, max(_FEWEST_SOURCES, sources)), observed)


def work(network: Network) -> int:
    """How many edges the searches from all nodes go along."""
    part = operations.weak_parts(network)
    sizes = np.bincount(part)
    return int((sizes[part[network.a]] * (1 if network.directed else 2)).sum())


def degrees(network: Network) -> Int64:
    """The number of different neighbours of each node, in either direction."""
    if not network.directed:
        return network.degrees
    either = (network.structure + network.into).tocsr()
    return np.asarray(np.diff(either.indptr), np.int64)


def strengths(network: Network) -> Float64:
    """What the ties of each node weigh together; without weights, its degree."""
    if network.weights is None:
        return degrees(network).astype(np.float64)
    ends = np.concatenate([network.a, network.b])
    return np.asarray(np.bincount(ends, np.tile(network.weights, 2), minlength=network.n), np.float64)


def closeness(network: Network, part: Int64, sources: Bool | None) -> Float64:
    """For each node, r² / s: r sources have a path to it, and the paths' lengths sum to s; 0 without one.

    From all sources of a network of n nodes that is (n - 1) times the closeness of Wasserman and Faust (1994), which
    allows for networks of several parts. `part` numbers parts between which there is no path: a search begins
    in each at once.
    """
    chosen = np.arange(network.n) if sources is None else np.flatnonzero(sources)
    order = chosen[np.argsort(part[chosen], kind="stable")]
    column = np.arange(len(order)) - np.searchsorted(part[order], part[order])
    reach, lengths = np.zeros(network.n), np.zeros(network.n)
    width = max(1, _AT_ONCE // max(network.n, 1))
    for start in range(0, int(column.max(initial=-1)) + 1, width):
        these = (column >= start) & (column < start + width)
        _search(network, order[these], column[these] - start, reach, lengths)
    return np.asarray(reach * reach / np.maximum(lengths, 1))


def _search(network: Network, sources: Int64, columns: Int64, reach: Float64, lengths: Float64) -> None:
    """Add, for each node, how many of the sources have a path to it, and how long the paths are."""
    for far, counts in enumerate(levels(network, sources, columns), 1):
        reach += counts
        lengths += far * counts


def levels(network: Network, sources: Int64, columns: Int64) -> Iterator[Int64]:
    """Step by step, how many searches arrive at each node; those in one column must not meet."""
    level = np.zeros((network.n, int(columns.max(initial=-1)) + 1), np.float32)
    level[sources, columns] = 1
    seen, into = level > 0, network.into.astype(np.float32)
    while True:
        fresh = (into @ level > 0) & ~seen
        counts = fresh.sum(axis=1)
        if not counts.any():
            return
        yield counts
        seen |= fresh
        level = fresh.astype(np.float32)


def _degree(copies: Copies, sources: Bool | None) -> Float64:
    return strengths(copies.network)


def _betweenness(copies: Copies, sources: Bool | None) -> Float64:
    chosen = None if sources is None else np.flatnonzero(sources)
    operation = "betweenness" if chosen is None else "betweenness_from"
    is_small = np.bincount(copies.copy).max(initial=0) < WORTH_LOADING  # many small ones are no large network
    engine = "arrays" if is_small else lasting_engine_for(operation, copies.network)
    return operations.betweenness(copies.network, chosen, engine)


def _closeness(copies: Copies, sources: Bool | None) -> Float64:
    return closeness(copies.network, copies.copy, sources)


def _pagerank(copies: Copies, sources: Bool | None) -> Float64:
    return operations.pagerank(copies.network)


_PLAIN: dict[str, Callable[[Copies, Bool | None], Float64]] = {
    "betweenness": _betweenness,
    "closeness": _closeness,
    "degree": _degree,
    "pagerank": _pagerank,
}
