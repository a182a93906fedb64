"""The layout of a path: its entities on a line, and each other one above or below the step it is nearest to."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import networkx as nx

from workbench.analytics.layouts.organic import organic
from workbench.analytics.layouts.plan import SPACE, Graph, Place, Plan, graph_of, parts_of
from workbench.analytics.layouts.seats import seated


def along_path(graph: Graph, plan: Plan) -> dict[str, Place]:
    """The path from left to right, evenly, others in rows above and below it; organic if there is no path.

    Rows are by distance from the step. What is tied without the path is on one side; those that nothing ties to
    the path are below all.
    """
    path = list(dict.fromkeys(step for step in plan.path if step in graph))
    if not path:
        return organic(graph, plan)
    sides = _sides(graph, path)
    widest = max((len(side) for pair in sides.values() for side in pair), default=0)
    columns = max(1, math.ceil(math.sqrt(widest)))
    places = {step: (number * columns * SPACE, 0.0) for number, step in enumerate(path)}
    dealt: list[list[str]] = []
    lowest = 0.0
    for step, pair in sides.items():
        for way, side in zip((-1, 1), pair, strict=True):
            layers = [*nx.bfs_layers(graph_of([step, *side], graph.edges([step, *side])), step)][1:]
            rows = [row for layer in layers for row in _rows(layer, columns)]
            for height, row in enumerate(rows, 1):
                left = places[step][0] - (len(row) - 1) / 2 * SPACE
                places |= {each: (left + at * SPACE, way * height * SPACE) for at, each in enumerate(row)}
            dealt += layers
            lowest = max(lowest, way * len(rows) * SPACE)
    rest = graph_of(graph.nodes - places.keys(), graph.edges)
    below = [entity for part in parts_of(rest) for entity in part]
    for height, row in enumerate(_rows(below, max(len(path) * columns, math.ceil(math.sqrt(len(rest))))), 2):
        places |= {each: (at * SPACE, lowest + height * SPACE) for at, each in enumerate(row)}
    return seated(graph, places, [*dealt, below])


def _rows(members: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    return (members[start : start + most] for start in range(0, len(members), most))


def _sides(graph: Graph, path: list[str]) -> dict[str, tuple[list[str], list[str]]]:
    """Of each step, those that are nearer to it than to other steps, in two sides, each about half of them."""
    step_of = {step: step for step in path}
    for a, b in nx.bfs_edges(_with_start(graph, path), ""):
        step_of.setdefault(b, step_of.get(a, ""))
    members = defaultdict(set)
    for entity, step in step_of.items():
        if entity != step:
            members[step].add(entity)
    sides: dict[str, tuple[list[str], list[str]]] = {}
    for step in path:
        sides[step] = ([], [])
        for part in parts_of(graph_of(members[step], graph.edges(members[step]))):
            min(sides[step], key=len).extend(part)
    return sides


def _with_start(graph: Graph, path: list[str]) -> Graph:
    """The graph with a node that is tied to each step of the path, so that a search from it begins at all of them."""
    found: Graph = nx.Graph()
    found.add_edges_from(("", step) for step in path)
    found.add_edges_from(edge for edge in graph.edges if set(edge) - set(path))
    return found
