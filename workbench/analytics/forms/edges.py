"""What the forms of a projection work on, and what they make of it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from workbench.model.numbers import Place
from workbench.resolve.patterns import Pairs, TieIndex
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.snapshot import Snapshot


class Derivation(NamedTuple):
    """One way in which an edge stands: every leg is needed, any row of a leg will do.

    Rows are ties of the snapshot; `main` is the leg that says what kind of edge it is;
    `flows` whether something moves along it, on the day that this leg is dated.
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
    """What a form makes of a snapshot: pairs, the rows that they rest on, why each stands.

    `place` is the node that stands for each entity of the snapshot; -1 if none does.
    """

    a: Int32
    b: Int32
    rows: Int64
    evidence: Evidence
    place: Int32


@dataclass(frozen=True)
class Source:
    """What a form works on: the snapshot, the ties by kind, and who is left out of it."""

    snapshot: Snapshot
    ties: TieIndex
    set_aside: Bool
    left_out: Bool
    table: dict[str, Any]


class Index:
    """Pairs by what is at x: for each, its y and its row; sorted at the first question."""

    def __init__(self, pairs: Pairs, n: int) -> None:
        self._pairs, self._n = pairs, n

    @cached_property
    def _sorted(self) -> tuple[Pairs, Int64]:
        pairs = self._pairs
        order = np.lexsort((pairs.row, pairs.y, pairs.x))
        start = np.concatenate([[0], np.cumsum(np.bincount(pairs.x, minlength=self._n))])
        return Pairs(pairs.x[order], pairs.y[order], pairs.row[order]), start

    def at(self, x: Place) -> dict[Place, tuple[int, ...]]:
        """The rows by which x stands with each y."""
        pairs, start = self._sorted
        span = slice(int(start[x]), int(start[x + 1]))
        found: dict[Place, list[int]] = defaultdict(list)
        for y, row in zip(pairs.y[span].tolist(), pairs.row[span].tolist(), strict=True):
            found[y].append(row)
        return {y: tuple(rows) for y, rows in found.items()}
