"""Which groups are more tied inside than out, and whether the data support any."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import ClassVar

import networkx as nx
import numpy as np

from workbench.analytics.finding import Finding, Row
from workbench.analytics.graph import bare_graph
from workbench.analytics.modularity import best_partition, louvain
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.support import finding
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.asking import question
from workbench.view.view import View

Groups = list[list[Place]]

# Newman and Girvan 2004: modularity of networks with communities is from about 0.3 on.
_LEAST_MODULARITY = 0.3
_LEAST_STABILITY = 0.6
_SEEDS = 5
_SEEDS_OF_MANY = 2  # where there are more ties than
_MANY = 20_000
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Community(Row):
    """Who belongs together."""

    WHO: ClassVar[tuple[str, ...]] = ("members",)

    members: tuple[str, ...]
    size: int


@question
def communities(
    view: View, projection: str = "persons", count_common: bool = False, seed: int = 0
) -> Finding[Community]:
    """Groups by modularity (Newman and Girvan 2004), the largest first, outsiders left out.

    Everybody who has a tie is in exactly one. Of the partitions that were tried it is the one of
    the highest modularity: by Louvain (Blondel et al. 2008) from five seeds on (two, beyond 20,000
    ties), and in connected parts of up to 80 by climbs from random partitions too. In larger parts
    it is not the best there is. Some partition always comes out: `supported`
    in what is measured says whether to believe it, by its modularity (0: no more ties inside than
    by chance) and its stability (mean adjusted Rand index between Louvain's seeds; 1: the same).
    """
    found = positions_of(view, projection, count_common)
    tried = _tried(found, seed)
    groups = _groups(found, best_partition(found, tried, seed))
    modularity, stability = _modularity(found, groups), _stability(tried)
    measured = {
        "entities": len(found.nodes),
        "ties": len(found.edges.a),
        "modularity": modularity,
        "stability": stability,
        "seeds": len(tried),
        "supported": modularity >= _LEAST_MODULARITY and stability >= _LEAST_STABILITY,
    }
    results = [Community(tuple(map(found.snapshot.id_at, group)), len(group)) for group in groups]
    records = found.records(found.edges.rows)
    return finding(view, found, "communities", {"count_common": count_common}, measured, results, records, seed)


def partition(found: Projection, seed: int) -> Groups:
    """The groups of a projection's nodes, each in order; the largest, then the first, come first."""
    return _groups(found, best_partition(found, _tried(found, seed), seed))


def _tried(found: Projection, seed: int) -> list[Int64]:
    """Louvain's partition of each of several seeds."""
    seeds = _SEEDS if len(found.edges.a) <= _MANY else _SEEDS_OF_MANY
    return [louvain(found, each) for each in range(seed, seed + seeds)]


def _groups(found: Projection, labels: Int64) -> Groups:
    """The nodes of each group, the largest first."""
    order = np.argsort(labels, kind="stable")
    groups = np.split(found.nodes[order], np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []
    return sorted((group.tolist() for group in groups), key=lambda group: (-len(group), group[0]))


def _modularity(found: Projection, groups: Groups) -> float:
    return round(nx.community.modularity(bare_graph(found), groups), _DIGITS) if groups else 0.0


def _stability(tried: Sequence[Int64]) -> float:
    """The mean adjusted Rand index of each two partitions."""
    from sklearn.metrics import adjusted_rand_score  # here: it costs every start of a program half of its time

    if not len(tried[0]):
        return 0.0
    return round(fmean(adjusted_rand_score(a, b) for a, b in combinations(tried, 2)), _DIGITS)
