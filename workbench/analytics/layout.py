"""The layout of a chart, computed here so that the browser only draws.

Entities with a place keep it; new ones are placed near those they are tied to. The same input gives
the same layout.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float]
Places = NDArray[np.float64]

_LENGTH = 130.0  # length of a tie, in pixels of the canvas
_STEPS = 60
_CLEAR = 0.8  # free radius around an entity, in lengths of a tie
_KAMADA_KAWAI_UP_TO = 80
_RINGS, _TURNS = (0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0), 18
_SPOTS = np.array(
    [
        (
            radius * _LENGTH * math.cos(2 * math.pi * turn / _TURNS),
            radius * _LENGTH * math.sin(2 * math.pi * turn / _TURNS),
        )
        for radius in _RINGS
        for turn in range(_TURNS)
    ]
)


def lay_out(
    entities: Sequence[str],
    pairs: Iterable[tuple[str, str]],
    known: Mapping[str, Place] | None = None,
    seed: int = 0,
) -> dict[str, Place]:
    """A place for each entity, given the tied pairs; entities in `known` keep theirs.

    A new chart is laid out component by component, with the springs of Kamada and Kawai, or of Fruchterman
    and Reingold if it is large. Added entities go to free spots beside those they are tied to.
    """
    graph = _graph(entities, pairs)
    fixed = {entity: place for entity, place in (known or {}).items() if entity in graph}
    if len(fixed) == len(graph):
        return fixed
    places = _added(graph, fixed) if fixed else _packed(graph, seed)
    return {entity: (round(x, 1), round(y, 1)) for entity, (x, y) in places.items()} | fixed


def _graph(entities: Sequence[str], pairs: Iterable[tuple[str, str]]) -> "nx.Graph[str]":
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(entities)
    graph.add_edges_from(sorted({(min(a, b), max(a, b)) for a, b in pairs if a in graph and b in graph and a != b}))
    return graph


def _packed(graph: "nx.Graph[str]", seed: int) -> dict[str, Place]:
    """Lay out each component by itself, and pack them in rows, the largest first."""
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    places: dict[str, Place] = {}
    width = _LENGTH * 2.2 * math.sqrt(len(graph))
    x = y = row = 0.0
    for part in parts:
        drawn = _component(_alone(graph, part), seed)
        left, top = (min(p[axis] for p in drawn.values()) for axis in (0, 1))
        wide, high = (max(p[axis] for p in drawn.values()) - low for axis, low in ((0, left), (1, top)))
        if x and x + wide > width:
            x, y, row = 0.0, y + row + _LENGTH, 0.0
        places.update({entity: (px - left + x, py - top + y) for entity, (px, py) in drawn.items()})
        x, row = x + wide + _LENGTH, max(row, high)
    return places


def _alone(graph: "nx.Graph[str]", part: Iterable[str]) -> "nx.Graph[str]":
    """A component as a new graph: a networkx subgraph has its nodes in the varying order of a set."""
    alone: nx.Graph[str] = nx.Graph()
    alone.add_nodes_from(sorted(part))
    alone.add_edges_from(sorted((min(a, b), max(a, b)) for a, b in graph.edges(part)))
    return alone


def _component(graph: "nx.Graph[str]", seed: int) -> dict[str, Place]:
    n = len(graph)
    if n == 1:
        return dict.fromkeys(graph, (0.0, 0.0))
    if n <= _KAMADA_KAWAI_UP_TO:
        scale = _LENGTH * max(1.0, nx.diameter(graph) / 2)
        places = nx.kamada_kawai_layout(graph, scale=scale)
    else:
        places = nx.spring_layout(graph, seed=seed, iterations=_STEPS, scale=_LENGTH * math.sqrt(n))
    return {entity: (float(x), float(y)) for entity, (x, y) in places.items()}


def _added(graph: "nx.Graph[str]", fixed: Mapping[str, Place]) -> dict[str, Place]:
    """Place new entities one by one, those with most placed neighbours first, each on the nearest free spot."""
    placed = dict(fixed)
    left = [entity for entity in graph if entity not in placed]
    while left:
        entity = max(left, key=lambda each: sum(other in placed for other in graph[each]))
        left.remove(entity)
        near = np.array([placed[other] for other in sorted(graph[entity]) if other in placed])
        taken = np.array(list(placed.values()))
        placed[entity] = _free_spot(near, taken)
    return placed


def _free_spot(near: Places, taken: Places) -> Place:
    """The free spot closest to the middle of an entity's neighbours.

    Without neighbours it is below everything; if no spot is free, it is the one with the most room.
    """
    middle = near.mean(axis=0) if len(near) else np.array([taken[:, 0].mean(), taken[:, 1].max() + _LENGTH])
    spots = middle + _SPOTS
    clear = np.sqrt(((spots[:, None, :] - taken[None, :, :]) ** 2).sum(axis=2)).min(axis=1)
    free = np.flatnonzero(clear >= _CLEAR * _LENGTH)
    best = spots[free[0] if len(free) else int(clear.argmax())]
    return (float(best[0]), float(best[1]))
