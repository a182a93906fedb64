"""Key players: entities with many ties, or between others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from workbench.analytics.betweenness import Between, Float64, betweenness, is_exact
from workbench.analytics.finding import Finding, Row
from workbench.analytics.projection import Drawn, Projection, positions_of
from workbench.analytics.support import finding
from workbench.errors import UsageError
from workbench.model.asked import seed_of, whole
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.asking import question
from workbench.view.view import View

MEASURES = ("betweenness", "degree")

# Sums of the same shares in a different order differ by less than this fraction.
_EQUAL = 1e-9
_DIGITS = 12  # significant digits of a betweenness


class Position(NamedTuple):
    """The position of a node: its rank by a measure, from 1, and both measures. Equals share a rank.

    Without betweenness (None) where the measure is another, and it would only be an estimate.
    """

    node: Place
    rank: int
    degree: int
    betweenness: float | None


class Ranking(NamedTuple):
    """All nodes with an edge, best first; if betweenness was estimated, from `sources` of `of` nodes."""

    positions: tuple[Position, ...]
    sources: int
    of: int

    @property
    def sampling(self) -> dict[str, Any]:
        """The fields of `measured` in a finding."""
        sampled = {"sources": self.sources, "sources_possible": self.of} if self.of else {}
        return {"estimated": self.of > 0, **sampled}


@dataclass(frozen=True, slots=True)
class Player(Row):
    """An entity's rank by a measure, and both measures; betweenness as in `Position`."""

    WHO: ClassVar[tuple[str, ...]] = ("id",)

    id: str
    caption: str
    rank: int
    degree: int
    betweenness: float | None

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column; the id unchanged, because the caption stands beside it."""
        if column == "betweenness" and self.betweenness is None:
            return "not computed"
        return self.id if column == "id" else Row.cell(self, column, names)


@question
def key_players(
    view: View,
    projection: str = "persons",
    measure: str = "betweenness",
    count_common: bool = False,
    seed: int = 0,
    limit: int = 20,
) -> Finding[Player]:
    """The entities with the most ties, or most between others; outsiders are left out.

    Degree is the number of different neighbours. Betweenness (Freeman 1977; Brandes 2001) is the
    share of shortest paths through an entity, from 0 to 1. Equals share a rank (1, 2, 2, 4) and are
    ordered by id; `limit` is the number of rows to return. In very large connected parts betweenness
    is estimated: then `measured` has `estimated`, and the numbers of sources used and possible. Who
    asks for degree gets no estimate: there betweenness is None. UsageError for a limit below 1.
    """
    if measure not in MEASURES:
        raise UsageError(f"no measure {measure!r}: one of {', '.join(MEASURES)}", "measure")
    limit, seed = whole(limit, "limit"), seed_of(seed)
    projected = positions_of(view, projection, count_common)
    first, sampling = _first(projected, measure, seed, limit)
    asked = {"measure": measure, "count_common": count_common, "limit": limit}
    measured = {"entities": len(projected.nodes), "ties": len(projected.edges.a), **sampling}
    rows = list(_rows(view, projected, first))
    return finding(view, projected, "key-players", asked, measured, rows, projected.records(projected.edges.rows), seed)


def _first(projected: Projection, measure: str, seed: int, limit: int) -> tuple[tuple[Position, ...], dict[str, Any]]:
    """The first positions, and how they were sampled; nothing is kept of the others."""
    ranked = ranking(projected, measure, seed)
    return ranked.positions[:limit], ranked.sampling


def _rows(view: View, projected: Projection, ranked: tuple[Position, ...]) -> Iterator[Player]:
    known = view.summaries([projected.snapshot.id_at(position.node) for position in ranked])
    for position, summary in zip(ranked, known, strict=True):
        yield Player(summary.id, summary.caption, position.rank, position.degree, position.betweenness)


def ranking(found: Drawn, measure: str, seed: int) -> Ranking:
    """Rank each node with an edge by a measure, the highest first, equals by id."""
    is_asked = measure == "betweenness" or is_exact(found.adjacency, found.nodes)
    between = betweenness(found.adjacency, found.nodes, seed) if is_asked else None
    scores, degree = None if between is None else _told(between), _degrees(found)
    by = degree if measure == "degree" or scores is None else scores
    order = np.lexsort((found.nodes, -by))
    rank = np.searchsorted(-by[order], -by[order]) + 1  # equals get the rank of the first
    columns = (each.tolist() for each in (found.nodes[order], rank, degree[order]))
    told = [None] * len(order) if scores is None else scores[order].tolist()
    positions = tuple(map(Position, *columns, told))
    return Ranking(positions, between.sources, between.of) if between is not None else Ranking(positions, 0, 0)


def _told(between: Between) -> Float64:
    """The scores rounded to significant digits, so that equals are exactly equal."""
    scores = between.scores
    order = np.argsort(-scores, kind="stable")
    falls = scores[order][1:] < scores[order][:-1] * (1 - _EQUAL)
    level = np.concatenate([np.zeros(min(1, len(order)), np.int64), np.cumsum(falls)])
    first = np.searchsorted(level, level)
    told = np.empty(len(scores))
    told[order] = [float(f"{score:.{_DIGITS}g}") for score in scores[order][first].tolist()]
    return told


def _degrees(projected: Drawn) -> Int64:
    matrix = projected.adjacency
    either = (matrix + matrix.T).tocsr() if projected.directed else matrix
    return np.asarray(np.diff(either.indptr)[projected.nodes], np.int64)
