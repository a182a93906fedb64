"""What one source does not say of its persons, and another does: real missing ties, harder than hidden ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.link_prediction.files import sources, tied
from benchmarks.link_prediction.measures import Ranked, mean, ranked
from benchmarks.link_prediction.methods import all_untied, single
from workbench.analytics.engines import Network
from workbench.analytics.links.learning import missing_ties
from workbench.analytics.links.untied import codes_of

_SEEDS, _MISSING, _FEWEST = 10, 0.1, 10


def measured(data: Path, largest: int, seed: int) -> dict[str, Any]:
    """For each two sources: the measures of ours, by the mean of ten seeds, and of each single method."""
    return dict(_each(data, largest, seed))


def _each(data: Path, largest: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, other, one, two in sources(data):
        if one.n <= largest and (told := _measured(one, two, seed)):
            yield f"{name} -> {other}", told


def _measured(one: Network, two: Network, seed: int) -> dict[str, Any] | None:
    nodes = np.flatnonzero(one.degrees)
    here = np.zeros(one.n, bool)
    here[nodes] = True
    both = here[two.a] & here[two.b]
    network = tied(one)
    ends = (np.searchsorted(nodes, each[both]) for each in (two.a, two.b))
    pairs = all_untied(network)
    true = np.isin(codes_of(network, pairs.a, pairs.b), codes_of(network, *ends))
    if true.sum() < _FEWEST:
        return None
    is_near = pairs.shared.many > 0
    ours, silent = [], 0
    for number in range(seed, seed + _SEEDS):
        found = missing_ties(network, _MISSING, number)
        silent += bool(found.silent)
        if found.trained is not None:
            logits = found.trained.stack.logits(found.trained.standings(pairs))
            ours.append(ranked(logits, true, is_near))
    return {
        "missing": int(true.sum()),
        "share": round(float(true.mean()), 4),
        "silent": silent / _SEEDS,
        **{name: round(mean([getattr(each, name) for each in ours]), 4) for name in Ranked._fields},
        "first 20 by seed": [each.first_20 for each in ours],
        "single": {name: _rounded(ranked(each, true, is_near)) for name, each in single(pairs).items()},
    }


def _rounded(found: Ranked) -> dict[str, float]:
    return {name: round(value, 4) for name, value in found._asdict().items()}
