"""Graphs of all kinds on which engines must agree with networkx."""

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from workbench.analytics.engines import Network

Graph = Any  # of networkx, over anything


def _looped() -> Graph:
    graph = nx.gnm_random_graph(30, 50, seed=6)
    graph.add_edges_from([(3, 3), (7, 7)])
    return graph


def _weighed(graph: Graph) -> Graph:
    for number, (a, b) in enumerate(graph.edges):
        graph[a][b]["weight"] = 1 + number % 4 / 2
    return graph


def _mixed() -> Graph:
    names: list[Any] = [7, "seven", (7, "x"), 2.5, frozenset({1}), "", "7", True]
    return nx.relabel_nodes(nx.gnm_random_graph(len(names), 12, seed=8), dict(enumerate(names)))


def _apart(directed: bool) -> Graph:
    kind = nx.DiGraph if directed else nx.Graph
    parts = [nx.gnm_random_graph(9, 4 + n, seed=n, directed=directed) for n in range(12)]
    return nx.disjoint_union_all([*parts, nx.path_graph(60, create_using=kind), nx.empty_graph(3, create_using=kind)])


def _shuffled() -> Graph:
    """Nodes that are not in the order of their names, and edges that were written from either end."""
    graph: Graph = nx.Graph()
    graph.add_nodes_from([5, 3, 9, 1])
    graph.add_edges_from([(9, 3), (1, 9), (5, 1), (3, 5), (2, 5), (8, 2)])
    return graph


GRAPHS: dict[str, Callable[[], Graph]] = {
    "nothing": nx.Graph,
    "nothing directed": nx.DiGraph,
    "one": lambda: nx.empty_graph(1),
    "two": lambda: nx.path_graph(2),
    "no ties": lambda: nx.empty_graph(7),
    "a path": lambda: nx.path_graph(70),
    "a path directed": lambda: nx.path_graph(70, create_using=nx.DiGraph),
    "a star": lambda: nx.star_graph(20),
    "complete": lambda: nx.complete_graph(12),
    "a ring": lambda: nx.cycle_graph(51),
    "a tree": lambda: nx.balanced_tree(3, 4),
    "a grid by place": lambda: nx.grid_2d_graph(6, 9),
    "karate by name": lambda: nx.relabel_nodes(_bare(nx.karate_club_graph()), str),
    "karate with weights": nx.karate_club_graph,
    "many parts": lambda: _apart(False),
    "many parts directed": lambda: _apart(True),
    "loops": _looped,
    "mixed names": _mixed,
    "shuffled": _shuffled,
    "hubs": lambda: nx.barabasi_albert_graph(150, 3, seed=1),
    "hubs with weights": lambda: _weighed(nx.barabasi_albert_graph(150, 3, seed=1)),
    "random": lambda: nx.gnm_random_graph(200, 260, seed=2),
    "random directed": lambda: nx.gnm_random_graph(120, 300, seed=3, directed=True),
    "random directed with weights": lambda: _weighed(nx.gnm_random_graph(80, 300, seed=4, directed=True)),
    "large": lambda: nx.barabasi_albert_graph(600, 2, seed=5),
    "large directed": lambda: nx.gnm_random_graph(600, 1500, seed=7, directed=True),
    "groups": lambda: _bare(nx.planted_partition_graph(6, 30, 0.4, 0.02, seed=1)),
}


def _bare(graph: Graph) -> Graph:
    """The same nodes and edges without attributes."""
    made = graph.__class__()
    made.add_nodes_from(graph)
    made.add_edges_from(graph.edges)
    return made


def network_of(graph: Graph) -> Network:
    """The network of a graph over anything, without weights and loops, made in plain Python."""
    number = {name: place for place, name in enumerate(graph)}
    pairs = {(number[a], number[b]) for a, b in graph.edges if a != b}
    ends = sorted(pairs if graph.is_directed() else {(min(pair), max(pair)) for pair in pairs})
    a, b = (np.array([pair[end] for pair in ends], np.int32) for end in (0, 1))
    return Network(len(graph), graph.is_directed(), a, b)


@st.composite
def small_graphs(draw: st.DrawFn) -> Graph:
    """Any graph of up to nine nodes, with or without directions and loops."""
    n, directed = draw(st.integers(0, 9)), draw(st.booleans())
    graph: Graph = nx.DiGraph() if directed else nx.Graph()
    names = draw(st.permutations(range(n)))
    graph.add_nodes_from(names)
    if n:
        graph.add_edges_from(draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=20)))
    return graph
