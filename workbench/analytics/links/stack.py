"""A logistic stack of standings, fitted to hold-outs in which some ties are hidden and others are missing anyway.

A pair without a tie in a hold-out may have been hidden there, or be missing in the network itself. Nobody knows which
are missing; but if a share of the ties is, then it is known which share of all pairs that should have a tie was hidden:
`known`. A pair that should have one was hidden with that chance, and otherwise looks like any other pair (learning
from positive and unlabelled examples, Elkan and Noto 2008). A stack that took the others for pairs without a tie would
be least sure where it should be surest.

No coefficient is below 0, and all are drawn towards a usual one: small networks have few ties to learn from.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit, logit

from workbench.analytics.engines.network import Float64

USUAL, RIDGE = 0.1, 100.0  # the coefficient that all are drawn towards, and how strongly
_CLIP = 30.0  # a logit beyond which nothing changes
_FAR, _LEAST = 40.0, 1e-12


@dataclass(frozen=True)
class Curve:
    """What makes the logits of a stack true: beta calibration (Kull et al. 2017), which bends them at 0."""

    below: float = 1.0
    above: float = 1.0
    level: float = 0.0

    def of(self, logits: Float64) -> Float64:
        """The logits that are true."""
        return np.asarray(self.level + sides(logits) @ np.array([self.below, self.above]))


def sides(logits: Float64) -> Float64:
    """Two columns whose sum is the logit: the logarithms of what it says for a pair, and against it."""
    return np.stack([log_expit(logits), -log_expit(-logits)], axis=1)


@dataclass(frozen=True)
class Stack:
    """A coefficient for each column of standings, and the curve that makes a true logit of their sum."""

    coefficients: Float64
    level: float
    known: float
    curve: Curve = Curve()

    def raw(self, standings: Float64) -> Float64:
        """The logit of each pair before it is bent."""
        return np.asarray(self.level + standings @ self.coefficients)

    def logits(self, standings: Float64) -> Float64:
        """The logit for each pair to have a tie that is hidden or missing."""
        return self.curve.of(self.raw(standings))

    def chances(self, standings: Float64) -> Float64:
        """The probability for each pair to have a tie that is hidden or missing."""
        return np.asarray(expit(self.logits(standings)))

    def shares(self, standings: Float64) -> Float64:
        """What each column adds to the logit of a pair before it is bent."""
        return np.asarray(standings * self.coefficients)

    def levelled(self, standings: Float64, weights: Float64, expected: float) -> Self:
        """The stack at the level at which so many of some pairs have a tie, of which each stands for its weight."""
        bent, total = self.logits(standings), float(weights.sum())
        wanted = float(np.clip(expected, _LEAST * total, (1 - _LEAST) * total))

        def missed(level: float) -> float:
            return float((expit(bent + level) * weights).sum() - wanted)

        level = float(brentq(missed, -bent.max() - _FAR, -bent.min() + _FAR, xtol=_LEAST))
        return replace(self, curve=replace(self.curve, level=self.curve.level + level))


def fitted(
    standings: Float64,
    hidden: Float64,
    weights: Float64,
    known: float,
    usual: float = USUAL,
    ridge: float = RIDGE,
    start: Stack | None = None,
) -> Stack:
    """The stack that best tells the hidden pairs (1) from the others (0), each of which counts as what it weighs.

    The search begins at `start`, if it is given.
    """
    columns = standings.shape[1]
    loss = _Loss(standings, hidden, weights, known, usual, ridge)
    at = loss.start if start is None else np.concatenate([[start.level], start.coefficients])
    bounds = [(None, None), *[(0.0, None)] * columns]
    found = minimize(loss, at, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Stack(np.asarray(found[1:]), float(found[0]), known)


class _Loss:
    """How badly a level and coefficients tell hidden pairs from others, and in which direction it grows."""

    def __init__(
        self, standings: Float64, hidden: Float64, weights: Float64, known: float, usual: float, ridge: float
    ) -> None:
        order = np.argsort(hidden, kind="stable")
        self._standings, self._weights = np.ascontiguousarray(standings[order]), weights[order]
        self._others, self._known = int((hidden == 0).sum()), known
        self._usual, self._ridge = usual, ridge

    @property
    def start(self) -> Float64:
        """The usual coefficients, at the level of the mean."""
        share = self._weights[self._others :].sum() / self._weights.sum() / self._known
        usually = self._usual * float(np.average(self._standings.sum(axis=1), weights=self._weights))
        usual = np.full(self._standings.shape[1], self._usual)
        return np.concatenate([[float(logit(np.clip(share, 1e-9, 0.5))) - usually], usual])

    def __call__(self, said: Float64) -> tuple[float, Float64]:
        """The loss, and its slope."""
        logits = np.clip(said[0] + self._standings @ said[1:], -_CLIP, _CLIP)
        chance, no = expit(logits), slice(0, self._others)
        yes, unseen = slice(self._others, None), 1 - self._known * chance[no]
        loss = -(self._weights[no] @ np.log(unseen))
        loss += self._weights[yes] @ (np.logaddexp(0, -logits[yes]) - np.log(self._known))
        slope = chance - 1
        slope[no] *= -self._known * chance[no] / unseen
        slope *= self._weights
        off = said[1:] - self._usual
        grown = np.concatenate([[slope.sum()], slope @ self._standings + self._ridge * off])
        return float(loss + self._ridge / 2 * (off**2).sum()), grown
