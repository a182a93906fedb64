"""Train a stack on hold-outs of a network, and judge it on hold-outs that it was not fitted to.

For each hold-out some ties or nodes are hidden. The stack that is judged on one was fitted to others, without the pairs
that are hidden in it; the curve that makes it true comes from others, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from workbench.analytics.engines import Network
from workbench.analytics.engines.network import Float64
from workbench.analytics.links.features import DEGREES, MISSING, Pairs, features, used
from workbench.analytics.links.skill import Judged, Skill, skill
from workbench.analytics.links.stack import Curve, Stack, fitted, sides
from workbench.analytics.links.standing import Standing
from workbench.analytics.links.untied import Untied, codes_of, has_few_pairs, untied
from workbench.store.columns import Bool, Int64

HIDDEN = 0.1  # the share of ties, or nodes, that a hold-out hides
FEWEST_TIES, FEWEST_PAIRS = 20, 20
FIRST = 20  # of the likeliest pairs of a hold-out
_TIMES, _TIMES_OF_MANY, FOLDS = 20, 5, 5
_CURVE_RIDGE = 1.0
_HIGHEST, _SAMPLED = 2_000, 2_000  # pairs of a hold-out to which a stack is fitted, besides what was hidden


@dataclass(frozen=True)
class Hidden:
    """A network with something hidden, and the codes of the pairs that are tied, or belong together, through that.

    `asked` are the nodes whose pairs are asked about; None for all.
    """

    network: Network
    codes: Int64
    asked: Bool | None = None


Columns = slice | list[int]
Hide = Callable[[np.random.Generator], Hidden]


@dataclass(frozen=True)
class HoldOut:
    """The untied pairs of a hold-out: code, standings and weight of each, and 1 for those that were hidden."""

    codes: Int64
    standings: Float64
    hidden: Float64
    weights: Float64

    @property
    def tells(self) -> bool:
        """Whether some were hidden, and some were not."""
        return bool(0 < self.hidden.sum() < len(self.hidden))

    def without(self, codes: Int64) -> "HoldOut":
        """The same without some pairs."""
        return self.take(~np.isin(self.codes, codes), self.weights)

    def thinned(self, rng: np.random.Generator) -> "HoldOut":
        """Enough of it to fit a stack to: what was hidden, who stands highest, and a sample of the rest."""
        order = np.argsort(-(self.standings.sum(axis=1) + np.where(self.hidden > 0, np.inf, 0)), kind="stable")
        first, rest = order[: _HIGHEST + int(self.hidden.sum())], order[_HIGHEST + int(self.hidden.sum()) :]
        if len(rest) <= _SAMPLED:
            return self
        some = np.sort(rng.choice(rest, _SAMPLED, replace=False))
        kept, weights = np.zeros(len(order), bool), self.weights.copy()
        kept[first] = kept[some] = True
        weights[some] *= self.weights[rest].sum() / self.weights[some].sum()
        return self.take(kept, weights)

    def take(self, rows: Bool, weights: Float64) -> "HoldOut":
        """Some of its pairs, with new weights."""
        return HoldOut(self.codes[rows], self.standings[rows], self.hidden[rows], weights[rows])


class First(NamedTuple):
    """The codes of the pairs of a hold-out that were said to be likeliest, and 1 for those that were hidden."""

    codes: Int64
    hidden: Float64


def first_of(held: HoldOut, said: Float64) -> First:
    """The likeliest pairs of a hold-out, by what was said of each."""
    order = np.argsort(-said, kind="stable")[:FIRST]
    return First(held.codes[order], held.hidden[order])


@dataclass(frozen=True)
class Trained:
    """What was learnt of the untied pairs of a network.

    `stack` says how likely a pair is to be missing; `parts` say the same, each fitted without a fifth of the hold-outs.
    `expected` is how many are missing by what was asked, `skill` how good the stack is in hold-outs, and `first` are
    the likeliest pairs of each of them.
    """

    network: Network
    standing: Standing
    stack: Stack
    parts: tuple[Stack, ...]
    expected: float
    skill: Skill
    first: tuple[First, ...]

    @property
    def hold_outs(self) -> int:
        """How many hold-outs it was judged on."""
        return len(self.first)

    def standings(self, pairs: Pairs) -> Float64:
        """The standings of pairs of the network."""
        return self.standing.of(features(pairs, self.standing.names))


def too_small(network: Network) -> str:
    """The reason why a network is too small to learn from; "" if it is not."""
    if network.m < FEWEST_TIES:
        return f"there are too few ties to learn from: {network.m}, where {FEWEST_TIES} are needed"
    if network.n * (network.n - 1) // 2 - network.m < FEWEST_PAIRS:
        return "nearly everybody is tied to everybody"
    return ""


def trained(network: Network, hide: Hide, missing: float, seed: int) -> Trained | None:
    """Train on hold-outs that `hide` makes, if the share `missing` of what it hides a tenth of is not in the network.

    None if too little can be hidden: each tie is somebody's only one.
    """
    rng, names = np.random.default_rng(seed), used(MISSING, network)
    made = [_hold_out(hide(each), names, each) for each in rng.spawn(_times(network))]
    held = [each for each in made if each.tells]
    if len(held) < FOLDS:
        return None
    scale = missing / (1 - missing) / HIDDEN  # of what is missing to what was hidden
    known = 1 / (1 + scale)
    fit = [each.thinned(rng) for each in held]
    apart = _apart(fit, known)
    whole = fitted_to(fit, known, start=apart[0])
    curve = _curve(fit, apart, known)
    expected = scale * float(np.mean([each.hidden.sum() for each in held]))
    standing, level = levels(network, names, rng, expected)
    stacks = [level(replace(each, curve=curve)) for each in (whole, *apart)]
    judged = _judged(held, fit, apart, names)
    first = tuple(first_of(each, said.said) for each, said in zip(held, judged, strict=True))
    return Trained(network, standing, stacks[0], tuple(stacks[1:]), expected, skill(judged, HIDDEN), first)


def _times(network: Network) -> int:
    return _TIMES if has_few_pairs(network) else _TIMES_OF_MANY


def _hold_out(hidden: Hidden, names: tuple[str, ...], rng: np.random.Generator) -> HoldOut:
    network = hidden.network
    some = asked_of(network, untied(network, rng, hidden.codes), hidden.asked)
    codes = codes_of(network, some.a, some.b)
    standings = standing_in(network, names, some)[1]
    return HoldOut(codes, standings, np.isin(codes, hidden.codes).astype(np.float64), some.weights)


def asked_of(network: Network, some: Untied, asked: Bool | None = None) -> Untied:
    """The pairs of nodes that have a tie and, if that is said, are asked about."""
    mask = network.degrees > 0 if asked is None else asked & (network.degrees > 0)
    rows = mask[some.a] & mask[some.b]
    return Untied(some.a[rows], some.b[rows], some.weights[rows])


def standing_in(network: Network, names: tuple[str, ...], some: Untied) -> tuple[Standing, Float64]:
    """Where the features of some pairs stand among each other, and their standings."""
    found = features(Pairs.of(network, some.a, some.b), names)
    standing = Standing.among(names, found, some.weights)
    return standing, standing.of(found)


def fitted_to(
    held: Sequence[HoldOut], known: float, columns: Columns = slice(None), start: Stack | None = None
) -> Stack:
    """The stack that is fitted to some hold-outs."""
    standings = np.concatenate([each.standings[:, columns] for each in held])
    hidden, weights = (np.concatenate([getattr(each, name) for each in held]) for name in ("hidden", "weights"))
    return fitted(standings, hidden, weights, known, start=start)


def others(held: Sequence[HoldOut], fold: int) -> list[HoldOut]:
    """The hold-outs of other folds, without the pairs that are hidden in this one."""
    secret = np.concatenate([each.codes[each.hidden > 0] for each in held[fold::FOLDS]])
    return [each.without(secret) for at, each in enumerate(held) if at % FOLDS != fold]


def _apart(held: Sequence[HoldOut], known: float, columns: Columns = slice(None)) -> list[Stack]:
    """For each fold the stack that is fitted to the others."""
    found: list[Stack] = []
    for fold in range(FOLDS):
        found.append(fitted_to(others(held, fold), known, columns, found[-1] if found else None))
    return found


def _curve(
    held: Sequence[HoldOut], apart: Sequence[Stack], known: float, without: int = -1, columns: Columns = slice(None)
) -> Curve:
    """What makes the logits of stacks true of hold-outs to which they were not fitted, without those of one fold."""
    some = [(each, apart[at % FOLDS]) for at, each in enumerate(held) if at % FOLDS != without]
    logits = np.concatenate([stack.raw(each.standings[:, columns]) for each, stack in some])
    hidden, weights = (np.concatenate([getattr(each, name) for each, _ in some]) for name in ("hidden", "weights"))
    found = fitted(sides(logits), hidden, weights, known, usual=1.0, ridge=_CURVE_RIDGE)
    below, above = found.coefficients.tolist()
    return Curve(below, above, found.level)


def _judged(
    held: Sequence[HoldOut], fit: Sequence[HoldOut], apart: Sequence[Stack], names: tuple[str, ...]
) -> list[Judged]:
    """What was said of each hold-out by stacks that were fitted to others: one of all features, one of degrees."""
    columns, known = [names.index(name) for name in DEGREES], apart[0].known
    every = _bent(fit, apart, slice(None))
    by_degrees = _bent(fit, _apart(fit, known, columns), columns)
    judged = []
    for at, each in enumerate(held):
        said = known * every[at % FOLDS].chances(each.standings)
        plain = known * by_degrees[at % FOLDS].chances(each.standings[:, columns])
        judged.append(Judged(said, plain, each.hidden, each.weights))
    return judged


def _bent(fit: Sequence[HoldOut], apart: Sequence[Stack], columns: Columns) -> list[Stack]:
    """The stack of each fold with its curve, which the others' hold-outs give."""
    known = apart[0].known
    return [replace(each, curve=_curve(fit, apart, known, fold, columns)) for fold, each in enumerate(apart)]


def levels(
    network: Network, names: tuple[str, ...], rng: np.random.Generator, expected: float
) -> tuple[Standing, Callable[[Stack], Stack]]:
    """Where features stand in the network itself, and what brings a stack to the level of what is expected there."""
    some = asked_of(network, untied(network, rng))
    standing, standings = standing_in(network, names, some)
    return standing, lambda stack: stack.levelled(standings, some.weights, expected)
