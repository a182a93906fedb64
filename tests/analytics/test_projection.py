"""A projection is what its table says, whatever the records."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from tests.analytics.oracle import PROJECTIONS, Case
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import communities, key_players, networkx_graph, paths, predict
from workbench.analytics.projection import Projection, everyone, positions_of, projection_names
from workbench.errors import UsageError
from workbench.model.record import Record


def edges(found: Projection) -> set[tuple[str, ...]]:
    """The edges by canonical ids; unordered ones in order of their ends."""
    ids = found.snapshot.ids
    pairs = zip(found.edges.a.tolist(), found.edges.b.tolist(), strict=True)
    return {(ids[a], ids[b]) if found.directed else tuple(sorted((ids[a], ids[b]))) for a, b in pairs}


def wanted(graph: "nx.Graph[str]") -> set[tuple[str, ...]]:
    """The edges of an oracle's graph, in the same form."""
    return {pair if graph.is_directed() else tuple(sorted(pair)) for pair in graph.edges}


@settings(max_examples=examples(60))
@given(cases(), st.booleans(), st.sampled_from(sorted(PROJECTIONS)))
def test_a_projection_is_what_plain_loops_over_the_records_find(
    records: list[Record], count_common: bool, name: str
) -> None:
    with seen(records) as view:
        case = Case(view, records)
        with_all = PROJECTIONS[name](case, count_common, True)
        without = PROJECTIONS[name](case, count_common, False)
        found = everyone(view, name, count_common)
        assert edges(found) == wanted(with_all)
        assert all((np.diff(row) > 0).all() for row in np.split(found.adjacency.indices, found.adjacency.indptr[1:-1]))
        assert edges(positions_of(view, name, count_common)) == wanted(without)


@settings(max_examples=examples(30))
@given(cases(), st.sampled_from(sorted(PROJECTIONS)))
def test_each_edge_has_evidence_and_all_of_it_is_among_the_records_used(records: list[Record], name: str) -> None:
    with seen(records) as view:
        found = positions_of(view, name, count_common=False)
        used = set(found.edges.rows.tolist())
        for a, b in zip(found.edges.a.tolist(), found.edges.b.tolist(), strict=True):
            rows = found.rows_between(a, b)
            assert rows
            assert rows <= used


@settings(max_examples=examples(20))
@given(cases(), st.sampled_from(sorted(PROJECTIONS)))
def test_the_networkx_graph_has_the_same_edges_with_their_records(records: list[Record], name: str) -> None:
    with seen(records) as view:
        graph = networkx_graph(view, name)
        found = edges(positions_of(view, name, count_common=False))
        assert {tuple(e[:2]) if name == "money" else tuple(sorted(e[:2])) for e in graph.edges} == found
        for *_, data in graph.edges(data=True):
            keys = data["records"] if name == "persons" else [data["record"]]
            found_records = view.records(keys)
            assert len(found_records) == len(keys) > 0
            if name != "persons":
                said = found_records[0].record.values()
                assert data.get("amount", "") == "".join(said.get("amount", ()))


def test_a_flow_has_the_amount_and_the_currency_of_its_record() -> None:
    paid = {"payer": "a", "beneficiary": "b", "date": "2026-01-03"}
    records = [*(person(p) for p in "ab"), tie("Transfer", amount="20.50", currency="EUR", **paid)]
    records += [tie("Transfer", amount="7", **paid), tie("Transfer", **paid), tie("Family", person="a", relative="b")]
    with seen(records) as view:
        for name, ties in (("money", 3), ("all", 4)):
            every = [data for *_, data in networkx_graph(view, name).edges(data=True)]
            sums = sorted((data.get("amount"), data.get("currency")) for data in every if "amount" in data)
            assert len(every) == ties
            assert sums == [("20.50", "EUR"), ("7", None)]
            assert all("amount" in data for data in every if "currency" in data)


