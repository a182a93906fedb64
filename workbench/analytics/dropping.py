"""Networks with some of their ties or entities dropped at random, many of them as one network of many parts.

So all copies are measured at once. No path leads from one to another, so that measures of position are as if each
were alone, but for a factor that is the same for all nodes of a copy.
"""

from typing import NamedTuple

import numpy as np

from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.store.columns import Bool, Int64


class Copies(NamedTuple):
    """Copies of a network: all in one, and for each of its nodes, which node of the original it is, in which copy."""

    network: Network
    node: Int64
    copy: Int64

    @classmethod
    def whole(cls, network: Network) -> "Copies":
        """The network itself, as its only copy."""
        return cls(network, np.arange(network.n), np.zeros(network.n, np.int64))


def dropped(network: Network, share: float, times: int, rng: np.random.Generator) -> Copies:
    """Copies without a share of the ties (the first, third …) or of the nodes (the others), drawn at random.

    Each tie, or node with its ties, is dropped with that probability. Nodes that are left without a tie are not in a
    copy. A copy in which nothing is left has no node.
    """
    kept = [_kept(network, share, number % 2 == 1, rng) for number in range(times)]
    copy = np.repeat(np.arange(times), [int(each.sum()) for each in kept])
    a, b = (np.concatenate([ends[each] for each in kept] or [ends[:0]]) for ends in (network.a, network.b))
    given = None if network.weights is None else np.concatenate([network.weights[each] for each in kept])
    return _compact(network, copy, a.astype(np.int64), b.astype(np.int64), given)


def _kept(network: Network, share: float, by_node: bool, rng: np.random.Generator) -> Bool:
    if not by_node:
        return np.asarray(rng.random(network.m) >= share)
    stays = rng.random(network.n) >= share
    return np.asarray(stays[network.a] & stays[network.b])


def _compact(network: Network, copy: Int64, a: Int64, b: Int64, weights: Float64 | None) -> Copies:
    """The copies' edges between nodes 0 … n - 1, in the order of copies, and of nodes within each."""
    codes, ends = np.unique(np.concatenate([copy * network.n + a, copy * network.n + b]), return_inverse=True)
    ends = ends.reshape(2, -1).astype(np.int32)
    union = Network(len(codes), network.directed, ends[0], ends[1], weights)
    return Copies(union, codes % max(network.n, 1), codes // max(network.n, 1))
