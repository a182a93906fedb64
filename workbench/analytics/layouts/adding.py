"""Entities added to a chart: each is placed beside those it is tied to, and all others stay."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from workbench.analytics.layouts.pins import free_spot
from workbench.analytics.layouts.plan import LENGTH, Place, graph_of

_CLEAR = 0.8 * LENGTH  # free radius around an added entity, if there is room


def added(entities: Sequence[str], pairs: Iterable[tuple[str, str]], fixed: Mapping[str, Place]) -> dict[str, Place]:
    """Place new entities one by one, those with most placed neighbours first, each on the nearest free spot."""
    graph = graph_of(entities, pairs)
    placed = dict(fixed)
    waiting = {entity: sum(other in placed for other in graph[entity]) for entity in entities if entity not in placed}
    while waiting:
        entity = max(waiting, key=waiting.__getitem__)
        del waiting[entity]
        taken = np.array(list(placed.values()))
        near = np.array([placed[other] for other in sorted(graph[entity]) if other in placed])
        below = np.array([taken[:, 0].mean(), taken[:, 1].max() + LENGTH])
        x, y = free_spot(near.mean(axis=0) if len(near) else below, taken, clear=_CLEAR)
        placed[entity] = (round(float(x), 1), round(float(y), 1))
        for other in graph[entity]:
            if other in waiting:
                waiting[other] += 1
    return {entity: placed[entity] for entity in entities}
