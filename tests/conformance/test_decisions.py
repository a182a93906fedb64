"""A person's decision on a marking follows source id and part: deliveries may tighten it, never loosen it."""

from collections.abc import Callable
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.view.copies import copy_store
from workbench.view.store import GraphStore, open_store

OPEN, OURS, SECRET = (parse_marking(text) for text in ("OPEN//REL A,B", "OPEN//REL A", "SECRET//REL A"))
COMPARTED = parse_marking("SECRET//REL A//COMP X")
CHIEF = Viewer(name="chief", agencies=frozenset("A"), level="SECRET", compartments=frozenset("X"))
A = Viewer(name="a", agencies=frozenset("A"), level="SECRET")
B = Viewer(name="b", agencies=frozenset("B"), level="SECRET")
DAYS = [f"2026-01-{day:02}" for day in range(1, 20)]


def said(name: str, marking: Marking = OPEN, source_id: str = "1", part: str = "") -> Record:
    return Record("Person", Dataset("A", "d"), source_id, {"name": (Value(name, name),)}, marking, part=part)


def unnamed(name: str, marking: Marking = OPEN) -> Record:
    """A record without a source id."""
    values = {"name": (Value(name, name),)}
    return Record("Person", Dataset("A", "d"), "", values, marking)


def load(store: GraphStore, *records: Record, day: str = DAYS[0], batch: int = 99, complete: bool = False) -> int:
    """Load for A; returns the number of records whose marking a person decided."""
    with store.writer(agency="A", by="t") as writer:
        file = writer.file("f", "0", "csv")
        for start in range(0, len(records), batch):
            writer.put(records[start : start + batch], file, day)
        if complete:
            writer.withdraw_absent(Dataset("A", "d"), "", day)
        writer.publish(dataset="d", adapter="csv", files=())
    return writer.marked_otherwise(file)


def marks(store: GraphStore, *records: Record) -> list[str]:
    """Today's markings of these records."""
    found = store.view(CHIEF).markings_of([each.key() for each in records])
    return [str(found[each.key()]) for each in records]


def test_what_a_person_marked_stays_so_when_a_newer_delivery_says_more(store: GraphStore) -> None:
    load(store, said("Ann"))
    store.remark([said("Ann").key()], SECRET)
    assert load(store, said("Ann B"), day=DAYS[1]) == 1
    assert store.view(B).stats().records == 0
    assert marks(store, said("Ann"), said("Ann B")) == [str(SECRET)] * 2
    load(store, said("Ann C"), day=DAYS[2])
    assert store.view(B).stats().records == 0


def test_a_late_delivery_is_marked_so_too(store: GraphStore) -> None:
    load(store, said("Ann"), day=DAYS[5])
    store.remark([said("Ann").key()], SECRET)
    load(store, said("An"), day=DAYS[1])
    assert marks(store, said("An")) == [str(SECRET)]


def test_what_comes_again_after_it_was_withdrawn_is_marked_so(store: GraphStore) -> None:
    load(store, said("Ann"))
    store.remark([said("Ann").key()], SECRET)
    load(store, said("Bob", source_id="2"), day=DAYS[1], complete=True)
    assert store.view(A).stats().records == 1
    load(store, said("Ann"), said("Bob", source_id="2"), day=DAYS[2])
    assert (store.view(A).stats().records, store.view(B).stats().records) == (2, 1)


def test_another_part_and_another_id_are_marked_as_delivered(store: GraphStore) -> None:
    load(store, said("Ann"))
    store.remark([said("Ann").key()], SECRET)
    others = said("Ann", part="alias"), said("Ann", source_id="2"), unnamed("Ann")
    assert load(store, *others) == 0
    assert marks(store, *others) == [str(OPEN)] * 3


def test_what_has_no_id_is_marked_by_what_it_says(store: GraphStore) -> None:
    load(store, unnamed("Ann"), unnamed("Bob"))
    store.remark([unnamed("Ann").key()], SECRET)
    load(store, unnamed("Ann"), unnamed("Bob"), unnamed("Cid"), day=DAYS[1])
    assert marks(store, unnamed("Ann"), unnamed("Bob"), unnamed("Cid")) == [str(SECRET), str(OPEN), str(OPEN)]


@pytest.mark.parametrize("content", ["Ann", "Ann B"])
def test_a_nightly_job_does_not_undo_a_loosening(store: GraphStore, content: str) -> None:
    load(store, said("Ann", SECRET))
    store.remark([said("Ann").key()], OPEN)
    for day in DAYS[:4]:
        load(store, said(content, SECRET), day=day)
        assert marks(store, said(content)) == [str(OPEN)]
    load(store, said(content, OURS), day=DAYS[5])  # no stricter than what the person knew
    assert marks(store, said(content)) == [str(OPEN)]


