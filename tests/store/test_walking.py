"""A walk through the store finds what a walk through a snapshot finds, in every view."""

from collections.abc import Callable

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings

from tests.store.oracle.draw import VIEWERS, worlds
from tests.store.oracle.operations import Operation, perform
from workbench.store import grounds, walking
from workbench.store.base import GraphStore
from workbench.store.view import View
from workbench.store.walking import Walk

_FEW = settings(max_examples=settings().max_examples // 6, suppress_health_check=[*HealthCheck])


@pytest.fixture(params=["as at work", "crowds everywhere"], autouse=True)
def _crowds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the few ties of an example be as many as those of a hub, all of which are not asked for in one go."""
    if request.param == "crowds everywhere":
        monkeypatch.setattr(walking, "_CROWD", 1)
        monkeypatch.setattr(walking, "_UNASKED", 0)
        monkeypatch.setattr(grounds, "_AT_ONCE", 2)


def views(store: GraphStore, operations: list[Operation]) -> list[tuple[View, View]]:
    """Two views of each viewer, of all revisions that he is shown; the second one has its snapshot at hand."""
    for operation in operations:
        perform(store, operation)
    found = []
    for viewer in VIEWERS:
        for purpose in viewer.purposes:
            for token, _ in store.view(viewer, purpose=purpose).history():
                cold, warm = (store.view(viewer, purpose=purpose, revision=token) for _ in range(2))
                warm.snapshot()
                found.append((cold, warm))
    return found


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
                for longer_by in (0, 1, 2):
                    found, known = cold.between(a, b, longer_by), warm.between(a, b, longer_by)
                    _check(graph, a, b, longer_by, found)
                    _check(graph, a, b, longer_by, known)
                    assert (found and found.ties) == (known and known.ties)


def _check(graph: "nx.MultiGraph[str]", a: str, b: str, longer_by: int, found: Walk | None) -> None:
    there, back = (nx.single_source_shortest_path_length(graph, end) for end in (a, b))
    if b not in there:
        assert found is None
        return
    assert found is not None
    most = there[b] + longer_by
    assert list(found.entities) == [each for each in sorted(there) if there[each] + back[each] <= most]
    ways = [(x, y) for x, y in graph.edges(there) if min(there[x] + back[y], there[y] + back[x]) < most]
    assert sorted(map(sorted, ways)) == sorted(sorted((tie.a, tie.b)) for tie in found.ties)
