"""Scores of pairs of nodes in an undirected network: how near two nodes are, each in its own way.

- resource allocation (Zhou, Lue and Zhang 2009), Adamic-Adar (2003), Jaccard: by the neighbours that both have.
- the product and the sum of both degrees.
- blocks: the ties that a degree-corrected block model (Karrer and Newman 2011) expects between the two, for groups
  found at several resolutions by Louvain's method, in the mean.
- paths of three steps, each divided by the root of the degrees between (Kovacs et al. 2019).
- walks: how often a walk that starts at one and comes back to it at random (Jeh and Widom 2003) is at the other, in
  both directions.

In a network with weights, a tie counts as what it weighs, and a degree is the sum of weights. Paths and walks take a
dense matrix: networks of more than `MOST_WALKED` nodes do without.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
from scipy.sparse import csr_array, diags_array

from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.in_parts import in_parts
from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64

MOST_WALKED = 2_000  # nodes
_RESOLUTIONS, _FEW_RESOLUTIONS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0), (1.0,)
_AT_ONCE = 4_000_000  # neighbours of pairs that are compared together
_GONE_ON, _GONE_ON_SHORT = 0.85, 0.5  # the chance that a walk goes on

T = TypeVar("T")


class Shared(NamedTuple):
    """Of each pair: how many neighbours both have, and these weighed by resource allocation and by Adamic-Adar."""

    many: Float64
    allocation: Float64
    adamic_adar: Float64


def is_walked(network: Network) -> bool:
    """Whether paths and walks are computed in a network."""
    return network.n <= MOST_WALKED


def degrees(network: Network) -> Float64:
    """The sum of the weights of each node's ties."""
    return _kept(network, "degrees", lambda: _degrees(network))


def _degrees(network: Network) -> Float64:
    ends = np.concatenate([network.a, network.b])
    return np.bincount(ends, np.tile(network.each_weight, 2), network.n).astype(np.float64)


def shares(network: Network) -> Float64:
    """What each node adds to the three columns of `Shared`, for two of its neighbours: an array of n x 3."""
    at = degrees(network)
    allocation = np.divide(1.0, at, out=np.zeros(network.n), where=at > 0)
    adamic_adar = np.divide(1.0, np.log(np.maximum(at, 1)), out=np.zeros(network.n), where=at > 1)
    return np.stack([np.ones(network.n), allocation, adamic_adar], axis=1)


def shared(network: Network, a: Int64, b: Int64) -> Shared:
    """What the neighbours say that both of each pair have; part by part, to bound memory."""
    by, edges = _kept(network, "shares", lambda: shares(network)), network.matrix
    found = np.zeros((len(a), 3))
    for part in in_parts(network.degrees[a] + network.degrees[b], _AT_ONCE):
        found[part] = edges[a[part]].multiply(edges[b[part]]).tocsr() @ by
    return Shared(*found.T)


def jaccard(network: Network, a: Int64, b: Int64, both: Float64) -> Float64:
    """The share of the neighbours of either that both have; `both` is how many those are."""
    either = degrees(network)[a] + degrees(network)[b] - both
    return np.asarray(np.divide(both, either, out=np.zeros(len(a)), where=either > 0))


def blocks(network: Network, a: Int64, b: Int64) -> Float64:
    """The ties that block models expect between each pair, in the mean of several resolutions."""
    models = _kept(network, "blocks", lambda: _models(network))
    expected = [_expected(labels, between, a, b) for labels, between in models]
    at = degrees(network)
    return np.asarray(at[a] * at[b] * np.mean(expected, axis=0))


def _models(network: Network) -> list[tuple[Int64, csr_array]]:
    """For each resolution the group of each node, and the ties between two groups for each pair of their ends."""
    resolutions = _RESOLUTIONS if is_walked(network) else _FEW_RESOLUTIONS
    return [_model(network, operations.louvain(network, 0, each, "networkit")) for each in resolutions]


def _model(network: Network, names: Int64) -> tuple[Int64, csr_array]:
    _, labels = np.unique(names, return_inverse=True)
    labels = labels.ravel().astype(np.int64)
    many = int(labels.max(initial=-1)) + 1
    ends = 1.0 / np.maximum(np.bincount(labels, degrees(network), many), 1)
    of = csr_array((np.ones(network.n), (labels, np.arange(network.n))), shape=(many, network.n))
    return labels, (diags_array(ends) @ (of @ network.matrix @ of.T) @ diags_array(ends)).tocsr()


def _expected(labels: Int64, between: csr_array, a: Int64, b: Int64) -> Float64:
    """The entries of a sparse matrix for the groups of each pair, by their place in its sorted codes."""
    table, many = between.tocoo(), between.shape[0]
    codes = table.coords[0].astype(np.int64) * many + table.coords[1]
    order = np.argsort(codes)
    wanted = labels[a] * many + labels[b]
    at = np.minimum(np.searchsorted(codes[order], wanted), max(len(codes) - 1, 0))
    return np.where(codes[order][at] == wanted, table.data[order][at], 0.0) if len(codes) else np.zeros(len(a))


def paths_of_three(network: Network, a: Int64, b: Int64) -> Float64:
    """The paths of three steps between each pair, each divided by the root of the degrees between."""
    return np.asarray(_kept(network, "three", lambda: _three(network))[a, b])


def _three(network: Network) -> Float64:
    at = _over_nothing(degrees(network))
    first = network.matrix @ diags_array(at**-0.5)
    return np.asarray((first @ network.matrix @ first.T).toarray())


def walk(network: Network, a: Int64, b: Int64) -> Float64:
    """How often a walk from one is at the other, which goes on 85 times in 100."""
    return _walked(network, _GONE_ON, a, b)


def short_walk(network: Network, a: Int64, b: Int64) -> Float64:
    """How often a walk from one is at the other, which goes on every other time."""
    return _walked(network, _GONE_ON_SHORT, a, b)


def _walked(network: Network, gone_on: float, a: Int64, b: Int64) -> Float64:
    found = _kept(network, f"walk {gone_on}", lambda: _walks(network, gone_on))
    return np.asarray(found[a, b] + found[b, a])


def _walks(network: Network, gone_on: float) -> Float64:
    steps = (diags_array(1 / _over_nothing(degrees(network))) @ network.matrix).toarray()
    return np.asarray((1 - gone_on) * np.linalg.inv(np.eye(network.n) - gone_on * steps))


def _over_nothing(at: Float64) -> Float64:
    """The same, and 1 for nodes without a tie."""
    return np.where(at > 0, at, 1.0)


def _kept(network: Network, name: str, make: Callable[[], T]) -> T:
    """What is made once of a network, and kept with it."""
    if name not in network.kept:
        network.kept[name] = make()
    made: T = network.kept[name]
    return made
