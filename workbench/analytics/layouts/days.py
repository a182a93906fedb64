"""The layout by time: from left to right by the first dated tie."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise

import numpy as np

from workbench.analytics.layouts.plan import SPACE, Graph, Place, Plan, by_ties
from workbench.analytics.layouts.seats import seated

_WIDE = 1.8  # width of a drawing, in heights
_EMPTY, _LONGER = 4.0, 0.1  # empty time is in proportion up to so many times the usual; more counts by its logarithm
_ROOM = 1.5  # width for time, in widths that all entities would fill


def by_day(graph: Graph, plan: Plan) -> dict[str, Place]:
    """Time runs in proportion, but long empty times are shortened; the undated are a block at the left.

    Entities of one day are above one another, or in columns beside one another if they are many. Each is as near as
    possible to the height of those it is tied to.
    """
    days = {entity: day for entity in graph if (day := _ordinal(plan.dates.get(entity, "")))}
    dated = sorted(by_ties(graph), key=lambda entity: days.get(entity, 0))
    undated = [entity for entity in dated if entity not in days]
    rows = max(1, math.ceil(math.sqrt(len(graph) / _WIDE)))
    places: dict[str, Place] = {}
    at_once = [[*group] for _, group in groupby(dated, key=lambda entity: days.get(entity, 0))]
    _stack(graph, _across([entity for entity in dated if entity in days], days, rows), places)
    left = -(math.ceil(len(undated) / rows) + 1) * SPACE
    for number, entity in enumerate(undated):
        places[entity] = (left + number // rows * SPACE, (number % rows - (rows - 1) // 2) * SPACE)
    return seated(graph, places, at_once)


def _ordinal(day: str) -> int:
    """The number of a day, of which month and day may be missing; 0 if it is none."""
    try:
        return date.fromisoformat(day[:10] + "0000-01-01"[len(day[:10]) :]).toordinal()
    except ValueError:
        return 0


def _across(dated: Sequence[str], days: Mapping[str, int], rows: int) -> dict[str, float]:
    """How far right each dated entity is; they are in the order of their days."""
    groups = [list(group) for _, group in groupby(dated, key=days.__getitem__)]
    gaps = np.array([days[after[0]] - days[before[0]] for before, after in pairwise(groups)], dtype=float)
    most = _EMPTY * float(np.median(gaps)) if len(gaps) else 1.0
    told = np.minimum(gaps, most) + _LONGER * most * np.log1p(np.maximum(gaps - most, 0) / most)
    unit = _ROOM * len(dated) / rows * SPACE / max(1.0, told.sum())
    across: dict[str, float] = {}
    x = 0.0
    for group, wide in zip(groups, [*(told * unit), 0.0], strict=False):
        across |= {entity: x + number // rows * SPACE for number, entity in enumerate(group)}
        last = (len(group) - 1) // rows
        x += last * SPACE + max(wide, (len(group) - last * rows) / (2 * rows) * SPACE, 1.0)
    return across


def _stack(graph: Graph, across: Mapping[str, float], places: dict[str, Place]) -> None:
    """Give each entity the free row that is nearest to the mean row of those placed that it is tied to."""
    ends: dict[int, float] = {}
    for entity, x in across.items():
        near = [places[other][1] / SPACE for other in graph[entity] if other in places]
        wanted = sum(near) / len(near) if near else 0.0
        free = [row for row in range(-len(ends) - 1, len(ends) + 2) if ends.get(row, -math.inf) <= x - SPACE]
        row = min(free, key=lambda row: (row not in ends, abs(row - wanted), row))
        ends[row] = x
        places[entity] = (x, row * SPACE)
