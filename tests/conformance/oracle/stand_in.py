"""Scores of pairs that depend on nothing but the two facets: a stand-in for the engine that is a law to itself.

What it says of two facets follows from the ids of their entities and from their markings, so it is the same in every
store that has both. What is kept follows the rule of the engine: all pairs of facets of two entities of which one is
found, if some view may propose them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from workbench.resolve.scoring.gathering import KINDS, kinds_of
from workbench.resolve.scoring.model import Model
from workbench.store.scores import COMPARISONS, HUNDREDTHS
from workbench.store.scoring import Made, ScoredPair
from workbench.view.spoken import Facet, scored_before
from workbench.view.store import GraphStore
from workbench.view.view import View

FLOOR = 8.4
# In bits; 0 where a comparison can't be made. Some join alone, some only together, some are only proposed.
OUTCOMES = (
    (12, 14, 0, 0, 0, 0),
    (12, 0, 0, 0, 0, 0),
    (12, 0, 0, 0, 0, 7),
    (9, -5, 0, 15, 0, 0),
    (4, 6, 0, 0, 0, 3),
    (-5, 14, 0, -1, 0, 0),
    (10, 0, 23, 0, 0, 0),
    (0, 0, 0, 0, 15, 0),
)
assert all(len(each) == len(COMPARISONS) for each in OUTCOMES)


def score(store: GraphStore, root: View, *, slips: bool = False) -> str:
    """Publish scores of all that a view sees; returns the token, "" if they were so already.

    The first run makes the model, which `slips` is of.
    """
    kinds, names = kinds_of(root), _names(root)
    facets: dict[tuple[int, int], tuple[int, str]] = {each: (KINDS[kind], "{}") for each, kind in kinds.items()}
    model = None if scored_before(root).model else Model(slips).kept()
    made = Made(tuple(root._scope().allowed), facets, list(_pairs(kinds, names)), is_whole=True, model=model)
    return store.publish_scores(root, made)


def _names(root: View) -> Mapping[Facet, str]:
    """What a facet is called in every store: the id of its entity, and its marking."""
    numbers, columns = root._numbers(), root._columns()
    ids = dict(zip(numbers.entities.tolist(), columns.ids_of(np.arange(len(columns.ids))), strict=True))
    markings = {each.vis: f"{each.agency} {each.marking}" for each in root._backend.classes()}
    return {facet: f"{ids[facet.entity]} {markings[facet.vis]}" for facet in kinds_of(root)}


def _pairs(kinds: Mapping[Facet, object], names: Mapping[Facet, str]) -> Iterator[ScoredPair]:
    together = defaultdict[tuple[int, int], list[tuple[Facet, Facet]]](list)
    for one, other in combinations(sorted(kinds), 2):
        if one.entity != other.entity and kinds[one] is kinds[other]:
            together[one.entity, other.entity].append((one, other))
    for found in together.values():
        said = [_said(names[one], names[other]) for one, other in found]
        weights = np.array([outcome for outcome, _ in said], dtype=np.int16)
        if any(is_found for _, is_found in said) and weights.max(axis=0).sum() >= FLOOR:
            for (one, other), row, (_, is_found) in zip(found, weights, said, strict=True):
                yield ScoredPair(one, other, KINDS[kinds[one]], _kept(row), is_found)  # type: ignore[index]


def _said(one: str, other: str) -> tuple[tuple[int, ...], bool]:
    """What two facets say together, in bits, and whether a blocking rule finds them."""
    dice = hashlib.sha256(" | ".join(sorted((one, other))).encode()).digest()
    return OUTCOMES[dice[0] % len(OUTCOMES)], dice[1] % 3 > 0


def _kept(bits: np.ndarray) -> bytes:
    return (bits * HUNDREDTHS).astype("<i2").tobytes()
