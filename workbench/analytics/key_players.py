"""Key players: entities with many ties, or between others, and between which ranks they stand.

The measures:

- degree: the number of different neighbours.
- betweenness (Freeman 1977; Brandes 2001): the share of shortest paths through an entity, from 0 to 1.
- closeness (Wasserman and Faust 1994, for networks of several parts): the inverse of the mean distance from those
  who can reach the entity, times their share of all others. In directed projections paths lead to the entity.
- pagerank (Brin and Page 1998), with a damping of 0.85.
- brokerage (Gould and Fernandez 1989): the number of pairs of neighbours that are not tied to one another and are
  of different communities. In directed projections ties lead from one through the entity to the other.
- brokerage-agencies, brokerage-countries: the same, of pairs without a common agency that has records about them,
  or without a common country that is said in records. Who is of none makes no pair.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from workbench.analytics.betweenness import is_exact
from workbench.analytics.finding import Finding, Row
from workbench.analytics.measures import MEASURES, WEIGHABLE, degrees
from workbench.analytics.positions import Scored, scored, scores_of
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.support import finding
from workbench.analytics.weights import COUNTED, TIES_ARE, WEIGHTED
from workbench.analytics.without_agency import agencies_to_drop, ranks_without
from workbench.errors import UsageError
from workbench.model.asked import seed_of, share_of, whole
from workbench.model.numbers import Place
from workbench.view.asking import question
from workbench.view.view import View

MOST_MISSING = 0.5


@dataclass(frozen=True, slots=True)
class Player(Row):
    """An entity's position by a measure.

    - `rank`: from 1; `equals` others have the same one.
    - `rank_from`, `rank_to`: its 90 % interval; `undecided` is how many others have one that overlaps it.
    - `score`: what the measure says. `degree`: the number of neighbours. `betweenness`: None where only estimated.
    - `without`: its rank in the view without each agency, 0 for no position there; empty if that was not looked at.
    """

    WHO: ClassVar[tuple[str, ...]] = ("id",)

    id: str
    caption: str
    rank: int
    rank_from: int
    rank_to: int
    equals: int
    undecided: int
    score: float
    degree: int
    betweenness: float | None
    without: tuple[tuple[str, int], ...]

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column; the id unchanged, because the caption stands beside it."""
        if column == "rank":
            return f"{self.rank} (equal to {self.equals})" if self.equals else str(self.rank)
        if column == "undecided":
            return str(self.undecided) if self.undecided else "decided"
        if column == "betweenness" and self.betweenness is None:
            return "not computed"
        if column == "without":
            return self._worst()
        return self.id if column == "id" else Row.cell(self, column, names)

    def _worst(self) -> str:
        """The lowest rank without an agency, and which."""
        if not self.without:
            return "not looked at"
        agency, rank = max(self.without, key=lambda each: each[1] or np.inf)
        return f"{rank} without {agency}" if rank else f"no position without {agency}"


class _First(NamedTuple):
    """The first positions: nodes, and their fields of `Player` but for who they are."""

    nodes: tuple[Place, ...]
    fields: tuple[dict[str, Any], ...]
    sampling: Mapping[str, Any]


@question
def key_players(
    view: View,
    projection: str = "persons",
    measure: str = "betweenness",
    count_common: bool = False,
    missing: float = 0.1,
    ties_as: str = COUNTED,
    seed: int = 0,
    limit: int = 20,
) -> Finding[Player]:
    """The entities with the most ties, or most between others; outsiders are left out.

    The module describes the measures. Equals share a rank (1, 2, 2, 4) and come by id; `limit` is the number of rows.
    If the share `missing` of ties or persons is not in the view, at random, then the rank among those in it lies
    from `rank_from` to `rank_to` in nine of ten cases: of all entities together, tried on networks with a known truth.
    Nobody knows the share; 0.1 is a convention. In very large connected parts betweenness and closeness are estimated:
    then `measured` has `estimated` and the numbers of sources used and possible, and the intervals allow for it.
    With `ties_as="weighted"` degree and PageRank count what ties weigh (see `weights`). UsageError for a limit below 1,
    for `missing` not from 0 to 0.5, or for weights by another measure.
    """
    _check(measure, ties_as)
    limit, seed, missing = whole(limit, "limit"), seed_of(seed), share_of(missing, "missing", MOST_MISSING)
    projected = positions_of(view, projection, count_common)
    first = _first(view, projected, (measure, ties_as), missing, seed, limit)
    agencies = agencies_to_drop(projected)
    without = ranks_without(view, projected, agencies, first.nodes, measure, count_common, seed, ties_as)
    measured = {
        TIES_ARE: ties_as,
        "entities": len(projected.nodes),
        "ties": len(projected.edges.a),
        **first.sampling,
        "ranks_shown": len(first.nodes),
        "ranks_undecided": sum(each["undecided"] > 0 for each in first.fields),
        "agencies_dropped": list(agencies),
    }
    asked = {"measure": measure, "count_common": count_common, "missing": missing, "ties_as": ties_as, "limit": limit}
    rows = list(_rows(view, projected, first, without))
    return finding(view, projected, "key-players", asked, measured, rows, projected.records(projected.edges.rows), seed)


def _check(measure: str, ties_as: str) -> None:
    if measure not in MEASURES:
        raise UsageError(f"no measure {measure!r}: one of {', '.join(MEASURES)}", "measure")
    if ties_as == WEIGHTED and measure not in WEIGHABLE:
        raise UsageError(f"{measure} counts ties: weights count for {' and '.join(WEIGHABLE)}", "ties_as")


def _first(view: View, projected: Projection, by: tuple[str, str], missing: float, seed: int, limit: int) -> _First:
    """The first positions by a measure, with ties counted or weighted; nothing is kept of the others."""
    measure, ties_as = by
    found = scores_of(view, projected, measure, seed, ties_as)
    between = _between(projected, found, measure, seed)
    rank, interval = found.ranks, found.intervals(measure, missing, seed)
    order = np.lexsort((projected.nodes, -found.scores))[:limit]
    columns = {
        "rank": rank.first,
        "rank_from": interval.best,
        "rank_to": interval.worst,
        "equals": rank.last - rank.first,
        "undecided": interval.undecided(),
        "score": found.scores,
        "degree": degrees(found.network),
    }
    lists = {name: column[order].tolist() for name, column in columns.items()}
    lists["betweenness"] = [None] * len(order) if between is None else between.scores[order].tolist()
    fields = tuple(dict(zip(lists, each, strict=True)) for each in zip(*lists.values(), strict=True))
    return _First(tuple(map(Place, projected.nodes[order].tolist())), fields, found.sampling)


def _between(projected: Projection, found: Scored, measure: str, seed: int) -> Scored | None:
    """Betweenness; None where it was not asked for, and would only be an estimate."""
    if measure == "betweenness":
        return found
    return scored(projected, "betweenness", seed) if is_exact(projected.adjacency, projected.nodes) else None


def _rows(view: View, projected: Projection, first: _First, without: Sequence[Mapping[str, int]]) -> Iterator[Player]:
    known = view.summaries([projected.snapshot.id_at(node) for node in first.nodes])
    for summary, fields, ranks in zip(known, first.fields, without, strict=True):
        yield Player(summary.id, summary.caption, **fields, without=tuple(ranks.items()))
