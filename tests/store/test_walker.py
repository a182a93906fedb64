"""A walk finds in any source what distances imply, however it asks the source."""

from collections.abc import Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from workbench.store.columns import Bool
from workbench.store.steps import Places, Steps
from workbench.view import walking
from workbench.view.walking import Reached, Walker

Edges = Sequence[tuple[int, int]]

_SIZE = 9
_EDGES = st.lists(st.tuples(*[st.integers(0, _SIZE - 1)] * 2).filter(lambda ends: ends[0] != ends[1]), max_size=30)

# Two ways from 0 to 1: by 3, a crowd, and by 2, which is none.
_BESIDE_A_CROWD = [(0, 2), (0, 3), (2, 1), (3, 1), (3, 4), (1, 6), (1, 7), (1, 8), (1, 6), (1, 7)]
# 2 is on the fronts of both 0 and 1, where the crowd 3 is on that of 0.
_ON_BOTH_FRONTS = [(0, 2), (0, 3), (2, 1), (2, 3), *[(3, each) for each in (4, 5, 7, 8)], (1, 6)]
_ON_BOTH_FRONTS += [(6, each) for each in (4, 5, 7, 8, 7, 8, 4)]


class Asked:
    """A source of some edges, and what was asked of it.

    With `known`, it has numbers for as many entities at first, and for others as it tells of them.
    """

    def __init__(self, edges: Edges, size: int = _SIZE, known: int | None = None) -> None:
        self.size = size if known is None else known
        self.all_of: list[int] = []
        self.some_of: list[int] = []
        self._edges = [(*ends, i) for i, (a, b) in enumerate(edges) for ends in ((a, b), (b, a))]
        self._ties: Places = np.bincount(np.array([near for near, *_ in self._edges], dtype=np.int64), minlength=size)

    def ties_of(self, places: Places) -> Places:
        return self._ties[places]

    def in_order(self, places: Places) -> Places:
        return np.sort(places)

    def _found(self, near: Places, far: Places) -> Steps:
        kept = [step for step in self._edges if step[0] in near and step[1] in far]
        self.size = max([self.size, *(end + 1 for step in kept for end in step[:2])])
        return Steps(*np.array(kept, dtype=np.int64).reshape(-1, 3).T)

    def steps(self, places: Places) -> Steps:
        assert len(places) == len(np.unique(places))
        self.all_of += places.tolist()
        return self._found(places, np.arange(len(self._ties)))

    def bridges(self, some: Places, others: Places) -> Steps:
        self.some_of += some.tolist()
        return self._found(some, others)


def graph_of(edges: Edges) -> "nx.MultiGraph[int]":
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    graph.add_nodes_from(range(_SIZE))
    graph.add_edges_from((a, b, i) for i, (a, b) in enumerate(edges))
    return graph


def check(graph: "nx.MultiGraph[int]", a: int, b: int, longer_by: int, found: Reached | None) -> None:
    there, back = (nx.single_source_shortest_path_length(graph, end) for end in (a, b))
    if b not in there:
        assert found is None
        return
    assert found is not None
    length = there[b] + longer_by
    assert found.places.tolist() == [each for each in sorted(there) if there[each] + back[each] <= length]
    fitting = [i for x, y, i in graph.edges(there, keys=True) if min(there[x] + back[y], there[y] + back[x]) < length]
    assert sorted(found.steps.tie.tolist()) == sorted(fitting)


