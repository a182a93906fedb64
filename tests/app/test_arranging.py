"""Layouts of a chart: the axis of a timeline, and the names of blocks."""

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.app.case import id_of, load, record
from tests.app.desks import drawing_of, filtered, named, pictured, reopen, seen, sent
from workbench.access.viewer import Viewer
from workbench.app import charts
from workbench.app.arranging import at_once, in_order
from workbench.app.chart import Chart
from workbench.app.desk import Desk
from workbench.app.exported.facts import facts
from workbench.app.filters import Filters
from workbench.view.store import GraphStore
from workbench.view.view import View

AXIS = some.floats(-5000, 5000)
RACHID, LAURA = id_of("RJP", "rachid"), id_of("KFIU", "laura")
NICO, NUMBER = id_of("NKP", "nico"), id_of("NKP", "n")


def days_of(desk: Desk, view: View) -> dict[str, str]:
    """The first day of each entity on the chart; "" if it has none."""
    found: dict[str, str] = dict.fromkeys(desk.chart.entities, "")
    for line in drawing_of(desk, view).lines:
        for each in line.said:
            for end in (line.a, line.b):
                if each.day and (not found[end] or each.day[:10] < found[end]):
                    found[end] = each.day[:10]
    return found


def test_a_timeline_has_an_axis_on_which_each_stands_under_its_day(desk: Desk, view: View) -> None:
    sent(desk, view, "layout", kind="time")
    axis, days = dict(desk.chart.axis), days_of(desk, view)
    assert len({*days.values()}) > 2
    at = {day: x for x, day in desk.chart.axis}
    assert at.keys() == {*days.values()}
    assert [*axis] == sorted(axis)
    assert min(axis) == at[""], "what has no date is at the left"
    for entity, (x, _) in desk.chart.positions.items():
        later = [each for each in axis if each > at[days[entity]]]
        assert at[days[entity]] <= x < min(later, default=x + 1)
    assert pictured(desk, view).top["axis"] == [[x, day] for x, day in desk.chart.axis]


def test_an_axis_goes_when_something_is_added_or_laid_out_otherwise(desk: Desk, view: View) -> None:
    sent(desk, view, "layout", kind="time")
    sent(desk, view, "moved", places={RACHID: [5, 5]})
    assert desk.chart.axis
    desk.open(view, id_of("NKP", "van"))
    assert not desk.chart.axis
    sent(desk, view, "layout", kind="time")
    sent(desk, view, "layout", kind="circle")
    assert not desk.chart.axis


def test_a_drag_on_a_timeline_keeps_the_day(desk: Desk, view: View) -> None:
    sent(desk, view, "layout", kind="time")
    sent(desk, view, "group", ids=[NICO, NUMBER])
    (group,) = desk.chart.groups
    before = {RACHID: desk.chart.positions[RACHID], group.id: desk.chart.middle(group)}
    sent(desk, view, "moved", places={RACHID: [900, 77], group.id: [800, 66]})
    assert desk.chart.positions[RACHID] == (before[RACHID][0], 77)
    assert desk.chart.middle(desk.chart.groups[0]) == (before[group.id][0], 66)
    sent(desk, view, "layout", kind="circle")
    sent(desk, view, "moved", places={RACHID: [900, 77]})
    assert desk.chart.positions[RACHID] == (900, 77)


def test_what_is_pinned_is_said_not_to_stand_under_its_day(desk: Desk, view: View) -> None:
    sent(desk, view, "pin", ids=[RACHID])
    sent(desk, view, "layout", kind="time")
    assert "whatever their day" in desk.note
    assert any("Pinned" in line for line in facts(desk, view, seen(desk, view)).lines)


def test_an_event_stands_under_its_own_day(store: GraphStore, desk: Desk) -> None:
    incident = record("NKP", "Incident", "i", name="A meeting", date="2019-05-06T07:08")
    load(store, "NKP", [incident, record("NKP", "Involvement", roles={"involved": "nico", "subject": "i"})])
    view = store.view(Viewer(name="joint", agencies=frozenset({"NKP", "KFIU", "RJP"}), level="SECRET"))
    desk.settle(view)
    desk.show(view, [id_of("NKP", "i")])
    sent(desk, view, "layout", kind="time")
    assert {day: x for x, day in desk.chart.axis}["2019-05-06"] == desk.chart.positions[id_of("NKP", "i")][0]


