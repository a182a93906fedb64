"""Which groups are more tied inside than out, and whether the data support any."""

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean

import networkx as nx

from workbench.analytics.finding import Finding
from workbench.analytics.graph import bare_graph
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.support import finding
from workbench.store.view import View

Groups = list[list[int]]

# Newman and Girvan 2004: modularity of networks with communities is from about 0.3 on.
_LEAST_MODULARITY = 0.3
_LEAST_STABILITY = 0.6
_SEEDS = 5
_SEEDS_OF_MANY = 2  # where there are more ties than
_MANY = 20_000
_DIGITS = 6


def communities(view: View, projection: str = "persons", count_common: bool = False, seed: int = 0) -> Finding:
    """Groups by modularity (Louvain; Blondel et al. 2008), the largest first, outsiders left out.

    Everybody who has a tie is in exactly one; of five seeds (two, beyond 20,000 ties), from `seed` on, the partition of
    the highest modularity stands. Some partition always comes out: `supported` in the
    parameters says whether to believe it, by its modularity (0: no more ties inside than by
    chance) and its stability (mean adjusted Rand index between the seeds; 1: the same).
    """
    found = positions_of(view, projection, count_common)
    tried = _tried(found, seed)
    groups = _best(found, tried)
    modularity, stability = _modularity(found, groups), _stability(tried)
    parameters = {
        "count_common": count_common,
        "entities": len(found.nodes),
        "ties": len(found.edges.a),
        "modularity": modularity,
        "stability": stability,
        "seeds": len(tried),
        "supported": modularity >= _LEAST_MODULARITY and stability >= _LEAST_STABILITY,
    }
    results = [{"members": [found.snapshot.id_at(node) for node in group], "size": len(group)} for group in groups]
    return finding(view, found, "communities", parameters, results, found.keys(found.edges.rows), seed)


def partition(found: Projection, seed: int) -> Groups:
    """The groups of a projection's nodes, each in order; the largest, then the first, come first."""
    return _best(found, _tried(found, seed))


def _tried(found: Projection, seed: int) -> list[Groups]:
    """A partition of each of several seeds."""
    graph = bare_graph(found)
    tried = []
    seeds = _SEEDS if len(found.edges.a) <= _MANY else _SEEDS_OF_MANY
    for each in range(seed, seed + seeds):
        groups = nx.community.louvain_communities(graph, seed=each) if len(graph) else []
        tried.append(sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group[0])))
    return tried


def _best(found: Projection, tried: Sequence[Groups]) -> Groups:
    """The partition of the highest modularity, the first of equals."""
    return max(tried, key=lambda groups: _modularity(found, groups))


def _modularity(found: Projection, groups: Groups) -> float:
    return round(nx.community.modularity(bare_graph(found), groups), _DIGITS) if groups else 0.0


def _stability(tried: Sequence[Groups]) -> float:
    """The mean adjusted Rand index of each two partitions."""
    from sklearn.metrics import adjusted_rand_score  # here: it costs every start of a program half of its time

    labels = [_labels(groups) for groups in tried]
    if not labels[0]:
        return 0.0
    return round(fmean(adjusted_rand_score(a, b) for a, b in combinations(labels, 2)), _DIGITS)


def _labels(groups: Groups) -> Sequence[int]:
    """The number of each node's group, in order of the nodes."""
    where = {node: number for number, group in enumerate(groups) for node in group}
    return [where[node] for node in sorted(where)]
