"""The hierarchy: layers by distance from the most tied entity of each component."""

import math
from collections.abc import Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
from scipy.optimize import isotonic_regression

from workbench.analytics.layouts.packing import packed
from workbench.analytics.layouts.plan import LENGTH, SPACE, Graph, Place, Plan, by_ties, parts_of
from workbench.analytics.layouts.seats import seated

_SWEEPS = 6
_WIDE = 1.8  # width of a drawing, in heights


def in_layers(graph: Graph, plan: Plan) -> dict[str, Place]:
    """Each component by itself, packed with the largest first; children lie under their parents.

    Layers are ordered by barycentres (Sugiyama, Tagawa and Toda 1981). A long layer is folded into several rows, in
    which places are dealt out again.
    """
    return packed([_component(part) for part in parts_of(graph)], LENGTH)


def _component(graph: Graph) -> dict[str, Place]:
    layers = [list(layer) for layer in nx.bfs_layers(graph, by_ties(graph)[0])]
    _order(graph, layers)
    longest = max(8, math.ceil(math.sqrt(len(graph) * _WIDE)))
    across = _across(graph, layers, longest)
    places: dict[str, Place] = {}
    top = 0.0
    for layer in layers:
        rows = math.ceil(len(layer) / longest)
        for number, entity in enumerate(layer):
            row = number % rows
            places[entity] = (across[entity] + row / rows * SPACE, top + row * SPACE)
        top += rows * SPACE + SPACE / 2
    return seated(graph, places, [layer for layer in layers if len(layer) > longest])


def _order(graph: Graph, layers: list[list[str]]) -> None:
    """Sort each layer by the means of its neighbours' places in the layer before, then in the one after, and again."""
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for above, below in pairwise(layers if down else layers[::-1]):
            at = {entity: number / len(above) for number, entity in enumerate(above)}
            old = {entity: number / len(below) for number, entity in enumerate(below)}
            below.sort(key=lambda entity: _mean([at[each] for each in graph[entity] if each in at], old[entity]))


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _across(graph: Graph, layers: Sequence[Sequence[str]], longest: int) -> dict[str, float]:
    """How far right each entity is: its column is as near as possible to those it is tied to, and apart from others.

    Each layer follows the one above it, then the one below it, and again.
    """
    across = dict.fromkeys(graph, 0.0)
    for sweep in range(_SWEEPS):
        for near, layer in pairwise(layers if sweep % 2 == 0 else layers[::-1]):
            rows, beside = math.ceil(len(layer) / longest), set(near)
            wanted = [
                _mean([across[each] for each in graph[entity] if each in beside], across[entity]) for entity in layer
            ]
            columns = [_mean(wanted[start : start + rows], 0.0) for start in range(0, len(layer), rows)]
            apart = np.arange(len(columns)) * SPACE
            found = isotonic_regression(np.array(columns) - apart).x + apart
            across |= {entity: float(found[number // rows]) for number, entity in enumerate(layer)}
    return across