def test_a_saved_timeline_has_its_axis_when_it_is_opened_again(desk: Desk, store: GraphStore, view: View) -> None:
    sent(desk, view, "layout", kind="time")
    desk.save(store, view)
    (kept,) = charts.saved(store.view(view.viewer))
    assert "2026-" not in str(kept.body["layout"])
    assert "axis" not in kept.body
    again = named("other")
    reopen(again, view, kept)
    assert again.chart.axis == desk.chart.axis


@given(some.lists(some.tuples(some.integers(0, 30).map(float), some.text(max_size=1)), max_size=9))
def test_the_most_days_that_are_in_order_stay(days: list[tuple[float, str]]) -> None:
    found = in_order(days)
    every = (some for n in range(len(days) + 1) for some in combinations(days, n))
    rising = [some for some in every if all(a[0] < b[0] for a, b in pairwise(some))]
    assert found in rising
    assert len(found) == max(map(len, rising))


def test_blocks_have_names(desk: Desk, view: View) -> None:
    assert pictured(desk, view).top["captions"] == []
    for kind, names in (("type", ["Company", "Person", "Phone"]), ("agency", ["KFIU", "NKP", "RJP"])):
        sent(desk, view, "layout", kind=kind)
        captions = pictured(desk, view).top["captions"]
        said = [text for _, _, text in captions]
        assert said == sorted(said)
        assert {each for text in said for each in text.split(", ")} == {*names}
        assert all(any(y == round(at[1]) for at in desk.chart.positions.values()) for _, y, _ in captions)
    sent(desk, view, "hide", ids=[LAURA])
    filtered(desk, Filters(without=frozenset({"type:Person", "type:Phone"})))
    sent(desk, view, "layout", kind="type")
    assert [text for _, _, text in pictured(desk, view).top["captions"]] == ["Company"]


def test_what_has_no_date_can_be_left_out(desk: Desk, view: View) -> None:
    undated = {line.label for line in drawing_of(desk, view).lines if any(not each.day for each in line.said)}
    assert undated
    sent(desk, view, "time", since="", until="", dated=True)
    assert desk.chart.filters == Filters(dated=True)
    assert not undated & {tie["label"] for tie in pictured(desk, view).ties.values()} - _left(desk, view)
    sent(desk, view, "time", since="", until="")
    assert not desk.chart.filters


def _left(desk: Desk, view: View) -> set[str]:
    found = pictured(desk, view)
    return {str(tie["label"]) for name, tie in found.ties.items() if name in found.ties_out}


@given(some.integers(1, 300), some.dictionaries(some.sampled_from("abcdef"), some.tuples(AXIS, AXIS)))
def test_many_new_ones_have_a_place_at_once_that_is_clear_of_all(
    many: int, known: dict[str, tuple[float, float]]
) -> None:
    chart = at_once(Chart((*known, *(f"n{n}" for n in range(many))), positions=known))
    assert chart.positions.keys() == set(chart.entities)
    assert {each: chart.positions[each] for each in known} == known
    fresh = [chart.positions[each] for each in chart.entities if each not in known]
    others = [*known.values(), *fresh]
    assert all(math.dist(one, other) > 60 for n, one in enumerate(fresh) for other in others[: len(known) + n])


def test_a_large_addition_is_laid_out_beside_the_page(desk: Desk, view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.app.desk._AT_ONCE", 2)
    before, known = desk.fit, dict(desk.chart.positions)
    desk.show(view, view.snapshot().ids)
    assert desk.work is not None
    assert desk.chart.positions.keys() == set(view.snapshot().ids)
    assert {each: desk.chart.positions[each] for each in known} == known
    desk.work.finish()
    assert desk.fit > before
    assert desk.chart.layout == "organic"
    desk.undo()
    desk.undo()
    assert set(desk.chart.entities) == known.keys()


@pytest.mark.parametrize("at_once", [2, 400])
def test_a_chart_that_gets_too_large_is_folded_and_laid_out_once(
    desk: Desk, view: View, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("workbench.app.desk.MOST_DRAWN", 7)
    monkeypatch.setattr("workbench.app.desk._AT_ONCE", at_once)
    kinds: list[str] = []
    monkeypatch.setattr(Desk, "lay_out", lambda desk, view, kind="organic", changed=None: kinds.append(kind))
    desk.show(view, view.snapshot().ids)
    assert kinds == ["organic"]
    assert "communities are shown as groups" in desk.note
    assert desk.chart.groups
