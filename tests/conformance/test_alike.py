"""Views of the same rights share what they compute where that is asked for, and no others do."""

import gc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.conformance.test_decisions import load, said
from tests.conformance.test_one_access import HIGH, LOW, MARKINGS, SEEN, ended
from workbench.access.viewer import PRIVILEGE_REVIEW, Viewer
from workbench.store.types import Judgement
from workbench.view.access import Alike
from workbench.view.present import mark_of, remembered, remembering
from workbench.view.resting import at_revision, without_records
from workbench.view.store import GraphStore
from workbench.view.view import View

OTHER = Viewer(name="other", agencies=frozenset("B"), level="OPEN")
SEVERAL = ("investigation", PRIVILEGE_REVIEW)


@pytest.fixture
def shared(store: GraphStore) -> GraphStore:
    """A store whose views share, with records that some see."""
    store.alike = Alike()
    load(store, said("Ann", SEEN), said("Bob", MARKINGS[2], "2"), said("Cid", SEEN, "3"))
    return store


def test_without_asking_nothing_is_shared(store: GraphStore) -> None:
    load(store, said("Ann", SEEN))
    assert store.view(LOW).snapshot() is not store.view(LOW).snapshot()


def test_whoever_has_the_same_rights_shares(shared: GraphStore) -> None:
    one, two = shared.view(LOW), shared.view(OTHER)
    assert one.snapshot() is two.snapshot()
    assert one.viewer.name != two.viewer.name


@pytest.mark.parametrize(
    "other",
    [
        lambda store: store.view(HIGH),
        lambda store: store.view(LOW.model_copy(update={"agencies": frozenset("AB")})),
        lambda store: store.view(LOW.model_copy(update={"compartments": frozenset("X")})),
        lambda store: store.view(LOW.model_copy(update={"purposes": SEVERAL}), purpose=PRIVILEGE_REVIEW),
        lambda store: store.view(LOW).within(["A"]),
        lambda store: without_records(store.view(LOW), [said("Ann").key()]),
    ],
)
def test_whoever_has_others_does_not(shared: GraphStore, other: Callable[[GraphStore], View]) -> None:
    one = shared.view(LOW)
    before, ids = one.snapshot(), one.snapshot().ids
    there = other(shared)
    assert there.snapshot() is not before
    assert shared.view(LOW).snapshot() is before
    assert shared.view(LOW).snapshot().ids == ids


def test_another_revision_is_another_view(shared: GraphStore) -> None:
    old = shared.view(LOW)
    kept = old.snapshot()
    load(shared, said("Ann", SEEN), said("Cid", SEEN, "3"), said("Dan", SEEN, "4"))
    new = shared.view(OTHER)
    assert len(new.snapshot().ids) == len(kept.ids) + 1
    assert at_revision(new, old.revision).snapshot().ids == kept.ids
    assert old.snapshot() is kept


def test_a_re_marking_reaches_all_of_them(shared: GraphStore) -> None:
    one, two = shared.view(LOW), shared.view(OTHER)
    snapshot, mark = one.snapshot(), mark_of(two)
    key = said("Ann").key()
    shared.remark([key], MARKINGS[2])
    assert key not in set(two.snapshot().keys_of(two.snapshot().records.tolist()).values())
    assert len(two.snapshot().ids) == len(snapshot.ids) - 1
    assert key not in snapshot.keys_of(snapshot.records.tolist()).values(), "also one that was made before"
    assert mark_of(two) is not mark
    assert one.snapshot() is two.snapshot()


def test_a_snapshot_outlives_the_view_that_made_it(shared: GraphStore) -> None:
    one, two = shared.view(LOW), shared.view(OTHER)
    one.snapshot()
    del one
    gc.collect()
    snapshot = two.snapshot()
    assert set(snapshot.keys_of(snapshot.records.tolist()).values()) == set(two.keys())


def test_what_belongs_to_one_view_stays_its_own(shared: GraphStore) -> None:
    one, two = shared.view(LOW), shared.view(OTHER)
    assert mark_of(one) is not mark_of(two)
    remembering(one, lambda: "an answer")
    assert remembered(one) == "an answer"
    assert remembered(two) is None


def test_nothing_is_kept_that_nobody_holds(shared: GraphStore) -> None:
    view = shared.view(LOW)
    gone = weakref.ref(view.snapshot())
    del view
    gc.collect()
    assert gone() is None


def test_a_transaction_is_read_apart(shared: GraphStore) -> None:
    """A judgement is tried inside a transaction before it is published."""
    view = shared.view(LOW)
    snapshot = view.snapshot()
    keys = tuple(sorted(view.keys()))
    a, b = snapshot.ids
    shared.add_judgement(Judgement("1", a, b, "same", "x", "why", "2026-01-01", keys))
    assert view.snapshot() is snapshot
    assert len(shared.view(LOW).snapshot().ids) == 1


def test_threads_that_ask_at_once_make_it_once(shared: GraphStore) -> None:
    views, ready = [shared.view(LOW) for _ in range(8)], Barrier(8)

    def ask(view: View) -> object:
        ready.wait()
        return view.snapshot()

    with ThreadPoolExecutor(8) as threads:
        assert len({id(each) for each in threads.map(ask, views)}) == 1


def test_a_view_that_is_taken_while_another_answers_decides_for_itself(shared: GraphStore) -> None:
    """Also in the same thread, where the other goes on under the access with which it began."""
    one, key = shared.view(LOW), said("Ann").key()
    snapshot = one.snapshot()
    with ended(True), one.at_one_access():
        shared.remark([key], MARKINGS[2])
        two = shared.view(OTHER)
        assert len(two.snapshot().ids) == len(snapshot.ids) - 1
        remembering(one, lambda: "an answer")
        assert remembered(two) is None
        assert key in snapshot.keys_of(snapshot.records.tolist()).values(), "as it began"
    assert key not in snapshot.keys_of(snapshot.records.tolist()).values()


def test_a_mate_goes_on_as_it_began_with_what_another_made(shared: GraphStore) -> None:
    one, two, key = shared.view(LOW), shared.view(OTHER), said("Ann").key()
    one.snapshot()
    with ended(True), two.at_one_access():
        snapshot = two.snapshot()
        assert snapshot is one.snapshot()
        shared.remark([key], MARKINGS[2])
        assert key in snapshot.keys_of(snapshot.records.tolist()).values()


def test_one_viewer_has_a_view_for_each_purpose(shared: GraphStore) -> None:
    """Also while nothing tells them apart yet."""
    viewer, key = LOW.model_copy(update={"purposes": SEVERAL}), said("Ann").key()
    one, two = (shared.view(viewer, purpose=purpose) for purpose in SEVERAL)
    snapshots = [each.snapshot() for each in (one, two)]
    shared.remark([key], MARKINGS[4])
    seen = [key in each.keys_of(each.records.tolist()).values() for each in snapshots]
    assert seen == [False, True], "what is privileged is read for its review only"
