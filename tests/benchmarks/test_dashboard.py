"""What the dashboard's benchmark makes of its numbers, without a server or a browser."""

import json

import numpy as np
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.dashboard.labels import _covers, _meet
from benchmarks.dashboard.protocol import Analyst
from benchmarks.rows import Row, middle, p95, table
from workbench.app.picture import Picture
from workbench.app.wire import Wire


def test_a_row_says_whether_it_keeps_its_bounds() -> None:
    rows = [Row("a", "", 1, "s"), Row("b", "", 1, "s", most=2), Row("c", "", 1, "s", least=2)]
    assert [each.kept for each in rows] == [None, True, False]
    assert [line.split()[-1] for line in table(rows).splitlines()] == ["s", "kept", "MISSED"]
    assert rows[2].to_dict()["bound"] == ">= 2"


def test_the_95th_of_a_hundred() -> None:
    assert p95(list(range(1, 101))) == 95
    assert p95([3.0]) == middle([3.0]) == 3.0
    assert np.isnan(p95([]))


@pytest.mark.parametrize(("left", "meets"), [(0, True), (9.9, True), (10, False)])
def test_labels_that_overlap(left: float, meets: bool) -> None:
    a = {"left": 0, "top": 0, "wide": 10, "high": 5}
    assert _meet(a, a | {"left": left}) is meets


@pytest.mark.parametrize(("x", "covers"), [(13, True), (15.1, False)])
def test_a_label_over_a_thing(x: float, covers: bool) -> None:
    assert _covers({"left": 0, "top": 0, "wide": 10, "high": 5}, {"x": x, "y": 2, "r": 5}) is covers


def test_an_analyst_takes_what_the_wire_sends() -> None:
    who, wire = Analyst("", "chart"), Wire()
    thing = {"label": "A", "kind": "Person"}
    picture = Picture({"a": thing, "b": thing}, {}, {"a": (1.0, 2.0), "b": (70_000.0, 0.0)}, frozenset(), frozenset())
    message = ForwardMsg()
    component = message.delta.new_element.bidi_component
    component.id, component.json = "canvas", json.dumps(wire.message(picture))
    message.delta.fragment_id = "fragment"
    assert not who._took(message)
    state = who._trigger([{"what": "hide", "ids": ["a"]}])
    [sent] = json.loads(state.json_trigger_value)
    assert wire.took(**{name: sent["value"][name] for name in ("has", "events")}) == [
        {"seq": 1, "what": "hide", "ids": ["a"]}
    ]
    assert wire.has == 1
    done = ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    assert who._took(done)
    assert not who.problems


def test_an_analyst_notes_exceptions() -> None:
    who, message = Analyst("", "chart"), ForwardMsg()
    message.delta.new_element.exception.type = "KeyError"
    who._took(message)
    assert who.problems == ["exception: KeyError"]
