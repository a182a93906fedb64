"""Whatever is done to a store, it answers like the oracle: at every revision, for every viewer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.store.oracle.draw import VIEWERS, worlds
from tests.store.oracle.identity import People
from tests.store.oracle.operations import Load, Operation, one_by_one, outcomes, perform
from tests.store.oracle.reading import Reading
from tests.store.oracle.smaller import smallest
from tests.store.oracle.world import World
from workbench.access.viewer import Viewer
from workbench.errors import NotFound
from workbench.store.base import GraphStore
from workbench.store.view import View

SEARCHES = ("nico", "Petrov", "Петров", "王", "王明", "Li", "a%b", "%", "*", "_", "x\x00y", '"', "or 1=1", "31612", "")
DRAWN = st.randoms(use_true_random=True)
MANY = settings(phases=[Phase.generate], suppress_health_check=[*HealthCheck])
Check = Callable[[list[Operation]], None]


def hold(check: Check, operations: list[Operation]) -> None:
    """Check a history; if it fails, fail with the smallest that does."""

    def is_wrong(fewer: list[Operation]) -> bool:
        try:
            check(fewer)
        except AssertionError:
            return True
        return False

    if is_wrong(operations):
        found = smallest(operations, is_wrong)
        check(found)
        pytest.fail(f"fails now and then: {found}")


def replay(store: GraphStore, operations: list[Operation]) -> World:
    """Do it all to the store and to the oracle; outcomes of loads are compared on the way."""
    world = World()
    for operation in operations:
        if isinstance(operation, Load):
            token, found = outcomes(store, operation)
            assert found == world.note(operation, token)
        else:
            world.note(operation, perform(store, operation))
    return world


def everybody() -> Iterator[tuple[Viewer, str]]:
    return ((viewer, purpose) for viewer in VIEWERS for purpose in viewer.purposes)


def sights(world: World) -> Iterator[tuple[Viewer, str, int]]:
    return ((*who, number) for who in everybody() for number in range(len(world.tokens) + 1))


@MANY
@given(rng=DRAWN)
def test_answers_are_the_oracles(new_store: Callable[[], GraphStore], rng: Random) -> None:
    def answers(operations: list[Operation]) -> None:
        store = new_store()
        world = replay(store, operations)
        for viewer, purpose, number in sights(world):
            sight = world.sight(viewer, purpose, number)
            if number and number not in sight.history:
                with pytest.raises(NotFound, match="no revision"):
                    store.view(viewer, purpose=purpose, revision=world.tokens[number - 1])
            elif number:
                view = store.view(viewer, purpose=purpose, revision=world.tokens[number - 1])
                check(view, Reading(sight, world.tokens[number - 1]), world)
        for viewer, purpose in everybody():
            sight = world.sight(viewer, purpose, len(world.tokens))
            newest = world.tokens[sight.history[-1] - 1] if sight.history else ""
            check(store.view(viewer, purpose=purpose), Reading(sight, newest), world)

    hold(answers, worlds(rng))


def check(view: View, oracle: Reading, world: World) -> None:
    """Every answer of the view is the oracle's."""
    assert view.revision == oracle.revision
    assert [token for token, _ in view.history()] == [world.tokens[n - 1] for n in oracle.sight.history]
    assert view.stats() == oracle.stats()
    assert view.clusters() == oracle.clusters()
    assert list(view.judgements()) == oracle.sight.judgements
    assert sorted(view.listed_common(), key=str) == sorted(oracle.sight.commons, key=str)
    check_records(view, oracle, world)
    for entity in sorted(oracle.cluster):
        check_entity(view, oracle, entity)
    for text in SEARCHES:
        assert view.search(text, 3) == oracle.search(text, 3)
    _check_documents(view, world)


def check_records(view: View, oracle: Reading, world: World) -> None:
    shown = {each.key: each for each in oracle.records}
    found = {each.key: each for each in view.records(sorted(world.known))}
    assert sorted(found) == sorted(shown)
    for key, each in shown.items():
        assert said(found[key].record) == said(each.record)
        assert found[key].provenance == each.provenance
        assert view.record(key) == found[key]


