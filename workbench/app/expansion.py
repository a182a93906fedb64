"""Expand an entity: its neighbours that are not on the chart, by kind."""

from dataclasses import dataclass

import numpy as np

from workbench.store.columns import Bool, Int32
from workbench.view.snapshot import Snapshot

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


def kinds(snapshot: Snapshot, entity: str, drawn: Bool) -> tuple[Kind, ...]:
    """The neighbours of an entity that are not drawn, counted by kind, most first."""
    others, rows = _beyond(snapshot, entity, drawn)
    names = snapshot.names
    pairs = np.unique(np.stack([snapshot.tie_schema[rows].astype(np.int32), others]), axis=1)
    counts: dict[tuple[str, str], int] = {}
    for relationship, other in pairs.T.tolist():
        kind = (names[relationship], snapshot.schemata[other])
        counts[kind] = counts.get(kind, 0) + 1
    return tuple(sorted((Kind(*kind, n) for kind, n in counts.items()), key=lambda k: (-k.n, k.relationship, k.schema)))


def expand(
    snapshot: Snapshot,
    entity: str,
    drawn: Bool,
    relationship: str | None = None,
    schema: str | None = None,
    limit: int = MOST_AT_ONCE,
) -> Expansion:
    """Up to `limit` neighbours of an entity that are not drawn, of all kinds or one."""
    others, rows = _beyond(snapshot, entity, drawn)
    kept = {
        other
        for other, row in zip(others.tolist(), rows.tolist(), strict=True)
        if relationship in (None, snapshot.relationship(row)) and schema in (None, snapshot.schemata[other])
    }
    ranked = sorted(kept, key=lambda other: (-_ties_to(snapshot, other, drawn), other))
    return Expansion(tuple(snapshot.ids[other] for other in ranked[:limit]), max(0, len(ranked) - limit))


def _beyond(snapshot: Snapshot, entity: str, drawn: Bool) -> tuple[Int32, Int32]:
    """The neighbours of an entity that are not drawn, and the row of the tie to each."""
    at = snapshot.position(entity)
    if at < 0:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    csr = snapshot.csr
    span = slice(int(csr.indptr[at]), int(csr.indptr[at + 1]))
    others, rows = csr.indices[span], csr.tie[span]
    fresh = ~drawn[others]
    return others[fresh], rows[fresh]


def _ties_to(snapshot: Snapshot, at: int, drawn: Bool) -> int:
    csr = snapshot.csr
    return int(drawn[csr.indices[csr.indptr[at] : csr.indptr[at + 1]]].sum())
