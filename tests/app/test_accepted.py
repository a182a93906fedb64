"""Accepted leads on the chart: off by default, drawn as nothing else is, and only for who may see them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app import behind
from tests.app.behind import NKP, WITH_ALPHA
from tests.app.desks import filtered, named, pictured, shown_of, ties_shown
from workbench.app import charts
from workbench.app.chart import Chart, Lead
from workbench.app.filters import Filters
from workbench.app.legend import ACCEPTED_LEAD, DASHES
from workbench.app.picture import ACCEPTED
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
    desk = named("accepted", accepted(case))
    assert not shown_of(desk, case.view).accepted
    assert not [tie for tie in pictured(desk, case.view).ties.values() if ACCEPTED in tie.get("told", "")]
    filtered(desk, SHOWN)
    picture = pictured(desk, case.view)
    (line,) = (tie for tie in ties_shown(picture) if ACCEPTED in tie.get("told", ""))
    assert line["label"] == f"assessed by {WITH_ALPHA.name}"
    assert line["told"].endswith("seen at the quay")
    others = [tie for tie in ties_shown(picture) if tie is not line]
    assert len(others) == picture.top["ties"] > 0, "it is not counted as a tie"
    assert not [tie for tie in others if tie.get("colour") == line["colour"]]
    assert line["certainty"] == ACCEPTED_LEAD
    assert [certainty for certainty, each in DASHES.items() if each == DASHES[ACCEPTED_LEAD]] == [ACCEPTED_LEAD]
    assert not {"kinds", "days", "grade"} & line.keys(), "it says nothing that records say"


def test_a_lead_that_was_accepted_is_drawn_once(store: GraphStore) -> None:
    case = Session(store, lambda: WITH_ALPHA)
    (found,) = case.predict(limit=1).results
    desk = named("led", accepted(case).led(Lead(found.a, found.b, found.records)))
    labels = [tie["label"] for tie in ties_shown(pictured(desk, case.view))]
    assert labels.count("lead?") == 1
    filtered(desk, SHOWN)
    assert "lead?" not in [tie["label"] for tie in ties_shown(pictured(desk, case.view))]


def test_who_does_not_see_its_records_sees_it_on_no_chart(store: GraphStore) -> None:
    chart = replace(accepted(Session(store, lambda: WITH_ALPHA)), filters=SHOWN)
    theirs, desk = store.view(NKP), named("theirs", chart)
    assert len(shown_of(desk, theirs).entities) == len(chart.entities)
    assert not shown_of(desk, theirs).accepted
    assert not ties_shown(pictured(desk, theirs))


def test_a_chart_keeps_whether_they_are_shown(store: GraphStore) -> None:
    case, desk = Session(store, lambda: WITH_ALPHA), named("accepted")
    desk.show(case.view, accepted(case).entities)
    filtered(desk, SHOWN)
    desk.save(store, case.view)
    (kept,) = charts.saved(case.view)
    assert len(shown_of(named("again", charts.reopened(case.view, kept.body)), case.view).accepted) == 1
    filtered(desk, Filters())
    assert not shown_of(desk, case.view).accepted
