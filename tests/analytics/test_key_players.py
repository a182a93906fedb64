"""Positions equal networkx's, and outsiders are never key players."""

from importlib import import_module

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from tests.analytics.oracle import PROJECTIONS, Case
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import joint_value, key_players
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
        first = {"id": eid("b"), "caption": "Person b", "rank": 1, "degree": 2, "betweenness": 1.0}
        assert found["results"][0] == first
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


def test_an_unknown_measure_is_refused() -> None:
    with seen([person("a")]) as view, pytest.raises(UsageError, match="one of betweenness, degree"):
        key_players(view, measure="guilt")
