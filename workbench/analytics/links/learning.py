"""Which ties a network may lack: the three questions, and what is learnt to answer each.

- missing: ties that exist, and that nobody has reported. Some ties are hidden, and are to be found again.
- hidden: pairs who belong together through somebody whom nobody has reported. Some nodes are hidden with all their
  ties; the pairs to be found are those who both had a tie to one of them.
- future: ties that come in a period as long as those before. Earlier ties are to be foreseen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit
from threadpoolctl import threadpool_limits

from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.analytics.links.features import Pairs
from workbench.analytics.links.future import FEWEST_PERIODS, Periods, foreseen
from workbench.analytics.links.hiding import without_nodes, without_ties
from workbench.analytics.links.training import HIDDEN, Hidden, Trained, asked_of, too_small, trained
from workbench.analytics.links.untied import are_tied, codes_of, has_few_pairs, near, untied
from workbench.store.columns import Int64

QUESTIONS = ("missing", "hidden", "future")
MISSING, HIDDEN_BEHIND, FUTURE = QUESTIONS
_SURE = 0.9  # of the interval of a probability
_DIGITS = 9  # decimals by which logits are compared


class Best(NamedTuple):
    """The likeliest pairs, a < b, and their logits; of how many, and how many others are equal to the last."""

    pairs: Pairs
    logits: Float64
    candidates: int
    equals: int


@dataclass(frozen=True)
class Learnt:
    """What was learnt of a network: `silent` is the reason to say nothing, or "".

    `trained` is None if nothing could be learnt. If it can, but is `silent`, its skill tells how bad it would be.
    """

    network: Network
    silent: str
    trained: Trained | None = None

    def best(self, limit: int, without: Int64 | None = None) -> Best | None:
        """The likeliest pairs, equals in the order of their nodes; None if there is nothing to say.

        Pairs with the codes `without` are left out.
        """
        if self.silent or self.trained is None:
            return None
        return best_of(self.network, self.trained, limit, without)


def missing_ties(network: Network, missing: float, seed: int, together: Int64 | None = None) -> Learnt:
    """Learn which ties are missing, if the share `missing` of all is. See `hiding.without_ties` for `together`."""

    def hide(rng: np.random.Generator) -> Hidden:
        left, hidden = without_ties(network, HIDDEN, rng, together)
        return Hidden(left, codes_of(network, network.a[hidden], network.b[hidden]))

    return _learnt(network, too_small(network), lambda: trained(network, hide, missing, seed))


def hidden_ties(network: Network, missing: float, seed: int) -> Learnt:
    """Learn which pairs belong together through somebody unseen, if the share `missing` of all nodes is."""

    def hide(rng: np.random.Generator) -> Hidden:
        left, hidden = without_nodes(network, HIDDEN, rng)
        return Hidden(left, _joined_by(network, np.flatnonzero(hidden)), ~hidden)

    return _learnt(network, too_small(network), lambda: trained(network, hide, missing, seed))


def future_ties(periods: Periods, seed: int) -> Learnt:
    """Learn which ties come in the next period."""
    network = periods.faded()
    few = f"there are too few periods to learn from: {len(periods.ties)}, where {FEWEST_PERIODS} are needed"
    reason = few if len(periods.ties) < FEWEST_PERIODS else too_small(network)
    return _learnt(network, reason, lambda: foreseen(periods, seed))


def _learnt(network: Network, few: str, train: Callable[[], Trained | None]) -> Learnt:
    """What was learnt, unless there is too little to learn from. On one thread: on more, small products wait longer."""
    if few:
        return Learnt(network, few)
    with threadpool_limits(1, "blas"):
        found = train()
    if found is None:
        return Learnt(network, "there is too little that can be hidden and be looked for: too many have a single tie")
    return Learnt(network, found.skill.silent, found)


def _joined_by(network: Network, nodes: Int64) -> Int64:
    """The codes of the pairs without a tie who both have one to the same of some nodes, and are none of them."""
    edges, codes = network.structure, [np.zeros(0, np.int64)]
    for node in nodes.tolist():
        around = edges.indices[edges.indptr[node] : edges.indptr[node + 1]]
        around = around[~np.isin(around, nodes)].astype(np.int64)
        first, second = np.triu_indices(len(around), 1)
        codes.append(codes_of(network, around[first], around[second]))
    every = np.unique(np.concatenate(codes))
    return every[~are_tied(network, every)]


def _candidates(network: Network) -> Iterator[Pairs]:
    """The pairs to choose from, part by part: all, or in a large network those who have a shared neighbour."""
    if not has_few_pairs(network):
        yield from near(network)
        return
    some = asked_of(network, untied(network, np.random.default_rng(0)))
    yield Pairs.of(network, some.a, some.b)


def best_of(network: Network, found: Trained, limit: int, without: Int64 | None = None) -> Best:
    """The likeliest pairs by what was learnt, whether it is good or not."""
    a, b, logits, many = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), 0
    for part in _candidates(network):
        if without is not None:
            part = part.take(~np.isin(codes_of(network, part.a, part.b), without))
        many += len(part.a)
        said = np.round(found.stack.logits(found.standings(part)), _DIGITS)
        kept = said >= (np.partition(said, -limit)[-limit] if len(said) > limit else -np.inf)
        a, b = np.concatenate([a, part.a[kept]]), np.concatenate([b, part.b[kept]])
        logits = np.concatenate([logits, said[kept]])
    order = np.lexsort((b, a, -logits))
    first = order[:limit]
    equals = int((logits[order[limit:]] == logits[first[-1]]).sum()) if len(first) else 0
    return Best(Pairs.of(network, a[first], b[first]), logits[first], many, equals)


def interval(found: Trained, standings: Float64) -> tuple[Float64, Float64]:
    """The 90 % interval of the probability of each pair: by how much it changes without a fifth of the hold-outs.

    It is the jackknife's (Tukey 1958), of logits. What it does not hold: how many ties are missing at all.
    """
    whole = found.stack.logits(standings)
    each = np.stack([part.logits(standings) for part in found.parts])
    many = len(each)
    spread = np.sqrt((many - 1) / many * ((each - each.mean(axis=0)) ** 2).sum(axis=0))
    width = float(stdtrit(many - 1, (1 + _SURE) / 2)) * spread
    low, high = (1 / (1 + np.exp(-np.clip(whole + sign * width, -700, 700))) for sign in (-1, 1))
    return np.asarray(low), np.asarray(high)
