"""Who is in a key position: many ties, or in between others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from workbench.analytics.betweenness import Between, Float64, betweenness
from workbench.analytics.finding import Finding, Row
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.support import finding
from workbench.errors import UsageError
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.asking import question
from workbench.view.view import View

MEASURES = ("betweenness", "degree")

# Two sums of the same shares, added in another order, differ by less than this part of them.
_EQUAL = 1e-9
_DIGITS = 12  # that count, of a betweenness


class Position(NamedTuple):
    """Where a node stands: its rank by a measure, from 1, and both measures. Equals have one rank."""

    node: Place
    rank: int
    degree: int
    betweenness: float


class Ranking(NamedTuple):
    """All that have an edge, first to last; where betweenness was estimated, from `sources` of `of` nodes."""

    positions: tuple[Position, ...]
    sources: int
    of: int

    @property
    def sampling(self) -> dict[str, Any]:
        """What a finding says of it."""
        sampled = {"sources": self.sources, "sources_possible": self.of} if self.of else {}
        return {"estimated": self.of > 0, **sampled}


@dataclass(frozen=True, slots=True)
class Player(Row):
    """Somebody's rank by a measure, and both measures."""

    WHO: ClassVar[tuple[str, ...]] = ("id",)

    id: str
    caption: str
    rank: int
    degree: int
    betweenness: float

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """What people read in a column; the id as it is, for the caption stands beside it."""
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
    """Who has the most ties, or lies most between others, outsiders left out.

    Degree is the number of different neighbours; betweenness (Freeman 1977; Brandes 2001) is
    the share of shortest paths, from 0 to 1.
    Equals have the same rank (1, 2, 2, 4) and come in the order of their ids; `limit` is how many
    rows are shown. In very large connected parts betweenness is `estimated` (in what is measured,
    with the numbers of sources and of entities that they were drawn from).
    """
    if measure not in MEASURES:
        raise UsageError(f"no measure {measure!r}: one of {', '.join(MEASURES)}", "measure")
    found = positions_of(view, projection, count_common)
    ranked = ranking(found, measure, seed)
    asked = {"measure": measure, "count_common": count_common, "limit": limit}
    measured = {"entities": len(found.nodes), "ties": len(found.edges.a), **ranked.sampling}
    rows = list(_rows(view, found, ranked.positions[:limit]))
    return finding(view, found, "key-players", asked, measured, rows, found.records(found.edges.rows), seed)


def _rows(view: View, found: Projection, ranked: tuple[Position, ...]) -> Iterator[Player]:
    known = view.summaries([found.snapshot.id_at(each.node) for each in ranked])
    for each, summary in zip(ranked, known, strict=True):
        yield Player(summary.id, summary.caption, each.rank, each.degree, each.betweenness)


def ranking(found: Projection, measure: str, seed: int) -> Ranking:
    """Each node that has an edge, highest first by a measure, equals by id."""
    between = betweenness(found.adjacency, found.nodes, seed)
    scores = _told(between)
    degree = _degrees(found)
    by = degree if measure == "degree" else scores
    order = np.lexsort((found.nodes, -by))
    rank = np.searchsorted(-by[order], -by[order]) + 1  # of equals, the place of the first
    columns = (each.tolist() for each in (found.nodes[order], rank, degree[order], scores[order]))
    return Ranking(tuple(map(Position, *columns)), between.sources, between.of)


def _told(between: Between) -> Float64:
    """The scores as they are told: equals exactly equal, in a few digits that count."""
    scores = between.scores
    order = np.argsort(-scores, kind="stable")
    falls = scores[order][1:] < scores[order][:-1] * (1 - _EQUAL)
    level = np.concatenate([np.zeros(min(1, len(order)), np.int64), np.cumsum(falls)])
    first = np.searchsorted(level, level)
    told = np.empty(len(scores))
    told[order] = [float(f"{score:.{_DIGITS}g}") for score in scores[order][first].tolist()]
    return told


def _degrees(found: Projection) -> Int64:
    matrix = found.adjacency
    either = (matrix + matrix.T).tocsr() if found.directed else matrix
    return np.asarray(np.diff(either.indptr)[found.nodes], np.int64)
