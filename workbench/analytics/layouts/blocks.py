"""Blocks: entities of one type, or of one agency, together."""

import math
from collections import defaultdict
from collections.abc import Mapping

from workbench.analytics.layouts.packing import packed
from workbench.analytics.layouts.plan import SPACE, Graph, Place, Plan, by_ties
from workbench.analytics.layouts.seats import seated

_GAP = 2.5 * SPACE
_GOLDEN = math.pi * (3 - math.sqrt(5))


def by_type(graph: Graph, plan: Plan) -> dict[str, Place]:
    """A block for each type, the largest first."""
    return _blocks(graph, plan.types)


def by_agency(graph: Graph, plan: Plan) -> dict[str, Place]:
    """A block for each agency, the largest first."""
    return _blocks(graph, plan.agencies)


def _blocks(graph: Graph, kinds: Mapping[str, str]) -> dict[str, Place]:
    """Each block is a spiral of Vogel (1979), as seeds lie in a sunflower; who is where is dealt out."""
    members: dict[str, list[str]] = defaultdict(list)
    for entity in by_ties(graph):
        members[kinds.get(entity, "")].append(entity)
    blocks = [members[kind] for kind in sorted(members, key=lambda kind: (-len(members[kind]), kind))]
    places = packed([{entity: _seed(number) for number, entity in enumerate(block)} for block in blocks], _GAP)
    return seated(graph, places, blocks)


def _seed(number: int) -> Place:
    radius = SPACE / math.sqrt(math.pi) * math.sqrt(number + 0.5)
    return radius * math.cos(number * _GOLDEN), radius * math.sin(number * _GOLDEN)
