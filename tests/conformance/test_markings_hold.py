"""A decision on a marking outlives loads; two markings in one load both bind; a snapshot hides what its view hides.

The log shows a load only to viewers of its agency who see all of its evidence.
"""

from collections.abc import Sequence

import pytest

from workbench.access.viewer import Viewer
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.types import CommonEntry, FileReport, Quarantined
from workbench.view.store import GraphStore

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
    alone = store.view(LOW).snapshot()._columns
    load(store, ann(SECRET, "B", "1950-05-05"))
    beside = store.view(LOW).snapshot()._columns
    for name in ("ids", "datasets", "names", "values"):
        assert list(getattr(beside, name)) == list(getattr(alone, name)), name


def test_ending_what_is_not_listed_publishes_nothing(store: GraphStore) -> None:
    load(store, ann())
    before = store.view(A).history()
    assert store.remove_common(CommonEntry("phone", "+31", "A", str(OPEN), "why")) == ""
    assert store.view(A).history() == before


# -- the log of loads -----------------------------------------------------------------------------


def bob(marking: Marking = OPEN, born: str = "1980-01-01", dataset: str = "d") -> Record:
    values = {"name": (Value("Bob", "Bob"),), "birthDate": (Value(born, born),)}
    return Record("Person", Dataset("A", dataset), "2", values, marking)


def unit(marking: str) -> Quarantined:
    return Quarantined(f"q {marking}", "A", "d", "csv", "f", "row", "ragged", "short", b"", {"marking": marking})


def logged(
    store: GraphStore,
    *records: Record,
    delivered: str = "2026-01-01",
    complete: bool = False,
    units: Sequence[Quarantined] = (),
    released: Sequence[str] = (),
    files: Sequence[FileReport] = (),
) -> bool:
    """Load for agency A; returns whether LOW sees it in the log. A always does, and nobody else ever does."""
    known = {each.id for viewer in (A, LOW, B) for each in store.view(viewer).loads()}
    with store.writer(agency="A", by="t") as writer:
        writer.put(list(records), writer.file("f", "0", "csv"), delivered)
        if complete:
            writer.withdraw_absent(Dataset("A", "d"), "", delivered)
        writer.quarantine(units)
        writer.release(released)
        writer.publish(dataset="d", adapter="csv", files=files)
    high, low, other = ({each.id for each in store.view(viewer).loads()} - known for viewer in (A, LOW, B))
    assert len(high) == 1
    assert not other
    return low == high


def told(store: GraphStore) -> list[str]:
    return [each.id for each in store.view(LOW).loads()]


def test_a_load_is_told_to_those_who_see_all_that_it_brought(store: GraphStore) -> None:
    assert logged(store, ann())
    assert not logged(store, ann(), bob(SECRET))
    assert not logged(store, bob(SECRET))  # nothing new
    assert logged(store, ann())
    assert len(told(store)) == 2


def test_a_load_is_told_to_those_who_see_what_it_ended(store: GraphStore) -> None:
    logged(store, ann(), bob(SECRET))
    assert not logged(store, ann(), delivered="2026-02-01", complete=True)
    logged(store, bob(SECRET), delivered="2026-03-01")
    assert not logged(store, bob(OPEN, "1981-01-01"), delivered="2026-04-01")
    assert not logged(store, bob(SECRET), delivered="2026-03-15")  # late: it stood before


def test_a_load_is_told_to_those_who_may_see_what_it_quarantined_or_released(store: GraphStore) -> None:
    low, high = unit("OPEN//REL B"), unit("SECRET//REL B")
    assert logged(store, ann(), units=[low])
    assert not logged(store, ann(), units=[high])
    assert logged(store, released=[low.id])
    assert not logged(store, released=[high.id])


@pytest.mark.parametrize("file", [FileReport("f", "0"), FileReport("f", "0", 1, refused=1)])
def test_what_nothing_says_the_marking_of_is_secret(store: GraphStore, file: FileReport) -> None:
    assert not logged(store, files=[file])
    assert not logged(store, ann(), files=[FileReport("g", "0", 1, 1), file])
    assert logged(store, ann(), files=[FileReport("g", "0", 1, unchanged=1)])


def test_a_load_is_hidden_with_what_it_was_about(store: GraphStore) -> None:
    """Re-marked by a person or by a newer load, of a record that was new or said again."""
    elsewhere = bob(dataset="e")
    assert logged(store, elsewhere)
    for _ in range(2):
        assert logged(store, ann(), bob())
    (of_elsewhere, *_) = told(store)
    store.remark([ann().key()], SECRET)
    assert told(store) == [of_elsewhere]
    store.remark([ann().key()], OPEN)
    assert told(store) == [of_elsewhere]  # it was about what was secret meanwhile, as far as is known
    assert logged(store, ann(), bob())
    assert not logged(store, bob(SECRET), delivered="2026-02-01")
    assert told(store) == [of_elsewhere]


def test_two_markings_in_one_load_hide_no_other(store: GraphStore) -> None:
    assert logged(store, ann())
    with store.writer(agency="A", by="t") as writer:
        for marking in (OPEN, SECRET):
            writer.put([bob(marking)], writer.file("f", "0", "csv"), "2026-01-01")
        writer.publish(dataset="d", adapter="csv", files=())
    assert (len(told(store)), len(store.view(A).loads())) == (1, 2)
