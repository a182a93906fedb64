"""Disruption: what taking out some entities does to the network, at once and after it recovers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from workbench.analytics.dropping import dropped
from workbench.analytics.engines import Network
from workbench.analytics.finding import Finding, Row
from workbench.analytics.projection import positions_of
from workbench.analytics.removing import Choice, Left, Whole, in_order, taken_out
from workbench.analytics.support import finding
from workbench.model.asked import seed_of, share_of, whole
from workbench.view.asking import question
from workbench.view.view import View

_STEPS, _STEPS_OF_HUGE = (1, 2, 3, 5, 10, 15, 20), (1, 5)
MOST_REMOVED = 20
_DRAWS = 10  # of random removal, and copies with ties missing
_DRAWS_OF_LARGE, _DRAWS_OF_HUGE = 4, 2
_HUGE = 20_000  # ties beyond which nothing is chosen with ties missing
_OUTSIDE = (0.05, 0.95)
RANDOM, DEGREE, BETWEENNESS = "random", "degree", "betweenness"


@dataclass(frozen=True, slots=True)
class Disrupted(Row):
    """What is left if `k` entities are taken out, in shares from 0 to 1 of what the whole network has.

    - `strategy`: random (the mean of draws), degree or betweenness (the highest, anew after each).
    - `largest`: the largest part; `pairs`: those that are connected; `efficiency`: the sum of inverse distances.
    - `…_recovered`: the same if after each removal ties grow again by triadic closure.
    - `largest_from`, `largest_to`, `recovered_from`, `recovered_to`: 90 % of the draws, for degree and betweenness of
      choices made with ties or persons missing. Both are the value itself where nothing was drawn.
    """

    KEY: ClassVar[tuple[str, ...]] = ("strategy", "k")

    strategy: str
    k: int
    largest: float
    largest_from: float
    largest_to: float
    pairs: float
    efficiency: float
    largest_recovered: float
    recovered_from: float
    recovered_to: float
    pairs_recovered: float
    efficiency_recovered: float

    @property
    def entities(self) -> tuple[str, ...]:
        """Nobody: it is about the network."""
        return ()

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column; shares in per cent."""
        value = getattr(self, column)
        return f"{value:.0%}" if isinstance(value, float) else str(value)


@question
def disruption(
    view: View,
    projection: str = "persons",
    count_common: bool = False,
    removed: int = 10,
    regrown: float = 1.0,
    missing: float = 0.1,
    seed: int = 0,
) -> Finding[Disrupted]:
    """What is left of the network if up to `removed` entities are taken out, at once and after recovery.

    They are taken out at random, by degree or by betweenness, which are computed anew after each. After each the
    network recovers: the share `regrown` of the ties lost grows again, between those who had a contact in common
    (triadic closure, by resource allocation: Zhou et al. 2009), and the next is chosen in what has recovered. The
    interval beside degree and betweenness tells what the same does if the choice is made without a share `missing` of
    ties or persons; beside random removal, how much chance does.

    The direction of ties does not count, and outsiders are left out. In networks of more than some thousand ties
    betweenness and efficiency are estimated from a sample, and intervals rest on fewer draws; beyond 20,000 ties none
    is made with ties missing. UsageError for `removed` not from 1 to 20, `regrown` not from 0 to 1, or `missing` not
    from 0 to 0.5.
    """
    seed, removed = seed_of(seed), whole(removed, "removed", 1, MOST_REMOVED)
    regrown, missing = share_of(regrown, "regrown"), share_of(missing, "missing", 0.5)
    projected = positions_of(view, projection, count_common)
    network = Network.of(projected)
    rows = list(disrupted(network, removed, regrown, missing, seed)) if network.m else []
    of = Whole(network, seed)
    measured = {
        "entities": network.n,
        "ties": network.m,
        "estimated_by_sample": of.is_sampled,
        "draws": _draws(of) if network.m else 0,
        "draws_with_missing": _draws(of) if missing and 0 < network.m <= _HUGE else 0,
    }
    asked = {"count_common": count_common, "removed": removed, "regrown": regrown, "missing": missing}
    records = projected.records(projected.edges.rows)
    return finding(view, projected, "disruption", asked, measured, rows, records, seed)