def test_victims_and_officers_are_out_of_positions_and_in_paths() -> None:
    records = [person(p) for p in "abv"] + [person("o", schema="Officer"), thing("Incident", "i")]
    records += [tie("Family", person=x, relative=y) for x, y in ("av", "vb", "ao", "ob")]
    records += [tie("Involvement", involved="v", event="i", capacity="Victim")]
    with seen(records) as view:
        assert edges(positions_of(view, "persons", count_common=False)) == set()
        assert len(edges(everyone(view, "persons", count_common=False))) == 4


def test_victims_are_out_of_positions_and_predictions_of_money_and_in_its_paths() -> None:
    """A payer whom one shop and one account have in common with another; the victim by an account of his own too."""
    records = [*(person(p) for p in "abv"), thing("Company", "c"), thing("Incident", "i")]
    records += [thing("BankAccount", k, iban=f"NL00X{k}") for k in ("kv", "kab")]
    records += [tie("Holding", holder=who, held=what) for who, what in (("v", "kv"), ("a", "kab"), ("v", "kab"))]
    records += [tie("Transfer", payer=p, beneficiary="c", date="2026-01-03") for p in "abv"]
    records += [
        tie("Transfer", payerAccount="kv", beneficiary="c"),
        tie("Transfer", payer="b", beneficiaryAccount="kab"),
    ]
    with seen([*records, tie("Involvement", involved="v", event="i", capacity="victim")]) as view:
        out = {eid("v"), eid("kv")}
        assert not {end for pair in edges(positions_of(view, "money", count_common=False)) for end in pair} & out
        assert not out & set(networkx_graph(view, "money"))
        assert not out & {row["id"] for row in rows_of(key_players(view, "money"))}
        assert not out & {member for row in rows_of(communities(view, "money")) for member in row["members"]}
        assert predict(view, "money").measured["entities"] == len(networkx_graph(view, "money"))
        assert rows_of(paths(view, eid("v"), eid("c"), projection="money"))[0]["length"] == 1
        assert rows_of(paths(view, eid("kv"), eid("c"), projection="money"))[0]["length"] == 1


@pytest.mark.parametrize("name", projection_names())
def test_an_officer_by_capacity_is_an_outsider_of_every_projection(name: str) -> None:
    """By an Involvement alone: his record calls him a person."""
    paid = [tie("Transfer", payer=x, beneficiary=y) for x, y in ("ao", "ob", "ab")]
    records = [*(person(p) for p in "abo"), thing("Incident", "i"), *paid]
    with seen([*records, tie("Involvement", involved="o", event="i", capacity="Officer")]) as view:
        assert eid("o") not in {end for pair in edges(positions_of(view, name, count_common=False)) for end in pair}
        assert eid("o") in {end for pair in edges(everyone(view, name, count_common=False)) for end in pair}


def test_a_victim_who_is_also_a_suspect_is_a_subject() -> None:
    records = [person(p) for p in "av"] + [thing("Incident", "i"), tie("Family", person="a", relative="v")]
    records += [tie("Involvement", involved="v", event="i", capacity=c) for c in ("victim", "suspect")]
    with seen(records) as view:
        assert edges(positions_of(view, "persons", count_common=False)) == {tuple(sorted((eid("a"), eid("v"))))}


def test_there_are_three_projections_and_no_other_is_guessed() -> None:
    assert projection_names() == ("all", "money", "persons")
    with seen([person("a")]) as view, pytest.raises(UsageError, match="one of all, money, persons"):
        positions_of(view, "capacities", count_common=False)


def test_a_crowd_too_large_to_pair_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [person(f"x{n}") for n in range(13)] + [thing("Address", "a")]
    records += [tie("Residence", resident=f"x{n}", place="a") for n in range(13)]
    monkeypatch.setattr("workbench.analytics.forms.shared._MOST_PAIRS", 100)
    with seen(records) as view:
        assert edges(positions_of(view, "persons", count_common=False)) == set()
        with pytest.raises(UsageError, match="13 members share one value"):
            positions_of(view, "persons", count_common=True)
