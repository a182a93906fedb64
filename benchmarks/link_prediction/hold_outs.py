"""A tenth of the ties hidden, nobody left alone, all pairs without a tie scored: how many are found again."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit

from benchmarks.link_prediction.files import tied
from benchmarks.link_prediction.measures import (
    FIRST,
    Ranked,
    brier_skill,
    calibration_error,
    error_of,
    mean,
    ranked,
)
from benchmarks.link_prediction.methods import all_untied, plain_stack, single
from benchmarks.networks import Named
from workbench.analytics.engines.network import Float64
from workbench.analytics.links.hiding import without_ties
from workbench.analytics.links.learning import missing_ties
from workbench.analytics.links.untied import codes_of
from workbench.store.columns import Bool

HIDDEN = 0.1
OURS = "workbench"
_ALLOCATION = "resource allocation"
_UP_FROM = 0.05
MEASURES = ("auc", "hard_auc", "precision")


class Repeat(NamedTuple):
    """One hold-out: the measures of each method, and what was said of each pair beside what is true."""

    by_method: Mapping[str, Ranked]
    said: Float64
    true: Bool
    speaks: bool


def repeats(named: Named, times: int, seed: int) -> list[Repeat]:
    """Hold-outs of a network."""
    return [_repeat(named, np.random.default_rng([seed, number]), number) for number in range(times)]


def _repeat(named: Named, rng: np.random.Generator, number: int) -> Repeat:
    whole = tied(named.network)
    left, hidden = without_ties(whole, HIDDEN, rng)
    found = missing_ties(left, HIDDEN, number)
    pairs = all_untied(left)
    true = np.isin(codes_of(left, pairs.a, pairs.b), codes_of(whole, whole.a[hidden], whole.b[hidden]))
    scores = dict(single(pairs))
    scores["plain stack"] = plain_stack(pairs, rng)
    trained = found.trained
    logits = np.zeros(len(true)) if trained is None else trained.stack.logits(trained.standings(pairs))
    scores[OURS] = logits
    is_near = pairs.shared.many > 0
    by_method = {name: ranked(each, true, is_near) for name, each in scores.items()}
    return Repeat(by_method, expit(logits), true, not found.silent)


def told_of(every: Mapping[str, list[Repeat]], among: Sequence[str]) -> dict[str, Any]:
    """The table: each network, the means over some of them, the methods beside each other, and calibration."""
    some = {name: each for name, each in every.items() if name in among} or dict(every)
    if not some:
        return {"each": {}}
    return {
        "means over": sorted(some),
        "means": {method: _means(some, method) for method in _methods(some)},
        "below the best": _below(some),
        "calibration": _calibration([each for repeats in some.values() for each in repeats]),
        "each": {name: _of_one(repeats) for name, repeats in every.items()},
    }


def _methods(some: Mapping[str, list[Repeat]]) -> list[str]:
    return [
        name for name in next(iter(some.values()))[0].by_method if all(name in r[0].by_method for r in some.values())
    ]


def _values(some: Mapping[str, list[Repeat]], method: str, measure: str) -> list[list[float]]:
    """Of each network the measures of all repeats."""
    return [[float(getattr(each.by_method[method], measure)) for each in repeats] for repeats in some.values()]


def _means(some: Mapping[str, list[Repeat]], method: str) -> dict[str, float]:
    return {name: round(mean([mean(each) for each in _values(some, method, name)]), 4) for name in MEASURES}


def _below(some: Mapping[str, list[Repeat]]) -> dict[str, Any]:
    """For each measure the best other method, how far ours is above it, and the standard error of that.

    The error is of the mean over the networks, each of which has an error of its own by its repeats.
    """
    told = {}
    for measure in MEASURES:
        ours = _values(some, OURS, measure)
        others = [name for name in _methods(some) if name != OURS]
        best = max(others, key=lambda name: _means(some, name)[measure])
        apart = [np.subtract(a, b).tolist() for a, b in zip(ours, _values(some, best, measure), strict=True)]
        error = float(np.sqrt(sum(error_of(each) ** 2 for each in apart)) / len(apart))
        above = mean([mean(each) for each in apart])
        told[measure] = {"best": best, "above": round(above, 4), "error": round(error, 4), "below": above < -error}
    return told


def _calibration(some: Sequence[Repeat]) -> dict[str, Any]:
    """Over all pairs of all repeats together."""
    said = np.concatenate([each.said for each in some])
    true = np.concatenate([each.true for each in some])
    first = [np.argsort(-each.said, kind="stable")[:FIRST] for each in some]
    predicted = mean([float(each.said[at].mean()) for each, at in zip(some, first, strict=True)])
    actual = mean([each.by_method[OURS].first_20 for each in some])
    return {
        "error": round(calibration_error(said, true), 5),
        f"error from {_UP_FROM}": round(calibration_error(said, true, _UP_FROM), 4),
        "first 20 predicted": round(predicted, 4),
        "first 20 actual": round(actual, 4),
        "predicted / actual": round(predicted / actual, 3) if actual else None,
    }


def _of_one(repeats: Sequence[Repeat]) -> dict[str, Any]:
    ours, others = ([each.by_method[name].precision for each in repeats] for name in (OURS, _ALLOCATION))
    apart = np.subtract(ours, others).tolist()
    speaking = [each for each in repeats if each.speaks]
    means = {name: round(mean([getattr(r.by_method[OURS], name) for r in repeats]), 4) for name in Ranked._fields}
    return {
        **means,
        "precision of resource allocation": round(mean(others), 4),
        "below it": mean(apart) < -error_of(apart),
        "above it by errors": round(mean(apart) / (error_of(apart) or 1), 1),
        "speaks": round(len(speaking) / len(repeats), 3),
        "Brier skill where it speaks": round(mean([brier_skill(r.said, r.true) for r in speaking]), 4)
        if speaking
        else None,
        **_calibration(repeats),
    }