def disrupted(network: Network, removed: int, regrown: float, missing: float, seed: int) -> Iterator[Disrupted]:
    """The rows for a network: by strategy, random first, and by number."""
    all_of_it = Whole(network, seed)
    rng = np.random.default_rng(seed)
    most = min(removed, network.n - 1)
    looked_at = _STEPS_OF_HUGE if network.m > _HUGE else _STEPS
    steps = sorted({each for each in looked_at if each < most} | {most})
    draws = _draws(all_of_it)
    orders = [rng.permutation(network.n)[:most].tolist() for _ in range(draws)]
    runs = [_run(all_of_it, in_order(each), in_order(each), steps, regrown) for each in orders]
    for number, k in enumerate(steps):
        yield _row(RANDOM, k, _mean([run[number] for run in runs]), [run[number] for run in runs])
    for strategy in (DEGREE, BETWEENNESS):
        choose = all_of_it.by_degree if strategy == DEGREE else all_of_it.by_betweenness
        chosen = _run(all_of_it, choose, choose, steps, regrown)
        of_copies = draws if network.m <= _HUGE else 0
        others = _with_missing(all_of_it, strategy, steps, regrown, missing, of_copies, rng)
        for number, k in enumerate(steps):
            yield _row(strategy, k, chosen[number], [run[number] for run in others])


def _draws(of: Whole) -> int:
    if of.network.m > _HUGE:
        return _DRAWS_OF_HUGE
    return _DRAWS_OF_LARGE if of.is_sampled else _DRAWS


_Run = list[tuple[Left, Left]]  # for each step: at once, and recovered


def _run(of: Whole, at_once: Choice, recovering: Choice, steps: Sequence[int], regrown: float) -> _Run:
    told = []
    for choose, share in ((at_once, 0.0), (recovering, regrown)):
        every = enumerate(taken_out(of, choose, steps[-1], share), 1)
        told.append([of.left(network, stays) for k, (_, network, stays) in every if k in steps])
    return list(zip(*told, strict=True))


def _with_missing(
    of: Whole, strategy: str, steps: Sequence[int], regrown: float, missing: float, draws: int, rng: np.random.Generator
) -> list[_Run]:
    """What is left of the whole if the choice is made in copies that lack some ties or persons."""
    runs = []
    for number in range(draws if missing else 0):
        copies = dropped(of.network, missing, 2, rng)
        rows = np.flatnonzero(copies.copy == number % 2)
        known = np.isin(np.arange(of.network.n), copies.node[rows])
        if known.sum() <= steps[-1]:
            continue
        kept = copies.copy[copies.network.a] == number % 2
        a, b = (copies.node[ends[kept]].astype(np.int32) for ends in (copies.network.a, copies.network.b))
        copy = Whole(Network(of.network.n, False, a, b), number)
        choose = copy.by_degree if strategy == DEGREE else copy.by_betweenness
        order = [node for node, *_ in taken_out(copy, choose, steps[-1], 0.0)]
        recovering = [node for node, *_ in taken_out(copy, choose, steps[-1], regrown)]
        runs.append(_run(of, in_order(order), in_order(recovering), steps, regrown))
    return runs


def _mean(found: Sequence[tuple[Left, Left]]) -> tuple[Left, Left]:
    values = np.array(found).mean(axis=0).round(6).tolist()
    return Left(*values[0]), Left(*values[1])


def _row(strategy: str, k: int, found: tuple[Left, Left], drawn: Sequence[tuple[Left, Left]]) -> Disrupted:
    at_once, recovered = found
    low, high = _span([run[0].largest for run in drawn] or [at_once.largest])
    recovered_low, recovered_high = _span([run[1].largest for run in drawn] or [recovered.largest])
    return Disrupted(
        strategy=strategy,
        k=k,
        largest=at_once.largest,
        largest_from=low,
        largest_to=high,
        pairs=at_once.pairs,
        efficiency=at_once.efficiency,
        largest_recovered=recovered.largest,
        recovered_from=recovered_low,
        recovered_to=recovered_high,
        pairs_recovered=recovered.pairs,
        efficiency_recovered=recovered.efficiency,
    )


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(values, _OUTSIDE).tolist()
    return float(round(low, 6)), float(round(high, 6))
