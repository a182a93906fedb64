"""Networks with the same degrees, drawn at random: what a measure is without any structure.

Two ties exchange ends (Maslov and Sneppen 2002), by networkit, some times as often as there are ties. What was one
part is made one part again, because a network in pieces falls into groups by itself.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from workbench.analytics.engines import Network
from workbench.analytics.engines.by_networkit import exchanged
from workbench.store.columns import Bool, Int32, Int64

_EXCHANGES, _FEW_EXCHANGES = 10.0, 3.0  # per tie; fewer in networks with more ties than
_MANY = 10_000


def rewired(network: Network, seed: int) -> Network:
    """A connected network with the degrees of a connected one, which is undirected; weights are dealt out anew."""
    ends = exchanged(network, seed, _EXCHANGES if network.m <= _MANY else _FEW_EXCHANGES)
    draw = np.random.default_rng(seed)
    ends = connected(network.n, ends, draw)
    weights = None if network.weights is None else draw.permutation(network.weights)
    return Network(network.n, False, *_sorted(ends), weights)


def _sorted(ends: Int64) -> tuple[Int32, Int32]:
    low, high = (each.astype(np.int32) for each in np.sort(ends, axis=1).T)
    return low, high


def connected(n: int, ends: Int64, draw: np.random.Generator) -> Int64:
    """The ties with as many exchanged as connect all parts, degrees unchanged (Viger and Latapy 2005).

    A tie on a cycle of one part and any tie of another exchange ends: that joins the two parts. There must be as many
    ties as a tree of `n` nodes has.
    """
    part = connected_components(_matrix(n, ends), directed=False)[1]
    if not part.max(initial=0):
        return ends
    ends, spare = ends.copy(), _on_cycles(n, ends, draw)
    first, *others = _with_cycles_first(part[ends[:, 0]], spare)
    waiting = list(_some(first, spare, draw))
    for rows in others:
        cut, row = waiting.pop(), int(draw.choice(rows))
        (a, b), (x, y) = ends[cut], draw.permutation(ends[row])
        ends[cut], ends[row] = (a, x), (b, y)
        own = [each for each in _some(rows, spare, draw) if each != row]
        waiting += [*own, row] if spare[row] else own
    return ends


def _matrix(n: int, ends: Int64) -> coo_array:
    return coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))


def _on_cycles(n: int, ends: Int64, draw: np.random.Generator) -> Bool:
    """A mask of the ties outside a spanning tree drawn at random: without them all parts stay as they are."""
    weights = draw.permutation(len(ends)) + 1.0
    low, high = np.sort(ends, axis=1).T
    tree = minimum_spanning_tree(coo_array((weights, (low, high)), shape=(n, n)).tocsr())
    return np.asarray(~np.isin(weights, tree.data))


def _with_cycles_first(part: Int32, spare: Bool) -> Sequence[Int64]:
    """The ties of each part, those with most ties on cycles first."""
    order = np.argsort(part, kind="stable")
    rows = np.split(order, np.flatnonzero(np.diff(part[order])) + 1)
    return sorted(rows, key=lambda some: (-int(spare[some].sum()), -len(some), int(some[0])))


def _some(rows: Int64, spare: Bool, draw: np.random.Generator) -> Iterator[int]:
    """The ties on cycles among some, in an order drawn at random."""
    yield from draw.permutation(rows[spare[rows]]).tolist()
