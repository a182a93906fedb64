"""After any operations, a store answers like the oracle, at every revision and for every viewer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import VIEWERS, worlds
from tests.conformance.oracle.identity import People
from tests.conformance.oracle.operations import Load, Operation, one_by_one, outcomes, perform
from tests.conformance.oracle.reading import Reading
from tests.conformance.oracle.world import World, may_see, may_see_all
from tests.selection import EVERYTHING
from tests.stores import KIND, NEO4J
from workbench.access.viewer import Viewer
from workbench.errors import NotFound
from workbench.model.marking import parse_marking
from workbench.model.text import fold
from workbench.store.types import Quarantined
from workbench.view.store import GraphStore
from workbench.view.view import View

SEARCHES = (
    *("nico", "Petrov", "Петров", "王", "王明", "Li", "a%b", "%", "*", "_", "x\x00y", '"', "or 1=1", "31612", ""),
    *("316 12", "petrov nico", "Петров Nico", "b near", "1 or q", "Petroff", "Nycco Petroff", "Mohammed", "неар энд а"),
)
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
# How many views of one store are compared, of older revisions and of now: which, is drawn. One of how many searches is.
_OLD, _NOW, _SEARCH = (1, 1, 3) if KIND == NEO4J and not EVERYTHING else (5, 3, 1)
_MANY = settings(suppress_health_check=[*HealthCheck])


def replay(store: GraphStore, operations: list[Operation]) -> World:
    """Apply all operations to the store and the oracle, and compare the outcomes of loads."""
    world = World()
    for operation in operations:
        if isinstance(operation, Load):
            token, found = outcomes(store, operation)
            assert found == world.note(operation, token)
        else:
            world.note(operation, perform(store, operation))
    return world


def sights(world: World) -> Iterator[tuple[Viewer, str, int]]:
    for viewer in VIEWERS:
        for purpose in viewer.purposes:
            for number in range(1, len(world.tokens) + 1):
                yield viewer, purpose, number


@_MANY
@given(operations=worlds(), chance=st.randoms(use_true_random=False))
def test_answers_are_the_oracles(
    new_store: Callable[[], GraphStore], operations: list[Operation], chance: Random
) -> None:
    store = new_store()
    world = replay(store, operations)
    old = list(sights(world))
    for viewer, purpose, number in chance.sample(old, min(len(old), _OLD)):
        check_old(store, world, viewer, purpose, number)
    now = [(viewer, purpose) for viewer in VIEWERS for purpose in viewer.purposes]
    for viewer, purpose in chance.sample(now, min(len(now), _NOW)):
        sight = world.sight(viewer, purpose, len(world.tokens))
        newest = world.tokens[sight.history[-1] - 1] if sight.history else ""
        check(store.view(viewer, purpose=purpose), Reading(sight, newest), world)


def check_old(store: GraphStore, world: World, viewer: Viewer, purpose: str, number: int) -> None:
    """Compare the view at a publication with the oracle's; there is none if the viewer does not see the publication."""
    sight, token = world.sight(viewer, purpose, number), world.tokens[number - 1]
    if number in sight.history:
        check(store.view(viewer, purpose=purpose, revision=token), Reading(sight, token), world)
        return
    with pytest.raises(NotFound, match="no revision"):
        store.view(viewer, purpose=purpose, revision=token)


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
    for n, text in list(enumerate(SEARCHES))[len(world.tokens) % _SEARCH :: _SEARCH]:
        assert view.search(text, 3) == oracle.search(text, 3)
        only = ((), ("Person",), ("Company", "Phone"))[n % 3], (("A",), (), ("B", "C"))[n // 3 % 3]
        assert view.search(text, 3, *only) == oracle.search(text, 3, *only)
    _check_documents(view, world)


def check_records(view: View, oracle: Reading, world: World) -> None:
    shown = {each.key: each for each in oracle.records}
    found = {each.key: each for each in view.records(sorted(world.known))}
    assert sorted(found) == sorted(shown)
    for key, each in shown.items():
        assert said(found[key].record) == said(each.record)
        assert replace(found[key].provenance, file="") == each.provenance
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
    """Each reason is a join of the oracle with visible records, and together they explain the whole cluster."""
    members = oracle.cluster[entity]
    known = {join[1:] for join in People(oracle.records, oracle.sight.commons).joins(oracle.sight.judgements)}
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


def check_log(view: View, world: World) -> None:
    """The loads of the viewer's own agencies whose evidence he sees in full."""
    shown = {token for token, _ in view.history()}
    left = [(each.agency, each.revision, each.files) for each in view.loads()]
    for each in world.loads:
        entry = (each.agency, each.token if each.token in shown else None, each.files)
        own = each.agency in view.viewer.agencies
        must, may = (own and may_see_all(view.viewer, view.purpose, of) for of in (each.most, each.least))
        if must or (may and left[:1] == [entry]):
            assert left.pop(0) == entry
    assert not left


def _may_repair(viewer: Viewer, purpose: str, unit: Quarantined) -> bool:
    """Units of the viewer's own agencies, whoever they are releasable to, otherwise under the rules for records."""
    marking = parse_marking(unit.context["marking"])
    return may_see(viewer, purpose, replace(marking, releasable=frozenset({unit.agency})))


@_MANY
@given(operations=worlds())
def test_loads_and_quarantine_belong_to_their_agency(
    new_store: Callable[[], GraphStore], operations: list[Operation]
) -> None:
    store = new_store()
    world = replay(store, operations)
    for viewer in VIEWERS:
        view = store.view(viewer, purpose=viewer.purposes[0])
        check_log(view, world)
        assert sorted(u.id for u in view.quarantine()) == sorted(
            u.id for u in world.quarantine if _may_repair(viewer, view.purpose, u)
        )


@_MANY
@given(operations=worlds())
def test_batches_do_not_matter(new_store: Callable[[], GraphStore], operations: list[Operation]) -> None:
    def digests(each: list[Operation]) -> list[str]:
        store = new_store()
        world = replay(store, each)
        views = [store.view(v, purpose=p) for v in VIEWERS for p in v.purposes]
        return [view.digest() for view in views] + [str(len(world.tokens))]

    assert digests(operations) == digests([one_by_one(e) if isinstance(e, Load) else e for e in operations])


@_MANY
@given(operations=worlds())
def test_loading_again_changes_nothing(new_store: Callable[[], GraphStore], operations: list[Operation]) -> None:
    """The newest delivery, loaded again, publishes no revision; the digest stands."""
    store = new_store()
    replay(store, operations)
    loads = [each for each in operations if isinstance(each, Load) and each.published]
    if not loads:
        return
    last = max(loads, key=lambda load: max((d.delivered for d in load.deliveries), default=""))
    perform(store, last)
    views = [store.view(viewer, purpose=purpose) for viewer in VIEWERS for purpose in viewer.purposes]
    before = [(view.revision, view.digest(), fold(str(view.stats()))) for view in views]
    assert perform(store, last) is None
    views = [store.view(viewer, purpose=purpose) for viewer in VIEWERS for purpose in viewer.purposes]
    assert [(view.revision, view.digest(), fold(str(view.stats()))) for view in views] == before
