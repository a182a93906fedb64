"""docs/neo4j.md: its queries return the same as the workbench's functions, and its names exist in the graph."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.analytics.cases import rows_of
from tests.servers import driver
from tests.stores import leased, viewers_in
from workbench import analytics
from workbench.access.audit import NoLedger
from workbench.access.viewer import PRIVILEGE_REVIEW, Viewer
from workbench.commands.demo import build_demo
from workbench.model.ontology import ontology
from workbench.resolve import judge
from workbench.session import Session
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.cypher import run_cypher
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View
from workbench.view.viewers_copy import copy_for_viewer

pytestmark = pytest.mark.neo4j_only(reason="asks real servers")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "neo4j.md"
JOINT = Viewer(name="joint", agencies=frozenset({"NKP", "TRC", "KFIU", "RJP"}), level="SECRET")
QUERIES = re.findall(r"^```cypher\n(.*?)^```", PAGE.read_text("utf-8"), flags=re.M | re.S)
(STATS, SAYS, NEAR, NEARER, MOST, SAME, PHONES, APART, WHEN, JUDGED, SUPERSEDED, LOADS) = QUERIES

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Case:
    """Saltmarsh in a store, the joint viewer's view of it, and his copy."""

    store: GraphStore
    view: View
    url: str
    copy: Database

    def ask(self, query: str, **parameters: Any) -> Rows:
        """What the copy answers, by the command's own function."""
        found = run_cypher(self.copy, query, parameters, audit=NoLedger())
        assert not found.truncated
        return [tuple(tuple(each) if isinstance(each, list) else each for each in row) for row in found.rows]

    def ask_store(self, query: str) -> Rows:
        """The answer of the store itself to its operator."""
        with driver(self.url) as keeper:
            return [tuple(row.values()) for row in keeper.execute_query(query).records]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("saltmarsh")
    with leased(folder) as url, leased(folder, "copy") as copied, viewers_in(folder):
        build_demo(url)
        with closing(open_store(url)) as store:
            _judge(store)
            with closing(open_store(copied)) as target:
                copy_for_viewer(store, target, JOINT)
            with closing(Database(address_of(copied))) as copy:
                yield Case(store, store.view(JOINT), url, copy)


def session_of(store: GraphStore) -> Session:
    """All of the case."""
    return Session(store, lambda: JOINT)


def _judge(store: GraphStore) -> None:
    view = store.view(JOINT)
    a, b, c, *_ = session_of(store).frame("Person").index
    judge(store, view, a, b, "different", "other birthdays", by="ann")
    judge(store, store.view(JOINT), a, c, "same", "the same photograph", by="ann")


def persons(case: Case) -> list[str]:
    """Every fifth person."""
    return list(session_of(case.store).frame("Person").index)[::5]


def test_how_much_there_is(case: Case) -> None:
    assert dict(case.ask(STATS)) == case.view.stats().entities


def test_who_says_what(case: Case) -> None:
    for entity in persons(case):
        found = case.ask(SAYS, entity=entity)
        lines = case.view.entity(entity).values
        assert {row[:3] + row[5:6] for row in found} == {(v.record, v.dataset, v.marking, v.locator) for v in lines}
        for key, *_, path, place, body in found:
            record = case.view.record(key)
            assert (record.provenance.path, record.record.locator) == (path, place)
            assert set(json.loads(body)["p"]) == set(record.record.values())


@pytest.mark.parametrize(("query", "hops"), [(NEAR, 1), (NEARER, 2)])
def test_who_is_near(case: Case, query: str, hops: int) -> None:
    for entity in persons(case):
        found = {row[0] for row in case.ask(query, entity=entity)}
        assert found | {entity} == set(case.view.neighbours(entity, hops).entities)


def test_who_has_most_to_do_with_others(case: Case) -> None:
    everybody = sorted({row[0] for row in case.view.clusters()})
    others = [(entity, len(case.view.neighbours(entity).entities) - 1) for entity in everybody]
    assert case.ask(MOST) == sorted(others, key=lambda each: (-each[1], each[0]))[:10]


def test_which_referents_are_one(case: Case) -> None:
    several = Counter(row[0] for row in case.view.clusters())
    expected = {
        (entity, dataset, source_id) for entity, dataset, source_id in case.view.clusters() if several[entity] > 1
    }
    found = {(entity, *each.split(" ", 1)) for entity, referents in case.ask(SAME) for each in referents}
    assert found == expected
    assert len(found) > 100


def test_which_phones_have_several_holders(case: Case) -> None:
    frame = session_of(case.store).frame("Holding")[["holder", "held"]].drop_duplicates()
    phones = set(session_of(case.store).frame("Phone").index)
    counts = frame[frame["held"].isin(phones)].groupby("held")["holder"].nunique()
    expected = [(phone, n) for phone, n in counts.items() if n > 1]
    assert case.ask(PHONES) == sorted(expected, key=lambda each: (-each[1], each[0]))
    assert expected


def test_how_far_two_are_apart(case: Case) -> None:
    own = case.view.within(["NKP"])
    alone = [row[0] for row in own.clusters() if own.canonical(row[0]) == row[0]][::30]
    compared = 0
    for a, b in combinations(alone, 2):
        if any(len(own.entity(each).referents) > 1 for each in (a, b)):
            continue
        found = rows_of(analytics.paths(own, a, b, count_common=True, k=1))
        steps = case.ask(APART, a=a, b=b, dataset="NKP/exploitation")
        assert [row[0] for row in steps] == [row["length"] for row in found if row["length"] <= 8]
        compared += bool(steps)
    assert compared > 3


def test_when_it_was_called(case: Case) -> None:
    dates = session_of(case.store).frame("Call")["date"]
    counts = Counter((int(date[:4]), int(date[5:7])) for date in dates if date)
    assert case.ask(WHEN) == [(year, month, n) for (year, month), n in sorted(counts.items())]


def test_what_people_judged(case: Case) -> None:
    expected = [(j.id, j.verdict, j.a, j.b, j.by, j.why) for j in case.view.judgements()]
    assert case.ask(JUDGED) == expected
    assert len(expected) == 2


def test_what_was_superseded(case: Case) -> None:
    earlier = [case.store.view(JOINT, revision=token) for token, _ in case.view.history()]
    ended = {key for view in earlier for key in view.keys()} - set(case.view.keys())  # noqa: SIM118 - a method
    assert {row[0] for row in case.ask_store(SUPERSEDED)} == ended


def test_what_came_in_with_which_load(case: Case) -> None:
    seen = case.store.view(JOINT.model_copy(update={"purposes": (PRIVILEGE_REVIEW,)}))
    expected = [(e.id, e.agency, e.dataset, e.adapter, e.by, e.delivered) for e in seen.loads()]
    assert case.ask_store(LOADS) == expected
    assert len(expected) > 3


def test_there_are_ten_and_two_for_the_keeper() -> None:
    assert len(QUERIES) == 12


# -- names ----------------------------------------------------------------------------------------


def test_every_label_and_type_of_the_graph_is_told(case: Case) -> None:
    told = PAGE.read_text("utf-8")
    labels = {row[0] for row in case.ask_store("MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label")}
    assert [each for each in sorted(labels - set(ontology().schemata)) if f"`{each}`" not in told] == []
    types = {row[0] for row in case.ask_store("MATCH ()-[r]->() RETURN DISTINCT type(r)")}
    listed = {ontology().arrow(s.name, *ontology().ends(s.name)).type for s in ontology().concrete() if s.edge}
    untold = [each for each in sorted(types - listed) if f"`{each}`" not in told]
    assert all(re.fullmatch(r"[A-Z_]+", each) for each in untold)
