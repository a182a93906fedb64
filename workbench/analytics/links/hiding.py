"""Hold-outs: a network with some of its ties or nodes hidden, and nobody left without a tie.

A hidden tie that leaves somebody alone would teach that whoever is alone has a hidden tie: that is true of the
hold-out, and of nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from workbench.analytics.engines import Network
from workbench.analytics.links.common import in_common, keep
from workbench.store.columns import Bool, Int64

_OVER = 1.5  # an event may hide so many times more ties than were wanted


def without_ties(
    network: Network, share: float, rng: np.random.Generator, together: Int64 | None = None
) -> tuple[Network, Bool]:
    """The network without a share of its ties, drawn at random, and a mask of those that are hidden.

    Ties that have the same number in `together` are of one event, and hidden together: otherwise those that are left
    would tell. Some are hidden, unless each would leave somebody alone.
    """
    wanted, many = max(1, round(share * network.m)), 0
    ends = list(zip(network.a.tolist(), network.b.tolist(), strict=True))
    degrees, hidden = network.degrees.tolist(), np.zeros(network.m, bool)
    for part in _drawn(network, rng, together):
        lost = Counter(end for tie in part for end in ends[tie])
        is_small = not many or many + len(part) <= _OVER * wanted
        if is_small and all(degrees[end] > count for end, count in lost.items()):
            for end, count in lost.items():
                degrees[end] -= count
            hidden[part] = True
            many += len(part)
        if many >= wanted:
            break
    return kept(network, ~hidden), hidden


def _drawn(network: Network, rng: np.random.Generator, together: Int64 | None) -> Sequence[Sequence[int]]:
    """The ties of each event, or each alone, in an order drawn at random."""
    if together is None:
        return [[tie] for tie in rng.permutation(network.m).tolist()]
    events: Mapping[int, list[int]] = defaultdict(list)
    for tie, event in enumerate(together.tolist()):
        events[event].append(tie)
    every = list(events.values())
    return [every[at] for at in rng.permutation(len(every)).tolist()]


def without_nodes(network: Network, share: float, rng: np.random.Generator) -> tuple[Network, Bool]:
    """The network without the ties of a share of its nodes, drawn at random, and a mask of those nodes.

    Each has two ties or more, and leaves nobody alone.
    """
    wanted, many = max(1, round(share * network.n)), 0
    degrees, hidden, edges = network.degrees.copy(), np.zeros(network.n, bool), network.structure
    for node in rng.permutation(np.flatnonzero(network.degrees > 1)).tolist():
        around = edges.indices[edges.indptr[node] : edges.indptr[node + 1]]
        around = around[~hidden[around]]
        if len(around) > 1 and (degrees[around] > 1).all():
            degrees[around] -= 1
            hidden[node] = True
            many += 1
        if many >= wanted:
            break
    return kept(network, ~(hidden[network.a] | hidden[network.b])), hidden


def kept(network: Network, ties: Bool) -> Network:
    """The network with some of its ties only, and all that its nodes have in common besides."""
    made = Network(network.n, False, network.a[ties], network.b[ties])
    keep(made, in_common(network))
    return made
