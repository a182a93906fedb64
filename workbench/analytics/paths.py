"""How two entities are connected: the shortest paths, step by step, with their records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

import networkx as nx
import numpy as np

from workbench.analytics.finding import Finding, Row, frozen
from workbench.analytics.following import follow
from workbench.analytics.projection import Projection, everyone
from workbench.analytics.reach import levels
from workbench.analytics.steps import Step, walk
from workbench.analytics.support import finding
from workbench.errors import UsageError
from workbench.store.columns import Int64
from workbench.view.asking import question
from workbench.view.view import View

_LONGER_BY = 3  # than the shortest: paths up to this are looked for, but where money is followed


@dataclass(frozen=True, slots=True)
class FoundPath(Row):
    """One path: its steps, and the weakest grade on it; "" where a record on it has none."""

    length: int
    weakest: str
    steps: tuple[Step, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """The ids of the entities on it, in order."""
        return tuple(dict.fromkeys(end for step in self.steps for end in (step.start, step.end)))

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        """The path that JSON says."""
        return cls(**frozen(said) | {"steps": tuple(map(Step.from_dict, said["steps"]))})


@question
def paths(
    view: View, a: str, b: str, projection: str = "all", count_common: bool = False, k: int = 3
) -> Finding[FoundPath]:
    """The k shortest simple paths between two entities, with everybody in the projection.

    Each step shows one record, the grade on which the step is weakest, its date and amount;
    `weakest` is the weakest grade on a path. They are up to `longer_by` steps
    longer than the shortest. By Yen's algorithm (1971). NotFound for an entity that this view has
    not; UsageError for one that the projection has not.

    In `money` a path follows the money: from a to b, and never back in time. Those of fewest
    steps come first, of these the one that is there earliest. A date without a time is any time of
    its day (or month, or year); a payment without a date is at any time, and its step `undated`.
    Where too many payments lie between the two, `limit_reached` in what is measured is true: paths
    of more than `steps_searched` steps were not looked for, and there may be one.
    """
    if k < 1:
        raise UsageError("a search for paths needs k of 1 or more")
    found = everyone(view, projection, count_common, ends=(a, b))
    start, end = found.node(a), found.node(b)
    if start == end:
        raise UsageError(f"{a} and {b} are one in the projection {projection!r}: name two different entities")
    nodes, limits = (_forward if found.directed else _either_way)(view, found, start, end, k)
    kept = [walk(view, found, each) for each in nodes]
    asked = {"a": a, "b": b, "count_common": count_common, "k": k}
    records = found.records(row for path in kept for row in path.rows)
    results = [FoundPath(len(path.steps), path.weakest, path.steps) for path in kept]
    return finding(view, found, "paths", asked, limits, results, records)


_Nodes = Sequence[Sequence[int]]


def _forward(view: View, found: Projection, start: int, end: int, k: int) -> tuple[_Nodes, Mapping[str, Any]]:
    """The paths of money, and where the search for them ended."""
    followed = follow(view, found, start, end, k)
    limits = {"limit_reached": followed.searched is not None}
    searched = {} if followed.searched is None else {"steps_searched": followed.searched}
    return [way.nodes for way in followed.ways], limits | searched


def _either_way(_: View, found: Projection, start: int, end: int, k: int) -> tuple[_Nodes, Mapping[str, Any]]:
    """The paths by ties that lead both ways."""
    return list(islice(simple_paths(found, start, end), k)), {"longer_by": _LONGER_BY, "limit_reached": False}


def simple_paths(found: Projection, start: int, end: int) -> Iterator[list[int]]:
    """Simple paths between two nodes, shortest first, up to a few steps longer than the shortest.

    A path of n steps only visits nodes whose distances from both ends add up to n at most;
    so the search stays in that part of the graph, which grows with n.
    """
    there, back = levels(found.adjacency, start), levels(found.adjacency, end)
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


def _subgraph(found: Projection, part: Int64) -> "nx.Graph[int]":
    inside = found.adjacency[part][:, part].tocoo()
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(part.tolist())
    graph.add_edges_from(zip(part[inside.coords[0]].tolist(), part[inside.coords[1]].tolist(), strict=True))
    return graph
