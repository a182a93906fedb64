"""Judgements with their overrides, and the log of loads, are shown only to viewers who may see them."""

from workbench.access.viewer import Viewer
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.types import Judgement
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import judgements_about

OPEN, SECRET = "OPEN//REL A,B", "SECRET//REL B"
ANNA = Viewer(name="anna", agencies=frozenset({"A"}), level="SECRET")
BORIS = Viewer(name="boris", agencies=frozenset({"B"}), level="SECRET")


def person(name: str, marking: str) -> Record:
    return Record("Person", Dataset("A", "d"), name, {"name": (Value(name, name),)}, parse_marking(marking))


def load(store: GraphStore, *records: Record) -> None:
    with store.writer(agency="A", by="clerk") as writer:
        writer.put(records, writer.file("one.csv", "0", "csv"), "2026-01-01")
        writer.publish(dataset="d", adapter="csv", files=())


def judgement(number: str, verdict: str, evidence: Record, overrides: tuple[str, ...] = ()) -> Judgement:
    a, b = person("Ann", OPEN).entity, person("Bea", OPEN).entity
    return Judgement(number * 16, a, b, verdict, "clerk", "alike", "2026-01-02", (evidence.key(),), overrides)


def test_a_judgement_names_of_those_that_it_overrides_what_is_seen(store: GraphStore) -> None:
    seen, hidden = person("Ann", OPEN), person("Bea", SECRET)
    load(store, seen, hidden)
    apart = judgement("1", "different", hidden)
    store.add_judgement(apart)
    store.add_judgement(judgement("2", "same", seen, (apart.id,)))
    for ask in (View.judgements, lambda view: judgements_about(view, [apart.a])):
        assert [each.overrides for each in ask(store.view(BORIS))] == [(), (apart.id,)]
        assert [each.overrides for each in ask(store.view(ANNA))] == [()]


def test_a_load_is_told_to_its_own_agency_whoever_sees_all_of_it(store: GraphStore) -> None:
    load(store, person("Ann", OPEN))
    assert store.view(BORIS).stats().records == 1
    assert len(store.view(ANNA).loads()) == 1
    assert store.view(BORIS).loads() == ()


def test_an_older_view_tells_a_later_load_without_its_revision(store: GraphStore) -> None:
    load(store, person("Ann", OPEN))
    older = store.view(ANNA).revision
    load(store, person("Cem", OPEN))
    newest = store.view(ANNA).revision
    assert [each.revision for each in store.view(ANNA).loads()] == [older, newest]
    assert [each.revision for each in store.view(ANNA, revision=older).loads()] == [older, None]
