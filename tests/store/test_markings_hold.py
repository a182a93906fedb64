"""A person's remark outlives loads; two markings of one load both bind; a snapshot hides what its view hides."""

import pytest

from workbench.access.viewer import Viewer
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.base import GraphStore
from workbench.store.types import CommonEntry

OPEN, SECRET = parse_marking("OPEN//REL A,B"), parse_marking("SECRET//REL A")
A, B = (Viewer(name=agency, agencies=frozenset({agency}), level="SECRET") for agency in "AB")
LOW = Viewer(name="low", agencies=frozenset({"A"}), level="OPEN")


def ann(marking: Marking = OPEN, agency: str = "A", born: str = "1990-01-01") -> Record:
    values = {"name": (Value("Ann", "Ann"),), "birthDate": (Value(born, born),)}
    return Record("Person", Dataset(agency, "d"), "1", values, marking)


def load(store: GraphStore, *records: Record, delivered: str = "2026-01-01") -> list[str]:
    agency = records[0].dataset.agency
    with store.writer(agency=agency, by="t") as writer:
        outcomes = writer.put(list(records), writer.file("f", "0", "csv"), delivered)
        writer.publish(dataset="d", adapter="csv", files=())
    return list(outcomes)


@pytest.mark.parametrize(("first", "then", "seen_by_b"), [(OPEN, "SECRET//REL A", 0), (SECRET, "OPEN//REL A,B", 1)])
def test_a_load_does_not_take_back_a_remark(store: GraphStore, first: Marking, then: str, seen_by_b: int) -> None:
    load(store, ann(first))
    store.remark([ann(first).key()], parse_marking(then))
    for day in ("2026-01-01", "2026-02-01"):
        assert load(store, ann(first), delivered=day) == ["unchanged"]
        assert store.view(B).stats().records == seen_by_b


@pytest.mark.parametrize("order", [(OPEN, SECRET), (SECRET, OPEN)])
def test_two_markings_in_one_load_both_bind(store: GraphStore, order: tuple[Marking, Marking]) -> None:
    load(store, *(ann(marking) for marking in order))
    assert store.view(A).stats().records == 1
    assert store.view(LOW).stats().records == store.view(B).stats().records == 0


@pytest.mark.parametrize("order", [(OPEN, SECRET), (SECRET, OPEN), (OPEN, OPEN, SECRET), (SECRET, OPEN, OPEN)])
def test_two_markings_of_what_stands_already_both_bind(store: GraphStore, order: tuple[Marking, ...]) -> None:
    load(store, ann())
    outcomes = load(store, *(ann(marking) for marking in order), delivered="2026-02-01")
    assert outcomes == ["remarked" if marking == SECRET else "unchanged" for marking in order]
    assert store.view(A).stats().records == 1
    assert store.view(LOW).stats().records == store.view(B).stats().records == 0


def test_a_snapshot_holds_no_trace_of_what_is_hidden(store: GraphStore) -> None:
    load(store, ann(OPEN))
    alone = store.view(LOW).snapshot().columns
    load(store, ann(SECRET, "B", "1950-05-05"))
    beside = store.view(LOW).snapshot().columns
    for name in ("ids", "datasets", "names", "values"):
        assert list(getattr(beside, name)) == list(getattr(alone, name)), name


def test_ending_what_is_not_listed_publishes_nothing(store: GraphStore) -> None:
    load(store, ann())
    before = store.view(A).history()
    assert store.remove_common(CommonEntry("phone", "+31", "A", str(OPEN), "why")) == ""
    assert store.view(A).history() == before
