"""Positions equal networkx's, and outsiders are never key players."""

from importlib import import_module
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from tests.analytics.oracle import PROJECTIONS, Case
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import communities, joint_value, key_players, networkx_graph
from workbench.errors import UsageError
from workbench.model.record import Record


@settings(max_examples=examples(40))
@given(cases(), st.sampled_from(sorted(PROJECTIONS)), st.sampled_from(("betweenness", "degree")))
def test_degree_betweenness_and_rank_are_those_of_networkx(records: list[Record], name: str, measure: str) -> None:
    with seen(records) as view:
        found = key_players(view, name, measure, limit=1000)
        graph = PROJECTIONS[name](Case(view, records), False, False)
        between = nx.betweenness_centrality(graph)
        degree = dict(graph.to_undirected().degree)
        rows = rows_of(found)
        assert {row["id"]: row["degree"] for row in rows} == degree
        assert {row["id"]: row["betweenness"] for row in rows} == pytest.approx(between, rel=1e-9)
        scores = [row[measure] for row in rows]
        assert [row["rank"] for row in rows] == [1 + sum(other > score for other in scores) for score in scores]
        assert rows == tuple(sorted(rows, key=lambda row: (row["rank"], row["id"])))
        assert found.measured["estimated"] is False
        assert (found.measured["entities"], found.measured["ties"]) == (len(graph), graph.number_of_edges())


def test_a_finding_says_what_it_rests_on() -> None:
    records = [person(p) for p in "abc"] + [tie("Family", person="a", relative="b"), person("d")]
    records += [tie("Family", person="b", relative="c", marking="OPEN//REL AAA,BBB//HC H2,H1")]
    with seen(records) as view:
        found = key_players(view).to_dict()
        keys = [each.key() for each in records if each.roles]
        assert list(found) == [
            "kind", "caution", "asked", "measured", "seed", "revision", "results", "records", "set_aside", "handling",
        ]  # fmt: skip
        assert found["records"] == sorted(keys)
        assert found["handling"] == ["H1", "H2"]
        assert found["revision"] == view.revision
        first = {"id": eid("b"), "caption": "Person b", "rank": 1, "degree": 2, "betweenness": 1.0, "score": 1.0}
        assert found["results"][0].items() >= first.items()
        assert len(found["results"]) == 3


def test_common_values_are_set_aside_and_shown_or_counted() -> None:
    """If a formation agent's address counts, it makes the wrong key player."""
    crowd = [person(f"x{n}") for n in range(13)] + [thing("Address", "agent", full="1 Agent Street")]
    crowd += [tie("Residence", resident=f"x{n}", place="agent") for n in range(13)]
    chain = [person(p) for p in "abc"] + [tie("Family", person=x, relative=y) for x, y in ("ab", "bc")]
    chain += [tie("Family", person="a", relative="x0"), tie("Family", person="x0", relative="x1")]
    with seen(crowd + chain) as view:
        careful, naive = key_players(view), key_players(view, count_common=True)
        assert careful.set_aside == ({"value": "1 Agent Street", "kind": "address", "n": 13},)
        assert naive.set_aside == ()
        assert rows_of(careful)[0]["id"] == eid("a")
        assert rows_of(naive)[0]["id"] == eid("x0")


def paths_of(*lengths: int) -> list[Record]:
    """Persons in a path, then others in another."""
    ends = [(f"{n}-{step:02}", f"{n}-{step + 1:02}") for n, many in enumerate(lengths) for step in range(many - 1)]
    known = [person(f"{n}-{step:02}") for n, many in enumerate(lengths) for step in range(many)]
    return known + [tie("Family", person=a, relative=b) for a, b in ends]


def test_equals_have_the_same_rank_and_come_by_id() -> None:
    with seen(paths_of(3, 4, 4, 5)) as view:
        rows = rows_of(key_players(view))
        assert [row["rank"] for row in rows] == [1, 2, 2, 4, 4, 4, 4, 8] + [9] * 8
        twos = [eid(each) for each in ("1-01", "1-02", "2-01", "2-02")]
        assert [row["id"] for row in rows[3:7]] == sorted(twos)
        by_degree = rows_of(key_players(view, measure="degree"))
        assert [row["rank"] for row in by_degree] == [1] * 8 + [9] * 8
        assert [row["id"] for row in by_degree[:8]] == sorted(row["id"] for row in rows[:8])


