"""What nodes of a network have in common besides ties, as features of pairs; kept with the network."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64

_KEPT = "in common"


@dataclass(frozen=True)
class InCommon:
    """One kind of things: `matrix` has a row for each node and a column for each thing.

    The product of two rows is what both have in common.
    """

    matrix: csr_array

    @classmethod
    def of(cls, n: int, node: Int64, thing: Int64) -> "InCommon":
        """Of n nodes, some of whom have some things; a thing that k nodes have counts 1 / k for each two of them."""
        things, at = np.unique(thing, return_inverse=True)
        pairs = np.unique(np.stack([node, at.ravel()], axis=1).reshape(-1, 2), axis=0)
        many = np.bincount(pairs[:, 1], minlength=len(things))
        pairs = pairs[many[pairs[:, 1]] > 1]
        ends = pairs[:, 0], pairs[:, 1]
        return cls(csr_array((many[pairs[:, 1]] ** -0.5, ends), shape=(n, len(things))))

    def __bool__(self) -> bool:
        """Whether any two nodes have something in common."""
        return bool(self.matrix.nnz)

    def at(self, a: Int64, b: Int64) -> Float64:
        """How much each two nodes have in common."""
        return np.asarray(self.matrix[a].multiply(self.matrix[b]).sum(axis=1), np.float64).ravel()


def keep(network: Network, known: Mapping[str, InCommon]) -> None:
    """Keep what the nodes of a network have in common, by kind, with the network."""
    network.kept[_KEPT] = known


def in_common(network: Network) -> Mapping[str, InCommon]:
    """What was kept with a network; nothing if nothing was."""
    known: Mapping[str, InCommon] = network.kept.get(_KEPT, {})
    return known
