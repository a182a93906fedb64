"""Communities: groups with more ties inside than outside, and whether the data support them."""

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
from workbench.analytics.projection import Drawn, Projection, positions_of
from workbench.analytics.support import finding
from workbench.model.asked import seed_of
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.asking import question
from workbench.view.view import View

Groups = list[list[Place]]

# Newman and Girvan 2004: networks with communities have a modularity of about 0.3 or more.
_LEAST_MODULARITY = 0.3
_LEAST_STABILITY = 0.6
_SEEDS = 5
_SEEDS_OF_MANY = 2  # used if there are more ties than
_MANY = 20_000
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Community(Row):
    """One community: the ids of its members."""

    WHO: ClassVar[tuple[str, ...]] = ("members",)

    members: tuple[str, ...]
    size: int


@question
def communities(
    view: View, projection: str = "persons", count_common: bool = False, seed: int = 0
) -> Finding[Community]:
    """Communities by modularity (Newman and Girvan 2004), the largest first; outsiders are left out.

    Every entity with a tie is in exactly one. The result is the partition with the highest modularity
    of those tried: Louvain (Blondel et al. 2008) with five seeds, or two if there are more than 20,000
    ties, and hill climbing from random partitions in connected parts of up to 80 entities. In larger
    parts a better one may exist. Some partition always comes out: `supported` in `measured` tells
    whether to believe it, by its modularity (0: no more ties inside than by chance) and its stability
    (mean adjusted Rand index between Louvain's seeds; 1: all the same).
    """
    seed = seed_of(seed)
    projected = positions_of(view, projection, count_common)
    tried = _tried(projected, seed)
    groups = _groups(projected, best_partition(projected, tried, seed))
    modularity, stability = _modularity(projected, groups), _stability(tried)
    measured = {
        "entities": len(projected.nodes),
        "ties": len(projected.edges.a),
        "modularity": modularity,
        "stability": stability,
        "seeds": len(tried),
        "supported": modularity >= _LEAST_MODULARITY and stability >= _LEAST_STABILITY,
    }
    results = [Community(tuple(map(projected.snapshot.id_at, group)), len(group)) for group in groups]
    records = projected.records(projected.edges.rows)
    return finding(view, projected, "communities", {"count_common": count_common}, measured, results, records, seed)


def partition(found: Drawn, seed: int) -> Groups:
    """The groups of a projection's nodes, each sorted; the largest first, equals by their first node."""
    return _groups(found, best_partition(found, _tried(found, seed), seed))


def _tried(projected: Drawn, seed: int) -> list[Int64]:
    """Louvain's partitions for several seeds."""
    seeds = _SEEDS if len(projected.edges.a) <= _MANY else _SEEDS_OF_MANY
    return [louvain(projected, each) for each in range(seed, seed + seeds)]


def _groups(projected: Drawn, labels: Int64) -> Groups:
    """The nodes of each group, the largest first."""
    order = np.argsort(labels, kind="stable")
    groups = np.split(projected.nodes[order], np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []
    return sorted((group.tolist() for group in groups), key=lambda group: (-len(group), group[0]))


def _modularity(projected: Projection, groups: Groups) -> float:
    return round(nx.community.modularity(bare_graph(projected), groups), _DIGITS) if groups else 0.0


def _stability(tried: Sequence[Int64]) -> float:
    """The mean adjusted Rand index over all pairs of partitions."""
    from sklearn.metrics import adjusted_rand_score  # imported here: it would double the start time of every command

    if not len(tried[0]):
        return 0.0
    return round(fmean(adjusted_rand_score(a, b) for a, b in combinations(tried, 2)), _DIGITS)
