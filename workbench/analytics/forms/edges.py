"""The input and the output of a projection's forms."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from workbench.analytics.forms.reasons import Reasoning
from workbench.model.numbers import Place
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.patterns import Pairs, TieIndex
from workbench.view.snapshot import Snapshot


class Derivation(NamedTuple):
    """One reason for an edge: it needs every leg, and any row of a leg is enough.

    Rows are ties of the snapshot. `main` is the index of the leg that defines the kind of edge. If
    `flows`, something moves along the edge, on the date of that leg.
    """

    legs: tuple[tuple[int, ...], ...]
    main: int
    flows: bool = False

    @property
    def rows(self) -> tuple[int, ...]:
        """All rows of all legs."""
        return tuple(row for leg in self.legs for row in leg)


Evidence = Callable[[Place, Place], list[Derivation]]


class Edges(NamedTuple):
    """The edges that a form makes of a snapshot: pairs of nodes, the rows they rest on, and each pair's evidence.

    `place` is the node that stands for each entity of the snapshot; -1 if none does. `reasons` makes the evidence of
    all edges at once.
    """

    a: Int32
    b: Int32
    rows: Int64
    evidence: Evidence
    place: Int32
    reasons: Reasoning


@dataclass(frozen=True)
class Source:
    """The input of a form: the snapshot, its ties by kind, and masks of entities to set aside or leave out."""

    snapshot: Snapshot
    ties: TieIndex
    set_aside: Bool
    left_out: Bool
    table: dict[str, Any]


class Index:
    """Looks up pairs by x; sorted on first use."""

    def __init__(self, pairs: Pairs, n: int) -> None:
        self._pairs, self._n = pairs, n

    @cached_property
    def _sorted(self) -> tuple[Pairs, Int64]:
        pairs = self._pairs
        order = np.lexsort((pairs.row, pairs.y, pairs.x))
        start = np.concatenate([[0], np.cumsum(np.bincount(pairs.x, minlength=self._n))])
        return Pairs(pairs.x[order], pairs.y[order], pairs.row[order]), start

    def rows(self, x: Place, y: Place) -> tuple[int, ...]:
        """The rows of the pairs of x and y."""
        pairs, start = self._sorted
        first, end = int(start[x]), int(start[x + 1])
        low = bisect_left(pairs.y, y, first, end)
        return tuple(pairs.row[low : bisect_right(pairs.y, y, low, end)].tolist())

    def at(self, x: Place) -> dict[Place, tuple[int, ...]]:
        """For x: each y it is paired with, and the rows of those pairs."""
        pairs, start = self._sorted
        span = slice(int(start[x]), int(start[x + 1]))
        found: dict[Place, list[int]] = defaultdict(list)
        for y, row in zip(pairs.y[span].tolist(), pairs.row[span].tolist(), strict=True):
            found[y].append(row)
        return {y: tuple(rows) for y, rows in found.items()}
