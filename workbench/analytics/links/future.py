"""Which ties will come: learnt from how earlier ties followed on those before them.

Ties fade: what was seen some periods ago counts for less (a factor of `FADES` for each). The stack is fitted to the
steps from each period to the next one, and judged on steps later than those that it was fitted to: never on a random
part of the past, which would let it look ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analytics.engines import Network
from workbench.analytics.links.features import DEGREES, FUTURE, used
from workbench.analytics.links.skill import Judged, skill
from workbench.analytics.links.stack import Stack
from workbench.analytics.links.training import (
    FOLDS,
    Columns,
    HoldOut,
    Trained,
    asked_of,
    first_of,
    fitted_to,
    levels,
    standing_in,
)
from workbench.analytics.links.untied import are_tied, codes_of, untied
from workbench.store.columns import Int32

FADES = 0.6
FEWEST_PERIODS = 6
_UNTRIED = 2  # steps that are learnt from, and not judged: what is fitted to one alone says little
_SURE = 0.95  # of the intervals of skill: steps have less in common than hold-outs, and there are fewer


@dataclass(frozen=True)
class Periods:
    """Nodes 0 ... `n` - 1, and the ties that were seen in each period, the earliest first: two arrays of ends."""

    n: int
    ties: tuple[tuple[Int32, Int32], ...]

    def until(self, period: int) -> "Periods":
        """The same up to a period, and with it."""
        return Periods(self.n, self.ties[: period + 1])

    def faded(self) -> Network:
        """All ties that were seen; each weighs the more the later it was seen, and the more often."""
        last, codes, weights = len(self.ties) - 1, [np.zeros(0, np.int64)], [np.zeros(0)]
        for at, (a, b) in enumerate(self.ties):
            some = np.unique(np.minimum(a, b).astype(np.int64) * self.n + np.maximum(a, b))
            codes.append(some)
            weights.append(np.full(len(some), FADES ** (last - at)))
        every, place = np.unique(np.concatenate(codes), return_inverse=True)
        sums = np.bincount(place.ravel(), np.concatenate(weights), len(every)).astype(np.float64)
        a, b = np.divmod(every, max(self.n, 1))
        return Network(self.n, False, a.astype(np.int32), b.astype(np.int32), sums)


def foreseen(periods: Periods, seed: int) -> Trained | None:
    """Train on the steps from each period to the next; None if there are too few steps in which a tie came."""
    names, made = steps_of(periods, seed)
    steps = [each for each in made if each.tells]
    if len(steps) < FEWEST_PERIODS - 1:
        return None
    expected = float(np.mean([each.hidden.sum() for each in made]))
    network = periods.faded()
    standing, level = levels(network, names, np.random.default_rng(seed), expected)
    whole, *parts = (level(each) for each in (taught(steps), *_without_each(steps)))
    judged = _judged(steps, [names.index(name) for name in DEGREES])
    first = tuple(first_of(step, each.said) for step, each in zip(steps[_UNTRIED:], judged, strict=True))
    return Trained(network, standing, whole, tuple(parts), expected, skill(judged, 1 / len(steps), _SURE, _SURE), first)


def steps_of(periods: Periods, seed: int) -> tuple[tuple[str, ...], list[HoldOut]]:
    """The names of the features, and for each period but the last the pairs without a tie that may have one next."""
    names = used(FUTURE, periods.faded())
    draws = np.random.default_rng(seed).spawn(len(periods.ties) - 1)
    return names, [_step(periods, at, names, each) for at, each in enumerate(draws)]


def _step(periods: Periods, at: int, names: tuple[str, ...], rng: np.random.Generator) -> HoldOut:
    """The pairs without a tie up to a period, and which of them had one in the next."""
    network = periods.until(at).faded()
    came = codes_of(network, *periods.ties[at + 1])
    known = network.degrees > 0
    ends = np.divmod(came, max(network.n, 1))
    came = np.unique(came[known[ends[0]] & known[ends[1]] & ~are_tied(network, came)])
    some = asked_of(network, untied(network, rng, came))
    codes = codes_of(network, some.a, some.b)
    return HoldOut(codes, standing_in(network, names, some)[1], np.isin(codes, came).astype(np.float64), some.weights)


def taught(steps: Sequence[HoldOut], columns: Columns = slice(None)) -> Stack:
    """The stack that is fitted to some steps."""
    return fitted_to(steps, 1.0, columns)


def _without_each(steps: Sequence[HoldOut]) -> list[Stack]:
    """Stacks that are each fitted without a fifth of the steps."""
    return [taught([each for at, each in enumerate(steps) if at % FOLDS != fold]) for fold in range(FOLDS)]


def _judged(steps: Sequence[HoldOut], degrees: list[int]) -> list[Judged]:
    """What stacks that were fitted to earlier steps said of each step but the first ones."""
    judged = []
    for at, step in enumerate(steps[_UNTRIED:], _UNTRIED):
        came = float(np.mean([each.hidden.sum() for each in steps[:at]]))
        said = []
        for columns in (slice(None), degrees):
            standings = step.standings[:, columns]
            said.append(taught(steps[:at], columns).levelled(standings, step.weights, came).chances(standings))
        judged.append(Judged(said[0], said[1], step.hidden, step.weights))
    return judged
