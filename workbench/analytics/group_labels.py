"""Labels of groups: numbers, which follow the groups from one revision to another."""

from collections import Counter
from collections.abc import Sequence
from itertools import count

SAME_GROUP = 0.5  # Jaccard index from which two groups are the same

Members = Sequence[int]


def first_labels(groups: int) -> list[str]:
    """The labels of so many groups that follow none: 1, 2, 3 …"""
    return [str(number) for number in range(1, groups + 1)]


def following(groups: Sequence[Members], earlier: Sequence[Members], labels: Sequence[str]) -> list[str]:
    """The label of each group: that of the earlier group with the highest Jaccard index, if that is 0.5 or more.

    No label is given twice; a group that follows none gets the next number. Members are told by any numbers that are
    the same now and then; those below 0 are in no group now, but count in the size of the earlier one.
    """
    was = {member: number for number, members in enumerate(earlier) for member in members if member >= 0}
    common = Counter((number, was[member]) for number, each in enumerate(groups) for member in each if member in was)
    sizes = {pair: len(groups[pair[0]]) + len(earlier[pair[1]]) - both for pair, both in common.items()}
    alike = sorted((-both / sizes[pair], pair) for pair, both in common.items() if both >= SAME_GROUP * sizes[pair])
    given: dict[int, str] = {}
    for _, (group, before) in alike:
        if group not in given and labels[before] not in given.values():
            given[group] = labels[before]
    fresh = count(max(map(int, labels), default=0) + 1)
    return [given[group] if group in given else str(next(fresh)) for group in range(len(groups))]
