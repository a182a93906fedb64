"""A load that is taken back leaves no trace in what stands: as if it had never been, in any order, for every viewer."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.oracle.draw import DATASETS, IDS, MARKINGS, VIEWERS, loads, records, remarks
from tests.store.oracle.operations import Delivery, Load, Operation, Remark, keys_in, perform
from tests.stores import examples, fresh_url
from workbench.model.record import Record, Value
from workbench.store.base import GraphStore, open_store
from workbench.store.copying import copy_store
from workbench.store.types import Scope

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
_MANY = settings(suppress_health_check=[*HealthCheck], max_examples=examples(150))


@dataclass(frozen=True)
class Case:
    """What is done, which of its loads are taken back, in order, and what is loaded then."""

    done: tuple[Operation, ...]
    withdrawn: tuple[int, ...]
    last: Load


@st.composite
def cases(draw: st.DrawFn) -> Case:
    ids = tuple(draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=3, unique=True)))
    markings = tuple(draw(st.lists(st.sampled_from(MARKINGS), min_size=1, max_size=3)))
    base = draw(st.lists(records(ids=ids, markings=markings), min_size=draw(st.sampled_from((2, 6))), max_size=10))
    others = draw(st.lists(st.sampled_from(MARKINGS), min_size=len(base), max_size=len(base)))
    pool = base * 2 + [replace(record, marking=marking) for record, marking in zip(base, others, strict=True)]
    done: list[Operation] = []
    for _ in range(draw(st.integers(2, 6))):
        keys = keys_in(each for each in done if isinstance(each, Load) and each.published)
        done.append(draw(st.one_of(loads(pool), loads(pool), remarks(keys)) if keys else loads(pool)))
    published = [n for n, each in enumerate(done) if isinstance(each, Load) and each.published]
    if not published:
        done, published = [draw(loads(pool).filter(lambda load: load.published))], [0]
    withdrawn = draw(st.lists(st.sampled_from(published), min_size=1, max_size=3, unique=True))
    return Case(_of_what_else_is_known(done, withdrawn), tuple(withdrawn), draw(loads(pool)))


def _of_what_else_is_known(done: list[Operation], withdrawn: list[int]) -> tuple[Operation, ...]:
    """Persons decide about records of which no load that is taken back had spoken: what they knew, they knew."""
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
    """What a person decides about who marks this record."""
    of = (record.dataset, record.source_id, record.part)
    return of if record.source_id else (*of, record.key())


def seen(store: GraphStore) -> list[str]:
    """The digest of every viewer's view."""
    views = [store.view(viewer, purpose=purpose) for viewer in VIEWERS for purpose in viewer.purposes]
    return [view.digest() for view in views]


def do(store: GraphStore, done: tuple[Operation, ...]) -> dict[int, str]:
    """Do it all; the ids of loads in the log, by their places."""
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
    """The keys of what stood at each revision, whatever its marking."""
    allowed = tuple(each.vis for each in store._classes())
    for number in range(1, store._published() + 1):
        yield [key for key, _, _ in store._keys(Scope(allowed, number))]


@_MANY
@given(case=cases())
def test_without_a_load_all_is_as_if_it_had_never_been(new_store: Callable[[], GraphStore], case: Case) -> None:
    store = new_store()
    named = do(store, case.done)
    before = list(contents(store))
    for n in case.withdrawn:
        withdraw(store, named[n])
    assert list(contents(store))[: len(before)] == before
    found = [seen(store)]
    for load in (case.last, *(case.done[n] for n in case.withdrawn)):
        perform(store, load)
        found.append(seen(store))
    store = new_store()
    do(store, tuple(each for n, each in enumerate(case.done) if n not in case.withdrawn))
    expected = [seen(store)]
    for load in (case.last, *(case.done[n] for n in case.withdrawn)):
        perform(store, load)
        expected.append(seen(store))
    assert found == expected


def test_a_load_can_be_taken_back_in_a_copy(tmp_path: Path, store: GraphStore) -> None:
    """The account moves with the store."""
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
