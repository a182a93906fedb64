"""Measures and groups of a drawing alone: they describe what is drawn, and are no finding about the view."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from workbench.analytics.engines import Network, operations
from workbench.analytics.engines.network import Float64

_SEED = 0
_MEASURES: Mapping[str, Callable[[Network], Float64]] = {
    "degree": lambda network: network.degrees.astype(np.float64),
    "betweenness": operations.betweenness,
}
MEASURES = tuple(_MEASURES)


def measured(measure: str, entities: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """A measure of each entity among the tied pairs, as a share of the highest; 0 for all where nothing is tied."""
    scores = _MEASURES[measure](_network(entities, pairs))
    most = float(scores.max(initial=0.0))
    return dict(zip(entities, (scores / most if most else scores).tolist(), strict=True))


def communities(entities: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The community of each tied entity by Leiden's method, numbered from 1 by size; those without a tie have none."""
    network = _network(entities, pairs)
    labels = operations.leiden(network, _SEED).tolist()
    tied = np.flatnonzero(network.degrees).tolist()
    sizes = Counter(labels[node] for node in tied)
    number = {label: n for n, label in enumerate(sorted(sizes, key=lambda each: (-sizes[each], each)), 1)}
    return {entities[node]: number[labels[node]] for node in tied}


def _network(entities: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Network:
    number = {entity: n for n, entity in enumerate(entities)}
    ends = sorted({(min(x, y), max(x, y)) for a, b in pairs if (x := number[a]) != (y := number[b])})
    a, b = np.array(ends, np.int32).reshape(-1, 2).T
    return Network(len(entities), False, a.copy(), b.copy())
