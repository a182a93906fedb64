"""How well records are put into clusters, beside the truth: over pairs of records, counted without listing any pair."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of records that are in one cluster: of what was found, of the truth, and of both."""

    found: int
    true: int
    both: int

    @property
    def precision(self) -> float:
        """The share of found pairs that are true; 1 if none was found."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of true pairs that were found; 1 if there are none."""
        return self.both / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 if there is no pair on either side."""
        pairs = self.found + self.true
        return 2 * self.both / pairs if pairs else 1.0

    def told(self) -> dict[str, Any]:
        """The numbers as JSON values."""
        shares = {name: round(getattr(self, name), 4) for name in ("precision", "recall", "f1")}
        return shares | asdict(self)


def cluster_score(found: Mapping[str, Hashable], truth: Mapping[str, Hashable]) -> Score:
    """The score of clusters, by the cluster of each record in what was found and in the truth.

    Records that are on one side only are clusters of one on the other. Takes time and memory as there are records: the
    pairs on both sides are counted in the table of how many records each two clusters share.
    """
    shared = Counter((found[record], cluster) for record, cluster in truth.items() if record in found)
    return Score(
        _pairs(Counter(found.values()).values()), _pairs(Counter(truth.values()).values()), _pairs(shared.values())
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
