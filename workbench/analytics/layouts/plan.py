"""What a layout is made from, and the sizes of what is drawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float]
Places: TypeAlias = NDArray[np.float64]  # a row for each entity
Ends: TypeAlias = NDArray[np.int64]  # a row for each pair: the numbers of both
Graph: TypeAlias = "nx.Graph[str]"

LENGTH = 130.0  # length of a tie, in pixels of the canvas
SPACE = 110.0  # width and height that an entity has with its label
CLEAR = 57.0  # two entities that are nearer would overlap: a disc, its rim, and what rounding takes


@dataclass(frozen=True, slots=True)
class Plan:
    """Entities to place, and what is known of them; whatever is not among `entities` is left out.

    - `dates`: the day of an entity's first dated tie, as in 2017-08-31; an entity without one is undated.
    - `path`: the entities of the path to show, in order.
    - `pinned`: these keep their places exactly, and others make room for them.
    """

    entities: Sequence[str]
    pairs: Sequence[tuple[str, str]]
    types: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    path: Sequence[str] = ()
    pinned: Mapping[str, Place] = field(default_factory=dict)


def graph_of(entities: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Graph:
    """The tied pairs as a graph, its nodes and edges in the order of their names."""
    graph: Graph = nx.Graph()
    graph.add_nodes_from(sorted(set(entities)))
    graph.add_edges_from(sorted({(min(a, b), max(a, b)) for a, b in pairs if a in graph and b in graph and a != b}))
    return graph


def parts_of(graph: Graph) -> list[Graph]:
    """The components of a graph, each as a graph of its own, the largest first."""
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return [graph_of(part, graph.edges(part)) for part in parts]


def numbered(graph: Graph) -> tuple[list[str], Ends]:
    """The entities, most tied first so that graphs of one shape tend to be alike, and the two numbers of each edge."""
    names = by_ties(graph)
    number = {entity: index for index, entity in enumerate(names)}
    ends = sorted(sorted((number[a], number[b])) for a, b in graph.edges)
    return names, np.array(ends, dtype=np.int64).reshape(-1, 2)


def by_ties(graph: Graph) -> list[str]:
    """The entities, those with most ties first."""
    return sorted(graph, key=lambda entity: (-len(graph[entity]), entity))


def lengths(places: Places, ends: Ends) -> Places:
    """The length of each line."""
    found: Places = np.hypot(*(places[ends[:, 0]] - places[ends[:, 1]]).T)
    return found
