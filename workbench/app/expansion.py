"""Expand an entity: its neighbours that are not on the chart, by kind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.view.access import answer
from workbench.view.around import around, ties_with
from workbench.view.asking import question
from workbench.view.view import View

MOST_AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Kind:
    """The number of neighbours of one schema by relationships of one schema."""

    relationship: str
    schema: str
    n: int


@dataclass(frozen=True, slots=True)
class Expansion:
    """The neighbours to add, those with most ties to the chart first, and the number left out."""

    entities: tuple[str, ...]
    left: int


@question
def kinds(view: View, entities: Sequence[str], drawn: Sequence[str]) -> Mapping[str, tuple[Kind, ...]]:
    """By entity: its neighbours that are not drawn, counted by kind, most first. Entities without any are left out."""
    counts: dict[str, Counter[tuple[str, str]]] = {}
    for each in around(view, entities, drawn):
        counts.setdefault(each.entity, Counter())[each.relationship, each.schema] += 1
    return {entity: _most_first(counted) for entity, counted in counts.items()}


def _most_first(counted: Mapping[tuple[str, str], int]) -> tuple[Kind, ...]:
    found = (Kind(*kind, n) for kind, n in counted.items())
    return tuple(sorted(found, key=lambda kind: (-kind.n, kind.relationship, kind.schema)))


@answer
def expand(
    view: View,
    entities: Sequence[str],
    drawn: Sequence[str],
    relationship: str | None = None,
    schema: str | None = None,
    limit: int = MOST_AT_ONCE,
) -> Expansion:
    """Up to `limit` neighbours of some entities that are not drawn, of all kinds or one."""
    fitting = {
        each.neighbour
        for each in around(view, entities, drawn)
        if relationship in (None, each.relationship) and schema in (None, each.schema)
    }
    ties = ties_with(view, sorted(fitting), drawn)
    ranked = sorted(fitting, key=lambda each: (-ties.get(each, 0), each))
    return Expansion(tuple(ranked[:limit]), max(0, len(ranked) - limit))
