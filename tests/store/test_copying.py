"""A copy equals its store: in answers, in history, and in the outcome of the next load."""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import VIEWERS, worlds
from tests.conformance.oracle.operations import Load, Operation, outcomes, perform
from tests.conformance.oracle.world import World
from tests.conformance.test_against_oracle import SEARCHES, sights
from tests.crash.processes import killed_after, start, wait
from tests.store.copied import ANNA, WIDE, call, filled, load, person, seen
from tests.stores import KIND, NEO4J, SQLITE, examples, fresh_url
from workbench.access.audit import Trace
from workbench.errors import StoreError, UsageError
from workbench.model.marking import parse_marking
from workbench.store.copying import Copied
from workbench.store.moving import Progress
from workbench.store.neo4j import copying as neo4j_copying
from workbench.store.neo4j.backend import Neo4jBackend
from workbench.store.sqlite import copying as sqlite_copying
from workbench.store.types import Document
from workbench.view.copies import copy_store
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View
from workbench.view.viewers_copy import copy_for_viewer

# The kinds of stores through which a copy goes, one after the other.
WAYS = {SQLITE: [(SQLITE, SQLITE)], NEO4J: [(SQLITE, NEO4J, SQLITE), (NEO4J, NEO4J)]}[KIND]
THERE_AND_BACK = {SQLITE: [(SQLITE, SQLITE)], NEO4J: [(SQLITE, NEO4J), (NEO4J, SQLITE)]}[KIND]
# Shrinking takes minutes on servers.
_PHASES = [Phase.explicit, Phase.generate]
_EXAMPLES = settings(max_examples=examples(40), suppress_health_check=[*HealthCheck], phases=_PHASES)
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

Opened = Callable[[str, str], GraphStore]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens an empty store of a name and a kind; one of that name is emptied."""
    known: dict[str, GraphStore] = {}

    def make(name: str, kind: str) -> GraphStore:
        if name in known:
            known.pop(name).close()
        known[name] = open_store(fresh_url(tmp_path, name, kind))
        return known[name]

    yield make
    for each in known.values():
        each.close()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches of few records."""
    for module in (sqlite_copying, neo4j_copying):
        monkeypatch.setattr(module, "_MANY", 150)
        monkeypatch.setattr(module, "_FEW", 2)


def chain(opened: Opened, kinds: Sequence[str]) -> list[GraphStore]:
    return [opened(f"store-{n}", kind) for n, kind in enumerate(kinds)]


def along(stores: Sequence[GraphStore]) -> list[Copied]:
    """Copy the first into the second, that into the third, and so on."""
    return [copy_store(one, other) for one, other in pairwise(stores)]


@pytest.mark.parametrize("kinds", WAYS)
@_EXAMPLES
@given(operations=worlds(), more=st.data())
def test_a_copy_answers_as_its_source(
    opened: Opened, kinds: Sequence[str], operations: list[Operation], more: st.DataObject
) -> None:
    stores = chain(opened, kinds)
    world = World()
    for operation in operations:
        world.note(operation, perform(stores[0], operation))
    if not (world.tokens or world.loads or world.documents):
        return
    copies = along(stores)
    assert len({digest for copy in copies for digest in copy.digest.values()}) == 1
    assert len({digest for copy in copies for digest in copy.newest.values()}) == 1
    for viewer, purpose, number in sights(world):
        if number in world.sight(viewer, purpose, number).history:
            token = world.tokens[number - 1]
            same([store.view(viewer, purpose=purpose, revision=token) for store in stores], world)
    alike(stores)
    graphs = [graph(store) for store in stores if isinstance(store.backend, Neo4jBackend)]
    assert all(each == graphs[0] for each in graphs)
    for operation in more.draw(st.lists(st.sampled_from(operations), max_size=2)):
        done_to_each(stores, operation)
        alike(stores)


