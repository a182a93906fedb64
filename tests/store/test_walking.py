"""Walks in the store and in a snapshot find the same, in every view."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import LiteralString

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.conformance.oracle.draw import VIEWERS, worlds
from tests.conformance.oracle.operations import Operation, perform
from tests.servers import driver
from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.model.ids import entity_id
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Role
from workbench.store.steps import Places, Steps
from workbench.view import walk_sources, walking
from workbench.view.source_of import in_store
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View
from workbench.view.walking import Walk

# What a failing example is shown as.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

_FEW = settings(max_examples=max(5, settings().max_examples // 8), suppress_health_check=[*HealthCheck])


@pytest.fixture(params=["as at work", "crowds everywhere"], autouse=True)
def _crowds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the few ties of an example be as many as those of a hub, all of which are not asked for in one go."""
    if request.param == "crowds everywhere":
        monkeypatch.setattr(walking, "_CROWD", 1)
        monkeypatch.setattr(walking, "_UNASKED", 0)
        monkeypatch.setattr(walk_sources, "_AT_ONCE", 2)


def views(store: GraphStore, operations: list[Operation]) -> list[tuple[View, View]]:
    """Two views for each viewer and each revision he is shown; the second one has its arrays of ties.

    Where the store walks by itself, the first one does not look up who is who.
    """
    for operation in operations:
        perform(store, operation)
    found = []
    for viewer in VIEWERS:
        for purpose in viewer.purposes:
            for token, _ in store.view(viewer, purpose=purpose).history():
                cold, warm = (store.view(viewer, purpose=purpose, revision=token) for _ in range(2))
                assert warm.snapshot().csr.size == len(warm.snapshot().nodes)
                found.append((_walking(cold), warm))
    return found


def _walking(view: View) -> View:
    """A view that walks in its store, if that can walk, because it has its identity at hand."""
    if view._backend.walks:
        view._identity()
    return view


@_FEW
@given(operations=worlds())
def test_neighbours_are_the_same(new_store: Callable[[], GraphStore], operations: list[Operation]) -> None:
    for cold, warm in views(new_store(), operations):
        for entity in warm.snapshot().ids:
            for hops in (0, 1, 2):
                found, known = cold.neighbours(entity, hops), warm.neighbours(entity, hops)
                assert found.entities == known.entities
                assert found.ties == known.ties


@_FEW
@given(operations=worlds())
def test_between_is_what_distances_say(new_store: Callable[[], GraphStore], operations: list[Operation]) -> None:
    for cold, warm in views(new_store(), operations):
        snapshot = warm.snapshot()
        graph = nx.MultiGraph()
        graph.add_nodes_from(snapshot.ids)
        ends = zip(snapshot.a, snapshot.b, strict=True)
        graph.add_edges_from((snapshot.id_at(a), snapshot.id_at(b)) for a, b in ends)
        for a in snapshot.ids[:3]:
            for b in snapshot.ids[-3:]:
                for without in ((), snapshot.ids[1:2], snapshot.ids[::2]):
                    open_ = graph.subgraph(set(graph) - (set(without) - {a, b}))
                    found, known = (view.between(a, b, without) for view in (cold, warm))
                    assert (found is None) == (known is None) == (not nx.has_path(open_, a, b))
                    for longer_by in (0, 1, 2) if found and known else ():
                        _check(open_, a, b, longer_by, found.longer_by(longer_by))
                        assert found.longer_by(longer_by).entities == known.longer_by(longer_by).entities
                        assert found.longer_by(longer_by).ties == known.longer_by(longer_by).ties


@pytest.mark.neo4j_only(reason="SQLite walks in the snapshot of a view")
@_FEW
@given(operations=worlds())
def test_a_store_at_rest_tells_what_the_view_holds(
    new_store: Callable[[], GraphStore], operations: list[Operation]
) -> None:
    store = new_store()
    for cold, _ in views(store, operations):
        stored = in_store(cold, cold._backend.walks)
        everybody = np.arange(len(stored.canonical))
        told = store.backend.walks.ties_at(stored.scope, [stored.numbers.entities], stored._shapes)
        ends = (stored.numbers.of_entities(end) for end in (told.near, told.far))
        assert _steps(*ends, told.tie) == _steps(*_parts(stored._from(everybody)))


@pytest.mark.neo4j_only(reason="spoils the copies that a server keeps for those who query it")
@pytest.mark.parametrize("spoil", ["DELETE r", "CREATE (a)-[s:$(type(r))]->(b) SET s = properties(r)"])
def test_a_tie_that_a_server_tells_of_twice_or_not_at_all_is_told_of_once(tmp_path: Path, spoil: LiteralString) -> None:
    """Like ties that are moved to the past during a walk."""
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        number, person = (entity_id("NKP", "case", each) for each in ("n", "p3"))
        with store.writer(agency="NKP", by="test") as writer:
            file = writer.file("calls.csv", "0" * 64, "csv 1")
            writer.put([_call(i) for i in range(8)], file, "2026-01-01")
            writer.publish(dataset="case", adapter="csv 1", files=())
        viewer = Viewer(name="v", agencies=frozenset({"NKP"}), level="SECRET")
        walks = [
            lambda: _walking(store.view(viewer)).neighbours(number),
            lambda: _walking(store.view(viewer)).neighbours(person, 2),
            lambda: _between(_walking(store.view(viewer)), person, entity_id("NKP", "case", "p4")),
        ]
        before = [(walk.entities, walk.ties) for walk in (each() for each in walks)]
        with driver(url) as spoiling:
            spoilt = "MATCH (a:Entity)-[r]->(b:Entity) WHERE r.rid IS NOT NULL WITH a, r, b ORDER BY r.rid LIMIT 5 "
            assert spoiling.execute_query(spoilt + spoil).summary.counters.contains_updates
        assert [(walk.entities, walk.ties) for walk in (each() for each in walks)] == before
        assert len(before[0][1]) == 8


def _between(view: View, a: str, b: str) -> Walk:
    found = view.between(a, b)
    assert found is not None
    return found.longer_by(1)


def _call(i: int) -> Record:
    roles = (Role("caller", f"p{i}"), Role("callee", "n"))
    return Record("Call", Dataset("NKP", "case"), f"c{i}", {}, parse_marking("SECRET", "NKP"), roles=roles)


def _parts(steps: Steps) -> tuple[Places, Places, Places]:
    return steps.near, steps.far, steps.tie


def _steps(*columns: Places) -> list[list[int]]:
    return sorted(np.stack(columns, axis=1).tolist())


def _check(graph: "nx.MultiGraph[str]", a: str, b: str, longer_by: int, found: Walk) -> None:
    there, back = (nx.single_source_shortest_path_length(graph, end) for end in (a, b))
    most = there[b] + longer_by
    assert list(found.entities) == [each for each in sorted(there) if there[each] + back[each] <= most]
    ways = [(x, y) for x, y in graph.edges(there) if min(there[x] + back[y], there[y] + back[x]) < most]
    assert sorted(map(sorted, ways)) == sorted(sorted((tie.a, tie.b)) for tie in found.ties)
