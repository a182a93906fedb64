"""The circle: all entities on it, and those that are tied near one another."""

import math

from workbench.analytics.layouts.plan import CLEAR, Graph, Place, Plan, by_ties

_APART = 1.3 * CLEAR  # between neighbours on the circle


def on_circle(graph: Graph, plan: Plan) -> dict[str, Place]:
    """A circle as large as needed, in the order of a search into the depth from the most tied entities."""
    order = _depth_first(graph)
    many = max(2, len(order))
    radius = _APART / (2 * math.sin(math.pi / many)) if many > 2 else _APART
    turns = [2 * math.pi * number / many - math.pi / 2 for number in range(len(order))]
    return {
        entity: (radius * math.cos(turn), radius * math.sin(turn)) for entity, turn in zip(order, turns, strict=True)
    }


def _depth_first(graph: Graph) -> list[str]:
    """All entities, each after one it is tied to; of several, those with fewest ties come first."""
    rank = {entity: number for number, entity in enumerate(by_ties(graph))}
    order: dict[str, None] = {}
    waiting = sorted(graph, key=rank.__getitem__, reverse=True)
    while waiting:
        entity = waiting.pop()
        if entity not in order:
            order[entity] = None
            waiting += sorted((each for each in graph[entity] if each not in order), key=rank.__getitem__)
    return list(order)
