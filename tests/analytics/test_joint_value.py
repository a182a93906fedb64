"""Joint value, on cases with a known answer, and compared with plain loops."""

import gc
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.analytics.cases import EVERYBODY, eid, person, rows_of, seen, store_of, thing, tie
from tests.analytics.oracle import Case, persons
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import communities, joint_value, key_players
from workbench.analytics.finding import Finding
from workbench.analytics.joint_value import JointThing
from workbench.analytics.sides import Question, Sides
from workbench.analytics.sufficing import SMALLEST, SMALLEST_FOUND
from workbench.model.record import Record
from workbench.resolve import judge
from workbench.view.snapshot import Snapshot
from workbench.view.view import View


def circle(agency: str, centre: str) -> list[Record]:
    """Somebody with four relatives, all in one agency's file."""
    around = [f"{centre}{n}" for n in range(4)]
    ties = [tie("Family", agency, person=centre, relative=each) for each in around]
    return [person(each, agency) for each in (centre, *around)] + ties


def broker() -> list[Record]:
    """One man in four files: a number, an account, a passport; in each of them a harmless one."""
    return [
        # AAA: the recruiter calls a number
        *circle("AAA", "recruiter"),
        thing("Phone", "pr", "AAA", number="+212612345678"),
        thing("Phone", "pn", "AAA", number="+31612345678"),
        tie("Holding", "AAA", holder="recruiter", held="pr"),
        tie("Call", "AAA", caller="pr", receiver="pn", date="2026-01-03"),
        # BBB: somebody holds that number, and an account
        person("nico", "BBB"),
        thing("Phone", "n", "BBB", number="+31612345678"),
        thing("BankAccount", "i", "BBB", iban="NL91ABNA0417164300"),
        tie("Holding", "BBB", holder="nico", held="n"),
        tie("Holding", "BBB", holder="nico", held="i"),
        # CCC: the account's holder directs a company with the landlord
        *circle("CCC", "landlord"),
        person("director", "CCC", passportNumber="NX1234567", passportCountry="nl"),
        thing("BankAccount", "i", "CCC", iban="NL91ABNA0417164300"),
        thing("Company", "firm", "CCC"),
        tie("Holding", "CCC", holder="director", held="i"),
        tie("Directorship", "CCC", director="director", organization="firm"),
        tie("Directorship", "CCC", director="landlord", organization="firm"),
        # DDD: a passenger with that passport, in the driver's van
        *circle("DDD", "driver"),
        person("passenger", "DDD", passportNumber="NX1234567", passportCountry="nl"),
        thing("Vehicle", "van", "DDD", registrationNumber="AB123C"),
        tie("Crossing", "DDD", traveller="passenger", vehicle="van"),
        tie("Crossing", "DDD", traveller="driver", vehicle="van"),
    ]


def of(found: Finding, what: str) -> dict[tuple[str, ...], list[list[str]]]:
    """The joint things of a kind, with the sets of agencies that suffice."""
    return {tuple(row["members"]): row["agencies"] for row in rows_of(found) if row["what"] == what}


def test_the_broker_whom_nobody_sees_alone() -> None:
    with seen(broker()) as view:
        found = joint_value(view)
        nico = view.canonical(eid("nico", "BBB"))
        recruiter, landlord, driver = eid("recruiter"), eid("landlord", "CCC"), eid("driver", "DDD")
        assert nico == view.canonical(eid("passenger", "DDD"))
        assert rows_of(key_players(view))[0]["id"] == nico
        assert of(found, "key player") == {(nico,): [["AAA", "BBB", "CCC", "DDD"]]}
        assert of(found, "tie") == {tuple(sorted((recruiter, nico))): [["AAA", "BBB"]]}
        paths = of(found, "path")
        assert paths[tuple(_between(paths, recruiter, nico, landlord))] == [["AAA", "BBB", "CCC"]]
        assert paths[tuple(_between(paths, driver, nico, recruiter))] == [["AAA", "BBB", "CCC", "DDD"]]
        # two agencies join him, and the third is not needed for that
        assert of(found, "entity")[nico,] == [["BBB", "CCC"], ["CCC", "DDD"]]
        phone, account = (view.canonical(eid(each, "BBB")) for each in ("n", "i"))
        assert of(found, "entity")[phone,] == [["AAA", "BBB"]]
        assert of(found, "entity")[account,] == [["BBB", "CCC"]]
        assert len(of(found, "entity")) == 3
        assert set(found.records) == {key for row in rows_of(found) for key in row["records"]}


def test_it_says_that_ranks_are_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    with seen(broker()) as view:
        assert joint_value(view).measured["estimated"] is False
        for name, value in (("_EXACT_UP_TO", 40), ("_FEWEST_SOURCES", 2)):
            monkeypatch.setattr(import_module("workbench.analytics.betweenness"), name, value)
        found = joint_value(view).measured
        assert found["estimated"] is True
        assert 0 < found["sources"] < found["sources_possible"]


