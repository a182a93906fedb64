"""Where the features of a pair stand among those of all pairs without a tie.

Sizes of features differ from network to network, and change when ties are hidden. What share of all pairs has more
does so much less. So a stack that was fitted where ties were hidden holds where they are not.
"""

from dataclasses import dataclass

import numpy as np

from workbench.analytics.engines.network import Float64
from workbench.analytics.links.features import SIZED

_DIGITS = 12  # decimals by which features are compared: sums of the same shares in another order are equal


@dataclass(frozen=True, slots=True)
class _Column:
    """One feature of all pairs: its values in order, the share of pairs that has more than each, and its size."""

    values: Float64
    above: Float64
    mean: float
    deviation: float


@dataclass(frozen=True)
class Standing:
    """The features of all pairs without a tie, to which those of any pair are compared."""

    names: tuple[str, ...]
    _columns: tuple[_Column, ...]

    @classmethod
    def among(cls, names: tuple[str, ...], found: Float64, weights: Float64) -> "Standing":
        """Among pairs of which each stands for as many as it weighs."""
        return cls(names, tuple(_column(np.round(each, _DIGITS), weights) for each in found.T))

    @property
    def columns(self) -> tuple[str, ...]:
        """What the columns of a standing are: each feature by where it stands, some by their size too."""
        return (*self.names, *(f"{name}, size" for name in SIZED if name in self.names))

    def of(self, found: Float64) -> Float64:
        """The standings of pairs with these features, a row for each.

        Where a feature stands is minus the logarithm of the share of pairs that has more, where equals count half.
        """
        found = np.round(found, _DIGITS)
        stands = [_stands(column, values) for column, values in zip(self._columns, found.T, strict=True)]
        return np.stack([*stands, *self._sizes(found)], axis=1) if stands else np.zeros((len(found), 0))

    def _sizes(self, found: Float64) -> list[Float64]:
        at = [self.names.index(name) for name in SIZED if name in self.names]
        every = ((np.sqrt(found[:, each]), self._columns[each]) for each in at)
        return [(size - column.mean) / column.deviation for size, column in every]


def _column(values: Float64, weights: Float64) -> _Column:
    size, total = np.sqrt(values), weights.sum()
    mean = float((size * weights).sum() / total)
    deviation = float(np.sqrt(((size - mean) ** 2 * weights).sum() / total))
    known, at = np.unique(values, return_inverse=True)
    mass = np.bincount(at.ravel(), weights, len(known))
    above = total - np.cumsum(mass) + mass / 2
    return _Column(known, (above + 0.5) / total, mean, deviation or 1.0)


def _stands(column: _Column, values: Float64) -> Float64:
    """Between two known values the share lies between theirs."""
    return np.asarray(-np.log(np.interp(values, column.values, column.above)), np.float64)
