"""The ties that a projection may lack: the network of a view, and what is learnt of it for each question.

Nothing that people concluded from leads is in it: a projection holds recorded ties only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from workbench.analytics.behind import rows_of_edges
from workbench.analytics.circumstances import Circumstance, circumstances
from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.analytics.links.common import keep
from workbench.analytics.links.features import Pairs
from workbench.analytics.links.future import Periods
from workbench.analytics.links.learning import (
    FUTURE,
    HIDDEN_BEHIND,
    QUESTIONS,
    Learnt,
    future_ties,
    hidden_ties,
    missing_ties,
)
from workbench.analytics.links.untied import codes_of
from workbench.analytics.projection import Projection, learnt_from, positions_of
from workbench.errors import UsageError
from workbench.model.asked import seed_of, share_of
from workbench.store.assembly import each_once
from workbench.store.columns import NO_DAY, Int32, Int64
from workbench.store.steps import day_text
from workbench.view.asking import question
from workbench.view.view import View

MOST_MISSING = 0.5
_PERIODS = 8
_DIGITS = 6


class Asked(NamedTuple):
    """What is asked: the projection, the question, whether common values count, the share that is missing, the seed."""

    projection: str
    question: str
    count_common: bool
    missing: float
    seed: int


def asked_for(projection: str, question: str, count_common: bool, missing: float, seed: int) -> Asked:
    """What is asked, when it was checked; UsageError for a question that there is not, or a share of 0."""
    if question not in QUESTIONS:
        raise UsageError(f"no question {question!r}: one of {', '.join(QUESTIONS)}", "question")
    share = share_of(missing, "missing", MOST_MISSING)
    if not share:
        raise UsageError("if nothing is missing, there is nothing to predict: missing must be above 0", "missing")
    return Asked(projection, question, count_common, share, seed_of(seed))


@dataclass(frozen=True)
class Lacking:
    """A projection, and what was learnt of its network; `periods` are the first and the last day of each.

    `recorded` is the projection with those ties too from which nothing is learnt.
    """

    projected: Projection
    recorded: Projection
    nodes: Int32
    learnt: Learnt
    circumstances: Mapping[str, Circumstance] = field(default_factory=dict)
    periods: tuple[tuple[str, str], ...] = ()

    @property
    def network(self) -> Network:
        """The network, whose node n is the projection's node `nodes[n]`."""
        return self.learnt.network

    @cached_property
    def tied(self) -> Int64:
        """The codes of the pairs with a recorded tie, also if it was set aside, or has no date."""
        snapshot, edges = self.projected.snapshot, self.recorded.edges
        place = np.full(len(snapshot.nodes), -1, np.int64)
        place[self.nodes] = np.arange(len(self.nodes))
        a, b = (place[np.concatenate(ends)] for ends in ((snapshot.a, edges.a), (snapshot.b, edges.b)))
        both = (a >= 0) & (b >= 0) & (a != b)
        return np.unique(codes_of(self.network, a[both], b[both]))

    def node(self, entity: str) -> int:
        """The network's node for an entity; -1 if it has no tie there, NotFound or UsageError as for a projection."""
        place = self.projected.node(entity)
        at = int(np.searchsorted(self.nodes, place))
        return at if at < len(self.nodes) and self.nodes[at] == place else -1

    def probability(self, pairs: Pairs) -> Float64:
        """The probability of each pair: of nothing that could be learnt there is none (NaN)."""
        found = self.learnt.trained
        if found is None:
            return np.full(len(pairs.a), np.nan)
        return np.round(found.stack.chances(found.standings(pairs)), _DIGITS)


@question
def lacking(view: View, asked: Asked) -> Lacking:
    """The ties that a projection of a view may lack, learnt from its own ties."""
    recorded = positions_of(view, asked.projection, asked.count_common)
    found = learnt_from(view, asked.projection, asked.count_common)
    network = Network.of(found).undirected()
    if asked.question == FUTURE:
        periods, days = _periods(found, network)
        return Lacking(found, recorded, network.nodes, future_ties(periods, asked.seed), periods=days)
    known = circumstances(found, network)
    keep(network, {name: common for name, each in known.items() if (common := each.in_common(network.n))})
    if asked.question == HIDDEN_BEHIND:
        return Lacking(found, recorded, network.nodes, hidden_ties(network, asked.missing, asked.seed), known)
    together = None if found.directed else on_one_thing(found)
    return Lacking(found, recorded, network.nodes, missing_ties(network, asked.missing, asked.seed, together), known)


def on_one_thing(found: Projection) -> Int64:
    """A number for each edge: the same for those that rest on nothing but one thing, as those of a meeting do."""
    edges, reasons, snapshot = found.edges, found.edges.reasons(), found.snapshot
    many = np.bincount(reasons.edge, minlength=len(edges.a))
    number = np.arange(len(edges.a), dtype=np.int64) + len(snapshot.nodes)
    if len(reasons.cuts) < 2:
        return number
    first = np.zeros(int(reasons.leg.max(initial=-1)) + 1, np.int64)
    first[reasons.leg[::-1]] = reasons.row[::-1]
    one, other = first[reasons.cuts[0]], first[reasons.cuts[-1]]
    a, b = snapshot.a[one], snapshot.b[one]
    thing = np.where((a == snapshot.a[other]) | (a == snapshot.b[other]), a, -1)
    thing = np.where((b == snapshot.a[other]) | (b == snapshot.b[other]), b, thing)
    alone = (many[reasons.edge] == 1) & (one != other) & (thing >= 0)
    number[reasons.edge[alone]] = thing[alone]
    return number


def _periods(found: Projection, network: Network) -> tuple[Periods, tuple[tuple[str, str], ...]]:
    """The ties of each period, each with about as many days on which a tie was seen, and the days of each."""
    edge, row = rows_of_edges(found)
    day = found.snapshot.day[row]
    seen = np.unique(np.stack([day, edge], axis=1)[day != NO_DAY], axis=0)
    place = np.full(len(found.snapshot.nodes), -1, np.int32)
    place[network.nodes] = np.arange(network.n)
    parts = _parts(seen[:, 0])
    ends = [(place[found.edges.a[seen[part, 1]]], place[found.edges.b[seen[part, 1]]]) for part in parts]
    days = tuple((day_text(int(seen[part[0], 0])), day_text(int(seen[part[-1], 0]))) for part in parts)
    return Periods(network.n, tuple(ends)), days


def _parts(days: Int64) -> Sequence[Int64]:
    """The places of days in order, cut into periods with about as many; equal days stay together."""
    cuts = (
        {int(np.searchsorted(days, days[len(days) * n // _PERIODS])) for n in range(1, _PERIODS)}
        if len(days)
        else set()
    )
    return [part for part in np.split(np.arange(len(days)), sorted(cuts - {0})) if len(part)]


def sightings(found: Projection, nodes: Int32) -> Int64:
    """How many records are about each node, or give it a role."""
    snapshot = found.snapshot
    places, about = snapshot.about
    record = snapshot.record.astype(np.int64)
    most = int(max(record.max(initial=0), about.max(initial=0))) + 1
    ends = ((places, about), (snapshot.a, record), (snapshot.b, record))
    every = each_once(np.concatenate([place.astype(np.int64) * most + of for place, of in ends]))
    return np.bincount(every // most, minlength=len(snapshot.nodes))[nodes].astype(np.int64)
