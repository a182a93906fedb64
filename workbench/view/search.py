"""The order in which a view tells what a search found."""

from collections.abc import Mapping

import numpy as np

from workbench.store.columns import Int32
from workbench.view.masking import Numbers


def best_first(found: Mapping[int, int], numbers: Numbers, canonical: Int32) -> Int32:
    """Canonical entities of those that a store found, by its numbers, with their ranks; best first."""
    of_store, rank = (np.fromiter(part, dtype=np.int64, count=len(found)) for part in (found, found.values()))
    known = numbers.of_entities(of_store)
    order = np.lexsort((known, rank))
    answers = canonical[known[order[known[order] >= 0]]]
    return answers[np.sort(np.unique(answers, return_index=True)[1])]
