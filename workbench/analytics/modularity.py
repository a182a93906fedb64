"""The partition of highest modularity that is found: by Leiden's and Louvain's methods from many seeds, and by climbs.

Modularity (Newman and Girvan 2004; with a resolution: Reichardt and Bornholdt 2006) is a sum over pairs within groups,
and no group of a best partition spans two connected parts of a network. So the best partition found is taken for
each part separately. Without weights it is computed in whole numbers, so that equals are exactly equal. A part with
few of the network's ties is one group and needs no search (the resolution limit: Fortunato and Barthelemy 2007).
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from workbench.analytics.climbing import climb
from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.network import Float64
from workbench.store.columns import Bool, Int32, Int64

_CLIMBED = range(4, 81)  # sizes of parts that are climbed: smaller ones have little choice, larger ones take long
_PARTS = 16  # number of parts that are climbed, the largest first
_FEW = 5_000  # ties of a directed network up to which networkx searches from each seed
_LOUVAIN = 5  # one search by Louvain's method for so many by Leiden's, which is better
_ROUNDS = 3  # of Leiden's method, in a quick search; more rounds make partitions better, not steadier
_THOROUGH = 50_000  # ties of all networks that are searched with as many rounds as pay off, 20 times at most


class Modularity:
    """The modularity of partitions of a network at a resolution, part by part."""

    def __init__(self, network: Network, resolution: float = 1.0) -> None:
        self.network, self.resolution = network, resolution
        self.part = operations.weak_parts(network)
        self._weights = network.each_weight
        self._total = float(self._weights.sum())
        n, a, b = network.n, network.a, network.b
        out, into = (_summed(ends, self._weights, n) for ends in (a, b))
        self._out: Float64 = out if network.directed else out + into
        self._into: Float64 = into if network.directed else out + into
        self._scale = self._total * (1 if network.directed else 4)

    @cached_property
    def of_parts(self) -> Float64:
        """The weight of each part's ties."""
        return _summed(self.part[self.network.a], self._weights, int(self.part.max(initial=-1)) + 1)

    @cached_property
    def is_open(self) -> Bool:
        """A mask of the parts that may need dividing: those whose ties weigh more than a root of what all ties weigh.

        To cut a part of weight e, of e + … = n, costs at least the lightest tie's w / n and gains less than r e² / n².
        """
        least = float(self._weights.min(initial=1.0))
        return np.asarray(self.resolution * self.of_parts**2 > least * self._total)

    def parts_as_groups(self) -> Int64:
        """The partition in which each part is one group, named by its first node."""
        _, first = np.unique(self.part, return_index=True)
        return np.asarray(first[self.part], np.int64)

    def total(self, labels: Int64) -> float:
        """The modularity of a partition; 0 without ties."""
        return float(self.worth(labels).sum() / (self._scale * self._total)) if self._total else 0.0

    def worth(self, labels: Int64) -> Float64:
        """The contribution of each part's groups to the modularity, times the scale and the weight of all ties."""
        network, n = self.network, len(labels)
        inside = labels[network.a] == labels[network.b]
        groups = np.unique(labels)
        out, into = (np.bincount(labels, ends, minlength=n)[groups] for ends in (self._out, self._into))
        parts = self.part[network.a[inside]]
        sums = self._scale * np.bincount(parts, self._weights[inside], minlength=len(self.of_parts))
        np.subtract.at(sums, self.part[groups], self.resolution * out * into)
        return np.asarray(sums, np.float64)

    def gains(self, members: Int64) -> Float64:
        """What the partition is worth more for each pair of members in one group."""
        n, place = len(members), np.full(self.network.n, -1)
        place[members] = np.arange(n)
        here = place[self.network.a] >= 0
        pairs = np.zeros((n, n))
        np.add.at(pairs, (place[self.network.a[here]], place[self.network.b[here]]), self._scale * self._weights[here])
        expected = self.resolution * np.outer(self._out[members], self._into[members])
        gains = pairs + pairs.T - expected - expected.T
        np.fill_diagonal(gains, 0)
        return np.asarray(gains, np.float64)

    def to_climb(self) -> list[int]:
        """The largest parts that may need dividing and are small enough to climb."""
        sizes = np.bincount(self.part)
        largest = np.lexsort((np.arange(len(sizes)), -sizes))
        return [int(part) for part in largest if self.is_open[part] and sizes[part] in _CLIMBED][:_PARTS]

    def in_question(self) -> tuple[Network, Int64, float]:
        """The network of the parts that may need dividing, its nodes, and the resolution that divides them alike."""
        nodes = np.flatnonzero(self.is_open[self.part])
        network = within(self.network, nodes)
        share = float(network.each_weight.sum()) / self._total if self._total else 0.0
        return network, nodes, self.resolution * share


