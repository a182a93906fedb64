"""Paths along all ties, found by walking (on a server in the database), equal those on the whole graph."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import combinations, islice, pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.analytics.cases import AGENCIES, EVERYBODY, eid, filled, person, tie
from tests.analytics.oracle import Case, everything
from tests.analytics.worlds import cases
from tests.stores import examples, leased
from workbench.access.viewer import Viewer
from workbench.analytics import paths
from workbench.analytics.paths import _LONGER_BY
from workbench.app.chart import Chart
from workbench.app.pathway import pathway
from workbench.model.marking import parse_marking
from workbench.model.record import Record
from workbench.resolve.common import common_values
from workbench.view import walking
from workbench.view.store import GraphStore
from workbench.view.view import View

pytestmark = [
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),  # what a failing example is shown as
    pytest.mark.each_store(reason="a server that can walk is asked, and on SQLite the snapshot"),
]

_FEW = settings(max_examples=examples(10), suppress_health_check=[*HealthCheck], phases=[Phase.generate])
_MARKINGS = ("OPEN//REL AAA,BBB,CCC,DDD", "OPEN//REL AAA", "OPEN//REL BBB//HC H1", "SECRET//REL AAA,BBB//HC H2")
_VIEWERS = (
    EVERYBODY,
    Viewer(name="b", agencies=frozenset({"BBB"}), level="SECRET"),
    Viewer(name="low", agencies=frozenset(AGENCIES), level="OPEN"),
)


@pytest.fixture(params=["as at work", "crowds everywhere"], autouse=True)
def _crowds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limits, so that the few ties of an example count as those of a hub."""
    if request.param == "crowds everywhere":
        monkeypatch.setattr(walking, "_CROWD", 1)
        monkeypatch.setattr(walking, "_UNASKED", 0)


@contextmanager
def stored(records: Sequence[Record]) -> Iterator[GraphStore]:
    """A new store with these records."""
    with tempfile.TemporaryDirectory() as folder, leased(Path(folder)) as url:
        store = filled(url, records)
        try:
            yield store
        finally:
            store.close()


def on_the_whole(graph: "nx.Graph[str]", a: str, b: str, k: int) -> list[list[str]]:
    """The first paths by networkx: for each length, in the part of the graph that can have such a path.

    This also defines the order of equal paths.
    """
    there, back = (nx.single_source_shortest_path_length(graph, end) for end in (a, b))
    return list(islice(_by_length(graph, a, b, there, back), k)) if b in there else []


def _by_length(graph: "nx.Graph[str]", a: str, b: str, there: Any, back: Any) -> Iterator[list[str]]:
    for length in range(there[b], there[b] + _LONGER_BY + 1):
        part: nx.Graph[str] = nx.Graph()
        part.add_nodes_from(each for each in sorted(there) if there[each] + back[each] <= length)
        part.add_edges_from(sorted((x, y) for x in part for y in graph[x] if y in part))
        found = nx.shortest_simple_paths(part, a, b)
        yield from (path for path in found if len(path) - 1 == length)


def ties_of(records: Sequence[Record], case: Case) -> dict[frozenset[str], set[str]]:
    """The keys of the records that tie each pair of entities."""
    found: dict[frozenset[str], set[str]] = {}
    for each in records:
        for _, _, a, b in case.pairs(each):
            found.setdefault(frozenset((a, b)), set()).add(each.key())
    return found


@_FEW
@given(cases(), st.lists(st.sampled_from(_MARKINGS), min_size=1, max_size=5), st.booleans(), st.integers(0, 5))
def test_paths_are_those_of_the_whole_graph(
    drawn: list[Record], marks: list[str], count_common: bool, first: int
) -> None:
    """Between all pairs of some entities, for each viewer, in views with and without a snapshot."""
    marked = [parse_marking(marks[n % len(marks)], each.dataset.agency) for n, each in enumerate(drawn)]
    records = [replace(each, marking=marking) for each, marking in zip(drawn, marked, strict=True)]
    with stored(records) as store:
        for viewer in _VIEWERS:
            warm = store.view(viewer)
            assert warm.snapshot().csr.size == len(warm.snapshot().nodes)
            shown = [each.record for each in warm.records(warm.keys())]
            case = Case(warm, shown)
            by_pair = ties_of(shown, case)
            for a, b in combinations(warm.snapshot().ids[first::6], 2):
                graph = everything(_counted(case, count_common, a, b), False, True)
                graph.add_nodes_from((a, b))
                for view in (store.view(viewer), warm):
                    found = paths(view, a, b, count_common=count_common, k=4)
                    walked = [list(row.entities) for row in found.results]
                    assert walked == on_the_whole(graph, a, b, 4)
                    steps = {frozenset(pair) for path in walked for pair in pairwise(path)}
                    assert found.records == tuple(sorted(set().union(*(by_pair[pair] for pair in steps))))
                    held = {c for e in shown if e.key() in found.records for c in e.marking.handling}
                    assert set(found.handling) == held
                    on_it = {each for path in walked for each in path} or {a, b}
                    near = on_it.union(*(pair for pair in by_pair if pair & on_it))
                    common = () if count_common else common_values(warm)
                    wanted = [(each.kind, each.value) for each in common if each.entity in near]
                    assert sorted((row["kind"], row["value"]) for row in found.set_aside) == sorted(wanted)


def _counted(case: Case, count_common: bool, *ends: str) -> Case:
    """The case in which common values are those that carry no path between two ends."""
    common = set() if count_common else case.common() - set(ends)
    case = Case(case.view, case.records)
    case.common = lambda: common  # type: ignore[method-assign]
    return case


CHAIN = [*(person(p) for p in "abcdxyz"), *(tie("Family", person=p, relative=q) for p, q in pairwise("abcd"))]


@pytest.mark.neo4j_only(reason="SQLite walks in the snapshot of a view")
def test_a_server_is_asked_from_both_ends_and_no_snapshot_of_ties_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    far = [tie("Family", person="x", relative=q) for q in "yz"]
    with stored([*CHAIN, *far]) as store:
        view = store.view(EVERYBODY)
        view._identity()  # who is who is computed of the whole view
        walks, asked = view._backend.walks, []
        assert walks is not None
        ask = walks.ties_at
        monkeypatch.setattr(walks, "ties_at", lambda *given: asked.append(given[1]) or ask(*given))
        monkeypatch.setattr(view._backend, "columns", partial(pytest.fail, "the columns are read again"))
        assert [row.length for row in paths(view, eid("a"), eid("d")).results] == [3]
        numbers = {int(n) for questions in asked for part in questions for n in part}
        columns, entities = view._columns(), view._numbers().entities
        told = {columns.id_of(int(np.flatnonzero(entities == number)[0])) for number in numbers}
        assert {eid("a"), eid("d")} <= told <= {eid(p) for p in "abcd"}
        found = pathway(view, Chart(start=eid("a"), end=eid("d")))
        assert found is not None
        assert len(found.routes[0].steps) == 3
        assert not view.snapshot().has_ties_at_hand


def test_a_snapshot_that_has_its_ties_is_walked_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with stored(CHAIN) as store:
        view: View = store.view(EVERYBODY)
        assert len(view.snapshot().a) == 3
        monkeypatch.setattr(view._backend, "walks", None)
        assert [row.length for row in paths(view, eid("a"), eid("d")).results] == [3]