@pytest.mark.parametrize("content", ["Ann", "Ann B"])
@pytest.mark.parametrize("given", [OPEN, SECRET])
def test_what_a_delivery_asks_for_anew_binds_too_until_a_person_decides_again(
    store: GraphStore, content: str, given: Marking
) -> None:
    load(store, said("Ann", OURS))
    store.remark([said("Ann").key()], given)
    load(store, said(content, COMPARTED), day=DAYS[1])
    assert marks(store, said(content)) == [str(COMPARTED)]
    store.remark([said(content).key()], given)
    assert marks(store, said(content)) == [str(given)]
    for marking in (COMPARTED, OURS, COMPARTED, SECRET):
        load(store, said(content, marking), day=DAYS[3])
        assert marks(store, said(content)) == [str(given)]
    load(store, said(content, parse_marking("OPEN//REL A,B//PRIVILEGED")), day=DAYS[4])
    assert marks_of_any(store, content).endswith("//PRIVILEGED")


def marks_of_any(store: GraphStore, content: str) -> str:
    chief = CHIEF.model_copy(update={"purposes": ("privilege-review",)})
    return str(store.view(chief).markings_of([said(content).key()])[said(content).key()])


def test_what_a_person_asked_for_himself_is_not_what_a_delivery_asked_for(store: GraphStore) -> None:
    load(store, said("Ann"))
    for marking in (SECRET, OPEN):
        store.remark([said("Ann").key()], marking)
    load(store, said("Ann B", SECRET), day=DAYS[1])
    assert marks(store, said("Ann B")) == [str(SECRET)]


@pytest.mark.parametrize("batch", [1, 9])
@pytest.mark.parametrize("given", [OPEN, SECRET])
def test_the_order_of_rows_does_not_matter(new_store: Callable[[], GraphStore], batch: int, given: Marking) -> None:
    rows = said("Ann", OURS), said("Ann", parse_marking("RESTRICTED//REL A,B")), said("Ann", COMPARTED)
    found = set()
    for order in permutations(rows):
        store = new_store()
        load(store, said("Ann"))
        store.remark([said("Ann").key()], given)
        load(store, *order, day=DAYS[1], batch=batch)
        found.add(tuple(marks(store, said("Ann"))))
    assert found == {(str(COMPARTED),)}


def test_a_load_that_is_taken_back_was_never_heard(store: GraphStore) -> None:
    load(store, said("Ann"))
    store.remark([said("Ann").key()], OURS)
    with store.writer(agency="A", by="t") as writer:
        writer.put([said("Ann", SECRET), said("Ann B", SECRET)], writer.file("f", "0", "csv"), DAYS[1])
    assert marks(store, said("Ann")) == [str(OURS)]
    store.remark([said("Ann").key()], OPEN)
    load(store, said("Ann B", SECRET), day=DAYS[1])
    assert marks(store, said("Ann B")) == [str(SECRET)]


def test_a_report_counts_what_a_person_marked_otherwise(store: GraphStore) -> None:
    load(store, said("Ann"), said("Bob", source_id="2"))
    store.remark([said("Ann").key()], SECRET)
    assert load(store, said("Ann"), said("Bob", source_id="2"), day=DAYS[1]) == 1
    assert load(store, said("Ann", SECRET), day=DAYS[2]) == 0
    assert load(store, said("Ann", COMPARTED), day=DAYS[3]) == 0


def test_a_copy_carries_what_was_decided(new_store: Callable[[], GraphStore], tmp_path: Path) -> None:
    source = new_store()
    load(source, said("Ann"), unnamed("Eve"))
    source.remark([said("Ann").key(), unnamed("Eve").key()], SECRET)
    load(source, said("Ann B", parse_marking("OPEN//REL A//COMP X")), day=DAYS[1])
    with closing(open_store(fresh_url(tmp_path, "copy"))) as copy:
        copy_store(source, copy)
        for store in (source, copy):
            load(store, said("Ann C"), unnamed("Eve"), day=DAYS[2])
            assert marks(store, said("Ann C"), said("Ann B"), unnamed("Eve")) == list(
                map(str, (SECRET, COMPARTED, SECRET))
            )
            store.remark([said("Ann C").key()], OPEN)
            load(store, said("Ann D", parse_marking("OPEN//REL A//COMP X")), day=DAYS[3])
            assert marks(store, said("Ann D")) == [str(OPEN)]
