"""Events that our canvas never sends do nothing and cause no error."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.app.case import id_of
from tests.app.desks import sent
from workbench.app import actions
from workbench.app.beginning import opening
from workbench.app.desk import Desk
from workbench.app.working import Work
from workbench.view.view import View

RACHID, PHONE = id_of("RJP", "rachid"), id_of("RJP", "r")
_ANY = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text() | some.sampled_from(
        ["what", "id", "ids", "places", "signs", "kind", "colour", "has", "events", "seq", RACHID]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
_KNOWN = some.fixed_dictionaries(
    {"what": some.sampled_from(sorted(actions._EVENTS)) | _ANY, "seq": some.integers(0, 9)},
    optional={
        **dict.fromkeys(("relationship", "schema", "limit", "on", "since", "until", "dated"), _ANY),
        "id": some.just(RACHID) | _ANY,
        "ids": some.lists(some.just(RACHID) | some.just(PHONE) | _ANY, max_size=3) | _ANY,
        "places": some.dictionaries(some.just(RACHID) | some.text(), _ANY, max_size=2) | _ANY,
        "signs": some.lists(some.sampled_from(["type:Person", "x:y", ""]) | _ANY, max_size=2) | _ANY,
        "kind": some.sampled_from(["organic", "type", "tie"]) | _ANY,
        "colour": some.sampled_from(["red", ""]) | _ANY,
    },
)
FORGED: list[Any] = [
    {}, {"what": "hide"}, {"what": "no such", "id": RACHID}, {"what": "expand", "id": None},
    {"what": ["hide"], "id": RACHID}, {"what": None}, {"what": {}},
    {"what": "expand", "id": RACHID, "relationship": 3, "schema": ["x"], "limit": -1},
    {"what": "expand", "ids": [RACHID, 3, None], "limit": True},
    *({"what": "moved", "places": each} for each in (
        None, [], {RACHID: None}, {RACHID: []}, {RACHID: ["a", "b"]}, {RACHID: [float("nan"), 1]},
        {RACHID: [1e999, 1]}, {RACHID: {"x": 1}}, {RACHID: [1]}, {RACHID: [1, 2, 3]}, {3: [1, 2]}, {"no": [1, 2]})),
    {"what": "layout", "kind": "no such"}, {"what": "layout"}, {"what": "mark", "id": RACHID, "colour": "mauve"},
    {"what": "only signs", "kind": "no such", "signs": ["no such:x"]}, {"what": "leave out", "signs": ["x", "y:z", 3]},
    {"what": "time", "since": "yesterday", "until": 3}, {"what": "select", "ids": "all"},
    {"what": "group", "ids": []}, {"what": "open", "id": "group:none"}, {"what": "between", "ids": [RACHID]},
]  # fmt: skip
MESSAGES: list[Any] = [
    None, 1, "x", [], {}, {"has": None, "events": None}, {"has": True, "events": {}}, {"has": -1, "events": [None, 1]},
    {"has": 99, "events": [{"seq": "1", "what": "hide", "id": RACHID}, {"seq": True, "what": "hide", "id": RACHID}]},
]  # fmt: skip


def _opened(view: View) -> Desk:
    desk = opening(view, None)
    desk.open(view, RACHID)
    return desk


def _stands(desk: Desk) -> None:
    assert all(isinstance(n, float) and abs(n) < 1e9 for place in desk.chart.positions.values() for n in place)
    assert set(desk.chart.positions) <= set(desk.chart.entities)
    assert desk.chart.filters.without <= {"type:Person"}
    assert set(desk.chart.marks.values()) <= {"red"}


@pytest.mark.parametrize("event", FORGED, ids=str)
def test_a_forged_event_changes_nothing(view: View, event: Any) -> None:
    desk = _opened(view)
    before = desk.chart
    actions.received(desk, view, {"has": 0, "events": [event | {"seq": 1}]})
    _stands(desk)
    assert desk.wire.seen == 1, "it is taken, once"
    expanded = event.get("limit") is not None and len(desk.chart.entities) > 1  # what it names, by as many as usual
    assert expanded or desk.chart == before


@pytest.mark.parametrize("message", MESSAGES, ids=str)
def test_a_forged_message_does_nothing(view: View, message: Any) -> None:
    desk = _opened(view)
    before, wire = desk.chart, (desk.wire.has, desk.wire.seen)
    actions.received(desk, view, message)
    assert (desk.chart, desk.wire.has, desk.wire.seen) == (before, *wire)


def test_whatever_is_sent_nothing_fails(view: View) -> None:
    desk = _opened(view)

    @given(_ANY | some.fixed_dictionaries({"has": some.integers(-1, 3) | _ANY, "events": some.lists(_KNOWN | _ANY)}))
    def whatever(message: Any) -> None:
        desk.history, desk.wire.seen = type(desk.history)(opened), 0
        actions.received(desk, view, message)
        _stands(desk)

    opened = desk.chart
    whatever()


def test_what_the_canvas_sends_is_done(view: View) -> None:
    desk = _opened(view)
    sent(desk, view, "expand", id=RACHID)
    assert PHONE in desk.chart.entities
    sent(desk, view, "moved", places={RACHID: [3, 4.5]})
    assert desk.chart.positions[RACHID] == (3.0, 4.5)
    sent(desk, view, "select", ids=[RACHID, "unknown"])
    assert desk.selected == (RACHID,)
    sent(desk, view, "hide", ids=[RACHID])
    assert desk.chart.hidden == {RACHID}
    sent(desk, view, "only", ids=[RACHID])
    assert desk.chart.shown == ()
    sent(desk, view, "restore")
    assert not desk.chart.hidden
    sent(desk, view, "pin", ids=[RACHID])
    assert desk.chart.pinned == {RACHID}
    sent(desk, view, "pin", ids=[RACHID, PHONE])
    assert desk.chart.pinned == {RACHID, PHONE}, "free only if all are pinned"
    sent(desk, view, "pin", ids=[RACHID, PHONE])
    assert not desk.chart.pinned
    sent(desk, view, "mark", ids=[PHONE], colour="red")
    assert desk.chart.marks == {PHONE: "red"}
    sent(desk, view, "leave out", signs=["type:Phone", "certainty:graded"])
    assert desk.chart.filters.without == {"type:Phone", "certainty:graded"}
    sent(desk, view, "only signs", kind="type", signs=["type:Person", "tie:Call"])
    assert desk.chart.filters.without == {"type:Person", "certainty:graded"}
    sent(desk, view, "time", since="2026-01-02", until="2026-13-01")
    assert (desk.chart.filters.since, desk.chart.filters.until) == ("2026-01-02", "")


def test_groups_are_made_opened_and_undone_on_the_canvas(view: View) -> None:
    desk = _opened(view)
    desk.show(view, [PHONE])
    sent(desk, view, "group", ids=[RACHID, PHONE])
    (group,) = desk.chart.groups
    assert (group.members, desk.selected) == ({RACHID, PHONE}, (group.id,))
    sent(desk, view, "hide", id=group.id)
    assert desk.chart.hidden == {RACHID, PHONE}, "a closed group is all of its members"
    sent(desk, view, "undo")
    sent(desk, view, "open", id=group.id)
    assert desk.chart.groups[0].open
    sent(desk, view, "ungroup", ids=[PHONE])
    assert not desk.chart.groups
    sent(desk, view, "undo")
    sent(desk, view, "redo")
    assert not desk.chart.groups


def test_what_takes_long_can_be_given_up(view: View) -> None:
    desk = _opened(view)
    before = desk.chart
    desk.work = Work("Laying out", lambda: {RACHID: (9.0, 9.0)}, lambda places: desk.did(desk.chart.moved(places)))
    sent(desk, view, "cancel")
    assert desk.work is None
    assert desk.chart == before
    assert "as it was" in desk.note


def test_a_selection_of_two_is_the_path_between_them(view: View) -> None:
    desk = _opened(view)
    desk.show(view, [id_of("KFIU", "laura")])
    sent(desk, view, "between", ids=[RACHID, id_of("KFIU", "laura")])
    assert (desk.chart.start, desk.chart.end) == (RACHID, id_of("KFIU", "laura"))
    assert len(desk.chart.entities) == 6
    assert desk.part == "Path"


def test_what_is_on_the_chart_is_found_by_what_the_view_says(view: View) -> None:
    desk = _opened(view)
    desk.open(view, PHONE)
    sent(desk, view, "find", text="+31 6 9999 0000")
    assert "Nothing" in desk.note
    number = view.entity(PHONE).caption
    sent(desk, view, "find", text=f"{number[:3]} {number[3:]}")
    assert desk.selected == (PHONE,)
    sent(desk, view, "find", text="Nico")
    assert "Nothing" in desk.note, "he is not on the chart"


def test_what_can_not_be_done_is_said(view: View) -> None:
    desk = opening(view, None)
    sent(desk, view, "layout", kind="organic")
    assert "nothing to lay out" in desk.note
    desk = _opened(view)
    desk.open(view, PHONE)
    sent(desk, view, "group", ids=[RACHID])
    assert "Select several" in desk.note
    assert not desk.chart.groups
    sent(desk, view, "group", ids=[RACHID, PHONE])
    (group,) = desk.chart.groups
    sent(desk, view, "start", id=group.id)
    assert "open the group" in desk.note
    assert not desk.chart.start
    sent(desk, view, "between", ids=[group.id])
    assert desk.chart.start, "a group of two has two ends"
    sent(desk, view, "remove", ids=[group.id])
    assert desk.chart.entities == tuple(each for each in desk.chart.entities if each not in (RACHID, PHONE))
    assert not desk.chart.groups
    desk.undo()
    assert RACHID in desk.chart.entities


def test_giving_up_too_late_is_said(view: View) -> None:
    desk = _opened(view)
    sent(desk, view, "cancel")
    assert "undo takes it back" in desk.note
