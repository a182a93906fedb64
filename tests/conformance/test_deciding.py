"""Decisions on records that a load meets more than once: in batches, beside rivals, re-marked, or late."""

from collections.abc import Sequence

from tests.conformance.test_writing import HIGH, LOW, OPEN, SECRET, person
from workbench.access.viewer import Viewer
from workbench.model.marking import parse_marking
from workbench.model.record import Record
from workbench.view.store import GraphStore

D1, D2, D3 = "2026-01-01", "2026-02-01", "2026-03-01"
OLD, NEW = person("1", name="Ada"), person("1", SECRET, name="Ada B")


def load(store: GraphStore, *batches: tuple[str, Sequence[Record]]) -> list[list[str]]:
    """Do one load of several batches, each with a date; returns the outcomes of each."""
    with store.writer(agency="A", by="clerk") as writer:
        file = writer.file("one.csv", "0", "csv")
        found = [list(writer.put(records, file, delivered)) for delivered, records in batches]
        writer.publish(dataset="d", adapter="csv", files=())
    return found


def keys(store: GraphStore, viewer: Viewer = HIGH) -> list[str]:
    view = store.view(viewer)
    return sorted(each.key for each in view.records([OLD.key(), NEW.key()]))


def test_what_a_load_brings_and_ends_itself_was_never_there(store: GraphStore) -> None:
    """A viewer who could see only the record that never stood is not told of a change either."""
    load(store, (D1, [person("other")]))
    before = store.view(LOW).revision
    load(store, (D1, [OLD]), (D2, [NEW]))
    assert keys(store) == [NEW.key()]
    assert store.view(LOW).revision == before
    assert store.view(HIGH).revision != before


def test_what_a_load_ends_and_says_again_was_there_all_the_time(store: GraphStore) -> None:
    load(store, (D1, [OLD]))
    before = store.view(LOW).revision
    load(store, (D2, [NEW]), (D2, [OLD]))
    assert keys(store) == sorted([OLD.key(), NEW.key()])
    assert store.view(LOW).revision == before


def test_what_is_ended_is_told_to_those_who_saw_it(store: GraphStore) -> None:
    load(store, (D1, [OLD]))
    before = store.view(LOW).revision
    load(store, (D2, [NEW]))
    assert keys(store) == [NEW.key()]
    assert keys(store, LOW) == []
    assert store.view(LOW).revision != before


def test_what_a_delivery_says_again_beside_something_new_stands(store: GraphStore) -> None:
    load(store, (D1, [OLD]))
    load(store, (D2, [OLD, NEW]))
    assert keys(store) == sorted([OLD.key(), NEW.key()])


def test_what_is_of_one_day_ends_nothing_of_that_day(store: GraphStore) -> None:
    load(store, (D1, [OLD]))
    load(store, (D1, [NEW]))
    assert keys(store) == sorted([OLD.key(), NEW.key()])


def test_an_older_delivery_marks_nothing_anew(store: GraphStore) -> None:
    """Also where the newer one said several things under one source id."""
    load(store, (D3, [OLD, NEW]))
    weaker = person("1", OPEN, name="Ada B")
    assert weaker.key() == NEW.key()
    assert load(store, (D2, [weaker])) == [["unchanged"]]
    assert keys(store, LOW) == [OLD.key()]
    assert load(store, (D3, [weaker])) == [["remarked"]]
    assert keys(store, LOW) == sorted([OLD.key(), NEW.key()])


def test_of_markings_that_none_holds_both_bind(store: GraphStore) -> None:
    """The one that stands is asked for again, after another: what both allow is left."""
    a, b, c = (Viewer(name=each, agencies=frozenset(each), level="SECRET") for each in "ABC")
    stands, other = (person("1", parse_marking(f"OPEN//REL A,{agency}")) for agency in "BC")
    load(store, (D1, [stands]))
    load(store, (D2, [other, stands]))
    assert [len(keys(store, viewer)) for viewer in (a, b, c)] == [1, 0, 0]


def test_a_load_is_of_the_newest_of_its_days(store: GraphStore) -> None:
    """As a replay of units of several deliveries is."""
    load(store, (D2, [OLD]), (D1, [person("other")]))
    (entry,) = store.view(HIGH).loads()
    assert entry.delivered == D2
