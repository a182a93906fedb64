"""Networks: what engines compute on, nodes 0 … n - 1 and their edges as arrays.

A network is made from a projection, or from any two arrays of ends. The forms that libraries want
(a matrix, a networkit graph, an igraph graph) are made when first asked for, and kept with it.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from workbench.store.columns import Int32, Int64

if TYPE_CHECKING:
    from workbench.analytics.projection import Drawn

Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes 0 … `n` - 1 and each edge once, from `a` to `b`, with a < b if undirected; without loops.

    `weights` are those of the edges, above 0; None means that all are 1. Arrays must not be changed. Networks
    are compared by what they are, not by their content.
    """

    n: int
    directed: bool
    a: Int32
    b: Int32
    weights: Float64 | None = None
    _nodes: Int32 | None = field(default=None, repr=False)

    @classmethod
    def of(cls, found: "Drawn", weights: Float64 | None = None) -> Self:
        """The network of a projection's nodes with an edge; `nodes` are then their positions in it."""
        nodes = found.nodes
        a, b = (np.searchsorted(nodes, ends).astype(np.int32) for ends in (found.edges.a, found.edges.b))
        return cls(len(nodes), found.directed, a, b, weights, nodes)

    @property
    def nodes(self) -> Int32:
        """What the nodes are in that from which the network was made; 0 … n - 1 if in nothing."""
        return np.arange(self.n, dtype=np.int32) if self._nodes is None else self._nodes

    @property
    def m(self) -> int:
        """The number of edges."""
        return len(self.a)

    def with_weights(self, weights: Float64 | None) -> "Network":
        """The same edges with other weights."""
        return Network(self.n, self.directed, self.a, self.b, weights, self._nodes)

    def undirected(self) -> "Network":
        """The same without directions and weights: edges in both directions are one. Itself if that is so already."""
        if not self.directed and self.weights is None:
            return self
        ends = np.sort(np.stack([self.a, self.b], axis=1), axis=1)
        pairs = np.unique(ends, axis=0).reshape(-1, 2)
        return Network(self.n, False, pairs[:, 0].copy(), pairs[:, 1].copy(), None, self._nodes)

    def renumbered(self, place: Int32) -> "Network":
        """The same edges between other numbers: node v is number `place[v]`, a permutation. `nodes` are not kept."""
        a, b = place[self.a], place[self.b]
        if not self.directed:
            a, b = np.minimum(a, b), np.maximum(a, b)
        return Network(self.n, self.directed, a, b, self.weights)

    @cached_property
    def each_weight(self) -> Float64:
        """The weight of each edge."""
        return np.ones(self.m) if self.weights is None else self.weights

    @cached_property
    def matrix(self) -> csr_array:
        """The edges as a matrix, from rows to columns; in both directions if undirected. Columns are in order."""
        made = self._matrix_of(self.each_weight)
        made.sort_indices()
        return made

    @cached_property
    def structure(self) -> csr_array:
        """As `matrix`, but every edge weighs 1."""
        if self.weights is None:
            return self.matrix
        made = self.matrix.copy()
        made.data = np.ones(len(made.data))
        return made

    @cached_property
    def into(self) -> csr_array:
        """As `structure`, with edges from columns to rows."""
        if not self.directed:
            return self.structure
        turned = self.structure.T.tocsr()
        turned.sort_indices()
        return turned

    @cached_property
    def degrees(self) -> Int64:
        """The number of edges at each node, in either direction."""
        return np.bincount(self.a, minlength=self.n) + np.bincount(self.b, minlength=self.n)

    @cached_property
    def kept(self) -> dict[str, Any]:
        """Graphs of libraries that were made of this network, by name of the engine."""
        return {}

    def _matrix_of(self, weights: Float64) -> csr_array:
        if self.directed:
            return csr_array((weights, (self.a, self.b)), shape=(self.n, self.n))
        ends = np.concatenate([self.a, self.b]), np.concatenate([self.b, self.a])
        return csr_array((np.concatenate([weights, weights]), ends), shape=(self.n, self.n))
