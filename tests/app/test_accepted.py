"""Accepted leads on the chart: off by default, drawn as nothing else is, and only for who may see them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app import behind
from tests.app.behind import NKP, WITH_ALPHA
from workbench.app import charts
from workbench.app.chart import Chart, Filters, Lead
from workbench.app.desk import Desk
from workbench.app.drawing import draw
from workbench.app.picture import ACCEPTED, canvas_data, legend
from workbench.session import Session
from workbench.view.store import GraphStore, open_store

SHOWN = Filters(accepted=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = open_store(behind.fill(tmp_path, behind.friends()))
    yield opened
    opened.close()


def accepted(case: Session) -> Chart:
    """A chart with the ends of an accepted lead and of a rejected one, and some who are tied to one of them."""
    yes, no = case.predict(limit=2).results
    case.judge_lead(yes.a, yes.b, "accepted", "seen at the quay")
    case.judge_lead(no.a, no.b, "rejected", "no")
    return Chart().added([yes.a, yes.b, no.a, no.b, *case.neighbours(yes.a).entities])


def test_it_is_off_by_default_and_drawn_as_nothing_else_is(store: GraphStore) -> None:
    case = Session(store, lambda: WITH_ALPHA)
    chart = accepted(case)
    assert not draw(case.view, chart).accepted
    drawing = draw(case.view, replace(chart, filters=SHOWN))
    data = canvas_data(drawing, chart, frozenset(), {}, {})
    (line,) = (tie for tie in data["ties"] if ACCEPTED in tie["title"])
    assert line["label"] == f"assessed by {WITH_ALPHA.name}"
    assert line["title"].endswith("seen at the quay")
    others = [tie for tie in data["ties"] if tie is not line]
    assert len(others) == len(drawing.lines) > 0
    assert line["dashes"] not in [tie["dashes"] for tie in others]
    assert "accepted lead" in legend(drawing)
    assert "accepted lead" not in legend(draw(case.view, chart))


def test_a_lead_that_was_accepted_is_drawn_once(store: GraphStore) -> None:
    case = Session(store, lambda: WITH_ALPHA)
    (found,) = case.predict(limit=1).results
    chart = accepted(case).led(Lead(found.a, found.b, found.records))
    off, on = (
        canvas_data(draw(case.view, each), each, frozenset(), {}, {}) for each in (chart, replace(chart, filters=SHOWN))
    )
    assert ["lead?" in each["label"] for each in off["ties"]].count(True) == 1
    assert not [each for each in on["ties"] if "lead?" in each["label"]]


def test_who_does_not_see_its_records_sees_it_on_no_chart(store: GraphStore) -> None:
    chart = accepted(Session(store, lambda: WITH_ALPHA))
    theirs = draw(store.view(NKP), replace(chart, filters=SHOWN))
    assert len(theirs.entities) == len(chart.entities)
    assert not theirs.accepted


def test_a_chart_keeps_whether_they_are_shown(store: GraphStore) -> None:
    case, desk = Session(store, lambda: WITH_ALPHA), Desk("accepted")
    desk.show(case.view, accepted(case).entities)
    desk.filter(SHOWN)
    desk.save(store, case.view)
    (kept,) = charts.saved(case.view)
    assert len(draw(case.view, charts.reopened(case.view, kept.body)).accepted) == 1
    desk.filter(Filters())
    assert not draw(case.view, desk.chart).accepted
