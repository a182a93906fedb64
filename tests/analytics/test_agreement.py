"""How far partitions agree, against plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analytics.agreement import most_similar, stability, steadiness

Labels = list[int]
PAIRS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(0, n - 1), min_size=n, max_size=n) for _ in range(2)))
)


@given(PAIRS)
def test_the_most_similar_group_has_the_highest_jaccard_index(labels: tuple[Labels, Labels]) -> None:
    one, other = (np.unique(each, return_inverse=True)[1] for each in labels)
    best, index = most_similar(one, other)
    for group in range(one.max() + 1):
        mine = set(np.flatnonzero(one == group).tolist())
        theirs = [set(np.flatnonzero(other == each).tolist()) for each in range(other.max() + 1)]
        jaccards = [len(mine & each) / len(mine | each) for each in theirs]
        assert index[group] == pytest.approx(max(jaccards))
        assert best[group] == jaccards.index(max(jaccards))


def test_who_leaves_his_group_in_every_other_search_is_there_half_of_the_time() -> None:
    labels, moved = np.array([0, 0, 0, 3, 3, 3]), np.array([0, 0, 2, 2, 2, 2])
    found = steadiness(labels, [labels, moved])
    assert found.members.tolist() == [1, 1, 0.5, 1, 1, 1]
    assert found.groups.tolist() == pytest.approx([(1 + 2 / 3) / 2, (1 + 3 / 4) / 2])


def test_searches_that_agree_are_stable() -> None:
    same = np.array([0, 0, 2, 2])
    assert stability([same, same, np.array([1, 1, 0, 0])]) == 1
    assert stability([same, np.array([0, 1, 0, 1])]) < 0
    assert stability([same]) == 1
