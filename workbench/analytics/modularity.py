"""A partition with high modularity: by Louvain, and in small parts also by hill climbing from random partitions.

Modularity (Newman and Girvan 2004) is a sum over pairs within groups, and no group of a best
partition spans two connected parts of a network. So the best partition found is taken for each part
separately. In parts of more than 80 members that is Louvain's, which may not be the best. Modularity is
computed in whole numbers, so that equals are exactly equal. A part with few of the network's ties is
one group and needs no search (the resolution limit: Fortunato and Barthelemy 2007).
"""

from collections.abc import Sequence
from functools import cached_property

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from workbench.analytics.projection import Drawn
from workbench.store.columns import Bool, Int64

# For some networks of a few dozen members Louvain finds the best partition with no seed; about one
# in ten climbs from a random partition finds it.
_CLIMBS = 128
_CLIMBED = range(4, 81)  # sizes of parts that are climbed: smaller ones have little choice, larger ones take long
_PARTS = 16  # number of parts that are climbed, the largest first

Float = NDArray[np.float64]


def best_partition(found: Drawn, tried: Sequence[Int64], seed: int) -> Int64:
    """The group of each node, named by its first node: for each part, the best of `tried` and of climbs.

    `tried` has at least one partition, in the same form. The result depends only on the input and the seed.
    """
    if not len(found.nodes):
        return tried[0]
    network = _Network(found)
    choices = np.stack(tried)
    worth = np.stack([network.worth(labels) for labels in tried])
    labels = np.asarray(choices[worth.argmax(axis=0)[network.part], np.arange(choices.shape[1])])
    for part in network.to_climb():
        members = np.flatnonzero(network.part == part)
        climbed = _climb(network.gains(members), np.random.default_rng(seed))
        proposed = labels.copy()
        proposed[members] = members[climbed]
        if network.worth(proposed)[part] > network.worth(labels)[part]:
            labels = proposed
    return labels


def louvain(found: Drawn, seed: int) -> Int64:
    """The group of each node, named by its first node, by Louvain's method (Blondel et al. 2008)."""
    if not len(found.nodes):
        return np.zeros(0, np.int64)
    network = _Network(found)
    labels = network.parts_as_groups()
    graph, share = network.in_question()
    for group in _louvain_of(graph, share, seed) if share else ():
        members = sorted(group)
        labels[members] = members[0]
    return labels


def _louvain_of(graph: "nx.Graph[int]", share: float, seed: int) -> list[set[int]]:
    """networkx's own partition, whichever backend its plain calls go to: a finding depends on nothing outside."""
    found: list[set[int]] = nx.community.louvain_communities(graph, resolution=share, seed=seed, backend="networkx")
    return found


class _Network:
    """The edges of a projection between nodes 0 … n - 1."""

    def __init__(self, found: Drawn) -> None:
        n = len(found.nodes)
        self._a, self._b = (np.searchsorted(found.nodes, ends) for ends in (found.edges.a, found.edges.b))
        out, into = (np.bincount(ends, minlength=n).astype(np.int64) for ends in (self._a, self._b))
        self._out: Int64 = out if found.directed else out + into
        self._into: Int64 = into if found.directed else out + into
        self._directed = found.directed
        self._scale = len(self._a) * (1 if found.directed else 4)
        self.part = self._parts(n)

    def _parts(self, n: int) -> Int64:
        edges = coo_array((np.ones(len(self._a)), (self._a, self._b)), shape=(n, n))
        return np.asarray(connected_components(edges, directed=False)[1], np.int64)

    @cached_property
    def _open(self) -> Bool:
        """A mask of the parts that may need dividing: those whose number of ties e is above the root of all ties n.

        Cutting one of a part's ties costs 1 / n of the modularity and gains less than e² / n².
        """
        ties = np.bincount(self.part[self._a], minlength=self.part.max() + 1)
        return np.asarray(ties * ties > len(self._a))

    def parts_as_groups(self) -> Int64:
        """The partition in which each part is one group."""
        _, first = np.unique(self.part, return_index=True)
        return np.asarray(first[self.part], np.int64)

    def in_question(self) -> tuple["nx.Graph[int]", float]:
        """The parts that may need dividing, and their share of all ties, which is the resolution for Louvain."""
        graph: nx.Graph[int] = nx.DiGraph() if self._directed else nx.Graph()
        rows = np.flatnonzero(self._open[self.part[self._a]])
        graph.add_nodes_from(np.flatnonzero(self._open[self.part]).tolist())
        graph.add_edges_from(zip(self._a[rows].tolist(), self._b[rows].tolist(), strict=True))
        return graph, len(rows) / len(self._a)

    def to_climb(self) -> list[int]:
        """The largest parts that may need dividing and are small enough to climb."""
        sizes = np.bincount(self.part)
        largest = np.lexsort((np.arange(len(sizes)), -sizes))
        return [int(part) for part in largest if self._open[part] and sizes[part] in _CLIMBED][:_PARTS]

    def worth(self, labels: Int64) -> Int64:
        """The contribution of each part's groups to the modularity, in whole numbers."""
        inside = labels[self._a] == labels[self._b]
        n = len(labels)
        groups = np.unique(labels)
        out, into = (
            np.bincount(labels, ends, minlength=n)[groups].astype(np.int64) for ends in (self._out, self._into)
        )
        sums = self._scale * np.bincount(self.part[self._a[inside]], minlength=self.part.max() + 1)
        np.subtract.at(sums, self.part[groups], out * into)
        return np.asarray(sums, np.int64)

    def gains(self, members: Int64) -> Float:
        """The contribution of each pair of members to the modularity if they are in one group."""
        n, place = len(members), np.full(len(self.part), -1)
        place[members] = np.arange(n)
        here = place[self._a] >= 0
        pairs = np.zeros((n, n))
        np.add.at(pairs, (place[self._a[here]], place[self._b[here]]), self._scale)
        expected = np.outer(self._out[members], self._into[members])
        gains = pairs + pairs.T - expected - expected.T
        np.fill_diagonal(gains, 0)
        return np.asarray(gains, np.float64)


