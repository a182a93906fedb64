"""Measures of a ranking of pairs, of which some are true."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from workbench.analytics.engines.network import Float64
from workbench.store.columns import Bool

_DIGITS = 12
FIRST = 20


class Ranked(NamedTuple):
    """How well a ranking finds true pairs: among all, among those with a shared neighbour, and the first ones."""

    auc: float
    hard_auc: float
    precision: float
    first_20: float


def ranked(scores: Float64, true: Bool, is_near: Bool) -> Ranked:
    """The measures of scores; NaN where there is nothing to find. Equals are taken as one step."""
    scores = np.round(scores, _DIGITS)
    return Ranked(
        _auc(scores, true),
        _auc(scores[is_near], true[is_near]),
        float(average_precision_score(true, scores)) if true.any() else float("nan"),
        first_true(scores, true),
    )


def _auc(scores: Float64, true: Bool) -> float:
    return float(roc_auc_score(true, scores)) if 0 < true.sum() < len(true) else float("nan")


def first_true(scores: Float64, true: Bool) -> float:
    """The share of the first 20 that is true, with equals at the cut in proportion."""
    order = np.argsort(-scores, kind="stable")
    if len(order) <= FIRST:
        return float(true.mean())
    cut = scores[order[FIRST - 1]]
    above, equal = scores > cut, scores == cut
    return float((true[above].sum() + true[equal].mean() * (FIRST - above.sum())) / FIRST)


def mean(values: Sequence[float]) -> float:
    """The mean without NaN; NaN of nothing."""
    known = [each for each in values if not np.isnan(each)]
    return float(np.mean(known)) if known else float("nan")


def error_of(differences: Sequence[float]) -> float:
    """The standard error of the mean of differences; 0 of fewer than two."""
    known = [each for each in differences if not np.isnan(each)]
    return float(np.std(known, ddof=1) / np.sqrt(len(known))) if len(known) > 1 else 0.0


def calibration_error(said: Float64, true: Bool, least: float = 0.0, bins: int = 10) -> float:
    """The expected calibration error of pairs of which at least `least` was said, in bins of equally many pairs."""
    kept = said >= least
    said, true = said[kept], true[kept]
    if not len(said):
        return 0.0
    parts = np.array_split(np.argsort(said, kind="stable"), bins)
    errors = [len(part) * abs(float(said[part].mean() - true[part].mean())) for part in parts if len(part)]
    return float(sum(errors) / len(said))


def brier_skill(said: Float64, true: Bool) -> float:
    """How much smaller squared errors are than if of each pair the share of true ones was said."""
    return float(1 - ((said - true) ** 2).mean() / ((true.mean() - true) ** 2).mean())
