"""Paths are shortest, show their records, and follow money forward in time."""

from collections.abc import Callable
from itertools import islice, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from tests.analytics.oracle import PROJECTIONS, Case
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import paths
from workbench.analytics.finding import Finding
from workbench.errors import NotFound, StoreError, UsageError
from workbench.model.record import Record


def walked(found: Finding) -> list[list[str]]:
    """The entities along each path."""
    return [[row["steps"][0]["from"], *(step["to"] for step in row["steps"])] for row in rows_of(found)]


@settings(max_examples=examples(40))
@given(cases(), st.sampled_from(("all", "persons")), st.data())
def test_the_k_shortest_are_as_long_as_those_of_networkx(records: list[Record], name: str, data: st.DataObject) -> None:
    with seen(records) as view:
        graph = PROJECTIONS[name](Case(view, records), False, True)
        if len(graph) < 2:
            return
        a, b = data.draw(st.lists(st.sampled_from(sorted(graph)), min_size=2, max_size=2, unique=True))
        found = paths(view, a, b, projection=name, k=4)
        lengths: list[int] = []
        if nx.has_path(graph, a, b):
            every = [len(path) - 1 for path in islice(nx.shortest_simple_paths(graph, a, b), 4)]
            lengths = [n for n in every if n <= every[0] + found.measured["longer_by"]]
        assert [row["length"] for row in rows_of(found)] == lengths
        for path in walked(found):
            assert path[0] == a
            assert path[-1] == b
            assert len(set(path)) == len(path)
            assert all(graph.has_edge(x, y) for x, y in pairwise(path))
        shown = {step["record"] for row in rows_of(found) for step in row["steps"]}
        assert shown <= set(found.records)


@settings(max_examples=examples(40))
@given(cases(), st.data())
def test_money_is_followed_forward_only(records: list[Record], data: st.DataObject) -> None:
    with seen(records) as view:
        graph = PROJECTIONS["money"](Case(view, records), False, True)
        if len(graph) < 2:
            return
        a, b = data.draw(st.lists(st.sampled_from(sorted(graph)), min_size=2, max_size=2, unique=True))
        for row in rows_of(paths(view, a, b, projection="money", k=4)):
            dates = [step["date"] for step in row["steps"] if step["date"]]
            assert all(later >= earlier[: len(later)] for earlier, later in pairwise(dates))
            assert all(graph.has_edge(step["from"], step["to"]) for step in row["steps"])


RECRUITER_TO_LANDLORD = [
    *(person(p) for p in ("recruiter", "nico", "landlord")),
    *(thing("Phone", p, number=n) for p, n in (("pr", "+212612345678"), ("pn", "+31612345678"))),
    thing("Company", "firm"),
    tie("Holding", grade="A1", holder="recruiter", held="pr"),
    tie("Holding", grade="B2", holder="nico", held="pn"),
    tie("Call", grade="X4", caller="pr", receiver="pn", date="2026-01-07"),
    tie("Call", grade="A1", caller="pn", receiver="pr", date="2026-02-09"),
    tie("Directorship", grade="A1", director="nico", organization="firm"),
    tie("Directorship", grade="C2", director="landlord", organization="firm"),
]


def test_persons_are_connected_through_what_they_hold_and_share() -> None:
    with seen(RECRUITER_TO_LANDLORD) as view:
        found = paths(view, eid("recruiter"), eid("landlord"), projection="persons")
        call, company = rows_of(found)[0]["steps"]
        assert rows_of(found)[0]["length"] == 2
        assert call == {
            "from": eid("recruiter"),
            "to": eid("nico"),
            "schema": "Call",
            "record": RECRUITER_TO_LANDLORD[9].key(),  # the call with the stronger grade
            "grade": "B2 (4x4)",  # the step also rests on who holds the phones
            "date": "2026-02-09",
            "undated": False,
            "amount": "",
            "currency": "",
        }
        assert (company["schema"], company["grade"]) == ("Directorship", "C2 (4x4)")
        assert [row["weakest"] for row in rows_of(found)] == ["C2 (4x4)"]
        assert found.records == tuple(sorted(each.key() for each in RECRUITER_TO_LANDLORD if each.roles))


