"""A finding as a chart: its entities with the ties that its projection derives among them, and what lies between."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from workbench.analytics.finding import Finding
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.steps import trail_in
from workbench.app.analyses import AnswerRow
from workbench.app.chart import Derived
from workbench.errors import NotFound, UsageError
from workbench.export.appearance import label_of
from workbench.model.numbers import Place
from workbench.model.visible import count
from workbench.store.types import SourcedRecord
from workbench.view.asking import question
from workbench.view.view import View
from workbench.view.who import members_of

MOST_AROUND = 25  # neighbours that are shown with a finding's only entity
_MOST_TIES = 400


class Answered(NamedTuple):
    """What to put on a chart: entities, derived ties among them, and a name."""

    entities: tuple[str, ...]
    derived: tuple[Derived, ...]
    name: str


@question
def answered(view: View, finding: Finding[Any], rows: Sequence[AnswerRow]) -> Answered:
    """The chart of some rows of a finding; one entity alone is shown with those it is tied to."""
    named = list(dict.fromkeys(entity for row in rows for entity in row.entities))
    projection = positions_of(view, finding.asked["projection"], bool(finding.asked.get("count_common", False)))
    nodes = {each: node for each in named if (node := _node(projection, each)) is not None}
    if len(named) == 1 and nodes:
        nodes |= _around(projection, nodes[named[0]])
    captions = [each.caption for each in view.summaries(named[:2])]
    more = f" and {len(named) - 2} more" if len(named) > 2 else ""
    name = f"{finding.analysis.title}: {', '.join(captions)}{more}"
    return Answered(tuple(dict.fromkeys([*named, *nodes])), _derived_ties(view, projection, nodes), name)


def _node(projection: Projection, entity: str) -> Place | None:
    try:
        return projection.node(entity)
    except (NotFound, UsageError):  # it has no place in this projection
        return None


def _around(projection: Projection, node: Place) -> dict[str, Place]:
    """The neighbours of a node, those with most neighbours first."""
    matrix = projection.adjacency
    degrees = matrix.indptr[1:] - matrix.indptr[:-1]
    near = matrix.indices[matrix.indptr[node] : matrix.indptr[node + 1]].tolist()
    ranked = sorted(near, key=lambda each: (-int(degrees[each]), each))[:MOST_AROUND]
    return {projection.snapshot.id_at(each): Place(each) for each in ranked}


def _derived_ties(view: View, projection: Projection, nodes: dict[str, Place]) -> tuple[Derived, ...]:
    """The ties of a projection among some of its nodes; none where each tie is a record's own."""
    ids, places = list(nodes), list(nodes.values())
    inside = projection.adjacency[places][:, places].tocoo()
    pairs = sorted({(min(a, b), max(a, b)) for a, b in zip(*(each.tolist() for each in inside.coords), strict=True)})
    found = [
        _derived(view, projection, ids[a], ids[b], (places[a], places[b])) for a, b in pairs[:_MOST_TIES] if a != b
    ]
    return tuple(each for each in found if each is not None)


def _derived(view: View, projection: Projection, a: str, b: str, pair: tuple[Place, Place]) -> Derived | None:
    """The derived tie between two entities; None if records tie them directly."""
    ways = [*trail_in(projection, pair).steps[0]] or [*trail_in(projection, pair[::-1]).steps[0]]
    keys = sorted({key for way in ways for key in way.records if key})
    records = {each.key: each for each in view.records(keys)}
    told = {each for record in records.values() for each in _told(record)}
    who = {found[0] for found in members_of(view, sorted(told)).values()}
    through = sorted(who - {a, b})
    if not through:
        return None
    main = [records[key] for way in ways for key in way.legs[way.main] if key in records]
    kinds = Counter(label_of(each.record.schema) for each in {each.key: each for each in main}.values())
    said = " · ".join(name if n == 1 else f"{name} ×{n}" for name, n in kinds.most_common(2))
    by = Counter(label_of(each.schema).lower() for each in view.summaries(through))
    label = f"{said}, by {' and '.join(count(n, name) for name, n in by.most_common(2))}"
    return Derived(a, b, label, tuple(keys), tuple(through))


def _told(each: SourcedRecord) -> list[str]:
    """The referents that a record is about or ties."""
    record = each.record
    return [*([record.entity] if record.source_id else []), *(record.referent(role.ref) for role in record.roles)]