def _between(paths: dict[tuple[str, ...], list[list[str]]], *members: str) -> tuple[str, ...]:
    return next(path for path in paths if path in (members, members[::-1]))


def test_the_entity_and_the_tie_rest_on_the_records_that_join_and_tie_them() -> None:
    records = broker()
    with seen(records) as view:
        found = joint_value(view)
        tied = next(row for row in rows_of(found) if row["what"] == "tie")
        said = {each.record.schema for each in view.records(tied["records"])}
        assert said == {"Holding", "Call"}
        assert len(tied["records"]) == 3
        nico = view.canonical(eid("nico", "BBB"))
        joined = next(row for row in rows_of(found) if row["what"] == "entity" and row["members"] == [nico])
        assert {each.record.schema for each in view.records(joined["records"])} == {"Holding", "Person"}
        assert len(joined["records"]) == 4


def test_a_judgement_that_joins_is_named_by_its_evidence(tmp_path: Path) -> None:
    store = store_of(tmp_path, [person("a", "AAA"), person("b", "BBB")])
    judge(store, store.view(EVERYBODY), eid("a", "AAA"), eid("b", "BBB"), "same", "known to us")
    (row,) = rows_of(joint_value(store.view(EVERYBODY)))
    assert row["what"] == "entity"
    assert row["records"] == sorted(person(p, a).key() for p, a in (("a", "AAA"), ("b", "BBB")))
    store.close()


def test_a_group_of_which_each_file_shows_pairs_only() -> None:
    """Six persons with nine ties: each of three files knows three ties that share nobody."""
    ties = {"AAA": ("ad", "be", "cf"), "BBB": ("ae", "bf", "cd"), "CCC": ("af", "bd", "ce")}
    records = circle("DDD", "other")
    for agency, pairs in ties.items():
        records += [person(p, agency, passportNumber=f"NX00000{p}", passportCountry="nl") for p in "abcdef"]
        records += [tie("Family", agency, person=x, relative=y) for x, y in pairs]
    with seen(records) as view:
        found = joint_value(view)
        six = tuple(sorted({view.canonical(eid(each)) for each in "abcdef"}))
        assert list(of(found, "group")) == [six]
        (row,) = (row for row in rows_of(found) if row["what"] == "group")
        assert [each.record.schema for each in view.records(row["records"])].count("Family") == 9
        for subset in of(found, "group")[six]:
            assert _has_group(view, subset, set(six))
            assert not any(_has_group(view, less, set(six)) for less in combinations(subset, len(subset) - 1))


def _has_group(view: View, agencies: Iterable[str], wanted: set[str]) -> bool:
    cut = view.within(agencies)
    groups = [{view.canonical(member) for member in row["members"]} for row in rows_of(communities(cut))]
    return any(len(group & wanted) / len(group | wanted) >= 0.5 for group in groups)


def test_a_path_that_one_agency_has_is_not_joint() -> None:
    """AAA knows a chain of five, BBB the contacts of the fourth: the path from c to him is AAA's own."""
    passport = {"passportNumber": "NX0000001", "passportCountry": "nl"}
    chain = [person(p) for p in "abce"] + [person("hub", "AAA", **passport)]
    chain += [tie("Family", person=x, relative=y) for x, y in (("a", "b"), ("b", "c"), ("c", "hub"), ("hub", "e"))]
    known = [each for each in circle("BBB", "hub") if each.source_id != "hub"] + [person("hub", "BBB", **passport)]
    with seen(chain + known) as view:
        hub = view.canonical(eid("hub"))
        assert rows_of(key_players(view))[0]["id"] == hub
        paths = of(joint_value(view), "path")
        assert not any({path[0], path[-1]} <= {hub, eid("b"), eid("c")} for path in paths)


def test_one_agency_has_nothing_joint() -> None:
    with seen(circle("AAA", "alone")) as view:
        found = joint_value(view)
        assert rows_of(found) == found.records == ()
        assert found.measured["agencies"] == ("AAA",)


@settings(max_examples=examples(25))
@given(cases())
def test_joint_ties_and_entities_are_what_plain_loops_find(records: list[Record]) -> None:
    with seen(records) as view:
        found = joint_value(view)
        union = {frozenset(pair) for pair in persons(Case(view, records), False, False).edges}
        own: set[frozenset[str]] = set()
        for agency in sorted({each.dataset.agency for each in records}):
            own |= _own_ties(view, agency, [each for each in records if each.dataset.agency == agency])
        assert {frozenset(pair) for pair in of(found, "tie")} == union - own
        agencies: dict[str, set[str]] = defaultdict(set)
        for canonical, dataset, _ in view.clusters():
            agencies[canonical].add(dataset)
        joint = {(entity,) for entity, known in agencies.items() if len(known) > 1}
        assert set(of(found, "entity")) == joint
        assert joint_value(view) == found


