"""The state of a chart: every action can be undone, and nothing is lost."""

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.case import id_of
from workbench.app import charts
from workbench.app.chart import MARKS, Chart, Derived, Group, Lead, Look
from workbench.app.filters import Filters, sign
from workbench.app.history import History
from workbench.view.view import View

IDS = st.sampled_from(["a", "A", "b", "c", ""])
SOME = st.lists(IDS, max_size=4)
NAMES = st.sampled_from(["G", "H"])
PLACES = st.dictionaries(IDS | st.sampled_from(["group:G", "group:H"]), st.tuples(st.floats(-9, 9), st.floats(-9, 9)),
                         max_size=3)  # fmt: skip
DAYS = st.dates().map(lambda day: day.isoformat()) | st.just("")
SIGNS = st.frozensets(st.sampled_from(["agency:NKP", "type:Person", "tie:Call", "certainty:graded"]), max_size=3)
FILTERS = st.builds(
    Filters,
    without=SIGNS,
    since=DAYS,
    until=DAYS,
    dated=st.booleans(),
    loose=st.booleans(),
    accepted=st.booleans(),
)
DERIVED = st.builds(Derived, IDS, IDS, st.just("met"), st.just(("r",)), st.lists(IDS, max_size=2).map(tuple))
PLAIN = st.one_of(
    st.lists(IDS, max_size=3).map(lambda ids: lambda chart: chart.added(ids)),
    st.lists(IDS, max_size=3).map(lambda ids: lambda chart: chart.hiding(ids)),
    st.lists(IDS, max_size=3).map(lambda ids: lambda chart: chart.hiding_others(ids)),
    st.just(lambda chart: chart.restored()),
    PLACES.map(lambda places: lambda chart: chart.moved(places)),
    st.tuples(IDS, IDS).map(lambda ends: lambda chart: chart.between_ends(*ends)),
    FILTERS.map(lambda filters: lambda chart: replace(chart, filters=filters)),
    st.tuples(SOME, st.booleans()).map(lambda given: lambda chart: chart.pinning(*given)),
    st.tuples(NAMES, SOME).map(lambda given: lambda chart: chart.grouping(*given)),
    NAMES.map(lambda name: lambda chart: chart.ungrouping(name)),
    st.tuples(NAMES, st.booleans()).map(lambda given: lambda chart: chart.opening(*given)),
    st.tuples(SOME, st.sampled_from(["", *MARKS])).map(lambda given: lambda chart: chart.marking(*given)),
    st.tuples(IDS, st.sampled_from(["", "why?"])).map(lambda given: lambda chart: chart.noting(*given)),
)
STEPS = PLAIN | st.one_of(
    st.lists(DERIVED, max_size=2).map(lambda some: lambda chart: chart.with_derived(some)),
    st.booleans().map(lambda on: lambda chart: chart.showing_between(on)),
)
Step = Callable[[Chart], Chart]


def walked(steps: list[Step]) -> History:
    history = History()
    for step in steps:
        history = history.did(step(history.present))
    return history


@given(st.lists(STEPS, max_size=12))
def test_undo_takes_back_every_step_and_redo_takes_it_again(steps: list[Step]) -> None:
    history = walked(steps)
    states = [*history.past, history.present]
    back = history
    for state in reversed(states[:-1]):
        back = back.undo()
        assert back.present == state
    assert back.undo() == back
    for state in states[1:]:
        back = back.redo()
        assert back.present == state
    assert back.redo() == back == history


@given(st.lists(STEPS, max_size=8), STEPS)
def test_a_new_step_forgets_what_was_taken_back(steps: list[Step], step: Step) -> None:
    history = walked(steps).undo()
    after = history.did(step(history.present))
    assert after.future == (history.future if after.present == history.present else ())


@given(st.lists(STEPS, max_size=12))
def test_no_step_of_an_unchanged_chart_is_kept(steps: list[Step]) -> None:
    history = walked(steps)
    states = [*history.past, history.present]
    assert all(before != after for before, after in pairwise(states))


@given(st.lists(PLAIN, max_size=12), st.lists(IDS, max_size=4))
def test_what_is_hidden_comes_back_as_it_was(steps: list[Step], ids: list[str]) -> None:
    chart = walked(steps).present.restored()
    hidden = chart.hiding(ids)
    assert set(hidden.shown) == set(chart.entities) - set(ids)
    assert hidden.restored() == chart
    assert set(hidden.entities) == set(chart.entities)


@given(st.lists(STEPS, max_size=12), st.lists(IDS, max_size=4))
def test_adding_shows_what_was_hidden_and_keeps_the_order(steps: list[Step], ids: list[str]) -> None:
    chart = walked(steps).present
    added = chart.added(ids)
    assert added.entities[: len(chart.entities)] == chart.entities
    assert set(ids) <= set(added.shown)
    assert len(set(added.entities)) == len(added.entities)


