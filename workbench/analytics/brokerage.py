"""Brokerage: who stands between two of different groups that are not tied (Gould and Fernandez 1989).

A broker of the pair (x, y) is tied to both, x and y have no tie, and no group has both. In a directed network the
ties lead from x to the broker and from the broker to y. These are the liaisons, gatekeepers and representatives of
Gould and Fernandez; brokers within a group are not counted. Groups may overlap (an entity may be known to several
agencies), and who is in no group makes no pair.
"""

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64


def membership(n: int, members: Int64, groups: Int64) -> csr_array:
    """A matrix with a row for each of n nodes and a column for each group, 1 where `members[i]` is in `groups[i]`."""
    many = int(groups.max(initial=-1)) + 1
    made = csr_array((np.ones(len(members)), (members, groups)), shape=(n, many))
    made.data[:] = 1.0
    return made


def brokerage(network: Network, groups: csr_array) -> Float64:
    """For each node, the number of pairs that it brokers; unordered if the network is undirected.

    `groups` has a row for each node and a column for each group; see `membership`.
    """
    if not network.m:
        return np.zeros(network.n)
    kinds, kind = _kinds(groups)
    edges, into = network.structure, network.into
    of_kind = csr_array((np.ones(len(kind)), (np.arange(len(kind)), kind)), shape=(len(kind), kinds.shape[0]))
    grouped = np.diff(kinds.indptr) > 0
    shared = (kinds @ kinds.T).tocsr()
    shared.data[:] = 1.0
    before, after = into @ of_kind, edges @ of_kind
    some = grouped.astype(np.float64)
    pairs = (before @ some) * (after @ some) - _sums((before @ shared).multiply(after))
    tied = _sums((into @ _across(network, groups)).multiply(edges))
    return np.asarray(np.rint(pairs - tied) / (1 if network.directed else 2), np.float64)


def _across(network: Network, groups: csr_array) -> csr_array:
    """The edges between two that are both in groups, and in no common one."""
    a, b = network.a, network.b
    in_groups = np.diff(groups.indptr) > 0
    common = _sums(groups[a].multiply(groups[b]))
    kept = (common == 0) & in_groups[a] & in_groups[b]
    return Network(network.n, network.directed, a[kept], b[kept]).structure


def _kinds(groups: csr_array) -> tuple[csr_array, Int64]:
    """The different rows of a membership, and which of them each node has: nodes of the same groups are alike."""
    groups = groups.tocsr()
    groups.sort_indices()
    rows = np.split(groups.indices, groups.indptr[1:-1])
    known: dict[bytes, int] = {}
    kind = np.array([known.setdefault(each.astype(np.int64).tobytes(), len(known)) for each in rows], np.int64)
    _, first = np.unique(kind, return_index=True)
    return groups[first].tocsr(), kind


def _sums(matrix: csr_array) -> Float64:
    return np.asarray(matrix.sum(axis=1), np.float64).ravel()
