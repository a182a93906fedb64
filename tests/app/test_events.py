"""Events that our canvas never sends do nothing and cause no error."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.app.case import id_of
from workbench.app import actions
from workbench.app.desk import Desk, opening
from workbench.view.view import View

RACHID = id_of("RJP", "rachid")
_ANY = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text() | some.sampled_from(
        ["what", "id", "relationship", "schema", RACHID]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
_KNOWN = some.fixed_dictionaries(
    {"what": some.sampled_from(["expand", "start", "end", "hide"]) | _ANY, "id": some.just(RACHID) | _ANY},
    optional={"relationship": _ANY, "schema": _ANY},
)
FORGED: list[Any] = [
    None, 1, "x", [], {}, {"what": "hide"}, {"id": RACHID}, {"what": "expand", "id": None},
    {"what": ["hide"], "id": RACHID},
    {"what": "expand", "id": RACHID, "relationship": 3, "schema": ["x"]}, {RACHID: None}, {RACHID: []},
    {RACHID: ["a", "b"]},
    {RACHID: [float("nan"), 1]}, {RACHID: [1e999, 1]}, {RACHID: {"x": 1}}, {RACHID: [1]}, {RACHID: [1, 2, 3]},
]  # fmt: skip


def _all(view: View, event: Any) -> Desk:
    desk = opening(view, "first", None)
    desk.open(view, RACHID)
    actions.asked(desk, view, event)
    actions.moved(desk, event)
    actions.selected(desk, event)
    assert all(isinstance(n, float) and abs(n) < 1e9 for place in desk.chart.positions.values() for n in place)
    return desk


@pytest.mark.parametrize("event", FORGED)
def test_a_forged_event_does_nothing_that_fails(view: View, event: Any) -> None:
    _all(view, event)


def test_whatever_is_sent_nothing_fails(view: View) -> None:
    @given(_ANY | _KNOWN)
    def whatever(event: Any) -> None:
        _all(view, event)

    whatever()


def test_what_the_canvas_sends_is_done(view: View) -> None:
    desk = _all(view, {"what": "expand", "id": RACHID})
    assert len(desk.chart.entities) > 1
    actions.moved(desk, {RACHID: [3, 4.5]})
    assert desk.chart.positions[RACHID] == (3.0, 4.5)
    actions.selected(desk, RACHID)
    assert desk.selected == RACHID
    actions.asked(desk, view, {"what": "hide", "id": RACHID})
    assert RACHID in desk.chart.hidden
