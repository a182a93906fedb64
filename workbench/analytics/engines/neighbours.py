"""Scores of pairs by their common neighbours, as products of sparse matrices, part by part to bound memory."""

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.engines.in_parts import in_parts
from workbench.analytics.engines.network import Float64, Network
from workbench.errors import UsageError
from workbench.store.columns import Int32, Int64

SCORES = ("adamic_adar", "jaccard", "resource_allocation")
_AT_ONCE = 4_000_000  # paths of two edges in one part
_DIGITS = 12  # decimals by which scores are compared: sums of the same shares in another order are equal


def scores(network: Network, score: str, a: Int64, b: Int64) -> Float64:
    """See `operations.scores`."""
    by, edges = _shares(network, score), network.structure
    found = np.zeros(len(a))
    for part in in_parts(network.degrees[a] + network.degrees[b], _AT_ONCE):
        found[part] = edges[a[part]].multiply(edges[b[part]]).tocsr() @ by
    return _told(network, score, a, b, found)


def top_pairs(network: Network, score: str, k: int) -> tuple[Int32, Int32, Float64]:
    """See `operations.top_pairs`."""
    by, edges = _shares(network, score), network.structure
    weighed = csr_array((by[edges.indices], edges.indices, edges.indptr), shape=edges.shape)
    best = _Best(network, score, k)
    for part in in_parts(edges @ np.diff(edges.indptr), _AT_ONCE):
        best.add(weighed[part] @ edges, part.start)
    return best.told()


def _shares(network: Network, score: str) -> Float64:
    """What each node adds to the score of two of its neighbours."""
    degrees = network.degrees.astype(np.float64)
    if score == "jaccard":
        return np.ones(network.n)
    if score == "resource_allocation":
        return np.divide(1.0, degrees, out=np.zeros(network.n), where=degrees > 0)
    if score == "adamic_adar":
        return np.divide(1.0, np.log(np.maximum(degrees, 1)), out=np.zeros(network.n), where=degrees > 1)
    raise UsageError(f"no score {score!r}: one of {', '.join(SCORES)}")


def _told(network: Network, score: str, a: Int64, b: Int64, found: Float64) -> Float64:
    if score != "jaccard":
        return found
    either = network.degrees[a] + network.degrees[b] - found
    either = np.where(a == b, network.degrees[a], either)
    return np.asarray(np.divide(found, either, out=np.zeros(len(a)), where=either > 0))


class _Best:
    """The best pairs so far."""

    def __init__(self, network: Network, score: str, k: int) -> None:
        self._network, self._score, self._k = network, score, k
        self._a, self._b, self._scores = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)

    def add(self, product: csr_array, first: int) -> None:
        """Take in what common neighbours make of some rows, the first of which is `first`."""
        rows = np.repeat(np.arange(first, first + product.shape[0]), np.diff(product.indptr))
        above = np.flatnonzero(product.indices > rows)
        a, b = rows[above], product.indices[above].astype(np.int64)
        found = np.round(_told(self._network, self._score, a, b, product.data[above]), _DIGITS)
        a, b, found = self._without_ties(a, b, found, first, product.shape[0])
        self._keep(np.concatenate([self._a, a]), np.concatenate([self._b, b]), np.concatenate([self._scores, found]))

    def _without_ties(self, a: Int64, b: Int64, found: Float64, first: int, many: int) -> tuple[Int64, Int64, Float64]:
        """Those that may be among the best and have no edge; edges can take no more places than there are of them."""
        edges = self._network.structure
        wanted = self._k + int(edges.indptr[first + many] - edges.indptr[first])
        if len(found) > wanted:
            least = np.partition(found, len(found) - wanted)[len(found) - wanted]
            high = np.flatnonzero(found >= least)
            a, b, found = a[high], b[high], found[high]
        here = edges[first : first + many]
        tied = np.repeat(np.arange(first, first + many), np.diff(here.indptr)) * self._network.n + here.indices
        free = ~np.isin(a * self._network.n + b, tied)
        return a[free], b[free], found[free]

    def _keep(self, a: Int64, b: Int64, found: Float64) -> None:
        order = np.lexsort((b, a, -found))[: self._k]
        self._a, self._b, self._scores = a[order], b[order], found[order]

    def told(self) -> tuple[Int32, Int32, Float64]:
        """The pairs and their scores, the highest first."""
        return self._a.astype(np.int32), self._b.astype(np.int32), self._scores