def _own_ties(view: View, agency: str, records: list[Record]) -> set[frozenset[str]]:
    """The union's pairs that one agency's own projection ties."""
    alone = view.within([agency])
    means: dict[str, set[str]] = defaultdict(set)
    for own, dataset, source_id in alone.clusters():
        means[own].add(view.canonical(eid(source_id, dataset.split("/")[0])))
    ties = persons(Case(alone, records), False, True).edges
    return {frozenset((x, y)) for a, b in ties for x in means[a] for y in means[b] if x != y}


def test_the_smallest_sets_are_minimal() -> None:
    with seen(broker()) as view:
        for row in rows_of(joint_value(view)):
            sets = [set(subset) for subset in row["agencies"]]
            assert sets
            assert all(len(subset) > 1 for subset in sets)
            assert not any(one < other or other < one for one, other in combinations(sets, 2))


def middlemen(many: int) -> list[Record]:
    """Many entities with equal betweenness, half of them in each of two files."""
    records = []
    for agency, end in (("AAA", "left"), ("BBB", "right")):
        for n in range(many):
            passport = {"passportNumber": f"NX00000{n:02}", "passportCountry": "nl"}
            records += [person(f"middle{n}", agency, **passport), person(f"{end}{n}", agency)]
            records += [tie("Family", agency, person=f"middle{n}", relative=f"{end}{n}")]
    return records


def test_equals_are_key_players_alike_and_a_crowd_is_none() -> None:
    for many in (3, 10, 11):
        with seen(middlemen(many)) as view:
            middle = {(view.canonical(eid(f"middle{n}")),) for n in range(many)}
            assert [row["rank"] for row in rows_of(key_players(view))][: many + 1] == [1] * many + [many + 1]
            found = of(joint_value(view), "key player")
            assert found == ({each: [["AAA", "BBB"]] for each in middle} if many <= 10 else {})


def test_an_agency_that_adds_nothing_is_not_named() -> None:
    others = [person("x", "CCC"), person("y", "CCC"), tie("Family", "CCC", person="x", relative="y")]
    with seen(middlemen(3) + others) as view:
        assert of(joint_value(view), "key player") == {
            (view.canonical(eid(f"middle{n}")),): [["AAA", "BBB"]] for n in range(3)
        }


def test_a_key_player_of_an_agencys_own_is_no_news() -> None:
    records = broker() + [person(f"x{n}", "BBB") for n in range(2)]
    records += [tie("Family", "BBB", person="nico", relative=f"x{n}") for n in range(2)]
    with seen(records) as view:
        assert of(joint_value(view), "key player") == {}


def test_a_key_player_has_the_interval_of_its_rank() -> None:
    """It is that of key_players in the union; beyond ten the report says that it is undecided."""
    with seen(broker()) as view:
        found = joint_value(view)
        players = [row for row in found.results if row.what == "key player"]
        ranked = {row.id: row for row in key_players(view, limit=1000).results}
        assert players
        for row in players:
            same = ranked[row.members[0]]
            assert (row.rank, row.rank_from, row.rank_to) == (same.rank, same.rank_from, same.rank_to)
        assert {(row.rank, row.rank_to) for row in found.results if row.what != "key player"} == {(0, 0)}
        assert found.measured["key_players_undecided"] == sum(row.rank_to > 10 for row in players)
    row = replace(players[0], rank=4, rank_from=2, rank_to=10)
    assert row.cell("rank", {}) == "rank 4 (2 to 10)"
    assert replace(row, rank_to=11).cell("rank", {}) == "rank 4 (2 to 11: undecided whether among the first 10)"
    assert replace(row, rank=0).cell("rank", {}) == "-"
    assert replace(row, rank=0, verdict="supported").cell("rank", {}) == "supported"


def test_the_cells_of_a_table_name_who_and_which_agencies() -> None:
    names = {"a": "Ann", "b": "Bo", "c": "Cy"}
    row = JointThing("path", ("a", "b", "c"), (("AAA", "BBB"), ("BBB", "CCC")), SMALLEST, 0, 0, 0, ("r",))
    assert row.cell("agencies", names) == "AAA + BBB, or BBB + CCC"
    assert replace(row, tried=SMALLEST_FOUND).cell("agencies", names) == "AAA + BBB, or BBB + CCC (smallest found)"
    assert row.cell("members", names) == "Ann - Bo - Cy"
    assert replace(row, what="group").cell("members", names) == "Ann, Bo, Cy"
    assert row.cell("what", names) == "path"


def test_the_view_of_a_set_of_agencies_is_let_go_at_once() -> None:
    with seen(broker()) as view:
        sides = Sides(view, Question("persons", False, 0))
        gc.collect()
        gc.disable()
        try:
            before = sum(isinstance(each, Snapshot) for each in gc.get_objects())
            for agency in sides.agencies:
                sides.side((agency,))
            assert sum(isinstance(each, Snapshot) for each in gc.get_objects()) == before
        finally:
            gc.enable()