def within(network: Network, nodes: Int64) -> Network:
    """The network among some nodes, in order; ties that leave them are left out."""
    place = np.full(network.n, -1, np.int32)
    place[nodes] = np.arange(len(nodes), dtype=np.int32)
    a, b = place[network.a], place[network.b]
    here = (a >= 0) & (b >= 0)
    weights = None if network.weights is None else network.weights[here]
    return Network(len(nodes), network.directed, a[here], b[here], weights)


def without_directions(network: Network) -> Network:
    """The same ties without directions; unlike `Network.undirected`, with weights: those of the same two are summed."""
    if not network.directed:
        return network
    low, high = np.minimum(network.a, network.b), np.maximum(network.a, network.b)
    codes, at = np.unique(low.astype(np.int64) * network.n + high, return_inverse=True)
    a, b = (ends.astype(np.int32) for ends in np.divmod(codes, max(network.n, 1)))
    return Network(network.n, False, a, b, _summed(at, network.each_weight, len(codes)))


def _summed(of: "Int32 | Int64", weights: Float64, n: int) -> Float64:
    return np.asarray(np.bincount(of, weights, minlength=n), np.float64)


def searches(network: Network, resolution: float, seed: int, times: int) -> list[Int64]:
    """The partitions that Leiden's method (Traag et al. 2019) finds from each of several seeds.

    Each has the group of each node, named by its first node. Where there are many ties, all but the first few searches
    are quick ones, and all if there are fewer than five. A directed network is searched without directions; see
    `best_partition`.
    """
    modularity = Modularity(without_directions(network), resolution)
    open_ones, nodes, share = modularity.in_question()
    thorough = _thorough(open_ones) if times >= _LOUVAIN else 0
    rounds = [None if number < thorough else _ROUNDS for number in range(times)]
    return [
        _with(modularity.parts_as_groups(), nodes, operations.leiden(open_ones, seed + number, share, rounds=many))
        for number, many in enumerate(rounds)
    ]


def _thorough(network: Network) -> int:
    """How many searches of a network may take as many rounds as pay off."""
    return max(1, _THOROUGH // max(network.m, 1))


def best_partition(network: Network, tried: Sequence[Int64], resolution: float, seed: int) -> Int64:
    """The group of each node, named by its first node: for each part the best of `tried`, of Louvain's, and of climbs.

    `tried` has at least one partition, of the same form. The result depends only on the input and the seed.
    """
    if not network.m:
        return tried[0]
    modularity = Modularity(network, resolution)
    choices = np.stack([modularity.parts_as_groups(), *tried, *_by_louvain(modularity, seed, len(tried))])
    worth = np.stack([modularity.worth(labels) for labels in choices])
    labels = np.asarray(choices[worth.argmax(axis=0)[modularity.part], np.arange(choices.shape[1])])
    for part in modularity.to_climb():
        members = np.flatnonzero(modularity.part == part)
        known = np.searchsorted(members, np.unique(choices[:, members], axis=0))
        climbed = climb(modularity.gains(members), known, np.random.default_rng(seed))
        proposed = _with(labels, members, climbed)
        if modularity.worth(proposed)[part] > modularity.worth(labels)[part]:
            labels = proposed
    return labels


def _by_louvain(modularity: Modularity, seed: int, times: int) -> list[Int64]:
    """Partitions by Louvain's method (Blondel et al. 2008); of directed networks by networkx, which alone divides them.

    Fewer than five searches by Leiden's are not helped. Where networkx would take minutes it searches from one seed.
    """
    network, nodes, share = modularity.in_question()
    if not network.m:
        return []
    groups = modularity.parts_as_groups()
    if not network.directed:
        seeds = range(seed, seed + min(times // _LOUVAIN, _thorough(network)))
        return [_with(groups, nodes, operations.louvain(network, each, share, "networkit")) for each in seeds]
    seeds = range(seed, seed + (times if network.m <= _FEW else 1))
    return [_with(groups, nodes, operations.louvain(network, each, share, "networkx")) for each in seeds]


def _with(labels: Int64, nodes: Int64, of_nodes: Int64) -> Int64:
    """A partition with some nodes regrouped; `of_nodes` names each group by the place of its first node."""
    changed = labels.copy()
    changed[nodes] = nodes[of_nodes]
    return changed
