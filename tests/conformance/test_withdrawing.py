"""A withdrawn load leaves no trace in what stands, in any order of loads and for every viewer."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import DATASETS, DATES, IDS, MARKINGS, VIEWERS, ends, loads, records, remarks
from tests.conformance.oracle.operations import Delivery, Load, Operation, Remark, keys_in, outcomes, perform
from tests.stores import examples, fresh_url
from workbench.model.marking import Marking
from workbench.model.record import Record, Value
from workbench.store.types import Scope
from workbench.view.copies import copy_store
from workbench.view.store import GraphStore, open_store

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
_MANY = settings(suppress_health_check=[*HealthCheck], max_examples=examples(150))


@dataclass(frozen=True)
class Case:
    """Operations, the loads among them to withdraw, in order, and the loads that follow."""

    done: tuple[Operation, ...]
    withdrawn: tuple[int, ...]
    then: tuple[Load, ...]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    ids = tuple(draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=3, unique=True)))
    markings = tuple(draw(st.lists(st.sampled_from(MARKINGS), min_size=1, max_size=3)))
    base = draw(st.lists(records(ids=ids, markings=markings), min_size=draw(st.sampled_from((2, 6))), max_size=10))
    others = draw(st.lists(st.sampled_from(MARKINGS), min_size=len(base), max_size=len(base)))
    pool = base * 2 + [replace(record, marking=marking) for record, marking in zip(base, others, strict=True)]
    pool += draw(ends(base))
    done: list[Operation] = []
    for _ in range(draw(st.integers(2, 6))):
        keys = keys_in(each for each in done if isinstance(each, Load) and each.published)
        done.append(draw(st.one_of(loads(pool), loads(pool), remarks(keys)) if keys else loads(pool)))
    published = [n for n, each in enumerate(done) if isinstance(each, Load) and each.published]
    if not published:
        done, published = [draw(loads(pool).filter(lambda load: load.published))], [0]
    withdrawn = draw(st.lists(st.sampled_from(published), min_size=1, max_size=3, unique=True))
    then = draw(st.lists(loads(pool), min_size=1, max_size=3))
    return Case(_of_what_else_is_known(done, withdrawn), tuple(withdrawn), tuple(then))


def person(source_id: str, name: str, marking: Marking) -> Record:
    return Record("Person", DATASETS[0], source_id, {"name": (Value(name, name),)}, marking)


def brought(delivered: str, *rows: Record) -> Load:
    return Load("A", (Delivery("one.csv", delivered, (rows,)),))


@st.composite
def narrow_cases(draw: st.DrawFn) -> Case:
    """Loads of few records, of which one is withdrawn: they overtake, repeat and re-mark one another's records."""

    def load(least: int, most: int) -> Load:
        of = draw(st.lists(st.sampled_from("123"), min_size=least, max_size=most, unique=True))
        rows = tuple(person(n, draw(st.sampled_from(("Ann", "Bob"))), draw(st.sampled_from(MARKINGS[:2]))) for n in of)
        found = brought(draw(st.sampled_from(DATES)), *rows)
        whole = draw(st.sampled_from((*DATES, *[None] * 9)))
        return replace(found, complete=((DATASETS[0], "", whole),)) if whole else found

    done = (load(1, 2), load(2, 3), load(1, 3), load(1, 3))
    withdrawn = draw(st.lists(st.sampled_from(range(len(done))), min_size=1, max_size=2, unique=True))
    return Case(done, tuple(withdrawn), (load(1, 3), load(1, 3)))


def _of_what_else_is_known(done: list[Operation], withdrawn: list[int]) -> tuple[Operation, ...]:
    """People decide only on records that no withdrawn load spoke of before: what they knew then stays known."""
    found: list[Operation] = []
    for n, each in enumerate(done):
        if isinstance(each, Remark):
            before = [(m in withdrawn, load) for m, load in enumerate(done[:n]) if isinstance(load, Load)]
            gone = {subject(record) for is_gone, load in before if is_gone for record in records_of(load)}
            kept = {
                record.key()
                for _, load in before
                if load.published
                for record in records_of(load)
                if subject(record) not in gone
            }
            each = replace(each, keys=tuple(key for key in each.keys if key in kept))
        found.append(each)
    return tuple(found)


def records_of(load: Load) -> list[Record]:
    return [record for delivery in load.deliveries for record in delivery.records]


def subject(record: Record) -> tuple[object, ...]:
    """A person's decision on the marking of this record."""
    of = (record.dataset, record.source_id, record.part)
    return of if record.source_id else (*of, record.key())


def seen(store: GraphStore) -> list[str]:
    """The digest of every viewer's view."""
    views = [store.view(viewer, purpose=purpose) for viewer in VIEWERS for purpose in viewer.purposes]
    return [view.digest() for view in views]