@pytest.mark.parametrize(("crowd", "unasked"), [(500, 500), (500, 0), (1, 0), (2, 4), (3, 0), (4, 0)])
@settings(suppress_health_check=[*HealthCheck])
@given(edges=_EDGES, shut=st.sets(st.integers(0, _SIZE - 1), max_size=4))
@example(edges=_BESIDE_A_CROWD, shut=set())
@example(edges=_ON_BOTH_FRONTS, shut=set())
def test_between_is_what_distances_say(
    monkeypatch: pytest.MonkeyPatch, crowd: int, unasked: int, edges: Edges, shut: set[int]
) -> None:
    """For a walker's first search, and for a repeated one."""
    monkeypatch.setattr(walking, "_CROWD", crowd)
    monkeypatch.setattr(walking, "_UNASKED", unasked)
    whole = graph_of(edges)
    for a, b in ((a, b) for a in (0, 1) for b in range(_SIZE)):

        def closed(places: Places) -> Bool:
            return np.isin(places, sorted(shut))

        graph = whole.subgraph(set(range(_SIZE)) - (shut - {a, b}))
        again = Asked(edges, known=max(a, b) + 1)
        walker = Walker(again, closed, (a, b))
        for longer_by in (0, 1, 2, 0):
            asked = Asked(edges)
            check(graph, a, b, longer_by, Walker(asked, closed, (a, b)).between(a, b, longer_by))
            found = walker.between(a, b, longer_by)
            check(graph, a, b, longer_by, found)
            if found:
                check_inside(graph, walker, found, nx.shortest_path(graph, a, b))
            assert len(asked.all_of) == len(set(asked.all_of))
        assert len(again.all_of) == len(set(again.all_of))
        assert not (shut - {a, b}) & {*again.all_of, *again.some_of}


def check_inside(graph: "nx.MultiGraph[int]", walker: Walker, found: Reached, path: list[int]) -> None:
    """`among` gives all ties among reached entities, even off the path; `along` those between each and the next."""
    inside = graph.subgraph(found.places.tolist())
    assert set(walker.among(found.places).tie.tolist()) == {i for *_, i in inside.edges(keys=True)}
    steps, along = {frozenset(pair) for pair in pairwise(path)}, walker.along(np.array(path))
    assert along.places.tolist() == path
    ties = [i for x, y, i in inside.edges(keys=True) if frozenset((x, y)) in steps]
    assert sorted(along.steps.tie.tolist()) == sorted(ties)


@given(edges=_EDGES, hops=st.integers(0, 4))
def test_around_is_what_distances_say(edges: Edges, hops: int) -> None:
    graph = graph_of(edges)
    found = Walker(Asked(edges, known=1)).around(0, hops)
    near = nx.single_source_shortest_path_length(graph, 0, cutoff=hops)
    assert found.places.tolist() == sorted(near)
    walked = [i for x, y, i in graph.edges(near, keys=True) if min(near.get(x, hops), near.get(y, hops)) < hops]
    assert sorted(found.steps.tie.tolist()) == sorted(walked)


def test_a_walk_ends_where_nothing_more_can_be_reached() -> None:
    assert Walker(Asked([(0, 1), (1, 2)])).around(0, 10**12).places.tolist() == [0, 1, 2]


def _stars(*middles: int, rays: int) -> list[tuple[int, int]]:
    first = 10
    return [(middle, first + rays * i + j) for i, middle in enumerate(middles) for j in range(rays)]


def test_a_crowd_in_the_middle_is_asked_for_those_who_matter() -> None:
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), *_stars(1, 3, rays=600)]
    asked = Asked(edges, size=2_000)
    found = Walker(asked).between(0, 4)
    assert found is not None
    assert found.places.tolist() == [0, 1, 2, 3, 4]
    assert asked.some_of
    # 1 and 3 do not know each other, so that both have to be asked for all that they know
    assert {1, 3} <= set(asked.all_of)


def test_two_crowds_that_know_each_other_are_not_asked_for_all_that_they_know() -> None:
    edges = [(0, 1), (1, 2), (2, 3), *_stars(1, 2, rays=600)]
    asked = Asked(edges, size=2_000)
    found = Walker(asked).between(0, 3)
    assert found is not None
    assert found.places.tolist() == [0, 1, 2, 3]
    assert sorted(found.steps.tie.tolist()) == [0, 1, 2]
    assert set(asked.all_of) == {0, 3}
