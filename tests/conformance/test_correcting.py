"""A file that is read again in another manner counts as it was read last, as if it had never been read otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import DATASETS, DATES, MARKINGS, deliveries, ends, in_batches, records, remarks
from tests.conformance.oracle.operations import Delivery, Load, Operation
from tests.conformance.test_withdrawing import contents, do, goes_on, records_of, seen, subject, withdraw
from tests.stores import examples
from workbench.model.record import Record
from workbench.view.store import GraphStore

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
_MANY = settings(suppress_health_check=[*HealthCheck], max_examples=examples(400))
FILES, MANNERS = ("one.csv", "two.csv"), ("m", "n", "o")

# What each file says in each manner.
Said = dict[tuple[str, str], tuple[Record, ...]]


@dataclass(frozen=True)
class Case:
    """Operations, the loads among them to withdraw, in order, and the loads that follow."""

    done: tuple[Operation, ...]
    withdrawn: tuple[int, ...]
    then: tuple[Load, ...]


@st.composite
def readings(draw: st.DrawFn, said: Said, pool: list[Record]) -> Delivery:
    """One file as it says in some manner, in one batch or several; or other records of the pool."""
    if draw(st.integers(0, 3)) == 0:
        return draw(deliveries(pool))
    (path, manner), found = draw(st.sampled_from(sorted(said.items(), key=lambda each: each[0])))
    cut = draw(st.integers(0, len(found)))
    return Delivery(path, draw(st.sampled_from(DATES)), in_batches(found[:cut], found[cut:]), manner)


@st.composite
def loads(draw: st.DrawFn, said: Said, pool: list[Record]) -> Load:
    read = draw(st.lists(readings(said, pool), min_size=1, max_size=2, unique_by=lambda each: each.path))
    whole = st.tuples(st.sampled_from(DATASETS[:2]), st.sampled_from(("", "b")), st.sampled_from(DATES))
    complete = tuple(draw(st.lists(whole, max_size=1))) if draw(st.booleans()) else ()
    return Load("A", tuple(read), complete)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    markings = tuple(draw(st.lists(st.sampled_from(MARKINGS), min_size=1, max_size=2)))
    made = records(datasets=DATASETS[:2], ids=("1", "2", "", ""), markings=markings, schemata=("Person", "Call"))
    base = draw(st.lists(made, min_size=3, max_size=8))
    pool = base + [replace(record, marking=draw(st.sampled_from(MARKINGS))) for record in base] + draw(ends(base))
    some = st.lists(st.sampled_from(pool), max_size=5).map(tuple)
    said = {(path, manner): draw(some) for path in FILES for manner in MANNERS}
    done: list[Operation] = [draw(loads(said, pool)) for _ in range(draw(st.integers(2, 6)))]
    withdrawn = draw(st.lists(st.sampled_from(range(len(done))), max_size=2, unique=True))
    keys = marked_by_people(done, withdrawn, said)
    if keys and draw(st.booleans()):
        done.append(draw(remarks(keys)))
    return Case(tuple(done), tuple(withdrawn), tuple(draw(st.lists(loads(said, pool), min_size=1, max_size=2))))


def marked_by_people(done: list[Operation], withdrawn: list[int], said: Said) -> list[str]:
    """The keys of records that no reading and no withdrawn load speaks of: what people knew stays known."""
    loads = [(n in withdrawn, each) for n, each in enumerate(done) if isinstance(each, Load)]
    gone = {subject(each) for found in said.values() for each in found}
    gone |= {subject(each) for is_gone, load in loads if is_gone for each in records_of(load)}
    kept = {each.key() for _, load in loads for each in records_of(load) if subject(each) not in gone}
    return sorted(kept)


def without_replaced(done: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """The operations as if each file had been read in one manner only.

    A reading keeps what each later one in another manner says again, at no earlier date; without any that counts, a
    load declared nothing complete.
    """
    found: list[Operation] = []
    for n, each in enumerate(done):
        if isinstance(each, Load):
            read = [(of, later_runs(of, done[n + 1 :])) for of in each.deliveries]
            gone = [bool(later) for of, later in read if of.manner]
            complete = () if gone and all(gone) else each.complete
            each = replace(each, deliveries=tuple(counting(*of) for of in read), complete=complete)
        found.append(each)
    return tuple(found)


def later_runs(delivery: Delivery, later: tuple[Operation, ...]) -> list[dict[str, str]]:
    """By key, when each later run of the file says it, as it begins: all that follow the first in another manner."""
    found, manner = list[dict[str, str]](), delivery.manner
    for of in (of for each in later if isinstance(each, Load) for of in each.deliveries):
        if manner and of.path == delivery.path and of.manner not in ("", manner):
            manner = of.manner
            found.append({record.key(): of.delivered for record in of.records})
    return found


def counting(delivery: Delivery, later: list[dict[str, str]]) -> Delivery:
    """What counts of a reading."""
    kept = [
        tuple(record for record in batch if all(run.get(record.key(), "") >= delivery.delivered for run in later))
        for batch in delivery.batches
    ]
    return replace(delivery, batches=tuple(filter(None, kept)), manner="")


@_MANY
@given(case=cases())
def test_a_file_counts_as_it_was_read_last(new_store: Callable[[], GraphStore], case: Case) -> None:
    """Whatever loads follow, and whatever is withdrawn before: what it was read as before leaves no trace."""
    store = new_store()
    named = do(store, case.done)
    before = list(contents(store))
    for n in case.withdrawn:
        withdraw(store, named[n])
    assert list(contents(store))[: len(before)] == before
    found = list(goes_on(store, case.then))
    left = tuple(each for n, each in enumerate(case.done) if n not in case.withdrawn)
    store = new_store()  # the one before is gone
    do(store, without_replaced(left))
    wanted = [seen(store)]
    for n in range(len(case.then)):
        store = new_store()
        do(store, without_replaced((*left, *case.then[: n + 1])))
        wanted.append(seen(store))
    assert [digests for _, digests in found] == wanted