def test_a_part_too_large_is_estimated_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("workbench.analytics.betweenness"), "_FEWEST_SOURCES", 30)
    with seen(paths_of(60, 5)) as view:
        exact = key_players(view)
        assert exact.measured["estimated"] is False
        assert "sources" not in exact.measured
        assert exact.estimated == ""
        monkeypatch.setattr(import_module("workbench.analytics.betweenness"), "_SAMPLED", 1)
        monkeypatch.setattr(import_module("workbench.analytics.betweenness"), "_EXACT_UP_TO", 2 * 59 * 45)
        one, other = key_players(view, seed=1), key_players(view, seed=1)
        told = {name: one.measured[name] for name in ("estimated", "sources", "sources_possible")}
        assert told == {"estimated": True, "sources": 45, "sources_possible": 60}
        assert one.estimated == "Betweenness is estimated from 45 of 60 sources."
        assert one == other
        assert joint_value(view).measured.items() >= told.items()
        by_degree = key_players(view, measure="degree")
        assert by_degree.estimated == ""
        assert {row.betweenness for row in by_degree.results} == {None}
        assert [row.cell("betweenness", {}) for row in by_degree.results[:1]] == ["not computed"]
        assert by_degree.frame()["betweenness"].isna().all()


@settings(max_examples=examples(25))
@given(cases(), st.sampled_from(sorted(PROJECTIONS)))
def test_closeness_and_pagerank_are_those_of_networkx(records: list[Record], name: str) -> None:
    with seen(records) as view:
        graph = PROJECTIONS[name](Case(view, records), False, False)
        true = {"closeness": nx.closeness_centrality(graph), "pagerank": nx.pagerank(graph, tol=1e-12, max_iter=1000)}
        for measure, scores in true.items():
            found = key_players(view, name, measure, limit=1000)
            assert {row.id: row.score for row in found.results} == pytest.approx(scores, rel=1e-6)


def test_closeness_of_a_sample_of_all_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    row = [tie("Family", person=a, relative=b) for a, b in pairwise("abcdefg")]
    with seen([*(person(each) for each in "abcdefg"), *row]) as view:
        exact = key_players(view, measure="closeness")
        monkeypatch.setattr(import_module("workbench.analytics.positions"), "_EXACT_UP_TO", 0)
        for seed in range(3):
            sampled = key_players(view, measure="closeness", seed=seed)
            assert [(row.id, row.score) for row in sampled.results] == [(row.id, row.score) for row in exact.results]
            assert (sampled.measured["sources"], sampled.measured["sources_possible"]) == (7, 7)


@settings(max_examples=examples(25))
@given(cases(), st.sampled_from(sorted(PROJECTIONS)))
def test_brokerage_is_that_of_counted_pairs(records: list[Record], name: str) -> None:
    with seen(records) as view:
        graph = PROJECTIONS[name](Case(view, records), False, False)
        partition = communities(view, name).results
        groups = {
            "brokerage": {who: {number} for number, row in enumerate(partition) for who in row.members},
            "brokerage-agencies": {who: {each.agency for each in view.entity(who).referents} for who in graph},
        }
        for measure, of in groups.items():
            found = key_players(view, name, measure, limit=1000)
            assert {row.id: row.score for row in found.results} == {who: pairs_of(graph, who, of) for who in graph}


def pairs_of(graph: "nx.Graph[str]", broker: str, groups: dict[str, set[str]]) -> int:
    """The pairs of a broker, counted one by one."""
    sides = (graph.predecessors, graph.successors) if graph.is_directed() else (graph.neighbors,) * 2
    pairs = {(x, y) for x in sides[0](broker) for y in sides[1](broker) if x != y and not graph.has_edge(x, y)}
    apart = {pair for pair in pairs if all(groups[end] for end in pair) and not groups[pair[0]] & groups[pair[1]]}
    return len(apart) if graph.is_directed() else len(apart) // 2


def test_brokerage_between_countries_is_by_what_records_say() -> None:
    """b stands between a Dutch and a Greek person; who is of no country makes no pair, nor do two of one country."""
    records = [person("a", nationality="nl"), person("c", nationality="gr"), person("b"), person("d")]
    records += [person("e", nationality="gr"), *(tie("Family", person="b", relative=each) for each in "acde")]
    with seen(records) as view:
        found = key_players(view, measure="brokerage-countries")
        assert {row.caption[-1]: row.score for row in found.results} == {"b": 2, "a": 0, "c": 0, "d": 0, "e": 0}


def test_the_interval_holds_the_rank_and_says_who_is_undecided() -> None:
    with seen(paths_of(9, 4, 4, 5)) as view:
        found = key_players(view, limit=1000)
        rows = found.results
        assert all(1 <= row.rank_from <= row.rank_to <= len(rows) for row in rows)
        for row in rows:
            others = [other for other in rows if other is not row]
            overlap = [other.rank_from <= row.rank_to and row.rank_from <= other.rank_to for other in others]
            assert row.undecided == sum(overlap)
            assert row.equals == sum(other.rank == row.rank for other in others)
        assert found.measured["ranks_undecided"] == sum(row.undecided > 0 for row in rows)
        assert f"{found.measured['ranks_undecided']} are undecided" in found.reliance[0].text
        assert found == key_players(view, limit=1000)
        wide = key_players(view, missing=0.4, limit=1000).results
        assert sum(row.rank_to - row.rank_from for row in wide) > sum(row.rank_to - row.rank_from for row in rows)
        sure = key_players(view, missing=0, limit=1000).results
        assert all(row.rank_from == row.rank == row.rank_to for row in sure)


