"""How short a partition makes the description of a network, by a degree-corrected block model.

The model is the planted partition of Zhang and Peixoto (2020): nodes have degrees, groups have members, and ties lie
inside groups or between them, inside all groups alike and between all pairs of groups alike. The shorter the
description, the more probable the partition. If no partition is shorter than a single group, the ties hold no
evidence of groups, whatever a search by modularity finds (Peixoto, *Descriptive vs. Inferential Community Detection*,
2023). Weights and directions are not counted.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64

_MOST_GROUPS = 64  # of which pairs are merged, to look for shorter descriptions


class _Counts(NamedTuple):
    """What a description depends on: of each group its members and ends of ties, and the ties between all pairs."""

    members: Float64
    ends: Float64
    between: Float64


def description_length(network: Network, labels: Int64) -> float:
    """The length of the description of an undirected network by a partition, in nats."""
    _, labels = np.unique(labels, return_inverse=True)
    degrees, groups = network.degrees, int(labels.max()) + 1
    inside = float((labels[network.a] == labels[network.b]).sum())
    members = np.bincount(labels).astype(np.float64)
    ends = np.bincount(labels, degrees).astype(np.float64)
    fixed = gammaln(network.n + 1) + np.log(network.n) - gammaln(degrees + 1).sum()
    return float(fixed + _of_group(members, ends).sum() + _of_ties(network, inside, groups))


def shortest(network: Network, labels: Int64) -> float:
    """The shortest length that is met on the way from a partition to a single group, always merging the best pair."""
    _, labels = np.unique(labels, return_inverse=True)
    best = description_length(network, labels)
    if int(labels.max()) >= _MOST_GROUPS:
        return best
    counts = _counted(network, labels)
    fixed = best - _of_group(counts.members, counts.ends).sum() - _ties_of(network, counts)
    while len(counts.members) > 1:
        counts = _merged(network, counts)
        best = min(best, float(fixed + _of_group(counts.members, counts.ends).sum() + _ties_of(network, counts)))
    return best


def _counted(network: Network, labels: Int64) -> _Counts:
    groups = int(labels.max()) + 1
    between = np.zeros((groups, groups))
    np.add.at(between, (labels[network.a], labels[network.b]), 1.0)
    members, ends = np.bincount(labels), np.bincount(labels, network.degrees)
    return _Counts(members.astype(np.float64), ends.astype(np.float64), between + between.T)


def _merged(network: Network, counts: _Counts) -> _Counts:
    """The counts after the merger of two groups that makes the description shortest."""
    groups = len(counts.members)
    one, other = np.triu_indices(groups, 1)
    apart = _of_group(counts.members, counts.ends)
    change = _of_group(counts.members[one] + counts.members[other], counts.ends[one] + counts.ends[other])
    change = change - apart[one] - apart[other]
    inside = np.trace(counts.between) / 2 + counts.between[one, other]
    best = int((change + _of_ties(network, inside, groups - 1)).argmin())
    return _joined(counts, int(one[best]), int(other[best]))


def _joined(counts: _Counts, kept: int, gone: int) -> _Counts:
    members, ends, between = (each.copy() for each in counts)
    members[kept] += members[gone]
    ends[kept] += ends[gone]
    between[kept] += between[gone]
    between[:, kept] += between[:, gone]
    return _Counts(
        np.delete(members, gone), np.delete(ends, gone), np.delete(np.delete(between, gone, axis=0), gone, axis=1)
    )


def _ties_of(network: Network, counts: _Counts) -> float:
    return float(_of_ties(network, np.trace(counts.between) / 2, len(counts.members)))


def _of_group(members: Float64, ends: Float64) -> Float64:
    """What each group adds: which nodes are in it, how many ends it has, and which node has how many of them."""
    return np.asarray(gammaln(ends + 1) - gammaln(members + 1) + _choices(members + ends - 1, ends), np.float64)


def _of_ties(network: Network, inside: "Float64 | float", groups: int) -> Float64:
    """What the number of groups adds, and that of the ties inside them."""
    between = network.m - np.asarray(inside, np.float64)
    length = np.asarray(inside) * np.log(groups / 2) - gammaln(np.asarray(inside) + 1) - gammaln(between + 1)
    if groups > 1:
        length = length + between * np.log(groups * (groups - 1) / 2) + np.log(network.m + 1)
    return np.asarray(length + _choices(np.asarray(network.n - 1.0), np.asarray(groups - 1.0)), np.float64)


def _choices(of: Float64, some: Float64) -> Float64:
    """The logarithm of the number of ways to choose some of many."""
    return np.asarray(gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1), np.float64)
