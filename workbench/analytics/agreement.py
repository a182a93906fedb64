"""How far partitions of the same nodes agree: what stays the same from seed to seed, and what does not."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64


class Steadiness(NamedTuple):
    """How often what a partition says comes out of several searches.

    - `groups`: for each group, in the order of its first node, the mean Jaccard index with the most similar group.
    - `members`: for each node, the share of the searches in which it is in the group most similar to its own.
    """

    groups: Float64
    members: Float64


def stability(tried: Sequence[Int64]) -> float:
    """The mean adjusted Rand index (Hubert and Arabie 1985) over all pairs of partitions; 1 for a single one."""
    from sklearn.metrics import adjusted_rand_score  # imported here: it takes a second

    indices = [adjusted_rand_score(one, other) for one, other in combinations(tried, 2)]
    return float(np.mean(indices)) if indices else 1.0


def steadiness(labels: Int64, tried: Sequence[Int64]) -> Steadiness:
    """How steady the groups of a partition and their members are in several others of the same nodes."""
    _, group = np.unique(labels, return_inverse=True)
    indices, stays = [], []
    for other in tried:
        _, theirs = np.unique(other, return_inverse=True)
        best, index = most_similar(group, theirs)
        indices.append(index)
        stays.append(theirs == best[group])
    return Steadiness(np.asarray(np.mean(indices, axis=0)), np.asarray(np.mean(stays, axis=0)))


def most_similar(group: Int64, other: Int64) -> tuple[Int64, Float64]:
    """For each of the groups numbered from 0, the other partition's group with the highest Jaccard index, and that.

    Of equals it is the one that is numbered first.
    """
    table = overlaps(group, other).tocoo()
    rows, columns = table.coords
    sizes, theirs = np.bincount(group), np.bincount(other)
    index = table.data / (sizes[rows] + theirs[columns] - table.data)
    order = np.lexsort((columns, -index, rows))
    _, first = np.unique(rows[order], return_index=True)
    return columns[order][first].astype(np.int64), np.asarray(index[order][first], np.float64)


def overlaps(one: Int64, other: Int64) -> csr_array:
    """The number of nodes that each group of one partition shares with each of another; both numbered from 0."""
    _, rows = np.unique(one, return_inverse=True)
    _, columns = np.unique(other, return_inverse=True)
    return csr_array((np.ones(len(one)), (rows, columns)))
