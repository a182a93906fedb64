"""Labels follow the largest overlap, from half of all members on, and none is given twice."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.analytics.group_labels import first_labels, following

Groups = list[list[int]]
PARTITIONS = st.lists(st.integers(0, 3), min_size=1, max_size=10).map(
    lambda of: [[member for member, group in enumerate(of) if group == each] for each in sorted(set(of))]
)


@given(PARTITIONS, PARTITIONS)
def test_a_label_is_kept_by_the_group_that_has_half_of_both(now: Groups, before: Groups) -> None:
    labels = first_labels(len(before))
    told = following(now, before, labels)
    assert len({*told}) == len(now)
    for group, label in zip(now, told, strict=True):
        jaccard = {
            old: len({*group} & {*members}) / len({*group} | {*members})
            for old, members in zip(labels, before, strict=True)
        }
        if label in labels:
            assert jaccard[label] >= 0.5
        if max(jaccard.values()) > 0.5:
            assert label == max(jaccard, key=lambda each: jaccard[each])


def test_what_splits_in_equal_halves_keeps_its_label_once() -> None:
    assert following([[0, 1], [2, 3]], [[0, 1, 2, 3]], ["7"]) == ["7", "8"]


def test_members_that_are_gone_count_in_the_size_of_the_group_that_was() -> None:
    assert following([[0, 1]], [[0, 1, -1, -1, -1]], ["4"]) == ["5"]
    assert following([[0, 1]], [[0, 1, -1, -1]], ["4"]) == ["4"]


def test_a_new_group_gets_a_number_that_no_group_has_had() -> None:
    assert following([[8, 9], [0, 1]], [[0, 1], [2, 3], [4, 5]], ["1", "2", "9"]) == ["10", "1"]
