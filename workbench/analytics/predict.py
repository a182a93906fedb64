"""Predicted relationships: pairs that may be tied but have no recorded tie. They are leads, never facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array, diags_array

from workbench.analytics.finding import Finding, Row
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.support import finding
from workbench.model.asked import whole
from workbench.model.numbers import Place
from workbench.view.asking import question
from workbench.view.view import View

LABEL = "uncalibrated lead"

_AT_ONCE = 2_000  # entities whose pairs are scored together
_DIGITS = 9

Scored = tuple[float, Place, Place]


@dataclass(frozen=True, slots=True)
class UncalibratedLead(Row):
    """A pair without a recorded tie: its score, and the records that tie both to shared contacts."""

    WHO: ClassVar[tuple[str, ...]] = ("a", "b")

    a: str
    b: str
    score: float
    records: tuple[str, ...]
    label: str = LABEL

    def cell(self, column: str, names: Mapping[str, str]) -> str:
        """The text of a column."""
        return f"{self.score:.3f}" if column == "score" else Row.cell(self, column, names)


@question
def predict(
    view: View, projection: str = "persons", count_common: bool = False, limit: int = 20
) -> Finding[UncalibratedLead]:
    """Pairs without a recorded tie that share contacts, by resource allocation (Zhou, Lue and Zhang 2009).

    The fewer contacts a shared contact has, the more it counts. Outsiders are left out. The highest
    scores come first, equals by id: which of many equals are shown has no meaning. Each row is an
    uncalibrated lead about a relationship, with the records that tie both to their shared contacts.
    It is no statement about a person, and no analysis uses it as input. Empty if nobody shares a
    contact. UsageError for a limit below 1.
    """
    limit = whole(limit, "limit")
    projected = positions_of(view, projection, count_common)
    adjacency = _undirected(projected)
    best = sorted(pair for part in _scores(projected, adjacency, limit) for pair in part)[:limit]
    support = [_support(projected, adjacency, a, b) for _, a, b in best]
    results = [_row(projected, pair, rows) for pair, rows in zip(best, support, strict=True)]
    records = projected.records(set().union(*support))
    asked = {"count_common": count_common, "limit": limit}
    return finding(view, projected, "predict", asked, {"score": "resource allocation"}, results, records)


def _row(projected: Projection, pair: Scored, rows: Iterable[int]) -> UncalibratedLead:
    score, a, b = pair
    ids = projected.snapshot.id_at
    return UncalibratedLead(ids(a), ids(b), -score, projected.keys(rows))


def _undirected(projected: Projection) -> csr_array:
    matrix = projected.adjacency
    both = (matrix + matrix.T).tocsr() if projected.directed else matrix.copy()
    both.data[:] = 1.0
    both.sort_indices()
    return both


def _scores(projected: Projection, adjacency: csr_array, limit: int) -> Iterator[list[Scored]]:
    """The best pairs, as (minus score, a, b), of each block of entities."""
    degree = np.diff(adjacency.indptr)
    weighted = (diags_array(1.0 / np.maximum(degree, 1)) @ adjacency).tocsr()
    tied = _tied(projected, adjacency)
    nodes = projected.nodes
    for start in range(0, len(nodes), _AT_ONCE):
        block = nodes[start : start + _AT_ONCE]
        shared = (adjacency[block] @ weighted).tocsr()
        shared = (shared - shared.multiply(tied[block])).tocoo()
        a, b = block[shared.coords[0]], shared.coords[1]
        score = np.round(shared.data, _DIGITS)
        rows = np.flatnonzero((a < b) & (score > 0))
        order = rows[np.lexsort((b[rows], a[rows], -score[rows]))][:limit]
        yield [(-float(score[row]), Place(int(a[row])), Place(int(b[row]))) for row in order]


def _tied(projected: Projection, adjacency: csr_array) -> csr_array:
    """A matrix of the pairs with a recorded tie, in the projection or directly between the two."""
    snapshot = projected.snapshot
    ones = np.ones(len(snapshot.a))
    direct = csr_array((ones, (snapshot.a, snapshot.b)), shape=adjacency.shape)
    every = (adjacency + direct + direct.T).tocsr()
    every.data[:] = 1.0
    return every


def _support(projected: Projection, adjacency: csr_array, a: Place, b: Place) -> set[int]:
    """The ties of two entities to their shared contacts."""
    mine, yours = (adjacency.indices[adjacency.indptr[x] : adjacency.indptr[x + 1]] for x in (a, b))
    contacts = np.intersect1d(mine, yours).tolist()
    return set().union(*(projected.rows_between(x, contact) for contact in contacts for x in (a, b)))
