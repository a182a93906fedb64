"""Graphs of networkx as networks, with the names of their nodes."""

from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property
from itertools import chain
from numbers import Real
from typing import Any

import networkx as nx
import numpy as np

from workbench.analytics.engines.network import Float64, Network
from workbench.store.columns import Bool, Int32


class Converted:
    """A graph as networkx hands it to us. Nodes are numbered in the graph's order; loops are left out.

    Weights are read from the graph whenever they are asked for: networkx keeps what it converted, and does not
    notice when they are changed (`graph[a][b]["weight"] = 2`).
    """

    __networkx_backend__ = "workbench"
    __networkx_cache__ = None

    def __init__(self, graph: "nx.Graph[Any]") -> None:
        self.graph = graph
        self.names: list[Hashable] = list(graph)

    def __len__(self) -> int:
        return len(self.names)

    def is_directed(self) -> bool:
        """Whether edges have a direction."""
        return bool(self.graph.is_directed())

    def is_multigraph(self) -> bool:
        """Never: those are not converted."""
        return False

    @cached_property
    def number(self) -> Mapping[Hashable, int]:
        """The number of each node, by name."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def _ends(self) -> tuple[Int32, Int32]:
        """The ends of each entry of the graph's adjacency: twice an edge, if undirected."""
        near = [each for _, each in self.graph.adjacency()]
        counts = np.fromiter(map(len, near), np.int64, len(self))
        b = np.fromiter(map(self.number.__getitem__, chain.from_iterable(near)), np.int32, counts.sum())
        return np.repeat(np.arange(len(self), dtype=np.int32), counts), b

    @cached_property
    def _once(self) -> Bool:
        """The entries that are edges: each once, and no loops."""
        a, b = self._ends
        return np.asarray(a != b if self.is_directed() else a < b)

    @cached_property
    def network(self) -> Network:
        """The graph without weights and loops."""
        a, b = self._ends
        return Network(len(self), self.is_directed(), a[self._once], b[self._once])

    def weighted(self, weight: str | None) -> Network:
        """The graph with an attribute of its edges as their weights, 1 where it is missing.

        NotImplementedError, upon which networkx does it itself, for weights that are not numbers above 0.
        """
        if weight is None:
            return self.network
        entries = chain.from_iterable(near.values() for _, near in self.graph.adjacency())
        found = [each.get(weight, 1) for each in entries]
        if not all(isinstance(each, Real) for each in found):
            raise NotImplementedError("weights must be numbers")
        weights: Float64 = np.array(found, np.float64)[self._once]
        if not (np.isfinite(weights) & (weights > 0)).all():
            raise NotImplementedError("weights must be above 0")
        return self.network if (weights == 1).all() else self.network.with_weights(weights)

    def by_name(self, values: Iterable[Any]) -> dict[Any, Any]:
        """Values of the nodes, in order, by name."""
        return dict(zip(self.names, values, strict=True))
