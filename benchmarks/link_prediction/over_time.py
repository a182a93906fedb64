"""Ties that came in the next period, predicted from those before: rolling, never a random part of the past."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.link_prediction.files import periods
from benchmarks.link_prediction.measures import Ranked, mean, ranked
from workbench.analytics.links.future import Periods, steps_of, taught
from workbench.analytics.links.learning import future_ties
from workbench.analytics.links.untied import has_few_pairs

_FROM = 2  # steps before the first that is predicted


def measured(data: Path, seed: int) -> dict[str, Any]:
    """For each series: the means over its steps, and what would be said at its end."""
    return dict(_each(data, seed))


def _each(data: Path, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, found in periods(data):
        if len(found.ties) >= _FROM + 2 and has_few_pairs(found.faded()):
            yield name, _measured(found, seed)


def _measured(found: Periods, seed: int) -> dict[str, Any]:
    names, steps = steps_of(found, seed)
    by_step = []
    for at in range(1, len(steps)):
        if steps[at].tells and any(each.tells for each in steps[:at]):
            logits = taught([each for each in steps[:at] if each.tells]).logits(steps[at].standings)
            by_step.append(ranked(logits, steps[at].hidden > 0, np.ones(len(logits), bool)))
    told = {name: round(mean([getattr(each, name) for each in by_step]), 4) for name in Ranked._fields}
    del told["hard_auc"]
    learnt = future_ties(found, seed)
    return {"periods": len(found.ties), "steps": len(by_step), "features": list(names), **told, "silent": learnt.silent}
