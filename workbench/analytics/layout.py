"""Where the entities of a chart lie: computed here, so that a browser only draws.

Known places stay; new entities come near what they are tied to. The same input gives the
same picture.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float]
Places = NDArray[np.float64]

_LENGTH = 130.0  # of a tie, in the canvas' pixels
_STEPS = 60
_CLEAR = 0.8  # of a tie's length that stays free around an entity
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
    """A place for each entity, tied by these pairs; those in `known` stay where they are.

    A chart of its own is laid out by Kamada and Kawai's springs (large ones by Fruchterman
    and Reingold's), component by component; additions go to free spots beside what they are tied to.
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
    """Each component by itself, in rows, the largest first."""
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
    """A component as a graph of its own: a subgraph's nodes come in the order of a set, which varies."""
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
        found = nx.kamada_kawai_layout(graph, scale=scale)
    else:
        found = nx.spring_layout(graph, seed=seed, iterations=_STEPS, scale=_LENGTH * math.sqrt(n))
    return {entity: (float(x), float(y)) for entity, (x, y) in found.items()}


def _added(graph: "nx.Graph[str]", fixed: Mapping[str, Place]) -> dict[str, Place]:
    """New entities one by one, those with most placed neighbours first, each on the nearest free spot."""
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
    """The spot closest to the middle of its neighbours that is clear of all that is placed.

    Without neighbours it is below everything; where no spot is clear, the clearest one.
    """
    middle = near.mean(axis=0) if len(near) else np.array([taken[:, 0].mean(), taken[:, 1].max() + _LENGTH])
    spots = middle + _SPOTS
    clear = np.sqrt(((spots[:, None, :] - taken[None, :, :]) ** 2).sum(axis=2)).min(axis=1)
    free = np.flatnonzero(clear >= _CLEAR * _LENGTH)
    best = spots[free[0] if len(free) else int(clear.argmax())]
    return (float(best[0]), float(best[1]))
