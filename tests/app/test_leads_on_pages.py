"""Leads on the pages: put on a chart, judged with a reason, and shown to who sees their records."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app import behind
from tests.app.test_pages import PROJECT, at, canvas, desk, panel, run


def as_viewer(url: str, monkeypatch: pytest.MonkeyPatch, viewer: str) -> AppTest:
    """The dashboard of the store in which a compartment alone knows what ties Ann and Bob."""
    monkeypatch.setenv("WORKBENCH_STORE", url)
    monkeypatch.setenv("WORKBENCH_VIEWER", viewer)
    return AppTest.from_file(PROJECT / "streamlit_app.py", default_timeout=60)


def offered(app: AppTest) -> list[str]:
    return list(app.selectbox(key="open-chart").options)


def test_a_lead_on_a_chart_is_offered_to_who_sees_its_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = behind.fill(tmp_path, behind.friends())
    app = at(as_viewer(url, monkeypatch, "alpha"), "analyse")
    app.segmented_control(key="kind").set_value("predict")
    app.button[0].click()
    run(app)
    chosen = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.session_state["finding-predicted-relationships"] = chosen
    run(app)
    app.button(key="finding-predicted-relationships-open").click()
    run(app)
    assert len(desk(app).chart.leads) == 1
    at(app, "explore")
    assert "not a fact" in list(canvas(app).ties.values())[-1]["told"]
    again = panel(run(as_viewer(url, monkeypatch, "alpha")), "Chart")
    assert len(offered(again)) == 1
    theirs = panel(run(as_viewer(url, monkeypatch, "nkp")), "Chart")
    assert not offered(theirs)


def test_a_lead_is_judged_with_a_reason_and_drawn_once_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = behind.fill(tmp_path, behind.friends())
    app = at(as_viewer(url, monkeypatch, "alpha"), "analyse")
    app.segmented_control(key="kind").set_value("predict")
    app.button[0].click()
    run(app)
    lead = "finding-predicted-relationships"
    app.session_state[lead] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    run(app)
    app.button(key=f"{lead}-judge-accepted").click()
    assert "needs a reason" in run(app).error[0].value
    app.text_input(key=f"{lead}-judge-why").set_value("seen at the quay")
    app.button(key=f"{lead}-judge-accepted").click()
    assert "accepted" in run(app).success[0].value
    (judged,) = (each.value for each in run(app).dataframe if "Verdict" in each.value.columns)
    assert judged[["Verdict", "Judged by", "Reason"]].to_numpy().tolist() == [["accepted", "alpha", "seen at the quay"]]
    app.button(key=f"{lead}-open").click()
    run(app)
    assert not accepted_in(panel(at(app, "explore"), "Show"))
    app.toggle(key="filter-accepted").set_value(True)
    (told,) = accepted_in(run(app))
    assert told.startswith("Accepted lead: an assessment, not a fact\nby alpha, ")
    assert told.endswith("seen at the quay")


def accepted_in(app: AppTest) -> list[str]:
    """What the canvas says of the accepted leads on the chart."""
    return [tie["told"] for tie in canvas(app).ties.values() if tie.get("told", "").startswith("Accepted")]
