"""Networks to learn from."""

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from tests.analytics.friends import pairs_of_friends
from workbench.analytics.engines import Network


def network_of(pairs: list[tuple[int, int]], n: int = 0) -> Network:
    """The network of some pairs a < b."""
    ends = np.array(sorted(pairs), np.int32).reshape(-1, 2)
    return Network(max(n, int(ends.max(initial=-1)) + 1), False, ends[:, 0].copy(), ends[:, 1].copy())


def friends(seed: int = 0) -> Network:
    """Groups of friends: a network that tells which ties it lacks."""
    return network_of(pairs_of_friends(seed))


def by_lot(n: int = 60, ties: int = 150, seed: int = 0) -> Network:
    """Ties drawn by lot: a network that tells nothing."""
    return network_of([tuple(sorted(pair)) for pair in nx.gnm_random_graph(n, ties, seed=seed).edges], n)


def graph_of(network: Network) -> "nx.Graph[int]":
    """The same for networkx."""
    graph: nx.Graph[int] = nx.empty_graph(network.n)
    graph.add_edges_from(zip(network.a.tolist(), network.b.tolist(), strict=True))
    return graph


@st.composite
def any_network(draw: st.DrawFn, most: int = 12) -> Network:
    """Any small network."""
    n = draw(st.integers(2, most))
    every = [(a, b) for a in range(n) for b in range(a + 1, n)]
    return network_of(draw(st.lists(st.sampled_from(every), unique=True, max_size=30)), n)