@pytest.mark.parametrize("missing", [-0.1, 0.6, "some", True, float("nan")])
def test_a_share_that_can_not_be_missing_is_refused(missing: Any) -> None:
    with seen([person("a")]) as view, pytest.raises(UsageError, match=r"missing must be a number from 0 to 0\.5"):
        key_players(view, missing=missing)


def test_each_agency_is_left_out_in_turn() -> None:
    """a is first by what BBB says; without it the rank is another's. Without AAA nobody has a position."""
    records = [person(each) for each in "abcde"]
    records += [tie("Family", person="b", relative=each) for each in "cd"]
    records += [person(each, "BBB", name=f"{each} of BBB") for each in "pqrs"]
    records += [tie("Family", "BBB", person="p", relative=each) for each in "qrs"]
    with seen(records) as view:
        found = key_players(view, measure="degree")
        assert found.measured["agencies_dropped"] == ("AAA", "BBB")
        without = {row.caption: dict(row.without) for row in found.results}
        assert without["p of BBB"] == {"AAA": 1, "BBB": 0}
        assert without["Person b"] == {"AAA": 0, "BBB": 1}
        told = {row.caption: row.cell("without", {}) for row in found.results}
        assert told["p of BBB"] == "no position without BBB"
        alone = key_players(view.within(["AAA"]), measure="degree")
        assert alone.measured["agencies_dropped"] == ()
        assert {(row.without, row.cell("without", {})) for row in alone.results} == {((), "not looked at")}
        assert "were not looked at" in alone.reliance[1].text


def test_who_is_several_without_an_agency_has_the_best_of_their_ranks() -> None:
    """Only CCC knows that the x of AAA, who has four ties, and that of BBB, who has one, are the same."""
    ids = {"passportNumber": "NX0001"}, {"socialSecurityNumber": "A7345", "nationality": "nl"}
    records = [*map(person, "cdef"), person("x", **ids[0]), person("x", "BBB", **ids[1]), person("p", "BBB")]
    records += [tie("Family", person="x", relative=each) for each in "cdef"]
    records += [tie("Family", "BBB", person="x", relative="p"), person("x", "CCC", **ids[0], **ids[1])]
    with seen(records) as view:
        first = key_players(view, measure="degree").results[0]
        assert {first.id} == {view.canonical(eid("x")), view.canonical(eid("x", "BBB"))}
        assert dict(first.without) == {"AAA": 1, "BBB": 1, "CCC": 1}
        assert first.degree == 5


def test_only_ranks_of_those_who_have_a_position_count() -> None:
    """Without CCC the x of BBB has no tie; without AAA nor has any x, though everybody is there."""
    ids = {"passportNumber": "NX0001"}, {"socialSecurityNumber": "A7345", "nationality": "nl"}
    records = [person(each, agency) for each in "cd" for agency in ("AAA", "BBB")]
    records += [person("x", **ids[0]), person("x", "BBB", **ids[1]), person("x", "CCC", **ids[0], **ids[1])]
    records += [tie("Family", person="x", relative="c"), tie("Family", "BBB", person="c", relative="d")]
    with seen(records) as view:
        x = view.canonical(eid("x"))
        (found,) = (row for row in key_players(view, measure="degree").results if row.id == x)
        assert dict(found.without) == {"AAA": 0, "BBB": 1, "CCC": 1}


def test_an_unknown_measure_is_refused() -> None:
    with seen([person("a")]) as view, pytest.raises(UsageError, match="one of betweenness, degree, closeness"):
        key_players(view, measure="guilt")


@settings(max_examples=examples(20))
@given(cases())
def test_weighted_degrees_and_ranks_are_those_of_networkx(records: list[Record]) -> None:
    with seen(records) as view:
        graph = networkx_graph(view)
        strength = dict(graph.degree(weight="weight"))
        found = rows_of(key_players(view, measure="degree", ties_as="weighted", limit=1000))
        assert {row["id"]: row["score"] for row in found} == pytest.approx(strength)
        ranks = nx.pagerank(graph, weight="weight", tol=1e-12, max_iter=1000, backend="networkx") if graph else {}
        found = rows_of(key_players(view, measure="pagerank", ties_as="weighted", limit=1000))
        assert {row["id"]: row["score"] for row in found} == pytest.approx(ranks, abs=1e-8)


@pytest.mark.parametrize("measure", ["betweenness", "closeness", "brokerage"])
def test_weights_are_refused_where_they_do_not_count(measure: str) -> None:
    with seen([person("a")]) as view, pytest.raises(UsageError, match="weights count for degree and pagerank"):
        key_players(view, measure=measure, ties_as="weighted")