@given(st.lists(STEPS, max_size=12))
def test_nothing_is_said_of_what_is_not_on_the_chart(steps: list[Step]) -> None:
    chart = walked(steps).present
    members = {each for group in chart.groups for each in group.members}
    assert {*chart.positions, *chart.hidden, *chart.pinned, *chart.marks, *chart.notes, *members} <= set(chart.entities)
    assert set(chart.marks.values()) <= set(MARKS)
    assert all(chart.notes.values())


@given(st.lists(STEPS, max_size=12))
def test_an_entity_is_in_one_group_at_most_and_a_group_has_two(steps: list[Step]) -> None:
    chart = walked(steps).present
    assert len({each.name for each in chart.groups}) == len(chart.groups)
    assert all(len(each.members) > 1 for each in chart.groups)
    assert sum(len(each.members) for each in chart.groups) == len({m for each in chart.groups for m in each.members})
    closed = {each.id: each.members for each in chart.groups if not each.open}
    assert {unit: {e for e, u in chart.units.items() if u == unit} for unit in closed} == closed


@given(st.lists(STEPS, max_size=12), SOME)
def test_what_the_canvas_names_is_unfolded(steps: list[Step], ids: list[str]) -> None:
    chart = walked(steps).present
    groups = [each.id for each in chart.groups]
    found = chart.unfolded([*ids, *groups])
    assert set(found) == (set(ids) & set(chart.entities)) | {m for each in chart.groups for m in each.members}
    assert len(set(found)) == len(found)


@given(st.lists(STEPS, max_size=12))
def test_a_group_that_is_taken_apart_leaves_its_members(steps: list[Step]) -> None:
    chart = walked(steps).present
    for each in chart.groups:
        apart = chart.ungrouping(each.name)
        assert replace(apart, groups=chart.groups) == chart
        assert not each.members & apart.units.keys()
        opened = chart.opening(each.name, True)
        assert not each.members & opened.units.keys()
        assert opened.opening(each.name, False) == chart.opening(each.name, False)


@given(st.lists(STEPS, max_size=12), st.floats(-900, 900), st.floats(-900, 900))
def test_a_group_moves_as_one(steps: list[Step], x: float, y: float) -> None:
    chart = walked(steps).present
    for each in chart.groups:
        moved = chart.moved({each.id: (x, y)})
        now_x, now_y = moved.middle(each)
        assert max(abs(now_x - x), abs(now_y - y)) <= 0.2
        shifts = set()
        for member in each.members:
            (old_x, old_y), (new_x, new_y) = (c.positions.get(member, (0.0, 0.0)) for c in (chart, moved))
            shifts.add((round(new_x - old_x, 6), round(new_y - old_y, 6)))
        assert len(shifts) == 1, "its members keep their places among themselves"
        assert {e: p for e, p in moved.positions.items() if e not in each.members} == {
            e: p for e, p in chart.positions.items() if e not in each.members
        }


@given(st.lists(PLAIN, max_size=8), DERIVED)
def test_what_lies_between_derived_ties_is_hidden_until_asked_for(steps: list[Step], tie: Derived) -> None:
    before = walked(steps).present.restored()
    chart = before.with_derived([tie])
    fresh = set(tie.through) - {tie.a, tie.b} - set(before.entities)
    assert {tie.a, tie.b} <= set(chart.shown)
    assert set(before.shown) <= set(chart.shown)
    assert chart.hidden == fresh
    assert chart.restored().hidden == fresh, "it is not what an analyst has hidden"
    between = chart.showing_between(True)
    assert not between.hidden
    assert chart.derived[-1] == tie
    again = between.showing_between(False)
    assert fresh <= again.hidden <= set(tie.through) - {tie.a, tie.b}
    assert chart.hiding([tie.a]).restored() == chart, "an end comes back"


def test_history_is_bounded() -> None:
    history = walked([lambda chart, n=n: chart.added([str(n)]) for n in range(500)])
    assert len(history.past) == 200
    assert len(history.present.entities) == 500


def test_filters_keep_what_they_say() -> None:
    filters = Filters(without=frozenset({"agency:RJP", "tie:Holding", "certainty:inferred by a machine", "type:Phone"}),
                      since="2026-03-02", until="2026-03-07")  # fmt: skip
    assert filters.keeps_record("Call", "NKP", "2026-03-02")
    assert filters.keeps_record("Call", "NKP", "2026-03-07T23:59:00")
    assert filters.keeps_record("Call", "NKP", "")
    assert not replace(filters, dated=True).keeps_record("Call", "NKP", "")
    assert Filters(dated=True).keeps_record("Call", "NKP", "2026-03")
    assert Filters(dated=True).narrow
    assert not filters.keeps_record("Call", "NKP", "2026-03-01")
    assert not filters.keeps_record("Call", "NKP", "2026-03-08")
    assert filters.keeps_record("Call", "NKP", "2026-03")
    assert not filters.keeps_record("Call", "NKP", "2026-04")
    assert not filters.keeps_record("Call", "RJP", "2026-03-03")
    assert not filters.keeps_record("Holding", "NKP", "2026-03-03")
    assert not filters.keeps_record("Call", "NKP", "2026-03-03", "inferred by a machine")
    assert filters.keeps_record("Call", "NKP", "2026-03-03", "graded")
    assert filters.keeps_entity("Person", ["RJP", "NKP"])
    assert filters.keeps_entity("Person", [])
    assert not filters.keeps_entity("Person", ["RJP"])
    assert not filters.keeps_entity("Phone", ["NKP"])
    assert not replace(filters, without=frozenset({"colour:blue"})).keeps_entity("Person", ["NKP"], "blue")
    assert not Filters()
    assert filters
    assert filters.narrow
    assert not Filters(loose=True, accepted=True).narrow


