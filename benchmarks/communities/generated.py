"""Networks without groups, and networks with planted ones, each from a seed alone."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.generated import graph_of, of_pairs
from workbench.analytics.engines import Network

Int64 = NDArray[np.int64]


class Lfr(NamedTuple):
    """A kind of LFR network (Lancichinetti, Fortunato and Radicchi 2008): sizes of degrees and of groups."""

    n: int
    degree: float
    most: int
    groups: tuple[int, int]


LFR = (Lfr(250, 8, 30, (15, 50)), Lfr(500, 10, 40, (20, 80)), Lfr(1_000, 15, 50, (20, 100)))
SIZES = (30, 60, 100, 200, 300)


def of_graph(graph: "nx.Graph[Any]") -> Network:
    """The network of a graph, without loops."""
    simple = nx.Graph(nx.convert_node_labels_to_integers(graph))
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    return of_pairs(len(simple), np.array(simple.edges, np.int64).reshape(-1, 2))


def lfr(kind: Lfr, outside: float, seed: int) -> tuple[Network, list[int]]:
    """A network with planted groups, by networkit's generator, and the group of each node.

    networkx's own leaves more ties outside groups than asked for: 0.77 instead of 0.6.
    """
    import networkit  # imported here: it takes 1.6 s

    networkit.setNumberOfThreads(1)
    networkit.setSeed(seed, False)
    made = networkit.generators.LFRGenerator(kind.n)
    made.generatePowerlawDegreeSequence(kind.degree, kind.most, -2)
    made.generatePowerlawCommunitySizeSequence(*kind.groups, -1)
    made.setMu(outside)
    pairs = sorted({(min(each), max(each)) for each in made.generate().iterEdges() if each[0] != each[1]})
    return of_pairs(kind.n, np.array(pairs, np.int64)), list(made.getPartition().getVector())


def planted(seeds: int) -> Iterator[tuple[str, Iterator[Network]]]:
    """Networks with groups, by kind: a share of 0.1 to 0.4 of ties is outside groups."""
    for kind in LFR:
        for outside in (0.1, 0.2, 0.3, 0.4):
            yield f"LFR {kind.n}, {outside}", (lfr(kind, outside, seed)[0] for seed in range(seeds))


def trees(seeds: int) -> Iterator[Network]:
    """Random trees."""
    return (of_graph(nx.random_labeled_tree(n, seed=seed)) for n in SIZES for seed in range(seeds))


def random_networks(seeds: int) -> Iterator[Network]:
    """Random networks (Erdos and Renyi 1959) with 2.4, 4 and 10 ties at each node, on average."""
    for n in SIZES:
        for mean in (2.4, 4, 10):
            for seed in range(seeds):
                yield of_graph(nx.gnm_random_graph(n, round(n * mean / 2), seed=seed))


def exchanged(network: Network, seeds: int) -> Iterator[Network]:
    """A network with its ties exchanged five times over, by networkx: in pieces or not, as it comes."""
    for seed in range(seeds):
        graph = graph_of(network)
        swaps = 5 * graph.number_of_edges()
        nx.double_edge_swap(graph, swaps, max_tries=1_000 * swaps, seed=seed)
        yield of_graph(graph)


# Kinds of networks of about so many ties, for the comparison of modularities.
KINDS: Mapping[str, Callable[[int], "nx.Graph[int]"]] = {
    "preferential attachment": lambda ties: nx.barabasi_albert_graph(max(ties // 5, 10), 5, seed=1),
    "random": lambda ties: nx.gnm_random_graph(max(ties // 3, 10), ties, seed=1),
    "small world": lambda ties: nx.watts_strogatz_graph(max(ties // 3, 10), 6, 0.1, seed=1),
    "clustered": lambda ties: nx.powerlaw_cluster_graph(max(ties // 4, 10), 4, 0.3, seed=1),
    "tree": lambda ties: nx.random_labeled_tree(ties + 1, seed=1),
}


def by_kind(ties: int) -> Iterator[tuple[str, Network]]:
    """A network of each kind with about so many ties; and an LFR network with a share of 0.4 outside groups."""
    for name, made in KINDS.items():
        yield f"{name}, {ties:,} ties", of_graph(made(ties))
    kind = Lfr(max(ties // 5, 60), 10, min(50, ties // 10), (10, min(100, max(ties // 15, 12))))
    yield f"LFR 0.4, {ties:,} ties", lfr(kind, 0.4, 1)[0]
