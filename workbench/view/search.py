"""The order of a view's search results."""

from collections.abc import Mapping

import numpy as np

from workbench.store.columns import Int32
from workbench.view.parts import Part


def best_first(found: Mapping[int, int], part: Part) -> Int32:
    """The canonical entities of a search, best first; `found` maps the store's entity numbers to ranks."""
    of_store, rank = (np.fromiter(part, dtype=np.int64, count=len(found)) for part in (found, found.values()))
    known = part.numbers.of_entities(of_store)
    order = np.lexsort((known, rank))
    answers = part.identity.canonical[known[order[known[order] >= 0]]]
    return answers[np.sort(np.unique(answers, return_index=True)[1])]
