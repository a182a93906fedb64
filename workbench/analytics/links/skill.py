"""How good probabilities are, by hold-outs: whether to say them at all.

The mean over hold-outs of one network varies less than what it tells of, because they have most ties in common: its
interval is widened by Nadeau and Bengio's (2003) correction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from workbench.analytics.engines.network import Float64
from workbench.store.columns import Int64

_SURE = 0.998  # of an interval that must exclude what has no skill
# Of that of the Brier skill. Where a network is on the edge, hold-outs look best just when what is missing is hard to
# foretell, as what is easy is then still there to be hidden.
_SURER = 0.9998
_BINS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)


class Judged(NamedTuple):
    """One hold-out: what is said of each pair by two stacks, that of degrees alone too, and whether it was hidden."""

    said: Float64
    by_degrees: Float64
    hidden: Float64
    weights: Float64


class Interval(NamedTuple):
    """A mean, and the interval around it."""

    mean: float
    low: float
    high: float


class Bin(NamedTuple):
    """One point of a reliability curve: what was said in the mean of so many pairs, and the share that was hidden."""

    said: float
    hidden: float
    pairs: float


@dataclass(frozen=True)
class Skill:
    """How good what was said of hold-outs is.

    - `auc`: the chance that a hidden pair was said to be likelier than another.
    - `brier`: the Brier skill score beside the share of hidden pairs; 1 is perfect, 0 is worth nothing.
    - `beside_degrees`: the same beside a stack of degrees alone, which knows who has many ties, and nothing of pairs.
    """

    auc: Interval
    brier: Interval
    beside_degrees: Interval
    reliability: tuple[Bin, ...]

    @property
    def silent(self) -> str:
        """The reason to say nothing; "" if there is something to say."""
        if self.auc.low <= 0.5:
            return "what is predicted ranks hidden ties no better than a coin"
        if self.brier.low <= 0:
            return "what is predicted is no better than to say of each pair how many ties are hidden in the mean"
        if self.beside_degrees.low <= 0:
            return "what is predicted tells no more than who has many ties"
        return ""


def skill(judged: Sequence[Judged], hidden: float, sure: float = _SURE, surer: float = _SURER) -> Skill:
    """The skill in several hold-outs, each of which tests about the share `hidden` of what the others know.

    `surer` is how sure the interval of the Brier skill is, `sure` that of the others.
    """
    briers = [_brier(each) for each in judged]
    return Skill(
        auc=interval([auc(each.said, each.hidden, each.weights) for each in judged], hidden, sure),
        brier=interval([1 - said / base for said, _, base in briers], hidden, surer),
        beside_degrees=interval([1 - said / degrees for said, degrees, _ in briers], hidden, sure),
        reliability=reliability(judged),
    )


def auc(said: Float64, hidden: Float64, weights: Float64) -> float:
    """The chance that a hidden pair was said to be likelier than one that was not; equals count half."""
    from sklearn.metrics import roc_auc_score  # imported here, so that short commands start fast

    return float(roc_auc_score(hidden, said, sample_weight=weights))


def _brier(of: Judged) -> tuple[float, float, float]:
    """The mean squared errors of what is said, of what degrees say, and of the share of hidden pairs."""
    share = np.average(of.hidden, weights=of.weights)
    errors = (of.said - of.hidden, of.by_degrees - of.hidden, share - of.hidden)
    said, degrees, base = (float(np.average(each**2, weights=of.weights)) for each in errors)
    return said, degrees, base


def interval(values: Sequence[float], hidden: float, sure: float) -> Interval:
    """The mean of what hold-outs gave, and its interval, if each tests the share `hidden` of what the others know."""
    many, mean = len(values), float(np.mean(values))
    spread = float(np.std(values, ddof=1)) if many > 1 else 0.0
    width = float(stdtrit(max(many - 1, 1), (1 + sure) / 2)) * spread * np.sqrt(1 / many + hidden / (1 - hidden))
    return Interval(mean, mean - width, mean + width)


def reliability(judged: Sequence[Judged]) -> tuple[Bin, ...]:
    """What was said of pairs beside what came true, for pairs of which about the same was said."""
    said, hidden, weights = (np.concatenate([getattr(each, name) for each in judged]) for name in _COLUMNS)
    place: Int64 = np.clip(np.searchsorted(_BINS, said, "right") - 1, 0, len(_BINS) - 2)
    mass = np.bincount(place, weights, len(_BINS) - 1)
    sums = (np.bincount(place, weights * each, len(_BINS) - 1) for each in (said, hidden))
    told = zip(*sums, mass, strict=True)
    return tuple(Bin(float(s / m), float(h / m), float(m)) for s, h, m in told if m)


_COLUMNS = ("said", "hidden", "weights")