@given(FILTERS, st.sampled_from(["type:Person", "agency:X", sign("colour", "a:b")]))
def test_a_sign_that_is_left_out_twice_is_shown_again(filters: Filters, each: str) -> None:
    assert (each in filters.toggled(each).without) != (each in filters.without)
    assert filters.toggled(each).toggled(each) == filters


# -- a chart as a document ------------------------------------------------------------------


@pytest.fixture
def full(view: View) -> Chart:
    """A chart on which nothing is as in an empty one."""
    rachid, phone, nico, n, mo = (
        view.canonical(id_of(*each)) for each in
        (("RJP", "rachid"), ("RJP", "r"), ("NKP", "nico"), ("NKP", "n"), ("NKP", "mo"))
    )  # fmt: skip
    keys = tuple(sorted(value.record for value in view.entity(rachid).values))
    return Chart(
        entities=(rachid, phone, nico, n, mo),
        hidden=frozenset({mo}),
        positions={each: (float(at), at / 2) for at, each in enumerate((rachid, phone, nico, n, mo))},
        start=rachid,
        end=nico,
        projection="persons",
        choice=2,
        filters=Filters(
            without=frozenset({"agency:RJP", "type:Phone", "tie:Call", "certainty:graded", "colour:NKP"}),
            since="2026-01-01",
            until="2026-02-02",
            dated=True,
            loose=True,
            accepted=True,
        ),
        leads=(Lead(rachid, mo, keys),),
        records=frozenset(keys),
        derived=(Derived(rachid, nico, "spoke", keys, (phone, n)),),
        between=True,
        pinned=frozenset({phone}),
        groups=(Group("A group", frozenset({rachid, phone}), open=True), Group("B", frozenset({nico, n}))),
        marks={rachid: "red"},
        notes={nico: "who is he?"},
        text="What is known",
        look=Look("agency", "degree", "sum"),
        layout="time",
        axis=((-65.0, ""), (10.5, "2026-01-04")),
    )


def test_every_part_of_a_chart_is_kept(view: View, full: Chart) -> None:
    """It goes through all fields, so that none is forgotten, nor one that is added later."""
    whole: list[tuple[Any, Any]] = [
        (full, Chart()),
        (full.filters, Filters()),
        (full.look, Look()),
        (full.leads[0], Lead("", "")),
        (full.derived[0], Derived("", "", "")),
        (full.groups[0], Group("", frozenset())),
    ]
    for told, empty in whole:
        same = [each.name for each in fields(told) if getattr(told, each.name) == getattr(empty, each.name)]
        assert not same, f"give {same} of {type(told).__name__} a value in this test"
    again = charts.reopened(view, charts.body(view, full))
    for each in fields(Chart):
        wanted = () if each.name == "axis" else getattr(full, each.name)  # it is made anew: see test_arranging
        assert getattr(again, each.name) == wanted, each.name


def test_a_chart_that_was_kept_by_an_older_workbench_opens(view: View, full: Chart) -> None:
    kept = charts.body(view, full)
    for name in ("pinned", "derived", "between", "groups", "marks", "notes", "text", "look", "layout"):
        del kept[name]
    kept["filters"] = {"agencies": ["NKP"], "schemata": [], "relationships": [], "since": "", "until": ""}
    again = charts.reopened(view, kept)
    assert (again.entities, again.leads, again.start) == (full.entities, full.leads, full.start)
    assert again.filters == Filters()


def test_of_what_a_view_does_not_see_nothing_is_left(view: View, full: Chart) -> None:
    kept = charts.body(view, full)
    gone = kept["entities"][2]
    kept["entities"] = [["0" * 20] if each == gone else each for each in kept["entities"]]
    again = charts.reopened(view, kept)
    assert full.entities[2] not in again.entities
    assert (again.end, again.notes, again.derived) == ("", {}, ())
    assert [each.name for each in again.groups] == ["A group"], "one member is no group"
    assert "colour:NKP" not in again.filters.without, "what a colour stood for may tell of it"


def test_what_is_taken_off_leaves_nothing_behind_but_the_records(full: Chart) -> None:
    gone = full.entities[1:3]
    left = full.removing(gone)
    assert left.entities == (full.entities[0], *full.entities[3:])
    assert left.records == full.records
    for each in fields(Chart):
        if each.name != "records":
            assert not [one for one in gone if one in str(getattr(left, each.name))], each.name
    assert full.removing(full.entities).removing(()) == full.removing(full.entities)
