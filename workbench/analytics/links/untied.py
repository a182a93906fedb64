"""Pairs of nodes without a tie: all of them, or where they are too many a sample in which each stands for several.

Most pairs of a large network are far from each other, and say little. So those with a shared neighbour are drawn
apart: a path of two steps is drawn, and a pair that has many is drawn more often and stands for fewer.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.engines import Network
from workbench.analytics.engines.in_parts import in_parts
from workbench.analytics.engines.network import Float64
from workbench.analytics.forms.reasons import Whole
from workbench.analytics.links.features import Pairs
from workbench.analytics.links.scores import Shared, shares
from workbench.store.assembly import each_once
from workbench.store.columns import Bool, Int64

MOST = 300_000  # pairs of which all are taken
_NEAR, _FAR, _ALSO = 30_000, 10_000, 5_000  # draws of a sample
_AT_ONCE = 4_000_000  # paths of two steps in one part
_LEAST = 1e-100  # of a share: scipy leaves the zeros out of a product, and the products of all shares must be alike


class Untied(NamedTuple):
    """Pairs without a tie, a < b: `weights` is how many pairs each stands for."""

    a: Int64
    b: Int64
    weights: Float64


def has_few_pairs(network: Network) -> bool:
    """Whether all pairs are taken."""
    return network.n * (network.n - 1) // 2 <= MOST


def untied(network: Network, rng: np.random.Generator, also: Int64 | None = None) -> Untied:
    """The pairs without a tie: all, or a sample. Of those with the codes `also` as many as can be are in a sample."""
    if has_few_pairs(network):
        return _all(network)
    also = np.zeros(0, np.int64) if also is None else also
    near, weights, others = _near(network, rng, also)
    far = _far(network, rng, also)
    weight = max(network.n * (network.n - 1) / 2 - network.m - len(also) - others, 0.0) / max(len(far), 1)
    some = rng.permutation(also)[:_ALSO]
    codes = np.concatenate([some, near, far])
    of_some = np.full(len(some), len(also) / max(len(some), 1))
    every = np.concatenate([of_some, weights, np.full(len(far), weight)])
    order = np.argsort(codes)
    return Untied(codes[order] // network.n, codes[order] % network.n, every[order])


def codes_of(network: Network, a: Whole, b: Whole) -> Int64:
    """A number for each pair of nodes, the same in both directions."""
    low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b).astype(np.int64)
    return low * network.n + high


def are_tied(network: Network, codes: Int64) -> Bool:
    """Which of these pairs have a tie."""
    return np.isin(codes, codes_of(network, network.a, network.b))


def _all(network: Network) -> Untied:
    a, b = np.triu_indices(network.n, 1)
    free = ~are_tied(network, codes_of(network, a, b))
    return Untied(a[free].astype(np.int64), b[free].astype(np.int64), np.ones(int(free.sum())))


def _near(network: Network, rng: np.random.Generator, also: Int64) -> tuple[Int64, Float64, float]:
    """Pairs with a shared neighbour by drawn paths of two steps, what each weighs, and how many pairs there are."""
    degrees, edges = network.degrees, network.structure
    paths = degrees * (degrees - 1) / 2
    total = paths.sum()
    if not total:
        return np.zeros(0, np.int64), np.zeros(0), 0.0
    centre = rng.choice(network.n, _NEAR, p=paths / total)
    first = rng.integers(0, degrees[centre])
    second = (first + rng.integers(1, degrees[centre])) % degrees[centre]
    ends = (edges.indices[edges.indptr[centre] + each] for each in (first, second))
    codes = each_once(codes_of(network, *ends))
    codes = codes[~are_tied(network, codes) & ~np.isin(codes, also)]
    many = Pairs.of(network, codes // network.n, codes % network.n).shared.many
    weights = 1 / -np.expm1(-_NEAR * many / total)  # one over the chance to be drawn at all
    return codes, weights, float(weights.sum())


def _far(network: Network, rng: np.random.Generator, also: Int64) -> Int64:
    """Pairs drawn from all that have neither a tie nor a shared neighbour."""
    a, b = rng.integers(0, network.n, (2, _FAR))
    codes = each_once(codes_of(network, a[a != b], b[a != b]))
    codes = codes[~are_tied(network, codes) & ~np.isin(codes, also)]
    apart: Bool = Pairs.of(network, codes // network.n, codes % network.n).shared.many == 0
    return codes[apart]


def near(network: Network) -> Iterator[Pairs]:
    """All pairs that have a shared neighbour and no tie, part by part, with what the shared neighbours say."""
    by, edges = np.maximum(shares(network), _LEAST), network.structure
    for part in in_parts(edges @ np.diff(edges.indptr), _AT_ONCE):
        yield _part(network, by, part.start, part.stop)


def _part(network: Network, by: Float64, start: int, end: int) -> Pairs:
    """The pairs of the nodes from `start` to before `end` with nodes after them."""
    edges = network.structure
    some = edges[start:end]
    products = [csr_array((each[some.indices], some.indices, some.indptr), shape=some.shape) @ edges for each in by.T]
    rows = np.repeat(np.arange(start, end), np.diff(products[0].indptr))
    columns = products[0].indices.astype(np.int64)
    ahead = np.flatnonzero(columns > rows)
    a, b = rows[ahead], columns[ahead]
    tied = np.repeat(np.arange(start, end), np.diff(some.indptr)) * network.n + some.indices
    free = ~np.isin(a * network.n + b, tied)
    columns_of = [each.data[ahead][free] for each in products]
    return Pairs(network, a[free], b[free], Shared(*columns_of))
