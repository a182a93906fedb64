"""Labels of groups: numbers, which follow the groups from one revision to another."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence
from itertools import count

SAME_GROUP = 0.5  # Jaccard index from which two groups are the same

Members = Sequence[int]


def first_labels(groups: int) -> list[str]:
    """The labels of so many groups that follow none: 1, 2, 3 …"""
    return [str(number) for number in range(1, groups + 1)]


def following(groups: Sequence[Members], earlier: Sequence[Members], labels: Sequence[str]) -> list[str]:
    """The label of each group: that of the earlier group that is the same, else the next number.

    Members are told by any numbers that are the same now and then; those below 0 are in no group now, but count in the
    size of the earlier one.
    """
    before = same_groups(groups, earlier)
    fresh = count(max(map(int, labels), default=0) + 1)
    return [labels[before[group]] if group in before else str(next(fresh)) for group in range(len(groups))]


def same_groups(groups: Sequence[Collection[Hashable]], earlier: Sequence[Collection[Hashable]]) -> dict[int, int]:
    """Of each group that is the same as an earlier one, the number of that: each with one, the most alike first.

    They are the same if at least half of all members of either are in both (Jaccard).
    """
    were = defaultdict[Hashable, list[int]](list)
    for number, members in enumerate(earlier):
        for member in members:
            were[member].append(number)
    common = Counter((now, then) for now, each in enumerate(groups) for member in each for then in were.get(member, ()))
    sizes = {(now, then): len(groups[now]) + len(earlier[then]) - both for (now, then), both in common.items()}
    alike = sorted((-both / sizes[pair], pair) for pair, both in common.items() if both >= SAME_GROUP * sizes[pair])
    same: dict[int, int] = {}
    taken: set[int] = set()
    for _, (now, then) in alike:
        if now not in same and then not in taken:
            same[now] = then
            taken.add(then)
    return same
