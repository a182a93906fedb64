"""Positions in a projection: what a measure says of each node, and how that was estimated."""

from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.betweenness import betweenness_of
from workbench.analytics.brokerage import brokerage, membership
from workbench.analytics.communities import partition
from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.network import Float64
from workbench.analytics.groups_of import groups_of
from workbench.analytics.measures import WEIGHABLE, closeness, plan_of, scorer_of, strengths, work
from workbench.analytics.projection import Drawn, Projection
from workbench.analytics.rank_intervals import Intervals, rank_intervals
from workbench.analytics.ranks import EQUAL, Ranks, ranks
from workbench.analytics.weights import COUNTED
from workbench.view.asking import question
from workbench.view.view import View

_EXACT_UP_TO, _SAMPLED = 100_000_000, 25_000_000  # edges that the searches for closeness, or of a sample, go along
_DIGITS = 12  # significant digits of a score


class Scored(NamedTuple):
    """The score of each node, in the order of `network`; if it was estimated, from `sources` of `of` nodes.

    `groups` are those that brokerage is between, if they are known and not found in the ties.
    """

    network: Network
    scores: Float64
    sources: int = 0
    of: int = 0
    groups: csr_array | None = None

    @property
    def sampling(self) -> dict[str, Any]:
        """The fields of `measured` in a finding."""
        sampled = {"sources": self.sources, "sources_possible": self.of} if self.of else {}
        return {"estimated": self.of > 0, **sampled}

    def intervals(self, measure: str, missing: float, seed: int) -> Intervals:
        """The 90 % interval of each node's rank, if the share `missing` of ties or persons is not in the network."""
        plan = plan_of(self.network, measure, self.sources)
        scorer = scorer_of(measure, self.groups, seed)
        return rank_intervals(self.network, self.ranks, scorer, missing, plan, seed)

    @property
    def ranks(self) -> Ranks:
        """The ranks of the nodes."""
        return ranks(self.scores)


@question
def scores_of(view: View, found: Projection, measure: str, seed: int, ties_as: str = COUNTED) -> Scored:
    """What a measure says of each node of a projection; for the measures see `key_players`."""
    if not measure.startswith("brokerage"):
        return scored(found, measure, seed, weights=found.weights_as(ties_as))
    network = Network.of(found)
    if measure == "brokerage":
        return Scored(network, brokerage(network, _communities(found, network, seed)))
    groups = groups_of(view, found, measure.removeprefix("brokerage-"))
    return Scored(network, brokerage(network, groups), groups=groups)


def scored(found: Drawn, measure: str, seed: int, share: int = 1, weights: Float64 | None = None) -> Scored:
    """What a measure that needs nothing but the ties says of each node.

    The work for betweenness is divided by `share`. `weights` of ties count for the measures that are `WEIGHABLE`.
    """
    network = Network.of(found, weights if measure in WEIGHABLE else None)
    if measure == "degree":
        return Scored(network, _told(strengths(network)))
    if measure == "pagerank":
        return Scored(network, _told(operations.pagerank(network)))
    if measure == "closeness":
        return _closeness(network, seed)
    between = betweenness_of(network, seed, share)
    return Scored(network, _told(between.scores), between.sources, between.of)


def _closeness(network: Network, seed: int) -> Scored:
    """Closeness of Wasserman and Faust (1994), from all nodes or a sample of them."""
    part, n = operations.weak_parts(network), network.n
    sources, many = None, n
    if work(network) > _EXACT_UP_TO:
        many = min(n, max(100, _SAMPLED // (2 * network.m)))
        sources = np.zeros(n, bool)
        sources[np.random.default_rng(seed).choice(n, many, replace=False)] = True
    scores = _told(closeness(network, part, sources) / max(many - 1, 1))
    return Scored(network, scores) if sources is None else Scored(network, scores, many, n)


def _communities(found: Drawn, network: Network, seed: int) -> csr_array:
    groups = partition(found, seed)
    members = np.concatenate([np.zeros(0, np.int64), *map(np.array, groups)]).astype(np.int64)
    labels = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
    return membership(network.n, np.searchsorted(found.nodes, members), labels)


def _told(scores: Float64) -> Float64:
    """The scores rounded to significant digits, so that equals are exactly equal."""
    order = np.argsort(-scores, kind="stable")
    falls = scores[order][1:] < scores[order][:-1] * (1 - EQUAL)
    level = np.concatenate([np.zeros(min(1, len(order)), np.int64), np.cumsum(falls)])
    first = np.searchsorted(level, level)
    told = np.empty(len(scores))
    told[order] = [float(f"{score:.{_DIGITS}g}") for score in scores[order][first].tolist()]
    return told
