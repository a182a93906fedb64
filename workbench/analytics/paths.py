"""How two entities are connected: the shortest paths, step by step, with their records."""

from collections.abc import Iterator, Sequence
from itertools import islice

import networkx as nx
import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.finding import Finding
from workbench.analytics.projection import Projection, everyone
from workbench.analytics.steps import walk
from workbench.analytics.support import finding
from workbench.errors import UsageError
from workbench.store.columns import Int32
from workbench.store.view import View

# Paths this much longer than the shortest are looked for, and this many of them looked at.
_LONGER_BY = 3
_LOOKED_AT = 300


def paths(view: View, a: str, b: str, projection: str = "all", count_common: bool = False, k: int = 3) -> Finding:
    """The k shortest simple paths between two entities, with everybody in the projection.

    Each step shows one record, the grade on which the step is weakest, its date and amount;
    `weakest` in the parameters is the weakest grade on each path. In `money` a path follows
    the money: from a to b, and never back in time. By Yen's algorithm (1971). NotFound for
    an entity that this view has not; UsageError for one that the projection has not.
    """
    if k < 1:
        raise UsageError("a search for paths needs k of 1 or more")
    found = everyone(view, projection, count_common, ends=(a, b))
    start, end = found.node(a), found.node(b)
    if start == end:
        raise UsageError(f"{a} and {b} are one in the projection {projection!r}: name two different entities")
    walked = (walk(view, found, nodes) for nodes in islice(simple_paths(found, start, end), _LOOKED_AT))
    kept = list(islice((path for path in walked if path is not None), k))
    parameters = {
        "a": a,
        "b": b,
        "count_common": count_common,
        "k": k,
        "longer_by": _LONGER_BY,
        "weakest": [path.weakest for path in kept],
    }
    records = found.keys(row for path in kept for row in path.rows)
    return finding(view, found, "paths", parameters, [path.to_row() for path in kept], records)


def simple_paths(found: Projection, start: int, end: int) -> Iterator[list[int]]:
    """Simple paths between two nodes, shortest first, up to a few steps longer than the shortest.

    A path of n steps only visits nodes whose distances from both ends add up to n at most;
    so the search stays in that part of the graph, which grows with n.
    """
    there, back = levels(found.adjacency, start), levels(found.adjacency.T.tocsr(), end)
    shortest = int(there[end])
    if shortest < 0:
        return
    reached = (there >= 0) & (back >= 0)
    for length in range(shortest, shortest + _LONGER_BY + 1):
        part = np.flatnonzero(reached & (there + back <= length))
        for nodes in nx.shortest_simple_paths(_subgraph(found, part), start, end):
            if len(nodes) - 1 > length:
                break
            if len(nodes) - 1 == length:
                yield nodes


def _subgraph(found: Projection, part: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "nx.Graph[int]":
    inside = found.adjacency[part][:, part].tocoo()
    graph: nx.Graph[int] = nx.DiGraph() if found.directed else nx.Graph()
    graph.add_nodes_from(part.tolist())
    graph.add_edges_from(zip(part[inside.coords[0]].tolist(), part[inside.coords[1]].tolist(), strict=True))
    return graph


def levels(adjacency: csr_array, start: int) -> Int32:
    """How many steps each node is from one; -1 where there is no way. Breadth first, in arrays."""
    indptr, indices = adjacency.indptr, adjacency.indices
    found = np.full(adjacency.shape[0], -1, dtype=np.int32)
    found[start] = 0
    frontier, level = np.array([start]), 0
    while len(frontier):
        level += 1
        starts, counts = indptr[frontier], indptr[frontier + 1] - indptr[frontier]
        offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        reached = np.unique(indices[np.repeat(starts, counts) + offsets])
        frontier = reached[found[reached] < 0]
        found[frontier] = level
    return found


def shortest_path(adjacency: csr_array, start: int, end: int) -> Sequence[int]:
    """The shortest path between two nodes, the first by node order among equals; () if none."""
    back = levels(adjacency.T.tocsr(), end)
    if back[start] < 0:
        return ()
    path = [start]
    while path[-1] != end:
        here = path[-1]
        beside = adjacency.indices[adjacency.indptr[here] : adjacency.indptr[here + 1]]
        path.append(int(beside[back[beside] == back[here] - 1].min()))
    return path
