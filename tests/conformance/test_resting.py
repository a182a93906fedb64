"""Documents that rest on all that a view shows: who is told of them, also after markings change, and after a drop."""

from workbench.access.viewer import Viewer
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.types import Document
from workbench.view.resting import at_revision, under
from workbench.view.store import GraphStore

OPEN, SECRET = "OPEN//REL A", "SECRET//REL A"
LOW = Viewer(name="low", agencies=frozenset("A"), level="OPEN")
HIGH = Viewer(name="high", agencies=frozenset("A"), level="SECRET")
OTHER = Viewer(name="other", agencies=frozenset("B"), level="SECRET")


def person(name: str, marking: str, agency: str = "A") -> Record:
    return Record("Person", Dataset(agency, "d"), name, {"name": (Value(name, name),)}, parse_marking(marking))


def load(store: GraphStore, *records: Record) -> None:
    with store.writer(agency="A", by="clerk") as writer:
        writer.put(records, writer.file("one.csv", "0", "csv"), "2026-01-01")
        writer.publish(dataset="d", adapter="csv", files=())


def save(store: GraphStore, viewer: Viewer, name: str, n: int = 0) -> Document:
    document = Document("finding", name, 0, viewer.name, "2026-01-06", {"n": n})
    store.save_on_view(store.view(viewer), [document], "A", parse_marking(OPEN))
    return document


def told(store: GraphStore, viewer: Viewer, kind: str = "finding", name: str | None = None) -> list[tuple[str, int]]:
    return [(each.name, each.version) for each in store.view(viewer).documents(kind, name)]


def test_it_is_told_to_who_sees_all_that_the_view_showed(store: GraphStore) -> None:
    load(store, person("Ann", OPEN), person("Bea", SECRET))
    save(store, LOW, "low")
    save(store, HIGH, "high")
    assert told(store, LOW) == [("low", 1)]
    assert told(store, HIGH) == [("high", 1), ("low", 1)]
    assert told(store, HIGH, name="high") == [("high", 1)]
    assert told(store, HIGH, name="no such") == told(store, HIGH, "chart") == told(store, OTHER) == []


def test_it_follows_markings(store: GraphStore) -> None:
    ann, bea = person("Ann", OPEN), person("Bea", OPEN)
    load(store, ann, bea)
    save(store, LOW, "low")
    store.remark([bea.key()], parse_marking(SECRET))
    assert told(store, LOW) == []
    assert told(store, HIGH) == [("low", 1)]
    store.remark([ann.key()], parse_marking("OPEN//REL B"))
    assert told(store, HIGH) == told(store, OTHER) == []


def test_it_follows_two_markings_of_one_step(store: GraphStore) -> None:
    ann, bea = person("Ann", "OPEN//REL A,B"), person("Bea", "OPEN//REL A,B", "B")
    load(store, ann, bea)
    save(store, LOW, "low")
    secret = parse_marking("SECRET//REL A,B")
    view = store.view(Viewer(name="both", agencies=frozenset("AB"), level="SECRET"))
    assert store.remark_together([([ann.key()], secret), ([bea.key()], secret)], view) == 2
    assert told(store, LOW) == []
    assert told(store, HIGH) == [("low", 1)]


def test_its_view_is_that_of_its_author(store: GraphStore) -> None:
    load(store, person("Ann", OPEN), person("Bea", SECRET))
    document, revision = save(store, LOW, "low"), store.view(LOW).revision
    load(store, person("Cem", OPEN))
    rested = under(store.view(HIGH), document, revision)
    assert rested.keys() == at_revision(store.view(LOW), revision).keys() == (person("Ann", OPEN).key(),)
    assert len(store.view(HIGH).keys()) == 3


def test_what_is_dropped_is_empty_for_who_saw_any_version(store: GraphStore) -> None:
    load(store, person("Ann", OPEN))
    save(store, HIGH, "mine", 1)
    load(store, person("Bea", SECRET))
    save(store, HIGH, "mine", 2)
    newest = {viewer.name: store.view(viewer).documents("finding")[0].body for viewer in (LOW, HIGH)}
    assert newest == {"low": {"n": 1}, "high": {"n": 2}}
    store.drop_document("finding", "mine", "high")
    for viewer, version in ((LOW, 2), (HIGH, 4)):
        (document,) = store.view(viewer).documents("finding")
        assert (document.body, document.version) == ({}, version)
    assert told(store, OTHER) == []