def _climb(gains: Float, rng: np.random.Generator) -> Int64:
    """The result of the best of many climbs: the group of each member, named by its first member."""
    state = _Climbs(gains, rng)
    while state.move(rng) or state.merge():
        pass
    labels = state.best()
    return np.array([int(np.argmax(labels == label)) for label in labels], np.int64)


class _Climbs:
    """Many partitions of n members at once, each of which improves with every step.

    `groups[c, v]` is the group of v in climb c; `gain[c, v, g]` is what v gains by its ties to the members of g.
    """

    def __init__(self, gains: Float, rng: np.random.Generator) -> None:
        n = len(gains)
        climbs = min(_CLIMBS, 4 * n)
        self._gains, self._rows = gains, np.arange(climbs)
        self._groups = rng.integers(0, rng.integers(1, n, size=(climbs, 1), endpoint=True), size=(climbs, n))
        self._gain: Float = gains @ self._members()

    def _members(self) -> Float:
        """1.0 for each member and group it is in, else 0.0."""
        return np.asarray(self._groups[:, :, None] == np.arange(len(self._gains)), np.float64)

    def move(self, rng: np.random.Generator) -> bool:
        """Move each member to the group, possibly a new one, where it gains most; returns whether any moved."""
        moved = False
        for member in rng.permutation(len(self._gains)):
            at, here = self._gain[:, member], self._groups[:, member]
            to = at.argmax(axis=1)
            rows = np.flatnonzero(at[self._rows, to] > at[self._rows, here])
            if len(rows):
                self._gain[rows, :, here[rows]] -= self._gains[member]
                self._gain[rows, :, to[rows]] += self._gains[member]
                self._groups[rows, member] = to[rows]
                moved = True
        return moved

    def merge(self) -> bool:
        """Merge, in each partition, the two groups that gain most by it; returns whether any were merged."""
        n = len(self._gains)
        between = self._members().transpose(0, 2, 1) @ self._gain
        between[:, np.arange(n), np.arange(n)] = 0
        best = between.reshape(len(self._rows), -1).argmax(axis=1)
        gone, into = np.divmod(best, n)
        rows = np.flatnonzero(between[self._rows, gone, into] > 0)
        for row in rows.tolist():
            self._groups[row, self._groups[row] == gone[row]] = into[row]
        self._gain[rows, :, into[rows]] += self._gain[rows, :, gone[rows]]
        self._gain[rows, :, gone[rows]] = 0
        return len(rows) > 0

    def best(self) -> Int64:
        """The groups of the partition with the highest modularity."""
        n = len(self._gains)
        own = self._gain[self._rows[:, None], np.arange(n), self._groups].sum(axis=1)
        return np.asarray(self._groups[own.argmax()], np.int64)