def do(store: GraphStore, done: tuple[Operation, ...]) -> dict[int, str]:
    """Do all operations; returns the ids of loads in the log, by index."""
    found: dict[int, str] = {}
    for n, each in enumerate(done):
        perform(store, each)
        if isinstance(each, Load) and each.published:
            found[n] = ids(store)[-1]
    return found


def ids(store: GraphStore) -> list[str]:
    """The ids of all loads, oldest first."""
    with store.writer(agency="A", by="tester") as writer:
        return [each.id for each in writer._accounts().loads()]


def withdraw(store: GraphStore, load: str):
    with store.writer(agency="A", by="clerk") as writer:
        return writer.withdraw_load(load, "mistaken")


def contents(store: GraphStore) -> Iterator[list[str]]:
    """The keys of the records that stood at each revision, whatever their markings."""
    allowed = tuple(each.vis for each in store.backend.classes())
    for number in range(1, store.backend.published() + 1):
        yield [key for key, _, _ in store.backend.keys(Scope(allowed, number))]


@_MANY
@given(case=cases())
def test_without_a_load_all_is_as_if_it_had_never_been(new_store: Callable[[], GraphStore], case: Case) -> None:
    """The same for loads that follow: older, newer or complete deliveries, and the withdrawn ones again."""
    all_is_as_if_it_had_never_been(new_store, case)


@_MANY
@given(case=narrow_cases())
def test_nor_is_anything_left_where_loads_speak_of_the_same(new_store: Callable[[], GraphStore], case: Case) -> None:
    """The same if some rows of a batch are late, and if several loads said a record that begins again."""
    all_is_as_if_it_had_never_been(new_store, case)


def all_is_as_if_it_had_never_been(new_store: Callable[[], GraphStore], case: Case) -> None:
    store = new_store()
    named = do(store, case.done)
    before = list(contents(store))
    for n in case.withdrawn:
        withdraw(store, named[n])
    assert list(contents(store))[: len(before)] == before
    after = (*case.then, *(case.done[n] for n in case.withdrawn))
    found = list(goes_on(store, after))
    store = new_store()  # the one before is gone
    do(store, tuple(each for n, each in enumerate(case.done) if n not in case.withdrawn))
    assert found == list(goes_on(store, after))


def goes_on(store: GraphStore, then: tuple[Operation, ...]) -> Iterator[tuple[list[str], list[str]]]:
    """The digest of every viewer's view now and after each of these loads, and the outcomes of its records."""
    yield [], seen(store)
    for load in then:
        assert isinstance(load, Load)
        yield outcomes(store, load)[1], seen(store)


def test_each_record_keeps_its_own_class_where_some_of_a_batch_are_late(store: GraphStore) -> None:
    """Late records have the first numbers of a batch, wherever their rows are."""
    everybody, own = MARKINGS[0], MARKINGS[1]
    perform(store, brought("2026-01-02", person("2", "Newer", own)))
    good = (person("1", "Ann", own), person("2", "Old", everybody), person("3", "Cy", everybody))
    perform(store, brought("2026-01-01", *good))
    perform(store, brought("2026-01-03", person("1", "Wrong", own)))
    withdraw(store, ids(store)[-1])
    boris = VIEWERS[1]
    assert sorted(each.caption for each in store.view(boris).search("Ann").entities) == []
    assert [each.caption for each in store.view(boris).search("Cy").entities] == ["Cy"]


def test_what_begins_again_was_said_by_the_newest_delivery_that_stays(store: GraphStore) -> None:
    """An older delivery that comes later supersedes nothing, and a complete one withdraws nothing."""
    ann = person("1", "Ann", MARKINGS[0])
    for delivered, name in (("2026-01-01", "Ann"), ("2026-01-02", "Wrong"), ("2026-01-04", "Ann")):
        perform(store, brought(delivered, person("1", name, MARKINGS[0])))
    withdraw(store, ids(store)[1])
    older = replace(
        brought("2026-01-03", person("1", "Older", MARKINGS[0])), complete=((DATASETS[0], "", "2026-01-03"),)
    )
    assert outcomes(store, older)[1] == ["late"]
    assert list(contents(store))[-1] == [ann.key()]


def test_a_load_can_be_taken_back_in_a_copy(tmp_path: Path, store: GraphStore) -> None:
    """Accounts are copied with the store."""
    ann = Record("Person", DATASETS[0], "1", {"name": (Value("Ann", "Ann"),)}, MARKINGS[0])
    bob = replace(ann, properties={"name": (Value("Bob", "Bob"),)})
    for record, delivered in ((ann, "2026-01-01"), (bob, "2026-01-03"), (ann, "2026-01-02")):
        perform(store, Load("A", (Delivery("one.csv", delivered, ((record,),)),)))
    mistaken = ids(store)[1]
    with closing(open_store(fresh_url(tmp_path, "copy"))) as copy:
        copy_store(store, copy)
        assert seen(copy) == seen(store)
        withdraw(copy, mistaken)
        withdraw(store, mistaken)
        assert seen(copy) == seen(store)
        assert list(contents(copy))[-1] == [ann.key()]
