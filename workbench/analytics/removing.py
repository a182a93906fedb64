"""Take nodes out of a network, one after the other, and let it recover by triadic closure.

What is left is measured as a share of what the whole network has: its largest part, its connected pairs, its
efficiency (the sum of the inverse distances of all pairs: Latora and Marchiori 2001).

Recovery: new ties between those who had the one who is taken out as a common contact. They are the pairs with the
highest index of resource allocation (Zhou et al. 2009) before that, as many as a given share of the ties lost.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.sparse import diags_array

from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.table import lasting_engine_for
from workbench.analytics.measures import levels, work
from workbench.store.columns import Bool, Int64

_EXACT_UP_TO = 2_000_000  # edges that searches from all nodes go along; beyond it samples are drawn
_SOURCES = 16  # in a sample
_AT_ONCE = 64  # searches
_MOST_BESIDE = 1_000  # neighbours between which ties grow again

Choice = Callable[[Network, Bool], int]  # the next node to take out, of those in a mask


class Left(NamedTuple):
    """What is left of a network, as shares from 0 to 1 of what the whole has."""

    largest: float
    pairs: float
    efficiency: float


class Whole:
    """A network and what it has, to measure what is left of it by."""

    def __init__(self, network: Network, seed: int) -> None:
        self.network = network.undirected()
        self.is_sampled = work(self.network) > _EXACT_UP_TO
        sampled = np.random.default_rng(seed).choice(network.n, min(network.n, _SOURCES), replace=False)
        self.sources = np.sort(sampled) if self.is_sampled else np.arange(network.n)

    @cached_property
    def _has(self) -> tuple[int, int, float]:
        """Its largest part, connected pairs and efficiency."""
        return *_parts(self.network, np.ones(self.network.n, bool)), _efficiency(self.network, self.sources)

    def left(self, network: Network, stays: Bool) -> Left:
        """What a network has of which the nodes in a mask stay."""
        largest, pairs = _parts(network, stays)
        efficiency = _efficiency(network, self.sources[stays[self.sources]])
        shares = (now / then for now, then in zip((largest, pairs, efficiency), self._has, strict=True))
        return Left(*(float(round(share, 6)) for share in shares))

    def by_degree(self, network: Network, stays: Bool) -> int:
        """The node with most ties, of equals the first."""
        return int(np.where(stays, network.degrees, -1).argmax())

    def by_betweenness(self, network: Network, stays: Bool) -> int:
        """The node with the highest betweenness, of equals the first; in a large network estimated."""
        sources, asked = (self.sources, "betweenness_from") if self.is_sampled else (None, "betweenness")
        found = operations.betweenness(network, sources, lasting_engine_for(asked, network))
        return int(np.where(stays, np.round(found, 6), -1).argmax())


def taken_out(whole: Whole, choose: Choice, most: int, regrown: float) -> Iterator[tuple[int, Network, Bool]]:
    """Each node that is taken out, and what is left then: the network and a mask of who stays.

    After each, the share `regrown` of its ties grows again; 0 for no recovery.
    """
    network, stays = whole.network, np.ones(whole.network.n, bool)
    for _ in range(most):
        node = choose(network, stays)
        network = _without(network, node, regrown)
        stays = stays.copy()
        stays[node] = False
        yield node, network, stays


def in_order(nodes: Sequence[int]) -> Choice:
    """The choice of these nodes, one after the other."""
    following = iter(nodes)
    return lambda network, stays: next(following)


def _without(network: Network, node: int, regrown: float) -> Network:
    kept = (network.a != node) & (network.b != node)
    a, b = network.a[kept], network.b[kept]
    wanted = round(regrown * int((~kept).sum()))
    if wanted:
        more_a, more_b = _closing(network, node, wanted)
        a, b = np.concatenate([a, more_a]), np.concatenate([b, more_b])
    return Network(network.n, False, a.astype(np.int32), b.astype(np.int32))


def _closing(network: Network, node: int, wanted: int) -> tuple[Int64, Int64]:
    """The new ties: of the pairs of the node's neighbours that are not tied, those with the highest index."""
    edges = network.structure
    beside = edges.indices[edges.indptr[node] : edges.indptr[node + 1]][:_MOST_BESIDE].astype(np.int64)
    rows = edges[beside]
    index = (rows @ diags_array(1.0 / np.maximum(network.degrees, 1)) @ rows.T).toarray()
    one, other = np.triu_indices(len(beside), 1)
    apart = rows[:, beside].toarray()[one, other] == 0
    one, other = one[apart], other[apart]
    best = np.lexsort((beside[other], beside[one], -np.round(index[one, other], 9)))[:wanted]
    return beside[one[best]], beside[other[best]]


def _parts(network: Network, stays: Bool) -> tuple[int, int]:
    """The size of the largest part, and how many pairs are connected."""
    sizes = np.bincount(operations.weak_parts(network)[stays]).astype(np.int64)
    return int(sizes.max(initial=0)), int((sizes * (sizes - 1) // 2).sum())


def _efficiency(network: Network, sources: Int64) -> float:
    """The sum of inverse distances from the sources to all nodes."""
    total = 0.0
    for start in range(0, len(sources), _AT_ONCE):
        these = sources[start : start + _AT_ONCE]
        steps = levels(network, these, np.arange(len(these)))
        total += sum(float(counts.sum()) / far for far, counts in enumerate(steps, 1))
    return total
