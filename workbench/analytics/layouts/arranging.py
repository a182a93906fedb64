"""The layouts by name, and what all of them have in common: pinned entities stay, and nothing overlaps."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from workbench.analytics.layouts.adding import added
from workbench.analytics.layouts.blocks import by_agency, by_type
from workbench.analytics.layouts.circle import on_circle
from workbench.analytics.layouts.days import by_day
from workbench.analytics.layouts.hierarchy import in_layers
from workbench.analytics.layouts.ladder import along_path
from workbench.analytics.layouts.organic import organic
from workbench.analytics.layouts.pins import around
from workbench.analytics.layouts.plan import Graph, Place, Plan, graph_of
from workbench.errors import UsageError

_WAYS: Mapping[str, Callable[[Graph, Plan], dict[str, Place]]] = {
    "organic": organic,
    "path": along_path,
    "hierarchy": in_layers,
    "circle": on_circle,
    "type": by_type,
    "agency": by_agency,
    "time": by_day,
}
KINDS = tuple(_WAYS)


def arranged(kind: str, plan: Plan) -> dict[str, Place]:
    """A place for each entity of a plan, in a kind of layout; UsageError for an unknown kind.

    - `organic`: what is tied is near; `circle`: all on a circle, those that are tied near one another.
    - `path`: the path is a line, with the others above and below; organic if there is no path.
    - `hierarchy`: in layers by distance from the most tied entity.
    - `type`, `agency`: a block for each. `time`: from left to right by first dated tie, the undated at the left.
    """
    if kind not in _WAYS:
        raise UsageError(f"no layout {kind!r}: one of {', '.join(KINDS)}", "kind")
    graph = graph_of(plan.entities, plan.pairs)
    pinned = {entity: place for entity, place in plan.pinned.items() if entity in graph}
    places = _WAYS[kind](graph, plan)
    firm = [step for step in plan.path if step in graph] if kind == "path" else []
    settled = around(places, pinned, firm, upright=kind == "time")
    return {entity: settled[entity] for entity in plan.entities}


def lay_out(
    entities: Sequence[str],
    pairs: Iterable[tuple[str, str]],
    known: Mapping[str, Place] | None = None,
    seed: int = 0,
) -> dict[str, Place]:
    """A place for each entity, given the tied pairs; entities in `known` keep theirs.

    A new chart gets an organic layout. Added entities go to free spots beside those they are tied to.
    """
    tied = list(pairs)
    wanted = set(entities)
    fixed = {entity: place for entity, place in (known or {}).items() if entity in wanted}
    if not fixed:
        return around(organic(graph_of(entities, tied), Plan(entities, tied), seed), {})
    return added(entities, tied, fixed)
