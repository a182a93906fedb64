"""Numbers of base columns have the smallest type with room for them: at its edges nothing is cut off or lost."""

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
import pytest

from tests.store.test_column_changes import said
from workbench.model.marking import parse_marking
from workbench.model.numbers import ClassNumber
from workbench.model.record import Dataset
from workbench.store.assembly import about_in_order, base_of, claims_in_order, ties_in_order
from workbench.store.column_changes import brought_up_to_date
from workbench.store.columns import NO_DAY, About, Base, Columns, Ties, least, presence
from workbench.store.types import VisibilityClass
from workbench.view.masking import Numbers, masked, numbered


def base(classes: Mapping[int, int], datasets: int = 1) -> Base:
    """Records by the store's numbers, with the class of each.

    A record is about an entity of its own, ties it to one that all share, and claims a value.
    """
    rids, vis = np.array([*classes], dtype=np.int64), np.array([*classes.values()], dtype=np.int32)
    n, entities = len(rids), np.array([0, *sorted(classes)], dtype=np.int64)
    keys = np.array([sha256(str(rid).encode()).digest()[:15] + b"." for rid in classes], dtype="S16")
    order, record = np.argsort(keys), np.zeros(n, dtype=np.int64)
    record[order] = np.arange(n)
    entity = np.searchsorted(entities, rids).astype(np.int32)
    one, shared, day = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.int32), np.full(n, NO_DAY)
    about = about_in_order(About(entity, one, record, vis))
    ties = ties_in_order(Ties(entity, shared, one, one, one, day, record, vis))
    values, claims = claims_in_order(one, [text for rid in classes for text in (str(rid), "")], entity, record, vis)
    columns = Columns(
        ids=np.array([f"{each:020}" for each in entities.tolist()], dtype="S20"),
        number=entities,
        records=rids[order],
        dataset=(entities % datasets).astype(np.int32),
        datasets=tuple(Dataset("AAA", f"{number:05}") for number in range(datasets)),
        names=("Person",),
        values=values,
        about=about,
        ties=ties,
        claims=claims,
        present=presence(len(entities), about, ties),
    )
    return base_of(columns, keys[order])


def merged(old: Base, ended: list[int], new: Base) -> Base:
    return brought_up_to_date(old, np.array(ended, dtype=np.int64), new).base()


def test_a_type_has_room_for_its_number_and_no_smaller_one_has() -> None:
    for bits in (8, 16, 32):
        most = 2 ** (bits - 1) - 1
        assert (least(most), least(most + 1)) == (np.dtype(f"i{bits // 8}"), np.dtype(f"i{bits // 4}"))
    assert least(0) == np.int8


@pytest.mark.parametrize("edge", [2**7, 2**15])
def test_types_grow_with_the_number_of_records(edge: int) -> None:
    every = dict.fromkeys(range(1, edge + 2), 1)
    few = {rid: every[rid] for rid in range(1, edge + 1)}
    narrow, wide = base(few), base(every)
    assert wide.columns.claims.record.itemsize == 2 * narrow.columns.claims.record.itemsize
    assert sorted(wide.columns.about.record.tolist()) == list(range(edge + 1))
    assert said(merged(narrow, [], base({edge + 1: 1}))) == said(wide)
    assert said(merged(wide, [edge + 1], base({}))) == said(narrow)


@pytest.mark.parametrize("edge", [2**7, 2**15])
@pytest.mark.parametrize("where", ["old", "new", "ended"])
def test_types_have_room_for_every_class(edge: int, where: str) -> None:
    old = {1: 0, 2: edge - 1, 3: edge if where == "old" else 5, 4: edge if where == "ended" else 6}
    new = {5: edge if where == "new" else 7, 6: 0}
    left = {rid: vis for rid, vis in (old | new).items() if rid != 4}
    found = merged(base(old), [4], base(new))
    assert said(found) == said(base(left))
    assert sorted(found.columns.ties.vis.tolist()) == sorted(left.values())
    assert found.columns.ties.vis.dtype == least(max(left.values()))


@pytest.mark.parametrize("edge", [2**7, 2**15, 2**31])
def test_types_have_room_for_the_numbers_of_the_store(edge: int) -> None:
    old, new = {1: 0, edge - 1: 0, edge - 2: 0}, {edge: 0, edge + 1: 0}
    found = merged(base(old), [edge - 2], base(new))
    assert said(found) == said(base({1: 0, edge - 1: 0} | new))
    assert sorted(found.columns.records.tolist()) == [1, edge - 1, edge, edge + 1]
    assert found.columns.number.tolist() == [0, 1, edge - 1, edge, edge + 1]


def test_types_have_room_for_every_dataset() -> None:
    old, new = dict.fromkeys(range(1, 128), 0), dict.fromkeys(range(128, 132), 0)
    found = merged(base(old, 130), [], base(new, 130))
    assert said(found) == said(base(old | new, 130))
    assert found.columns.dataset.max() == 129


def test_a_view_of_many_classes_and_records_counts_without_gaps() -> None:
    classes = {rid: 2**15 + rid % 300 for rid in range(1, 2**15 + 100)}
    of_store, known = base(classes), [_class(2**15 + n) for n in range(300)]
    every, numbers = numbered(masked(of_store.columns, [each.vis for each in known]), known, of_store.keys)
    assert np.array_equal(np.sort(every.about.record), np.arange(len(classes)))
    assert sorted(set(every.claims.vis.tolist())) == list(range(300))
    assert {each.dtype for each in (every.about.record, every.ties.vis, every.dataset)} == {np.dtype(np.int32)}
    assert sorted(numbers.records.tolist()) == sorted(classes)
    assert {each.dtype for each in (numbers.records, numbers.entities)} == {np.dtype(np.int64)}
    some, of_some = numbered(masked(of_store.columns, [known[299].vis]), known, of_store.keys)
    assert sorted(of_some.records.tolist()) == [rid for rid, vis in classes.items() if vis == 2**15 + 299]
    assert np.array_equal(np.sort(some.about.record), np.arange(len(of_some.records)))
    assert set(some.ties.vis.tolist()) == {0}


def _class(vis: int) -> VisibilityClass:
    return VisibilityClass(ClassNumber(vis), "AAA", parse_marking(f"SECRET//COMP C{vis}"))


@pytest.mark.parametrize("apart", [1, 3, 100], ids=["all of the store's", "a third of them", "few of them"])
def test_the_store_s_numbers_of_entities_are_told_from_the_view_s(apart: int) -> None:
    mine = np.array([4, 0, 2, 3], dtype=np.int64) * apart
    numbers = Numbers(np.zeros(0, dtype=np.int64), (), mine)
    asked = np.array([*mine.tolist(), -1, 1, 5 * apart, 10**6], dtype=np.int64)
    found = numbers.of_entities(asked)
    assert found.tolist() == [0, 1, 2, 3, -1, -1, -1, -1]
    assert found.dtype == np.int32