def said(record: object) -> object:
    """A record with its values in one order, each once."""
    properties = {name: sorted(set(found), key=repr) for name, found in record.properties.items()}
    return replace(record, properties=properties, roles=tuple(sorted(set(record.roles))))


def check_entity(view: View, oracle: Reading, entity: str) -> None:
    assert view.canonical(entity) == oracle.canonical(entity)
    assert view.summaries([entity]) == (oracle.summary(entity),)
    found = view.entity(entity)
    assert replace(found, joined_by=()) == oracle.entity(entity)
    check_reasons(oracle, entity, found.joined_by)
    for hops in (0, 1, 2):
        near = view.neighbours(entity, hops)
        assert (near.entities, tuple(near.ties)) == oracle.neighbours(entity, hops)


def check_reasons(oracle: Reading, entity: str, reasons: tuple) -> None:
    """Each reason is a join that the oracle knows, its records are seen, and they explain the whole cluster."""
    members = oracle.cluster[entity]
    known = {join[1:] for join in People(oracle.records).joins(oracle.sight.judgements)}
    joined = {member: {member} for member in members}
    for reason in reasons:
        assert (reason.rule, reason.value, reason.a, reason.b) in known
        assert set(reason.records) <= {each.key for each in oracle.records}
        together = joined[reason.a] | joined[reason.b]
        joined.update((member, together) for member in together)
    assert joined[entity] == set(members)


def _check_documents(view: View, world: World) -> None:
    newest = {}
    for document, before in world.seen_documents(view.viewer, view.purpose):
        newest[document.kind, document.name, document.by] = replace(document, version=before + 1)
    assert list(view.documents("chart")) == [newest[each] for each in sorted(newest)]
    assert view.documents("no such kind") == ()


@MANY
@given(rng=DRAWN)
def test_loads_and_quarantine_belong_to_their_agency(new_store: Callable[[], GraphStore], rng: Random) -> None:
    def belong(operations: list[Operation]) -> None:
        store = new_store()
        world = replay(store, operations)
        for viewer, purpose in everybody():
            view = store.view(viewer, purpose=purpose)
            shown = {token for token, _ in view.history()}
            own = [(agency, token, files) for agency, token, files in world.loads if agency in viewer.agencies]
            told = [(agency, token if token in shown else None, files) for agency, token, files in own]
            assert [(e.agency, e.revision, e.files) for e in view.loads()] == told
            units = [unit.id for unit in world.quarantine if unit.agency in viewer.agencies]
            assert sorted(unit.id for unit in view.quarantine()) == sorted(units)

    hold(belong, worlds(rng))


@MANY
@given(rng=DRAWN)
def test_batches_do_not_matter(new_store: Callable[[], GraphStore], rng: Random) -> None:
    def digests(operations: list[Operation]) -> list[str]:
        store = new_store()
        world = replay(store, operations)
        return [store.view(v, purpose=p).digest() for v, p in everybody()] + [str(len(world.tokens))]

    def same(operations: list[Operation]) -> None:
        assert digests(operations) == digests([one_by_one(e) if isinstance(e, Load) else e for e in operations])

    hold(same, worlds(rng))


@MANY
@given(rng=DRAWN)
def test_loading_again_changes_nothing(new_store: Callable[[], GraphStore], rng: Random) -> None:
    """The newest delivery, loaded again, publishes no revision; every answer stands."""

    def told(store: GraphStore) -> list[tuple[str, str, str]]:
        views = [store.view(viewer, purpose=purpose) for viewer, purpose in everybody()]
        return [(view.revision, view.digest(), str(view.stats())) for view in views]

    def unchanged(operations: list[Operation]) -> None:
        store = new_store()
        replay(store, operations)
        loads = [each for each in operations if isinstance(each, Load) and each.published]
        if loads:
            last = max(loads, key=lambda load: max((d.delivered for d in load.deliveries), default=""))
            perform(store, last)
            before = told(store)
            assert perform(store, last) is None
            assert told(store) == before

    hold(unchanged, worlds(rng))