def graph(store: GraphStore) -> list[str]:
    """The graph as people query it: captions of entities, and relationships, including past ones."""
    entities = "MATCH (e:Entity) RETURN e.id, labels(e), e {.caption, .dataset, .source_id}"
    drawn = "MATCH (a:Entity)-[r]->(b:Entity) RETURN a.id, [type(r)], r {.*, to: b.id}"
    rows = (row for query in (entities, drawn) for row in store.backend._database.read(query))
    return sorted(f"{who} {sorted(what)} {sorted(values.items())}" for who, what, values in rows)


def same(views: Sequence[View], world: World) -> None:
    """The views answer the same."""
    first = list(answers(views[0], world))
    assert all(list(answers(each, world)) == first for each in views[1:])


def answers(view: View, world: World) -> Iterator[object]:
    keys = sorted(world.known)
    yield from (view.revision, view.history(), view.stats(), view.clusters(), view.judgements(), view.listed_common())
    yield from (view.loads(), view.quarantine(), view.documents("chart"), view.digest())
    yield view.records(keys)
    yield sorted(view.markings_of(keys).items())
    for entity, _, _ in view.clusters():
        yield view.entity(entity)
        near = view.neighbours(entity, 2)
        yield near.entities, tuple(near.ties)
    for text in SEARCHES:
        yield view.search(text, 3)


def alike(stores: Sequence[GraphStore]) -> None:
    """Every store tells every viewer the same, of content, documents, loads and quarantine."""
    told = [[shown(store, viewer, purpose) for viewer in VIEWERS for purpose in viewer.purposes] for store in stores]
    assert all(each == told[0] for each in told)


def shown(store: GraphStore, viewer, purpose: str) -> tuple:
    view = store.view(viewer, purpose=purpose)
    loads = [replace(each, id="", revision=None) for each in view.loads()]
    counted = replace(view.stats(), revision="")
    return view.digest(), view.documents("chart"), view.quarantine(), loads, counted, len(view.history())


def done_to_each(stores: Sequence[GraphStore], operation: Operation) -> None:
    """The same once more, to each store, with the same outcome."""
    if isinstance(operation, Load):
        found = [outcomes(store, operation) for store in stores]
        assert all((token is None, each) == (found[0][0] is None, found[0][1]) for token, each in found)
    elif type(operation).__name__ in ("Remark", "Save"):
        for store in stores:
            perform(store, operation)


