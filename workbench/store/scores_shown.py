"""Who is shown something by new pairs of facets: a revision that shows somebody nothing is none of his.

A pair is kept if some view may propose its entities. Who sees it, but not what else speaks for the two, is shown
nothing by it: that it came must not be seen either.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, combinations

import numpy as np

from workbench.store.columns import Bool, Int16
from workbench.store.dump_rows import PairRow
from workbench.store.scores import FLOOR, highest, weights_in

# Of two entities of which more classes speak, all these together are who is shown something.
_MOST_CLASSES = 8

# Two entities and their kind.
Ends = tuple[int, int, int]
Classes = frozenset[int]


def ends(pair: PairRow) -> Ends:
    """The two entities of a pair, and their kind."""
    return min(pair.a, pair.b), max(pair.a, pair.b), pair.kind


def show_alone(pairs: Sequence[PairRow]) -> Bool:
    """Which pairs show something to whoever sees them, whatever else there is."""
    blocked = np.array([bool(each.blocked) for each in pairs], dtype=bool)
    return np.asarray(blocked & (_weights(pairs).sum(axis=1, dtype=np.int32) >= FLOOR))


def shown_to(new: Collection[tuple[int, int]], every: Sequence[PairRow], vis: Mapping[int, int]) -> Iterator[Classes]:
    """The least sets of classes whose viewers are shown something of two entities by new pairs, given by their facets.

    `every` are all pairs of the two that stand with these, and `vis` has the class of each facet.
    """
    is_new = np.array([(each.fa, each.fb) in new for each in every], dtype=bool)
    weights, blocked = (
        _weights(every),
        np.array([bool(each.blocked) for each in every], dtype=bool),
    )
    classes = [frozenset({vis[each.fa], vis[each.fb]}) for each in every]
    said = sorted(frozenset[int]().union(*classes))
    if len(said) > _MOST_CLASSES:
        yield frozenset(said)
        return
    found = list[Classes]()
    for some in map(frozenset, chain.from_iterable(combinations(said, n) for n in range(1, len(said) + 1))):
        seen = np.array([each <= some for each in classes], dtype=bool)
        is_news = (seen & is_new).any() and (seen & blocked).any() and _best(weights[seen]) >= FLOOR
        if is_news and not any(less <= some for less in found):
            found.append(some)
            yield some


def _best(weights: Int16) -> int:
    """The sum of the highest weight of each comparison, where one could be made."""
    return int(highest(weights, np.zeros(1, dtype=np.int64)).sum(dtype=np.int32))


def _weights(pairs: Sequence[PairRow]) -> Int16:
    return weights_in((each.weights for each in pairs), len(pairs))
