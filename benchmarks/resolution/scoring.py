"""How well records are put into clusters, beside the truth: over pairs of records, counted without listing any pair."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

# A group of fewer pairs has no share of errors that says anything.
FEWEST = 30


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


def wrong(wrongly_same: int, wrongly_different: int, pairs: int) -> dict[str, Any]:
    """The errors in some pairs, and their share, as JSON values."""
    share = (wrongly_same + wrongly_different) / pairs if pairs else 0.0
    return {
        "wrongly_same": wrongly_same,
        "wrongly_different": wrongly_different,
        "pairs": pairs,
        "share": round(share, 4),
    }


def worst(groups: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The group with the most errors, and of those with `FEWEST` pairs the one with the highest share of errors.

    Groups are as `wrong` tells them. "" where there is no error.
    """
    many = {name: each["wrongly_same"] + each["wrongly_different"] for name, each in groups.items()}
    share = {name: each["share"] for name, each in groups.items() if each["pairs"] >= FEWEST}
    return {"most_errors": _greatest(many), "highest_share": _greatest(share)}


def _greatest(numbers: Mapping[str, float]) -> str:
    return max(
        (name for name, number in numbers.items() if number > 0), key=lambda name: (numbers[name], name), default=""
    )


def errors(scores: Mapping[str, Score]) -> dict[str, Any]:
    """What is wrong in each group, of the pairs that were found or are true; and which groups are worst."""
    groups = {
        name: wrong(each.found - each.both, each.true - each.both, each.found + each.true - each.both) | each.told()
        for name, each in scores.items()
    }
    return {"scripts": groups, **worst(groups)}


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
