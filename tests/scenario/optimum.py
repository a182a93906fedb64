"""The partition of the highest modularity, proven by integer programming (Brandes et al. 2008; Dinh and Thai 2015).

It imports nothing of the workbench. Louvain from any number of seeds does not find it for Saltmarsh.
"""

from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

Pair = tuple[int, int]


def best_partition(graph: nx.Graph) -> list[set[Any]]:
    """The groups of a best partition."""
    return [group for programme in _programmes(graph) for group in programme.groups(programme.solve())]


def is_the_only_best(graph: nx.Graph, groups: list[set[Any]]) -> bool:
    """Whether a best partition, with these groups, is the only one that is as good."""
    return sorted(map(sorted, groups)) == sorted(
        sorted(group)
        for programme in _programmes(graph)
        for group in programme.groups(programme.farthest_from(programme.solve()))
    )


def _programmes(graph: nx.Graph) -> "list[_Programme]":
    return [_Programme(graph, sorted(members)) for members in nx.connected_components(graph)]


class _Programme:
    """The integer program for a connected part: 1 for each pair in one group, and the worth of each pair."""

    def __init__(self, graph: nx.Graph, members: list[Any]) -> None:
        self._members = members
        part = graph.subgraph(members)
        ties, degrees = graph.number_of_edges(), [part.degree(each) for each in members]
        self._number = {pair: n for n, pair in enumerate(combinations(range(len(members)), 2))}
        self._worth = np.array(
            [4 * ties * part.has_edge(members[a], members[b]) - 2 * degrees[a] * degrees[b] for a, b in self._number]
        )
        self._rows: list[tuple[int, int, int]] = []
        place = {each: n for n, each in enumerate(members)}
        for a, c in self._number:  # who is with b is with those b is with; b among the ties of the end with fewer
            around = min(({place[each] for each in part[members[end]]} for end in (a, c)), key=len)
            self._rows += [row for b in sorted(around - {a, c}) for row in self._triangle(a, b, c)]

    def _triangle(self, a: int, b: int, c: int) -> list[tuple[int, int, int]]:
        ab, bc, ac = (self._number[min(pair), max(pair)] for pair in ((a, b), (b, c), (a, c)))
        return [(ab, bc, ac), (ab, ac, bc), (bc, ac, ab)]

    def solve(self) -> np.ndarray:
        """The pairs of a best partition."""
        return self._most(self._worth)

    def farthest_from(self, together: np.ndarray) -> np.ndarray:
        """The pairs of the best partition that has the least in common with another."""
        return self._most(1 - 2 * together, least=float(self._worth @ together) - 0.5)

    def _most(self, worth: np.ndarray, least: float = -np.inf) -> np.ndarray:
        if not len(worth):
            return worth
        rows = np.repeat(np.arange(len(self._rows)), 3)
        values = np.tile([1, 1, -1], len(self._rows))
        shape = (len(self._rows), len(worth))
        triangles = coo_array((values, (rows, np.array(self._rows, int).ravel())), shape=shape).tocsr()
        bounds = [LinearConstraint(self._worth[None, :], least, np.inf)]
        bounds += [LinearConstraint(triangles, -np.inf, 1)] if self._rows else []
        found = milp(-worth, constraints=bounds, integrality=np.ones(len(worth)), bounds=Bounds(0, 1))
        assert found.success, found.message
        return np.rint(found.x).astype(int)

    def groups(self, together: np.ndarray) -> list[set[Any]]:
        """The groups from pairs that are together."""
        graph = nx.empty_graph(self._members)
        graph.add_edges_from((self._members[a], self._members[b]) for (a, b), n in self._number.items() if together[n])
        return list(nx.connected_components(graph))