@pytest.mark.parametrize("grade", ["", "B2"])
def test_of_records_of_one_grade_the_earliest_is_shown(grade: str) -> None:
    early, late = (
        tie("Call", grade=grade, caller="pa", receiver="pb", date=day) for day in ("2026-01-02", "2026-02-01")
    )
    phones = [thing("Phone", each, number=f"+3161234567{n}") for n, each in enumerate(("pa", "pb"))]
    for records in ([early, late], [late, early]):
        with seen([*phones, *records]) as view:
            (step,) = rows_of(paths(view, eid("pa"), eid("pb")))[0]["steps"]
            assert (step["record"], step["date"]) == (early.key(), "2026-01-02")


def test_a_record_that_goes_out_of_sight_ends_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    family = tie("Family", person="a", relative="b")
    with seen([person("a"), person("b"), family]) as view:
        monkeypatch.setattr(type(view), "records", lambda *_: ())
        with pytest.raises(StoreError, match="changed while this was read: run it again"):
            paths(view, eid("a"), eid("b"), projection="all")


def test_of_several_ways_the_strongest_is_shown_and_all_are_kept() -> None:
    weak = tie("Family", grade="X4", person="recruiter", relative="landlord", date="2020")
    strong = tie("UnknownLink", grade="A1", subject="recruiter", object="landlord", date="2026")
    with seen([*RECRUITER_TO_LANDLORD, weak, strong]) as view:
        found = paths(view, eid("recruiter"), eid("landlord"), projection="persons", k=1)
        (step,) = rows_of(found)[0]["steps"]
        assert (step["record"], step["grade"]) == (strong.key(), "A1 (4x4)")
        assert found.records == tuple(sorted((weak.key(), strong.key())))


def test_a_strong_tie_is_shown_before_a_weak_one_of_another_kind() -> None:
    records = [person("a"), person("b"), thing("Company", "firm")]
    shared = [
        tie("Directorship", grade=g, director=p, organization="firm", startDate="2020")
        for g, p in (("A1", "a"), ("X4", "b"))
    ]
    direct = tie("UnknownLink", grade="B2", subject="a", object="b", date="2026")
    with seen([*records, *shared, direct]) as view:
        found = paths(view, eid("a"), eid("b"), projection="persons")
        assert [(step["schema"], step["grade"]) for step in rows_of(found)[0]["steps"]] == [("UnknownLink", "B2 (4x4)")]
        assert found.records == tuple(sorted(each.key() for each in (*shared, direct)))


def test_in_all_ties_the_same_two_are_five_steps_apart() -> None:
    with seen(RECRUITER_TO_LANDLORD) as view:
        found = paths(view, eid("recruiter"), eid("landlord"))
        assert [row["length"] for row in rows_of(found)] == [5]
        schemata = [step["schema"] for step in rows_of(found)[0]["steps"]]
        assert schemata == ["Holding", "Call", "Holding", "Directorship", "Directorship"]


WAGES = [
    *(person(p) for p in ("worker", "clerk")),
    *(thing("Company", c) for c in ("firm", "shell")),
    *(thing("BankAccount", a, iban=f"CY00{a}") for a in ("firmacc", "shellacc")),
    thing("Address", "sofia", full="Sofia"),
    tie("Holding", grade="A1", holder="firm", held="firmacc"),
    tie("Holding", grade="A1", holder="shell", held="shellacc"),
    tie("Transfer", grade="A1", payer="worker", beneficiaryAccount="firmacc", amount="900", date="2026-02-01"),
    tie("Transfer", grade="A1", payerAccount="firmacc", beneficiaryAccount="shellacc", amount="1", date="2026-01-05"),
    tie("Transfer", grade="X4", payerAccount="firmacc", beneficiaryAccount="shellacc", amount="800", date="2026-02"),
    tie("Transfer", grade="B2", payerAccount="shellacc", location="sofia", amount="700", date="2026-03-01"),
]