def dies_at(n: int) -> Callable[[str, int, int], None]:
    """Tells of progress until the n-th time, when this process is killed."""
    told = iter(range(n))

    def tell(part: str, done: int, of: int) -> None:
        if next(told, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    return tell


def copy_between(source: str, target: str, tell: Callable[[str, int, int], None]) -> None:
    """Copy, in whatever process this is."""
    with closing(open_store(source)) as one, closing(open_store(target)) as other:
        copy_store(one, other, tell)


@pytest.fixture(params=THERE_AND_BACK, ids="-to-".join)
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The kinds of a source and a target."""
    return request.param


@pytest.fixture
def pair(opened: Opened, small_batches: None, way: tuple[str, str]) -> tuple[GraphStore, GraphStore]:
    """A store with something in it, and an empty one."""
    return filled(opened("source", way[0])), opened("target", way[1])


@pytest.fixture
def urls(tmp_path: Path, small_batches: None, way: tuple[str, str]) -> tuple[str, str]:
    """The same, for processes of their own."""
    source, target = (fresh_url(tmp_path, name, kind) for name, kind in zip(("source", "target"), way, strict=True))
    with closing(open_store(source)) as store:
        filled(store)
    return source, target


def test_killed_it_goes_on_where_it_was(urls: tuple[str, str]) -> None:
    source, target = urls
    counts = []
    for n in (0, 3, 6, 2, 4, 1):
        killed = start(partial(copy_between, source, target, dies_at(n)))
        assert wait(killed) == -signal.SIGKILL
        with closing(open_store(target)) as copy:
            kept, _ = copy.backend.outgoing().status()
            counts.append(sum(Progress.read(kept).counts.values()))
            nothing = copy.view(ANNA)
            assert (nothing.revision, nothing.stats().records, copy.agencies()) == ("", 0, frozenset())
            assert [nothing.loads(), nothing.quarantine(), nothing.documents("chart")] == [(), (), ()]
            with pytest.raises(StoreError, match=r"unfinished copy of .*again"):
                load(copy, [person(1)])
            with pytest.raises(StoreError, match="unfinished copy"):
                copy.remark([person(1).key()], WIDE)
    assert counts == sorted(counts)
    assert len(set(counts)) > 3
    with closing(open_store(source)) as one, closing(open_store(target)) as other:
        found = copy_store(one, other)
        assert found.resumed
        assert seen(one) == seen(other)


def test_killed_at_any_time_it_ends_equal(urls: tuple[str, str]) -> None:
    source, target = urls
    for n in range(4):
        killed_after(0.15 + 0.1 * n, partial(copy_between, source, target, lambda *_: None))
    with closing(open_store(source)) as one, closing(open_store(target)) as other:
        if other.backend.outgoing().status()[0] or not other.view(ANNA).revision:
            copy_store(one, other)
        assert seen(one) == seen(other)


def when(part: str, do: Callable[[], object]) -> Callable[[str, int, int], None]:
    """Does something once, when a part is moving."""
    left = [do]

    def tell(moving: str, done: int, of: int) -> None:
        if moving == part and left:
            left.pop()()

    return tell


def test_what_is_loaded_meanwhile_is_not_in_it(pair: tuple[GraphStore, GraphStore]) -> None:
    source, target = pair
    before = seen(source)

    def change() -> None:
        load(source, [person(i, "Annie") for i in range(0, 300, 2)], "2026-03-01")
        source.withdraw_judgement("0" * 16)
        source.save_document(Document("chart", "Later", 0, "anna", "2026-03-02", {}), "A", WIDE, [])

    found = copy_store(source, target, when("records", change))
    assert seen(target) == before
    assert found.revision == before[0] != seen(source)[0]


@pytest.mark.parametrize("part", ["quarantine", "entities", "records", "check records"])
def test_a_change_of_markings_meanwhile_starts_it_over(pair: tuple[GraphStore, GraphStore], part: str) -> None:
    source, target = pair
    secret = parse_marking("SECRET//REL A")
    with pytest.raises(StoreError, match=r"was changed while it was copied.*starts over"):
        copy_store(source, target, when(part, lambda: source.remark([person(7).key()], secret)))
    assert target.view(ANNA).revision == ""
    assert not copy_store(source, target).resumed
    assert seen(target) == seen(source)


def test_a_load_as_it_begins_starts_it_over(pair: tuple[GraphStore, GraphStore]) -> None:
    source, target = pair
    with pytest.raises(StoreError, match="was changed while it was copied"):
        copy_store(source, target, when("files", lambda: load(source, [person(1)], "2026-03-01")))
    copy_store(source, target)
    assert seen(target) == seen(source)


def test_what_a_load_that_is_not_published_brings_is_not_in_it(pair: tuple[GraphStore, GraphStore]) -> None:
    source, target = pair
    before = seen(source)
    with source.writer(agency="A", by="clerk") as writer:
        writer.put([person(1, "Annie"), person(900)], writer.file("g", "0", "csv"), "2026-04-01")
        copy_store(source, target)
    assert seen(target) == before
    assert load(target, [person(1, "Annie"), person(2)], "2026-04-01") == ["accepted", "unchanged"]


def test_the_next_loads_find_what_they_would_have_found(pair: tuple[GraphStore, GraphStore]) -> None:
    stores = pair
    copy_store(*stores)
    for delivered in ("2026-01-15", "2026-02-01", "2026-03-01"):
        records = [person(0), person(0, "Anna"), person(4), call(4), person(900), person(6, delivered)]
        one, other = [load(store, records, delivered) for store in stores]
        assert one == other
        assert seen(stores[0])[1] == seen(stores[1])[1]


def test_only_an_empty_store_takes_a_copy(pair: tuple[GraphStore, GraphStore], opened: Opened) -> None:
    source, target = pair
    with pytest.raises(UsageError, match=r"nothing in .* to copy: .* wrong way round"):
        copy_store(target, source)
    with pytest.raises(UsageError, match="into itself"):
        copy_store(source, source)
    full = opened("full", SQLITE)
    load(full, [person(1)])
    before = seen(full)
    with pytest.raises(UsageError, match="is not empty"):
        copy_store(source, full)
    assert seen(full) == before
    copy_store(source, target)
    with pytest.raises(UsageError, match="is not empty"):
        copy_store(source, target)


class Stopped(Exception):
    """Ends a copy as an interruption would."""


def stop() -> None:
    raise Stopped


def test_another_store_does_not_go_on_with_a_copy(pair: tuple[GraphStore, GraphStore], opened: Opened) -> None:
    source, target = pair
    other = filled(opened("other", SQLITE), 10)
    with pytest.raises(Stopped):
        copy_store(source, target, when("records", stop))
    with pytest.raises(UsageError, match=r"unfinished copy of .*finish that"):
        copy_store(other, target)
    with pytest.raises(UsageError, match="is an unfinished copy: copy from"):
        copy_store(target, opened("third", SQLITE))
    copy_store(source, target)
    assert seen(target) == seen(source)


@pytest.mark.sqlite_only(reason="changes the copy behind its back, in its file")
def test_a_copy_that_differs_is_not_shown(pair: tuple[GraphStore, GraphStore], tmp_path: Path) -> None:
    source, target = pair

    def spoil() -> None:
        with closing(sqlite3.connect(tmp_path / "target.db")) as db, db:
            db.execute("UPDATE record SET locator = 'row 0' WHERE rid = 5")
            db.execute("DELETE FROM common")

    with pytest.raises(StoreError, match=r"differs from .* in: commons, records, digest of the newest content"):
        copy_store(source, target, when("check classes", spoil))
    assert target.view(ANNA).revision == ""
    copy_store(source, target)
    assert seen(target) == seen(source)


@pytest.mark.sqlite_only(reason="changes the source behind its back, in its file")
def test_a_damaged_record_is_not_copied(pair: tuple[GraphStore, GraphStore], tmp_path: Path) -> None:
    source, target = pair
    with closing(sqlite3.connect(tmp_path / "source.db")) as db, db:
        db.execute("UPDATE record SET source_id = 'p9' WHERE rid = 5")
    with pytest.raises(StoreError, match=r"record \w{32} does not match its key: the store seems to be damaged"):
        copy_store(source, target)
    assert target.view(ANNA).revision == ""


class Ledger(list[Trace]):
    """Keeps all traces."""

    def keep(self, trace: Trace) -> None:
        self.append(trace)


def traced_ends(tmp_path: Path, how: Callable[[GraphStore, GraphStore], object]) -> list[list[tuple[object, ...]]]:
    """The traces in the ledgers of source and target, of a copy that is made and then made again."""
    ends = Ledger(), Ledger()
    with (
        closing(filled(open_store(fresh_url(tmp_path, "source")), n=3)) as source,
        closing(open_store(fresh_url(tmp_path, "target"))) as target,
    ):
        traced = source.with_audit(ends[0]), target.with_audit(ends[1])
        how(*traced)
        with pytest.raises(UsageError, match="not empty"):
            how(*traced)
    return [[(each.viewer, each.what, each.answered, each.refused) for each in end] for end in ends]


def test_a_copy_leaves_a_trace_at_each_end(tmp_path: Path) -> None:
    made, again = ("", "copy_store", None, ""), ("", "copy_store", 0, "UsageError")
    assert traced_ends(tmp_path, copy_store) == [[made, made, again], [made, made, again]]


def test_a_copy_for_a_viewer_leaves_a_trace_at_each_end(tmp_path: Path) -> None:
    source, target = traced_ends(tmp_path, lambda source, target: copy_for_viewer(source, target, ANNA))
    ((*told, count, refused),) = source
    assert (told, refused) == (["anna", "copy_for_viewer"], "")
    assert isinstance(count, int)
    assert count > 0
    made = ("anna", "copy_for_viewer", None, "")
    assert target == [made, made, ("anna", "copy_for_viewer", 0, "UsageError")]
