"""Joins that do not stand, each with the reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.store.columns import Bool, Int64
from workbench.view.joins import Join, Joins


@dataclass(frozen=True)
class Refused:
    """Joins that were left out: `why` has for each the place of the reason among `reasons`."""

    joins: Joins
    why: Int64
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.why)

    def __iter__(self) -> Iterator[tuple[Join, str]]:
        for join, why in zip(self.joins, self.why.tolist(), strict=True):
            yield join, self.reasons[why]

    def where(self, rows: Bool) -> "Refused":
        """Those where the mask is true."""
        return Refused(self.joins.where(rows), self.why[rows], self.reasons)

    @classmethod
    def of(cls, joins: Joins, why: Sequence[str]) -> "Refused":
        """Joins that were left out, and the reason of each."""
        reasons = sorted(set(why))
        place = {reason: place for place, reason in enumerate(reasons)}
        return cls(joins, np.array([place[each] for each in why], dtype=np.int64), tuple(reasons))