def test_money_is_followed_from_payer_to_cash_with_amounts_and_the_weakest_grade() -> None:
    with seen(WAGES) as view:
        found = paths(view, eid("worker"), eid("sofia"), projection="money")
        steps = rows_of(found)[0]["steps"]
        assert [step["to"] for step in steps] == [eid("firm"), eid("shell"), eid("sofia")]
        assert [step["amount"] for step in steps] == ["900", "800", "700"]
        assert [step["date"] for step in steps] == ["2026-02-01", "2026-02", "2026-03-01"]
        assert [row["weakest"] for row in rows_of(found)] == ["X4 (4x4)"]
        assert rows_of(paths(view, eid("sofia"), eid("worker"), projection="money")) == ()


def test_an_account_stands_for_its_only_holder() -> None:
    with seen(WAGES) as view:
        found = paths(view, eid("worker"), eid("shellacc"), projection="money")
        assert walked(found) == [[eid("worker"), eid("firm"), eid("shell")]]


def test_money_that_left_before_it_came_is_no_path() -> None:
    early = [each for each in WAGES if each.values().get("date") != ["2026-02"]]
    with seen(early) as view:
        assert rows_of(paths(view, eid("worker"), eid("sofia"), projection="money")) == ()
        assert len(rows_of(paths(view, eid("firm"), eid("sofia"), projection="money"))) == 1


def test_a_joint_account_stands_between_its_holders_whenever_they_opened_it() -> None:
    joint = [*WAGES, tie("Holding", holder="clerk", held="firmacc", startDate="2020-01-01")]
    with seen(joint) as view:
        found = paths(view, eid("worker"), eid("clerk"), projection="money")
        assert walked(found) == [[eid("worker"), eid("firmacc"), eid("clerk")]]


@pytest.mark.parametrize("choose", [min, max])
def test_a_common_value_carries_no_path_but_can_be_its_end(choose: Callable[..., str]) -> None:
    """Wherever its id stands among all."""
    agent = choose((f"agent{n}" for n in range(200)), key=eid)
    records = [person(f"x{n}") for n in range(13)] + [thing("Address", agent)]
    records += [tie("Residence", resident=f"x{n}", place=agent) for n in range(13)]
    with seen(records) as view:
        assert rows_of(paths(view, eid("x0"), eid("x1"))) == ()
        assert rows_of(paths(view, eid("x0"), eid("x1"), count_common=True))[0]["length"] == 2
        assert rows_of(paths(view, eid("x0"), eid(agent)))[0]["length"] == 1


def test_ends_that_can_not_be_are_refused() -> None:
    with seen(RECRUITER_TO_LANDLORD) as view:
        with pytest.raises(NotFound):
            paths(view, eid("recruiter"), "0" * 20)
        with pytest.raises(UsageError, match="Phone"):
            paths(view, eid("recruiter"), eid("pn"), projection="persons")
        with pytest.raises(UsageError, match="name two different"):
            paths(view, eid("recruiter"), eid("recruiter"))
        with pytest.raises(UsageError, match="k must be 1 or more"):
            paths(view, eid("recruiter"), eid("nico"), k=0)


@pytest.mark.parametrize("projection", ["all", "persons"])
def test_two_referents_of_one_are_no_two_ends(projection: str) -> None:
    passport = {"passportNumber": "NX1234567", "passportCountry": "nl"}
    both = [person("c", agency, **passport) for agency in ("AAA", "BBB")]
    records = [*both, person("a"), tie("Family", person="c", relative="a")]
    same = pytest.raises(UsageError, match=f"the same in the projection '{projection}'")
    with seen(records) as view, same:
        paths(view, eid("c"), eid("c", "BBB"), projection=projection)
