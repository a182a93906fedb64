"""Leads are pairs without a recorded tie, scored by resource allocation."""

from importlib import import_module

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from tests.analytics.oracle import Case, everything, persons
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import predict
from workbench.analytics.predict import UncalibratedLead
from workbench.errors import UsageError
from workbench.model.record import Record


@settings(max_examples=examples(50))
@given(cases(), st.integers(1, 8))
def test_scores_are_those_of_networkx_for_pairs_without_a_tie(records: list[Record], limit: int) -> None:
    with seen(records) as view:
        case = Case(view, records)
        graph, tied = persons(case, False, False), everything(case, True, True)
        pairs = [pair for pair in nx.non_edges(graph) if not tied.has_edge(*pair)]
        scored = {tuple(sorted((a, b))): s for a, b, s in nx.resource_allocation_index(graph, pairs) if s > 0}
        found = predict(view, limit=limit)
        rows = {(row["a"], row["b"]): row["score"] for row in rows_of(found)}
        assert len(rows) == min(limit, len(scored))
        assert rows == pytest.approx({pair: scored[pair] for pair in rows}, abs=1e-8)
        best = sorted(scored.values(), reverse=True)[: len(rows)]
        assert [row["score"] for row in rows_of(found)] == pytest.approx(best, abs=1e-8)


def test_a_lead_is_labelled_and_shows_the_ties_to_shared_contacts() -> None:
    records = [person(p) for p in "abcd"]
    ties = [tie("Family", person=x, relative=y) for x, y in ("ac", "bc", "ad", "bd", "cd")]
    with seen(records + ties) as view:
        found = predict(view, limit=1)
        row = rows_of(found)[0]
        assert {row["a"], row["b"]} == {eid("a"), eid("b")}
        assert row["score"] == pytest.approx(2 / 3)
        assert row["label"] == "uncalibrated lead"
        assert row["records"] == sorted(each.key() for each in ties[:4]) == list(found.records)


def test_a_tie_that_was_set_aside_is_recorded_all_the_same() -> None:
    """Two persons who pay each other through an exchange house have a tie, although that carries nothing."""
    records = [person(p) for p in "abc"] + [tie("Family", person=x, relative="c") for x in "ab"]
    records += [thing("BankAccount", f"k{n}", iban=f"NL00X{n:04}") for n in range(14)]
    records += [tie("Transfer", payerAccount=f"k{n}", beneficiaryAccount="k0") for n in range(1, 14)]
    paid = tie("Transfer", payer="a", payerAccount="k1", beneficiary="b", beneficiaryAccount="k0")
    with seen(records) as view:
        assert len(rows_of(predict(view))) == 1
    with seen([*records, paid]) as view:
        assert len(view.neighbours(eid("a")).entities) == 5
        assert rows_of(predict(view)) == ()


def test_who_pay_each_other_share_a_contact_as_others_do() -> None:
    """Money is directed: payments there and back are one tie, and do not cancel."""
    paid = [tie("Transfer", payer=x, beneficiary=y, date="2026-03-01") for x, y in ("ac", "ca", "bc", "cb")]
    with seen([*(person(p) for p in "abc"), *paid]) as view:
        (row,) = rows_of(predict(view, projection="money"))
        assert {row["a"], row["b"]} == {eid("a"), eid("b")}
        assert row["score"] == pytest.approx(1 / 2)


def test_nothing_is_said_where_nobody_shares_a_contact() -> None:
    with seen([person(p) for p in "ab"] + [tie("Family", person="a", relative="b")]) as view:
        assert rows_of(predict(view)) == ()
        with pytest.raises(UsageError, match="limit must be 1"):
            predict(view, limit=0)


def test_blocks_of_entities_give_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [person(f"p{n}") for n in range(9)]
    records += [tie("Family", person=f"p{a}", relative=f"p{b}") for a in range(9) for b in range(a) if (a * b) % 3]
    with seen(records) as view:
        at_once = predict(view, limit=5)
        monkeypatch.setattr(import_module("workbench.analytics.predict"), "_AT_ONCE", 2)
        assert predict(view, limit=5) == at_once


def test_the_cells_of_a_table_have_a_score_of_three_places() -> None:
    lead = UncalibratedLead("a", "b", 1 / 3, ("r",))
    assert [lead.cell(column, {"a": "Ann", "b": "Bo"}) for column in ("a", "b", "score")] == ["Ann", "Bo", "0.333"]
