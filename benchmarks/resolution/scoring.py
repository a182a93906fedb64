"""How well records are put into clusters, beside the truth: over pairs of records, counted without listing any pair."""

from collections import Counter, defaultdict
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


def by_group(
    found: Mapping[str, Hashable], truth: Mapping[str, Hashable], groups: Mapping[str, str]
) -> dict[str, Score]:
    """The score by pair of groups of records, as the scripts of their names: "Greek and Latin"."""
    both = {record: (found[record], cluster) for record, cluster in truth.items() if record in found}
    counted = [_pairs_by_group(clusters, groups) for clusters in (found, truth, both)]
    every = sorted({pair for each in counted for pair in each})
    return {" and ".join(pair): Score(*(each[pair] for each in counted)) for pair in every}


def _pairs_by_group(clusters: Mapping[str, Hashable], groups: Mapping[str, str]) -> Counter[tuple[str, str]]:
    sizes = defaultdict[Hashable, Counter[str]](Counter)
    for record, cluster in clusters.items():
        sizes[cluster][groups[record]] += 1
    pairs = Counter[tuple[str, str]]()
    for each in sizes.values():
        of = sorted(each.items())
        for at, (group, n) in enumerate(of):
            pairs[group, group] += n * (n - 1) // 2
            pairs.update({(group, other): n * m for other, m in of[at + 1 :]})
    return +pairs


def errors(scores: Mapping[str, Score]) -> dict[str, Any]:
    """What is wrong in each group, and the group that has most of all errors."""
    wrong = {
        name: {"wrongly_same": each.found - each.both, "wrongly_different": each.true - each.both, **each.told()}
        for name, each in scores.items()
    }
    worst = max(
        wrong, key=lambda name: (wrong[name]["wrongly_same"] + wrong[name]["wrongly_different"], name), default=""
    )
    return {"scripts": wrong, "worst": worst}


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
