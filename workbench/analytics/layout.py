"""Where the entities of a chart lie: computed here, so that a browser only draws.

Known places stay; new entities come near what they are tied to. The same input gives the
same picture.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx

Place = tuple[float, float]

_LENGTH = 130.0  # of a tie, in the canvas' pixels
_STEPS = 60
_KAMADA_KAWAI_UP_TO = 80


def lay_out(
    entities: Sequence[str],
    pairs: Iterable[tuple[str, str]],
    known: Mapping[str, Place] | None = None,
    seed: int = 0,
) -> dict[str, Place]:
    """A place for each entity, tied by these pairs; those in `known` stay where they are.

    A chart of its own is laid out by Kamada and Kawai's springs (large ones by Fruchterman
    and Reingold's), component by component; additions by the latter with the rest held.
    """
    graph = _graph(entities, pairs)
    fixed = {entity: place for entity, place in (known or {}).items() if entity in graph}
    if len(fixed) == len(graph):
        return fixed
    places = _added(graph, fixed, seed) if fixed else _packed(graph, seed)
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
        drawn = _component(graph.subgraph(sorted(part)), seed)
        left, top = (min(p[axis] for p in drawn.values()) for axis in (0, 1))
        wide, high = (max(p[axis] for p in drawn.values()) - low for axis, low in ((0, left), (1, top)))
        if x and x + wide > width:
            x, y, row = 0.0, y + row + _LENGTH, 0.0
        places.update({entity: (px - left + x, py - top + y) for entity, (px, py) in drawn.items()})
        x, row = x + wide + _LENGTH, max(row, high)
    return places


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


def _added(graph: "nx.Graph[str]", fixed: Mapping[str, Place], seed: int) -> dict[str, Place]:
    start = dict(fixed)
    for number, entity in enumerate(node for node in graph if node not in fixed):
        start[entity] = _beside(graph, entity, start, number)
    unit = {entity: (x / _LENGTH, y / _LENGTH) for entity, (x, y) in start.items()}
    found = nx.spring_layout(graph, k=1.0, pos=unit, fixed=sorted(fixed), iterations=_STEPS, seed=seed)
    return {entity: (float(x) * _LENGTH, float(y) * _LENGTH) for entity, (x, y) in found.items()}


def _beside(graph: "nx.Graph[str]", entity: str, placed: Mapping[str, Place], number: int) -> Place:
    """Near what it is tied to, or below everything; spread by the golden angle."""
    near = [placed[other] for other in sorted(graph[entity]) if other in placed]
    angle = 2.4 * number
    if near:
        x, y = (sum(place[axis] for place in near) / len(near) for axis in (0, 1))
    else:
        x = sum(place[0] for place in placed.values()) / len(placed)
        y = max(place[1] for place in placed.values()) + _LENGTH
    return (x + _LENGTH * math.cos(angle), y + _LENGTH * math.sin(angle))
