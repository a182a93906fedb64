"""Who is in a key position: many ties, or in between others."""

from collections.abc import Mapping

import numpy as np

from workbench.analytics.betweenness import betweenness
from workbench.analytics.finding import Finding, Row
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.support import finding
from workbench.errors import UsageError
from workbench.store.view import View

MEASURES = ("betweenness", "degree")

# Betweenness is exact while nodes x edges stay below this; beyond, from sampled sources.
_EXACT_UP_TO = 100_000_000
_FEWEST_SOURCES = 50
_DIGITS = 9


def key_players(
    view: View,
    projection: str = "persons",
    measure: str = "betweenness",
    count_common: bool = False,
    seed: int = 0,
    limit: int = 20,
) -> Finding:
    """Who has the most ties, or lies most between others, outsiders left out.

    Degree is the number of different neighbours; betweenness (Freeman 1977; Brandes 2001) is
    the share of shortest paths, from 0 to 1. A position describes recorded ties, never guilt.
    Beyond a size betweenness is estimated from sampled sources (`sources` in the parameters).
    """
    if measure not in MEASURES:
        raise UsageError(f"no measure {measure!r}: one of {', '.join(MEASURES)}")
    found = positions_of(view, projection, count_common)
    scores = positions(found, seed)
    ranked = ranking(found, scores, measure)[:limit]
    parameters = {
        "measure": measure,
        "count_common": count_common,
        "limit": limit,
        "entities": len(found.nodes),
        "ties": len(found.edges.a),
        "sources": sources_of(found),
    }
    return finding(
        view, found, "key-players", parameters, _rows(view, found, scores, ranked), found.keys(found.edges.rows), seed
    )


def _rows(view: View, found: Projection, scores: Mapping[int, tuple[int, float]], ranked: list[int]) -> list[Row]:
    captions = view.summaries([found.snapshot.id_at(node) for node in ranked])
    return [
        {
            "id": each.id,
            "caption": each.caption,
            "rank": rank,
            "degree": scores[node][0],
            "betweenness": scores[node][1],
        }
        for rank, (node, each) in enumerate(zip(ranked, captions, strict=True), 1)
    ]


def sources_of(found: Projection) -> int:
    """From how many sources betweenness is computed: all, or as many as the size allows."""
    nodes, edges = len(found.nodes), len(found.edges.a)
    return nodes if nodes * edges <= _EXACT_UP_TO else min(nodes, max(_FEWEST_SOURCES, _EXACT_UP_TO // edges))


def positions(found: Projection, seed: int) -> dict[int, tuple[int, float]]:
    """(degree, betweenness) of each node that has an edge."""
    matrix = found.adjacency
    between = betweenness(matrix, found.nodes, sources_of(found), seed)
    either = (matrix + matrix.T).tocsr() if found.directed else matrix
    degree = np.diff(either.indptr)[found.nodes]
    rows = zip(found.nodes.tolist(), degree.tolist(), between.round(_DIGITS).tolist(), strict=True)
    return {node: (ties, score) for node, ties, score in rows}


def ranking(found: Projection, scores: Mapping[int, tuple[int, float]], measure: str) -> list[int]:
    """Nodes, highest first by a measure, then by the other, then by id."""
    first = MEASURES.index(measure)
    order = (1, 0) if first == 0 else (0, 1)
    return sorted(scores, key=lambda node: (-scores[node][order[0]], -scores[node][order[1]], node))
