"""The pages run: on an empty store, on a filled one, and as another viewer."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app import behind
from tests.app.case import id_of, load, record
from tests.stores import copy_store, fresh_url
from workbench.analytics import ANALYSES
from workbench.app.chart import Filters
from workbench.app.desk import Desk
from workbench.app.text import plain
from workbench.view.store import open_store

PROJECT = Path(__file__).parents[2]
ENTITY = b'{"id": "a", "schema": "Person", "properties": {"name": ["Anna Kroon"]}}\n'
PAGES = ("explore", "analyse", "load")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard of a store in which nothing is."""
    monkeypatch.setenv("WORKBENCH_STORE", fresh_url(tmp_path, "empty"))
    return AppTest.from_file(PROJECT / "streamlit_app.py", default_timeout=60)


@pytest.fixture
def filled(case_url: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard of the small case."""
    monkeypatch.setenv("WORKBENCH_STORE", case_url)
    return AppTest.from_file(PROJECT / "streamlit_app.py", default_timeout=60)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    assert not [each.value for each in app.error if "workbench failed" in each.value]
    return app


def at(app: AppTest, page: str) -> AppTest:
    run(app).switch_page(f"workbench/app/page_scripts/{page}.py")
    return run(app)


def texts(app: AppTest) -> str:
    return "\n".join(str(each.value) for part in (app.markdown, app.caption, app.error, app.info) for each in part)


def banner(app: AppTest) -> str:
    return next(each.proto.body for each in app.get("html") if 'class="marking"' in each.proto.body)


def desk(app: AppTest) -> Desk:
    found: Desk = app.session_state["desk"]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_empty_store(empty: AppTest, page: str) -> None:
    app = at(empty, page)
    assert not app.error
    assert "NO RECORDS" in banner(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_filled_store(filled: AppTest, page: str) -> None:
    app = at(filled, page)
    assert not app.error
    assert "CONFIDENTIAL" in banner(app)
    assert "HC H1,H2" in banner(app)


def test_the_opening_page_answers_the_question(filled: AppTest) -> None:
    app = run(filled)
    assert app.info[0].value == plain("Who ties Rachid and Laura?")
    assert "It vanishes without the files of KFIU" in texts(app)
    assert app.dataframe[0].value["Record"].nunique() == 16


def test_a_search_is_submitted_and_opened(filled: AppTest) -> None:
    app = run(filled)
    app.text_input(key="query").set_value("visser")
    app.button[0].click()
    run(app)
    mo = id_of("NKP", "mo")
    app.button(key=f"open-{mo}").click()
    run(app)
    assert mo in desk(app).chart.entities
    assert f"Id {mo}" in texts(app)
    app.button(key="undo").click()
    run(app)
    assert mo not in desk(app).chart.entities


def test_more_hits_are_shown_when_asked_for(filled: AppTest) -> None:
    app = run(filled)
    app.text_input(key="query").set_value("+2126999900")
    app.button[0].click()
    run(app)
    assert "30 entities found; the best 8 are shown" in texts(app)
    for shown in (16, 24, 30):
        app.button(key="more-hits").click()
        run(app)
        assert sum(str(each.key).startswith("open-") for each in app.button) == shown
    assert all(each.key != "more-hits" for each in app.button)


def test_a_search_says_what_is_similar_what_is_too_short_and_how_many_there_are(filled: AppTest) -> None:
    app = run(filled)
    app.text_input(key="query").set_value("Nikko")
    app.button[0].click()
    run(app)
    assert "similar" in texts(app)
    app.text_input(key="query").set_value("n")
    app.button[0].click()
    run(app)
    assert "give three letters" in texts(app)
    app.text_input(key="query").set_value("+2126999900")
    app.button[0].click()
    run(app)
    assert "30 entities found" in texts(app)


def test_no_value_is_markup(filled: AppTest) -> None:
    app = run(filled)
    app.text_input(key="query").set_value("nico")
    app.button[0].click()
    app = run(app)
    labels = [button.label for button in app.button] + [str(each.value) for each in app.markdown]
    assert any("Nico" in label for label in labels)
    assert not any("![x]" in label or "<b>" in label for label in labels)


def test_filters_are_chips_of_the_chart(filled: AppTest) -> None:
    app = run(filled)
    app.multiselect(key="filter-agencies").set_value(["RJP"])
    run(app)
    assert desk(app).chart.filters == Filters(agencies=frozenset({"RJP"}))
    app.button(key="undo").click()
    run(app)
    assert app.multiselect(key="filter-agencies").value == []


def test_the_case_as_another_viewer_sees_it(filled: AppTest) -> None:
    app = run(filled)
    laura, nico = id_of("KFIU", "laura"), id_of("NKP", "nico")
    app.selectbox(key="viewer-switch").set_value("noordkust")
    run(app)
    assert app.session_state["case"].view.viewer.name == "noordkust"
    assert laura in desk(app).chart.entities
    assert "No path" in app.warning[0].value
    assert nico not in texts(app)
    app.selectbox(key="viewer-switch").set_value("joint")
    run(app)
    assert "It vanishes without the files of KFIU" in texts(app)


def test_an_unknown_viewer_is_refused(filled: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_VIEWER", "nobody")
    app = run(filled)
    assert "viewer" in app.error[0].value
    assert not app.button


@pytest.mark.parametrize(("kind", "column"), [("joint-value", "Who"), ("key-players", "Rank"), ("communities", "Size")])
def test_an_analysis_is_answered(filled: AppTest, kind: str, column: str) -> None:
    app = at(filled, "analyse")
    app.segmented_control(key="kind").set_value(kind)
    app.button[0].click()
    run(app)
    assert not app.error
    assert column in app.dataframe[0].value.columns


def test_communities_say_whether_to_believe_them(filled: AppTest) -> None:
    app = at(filled, "analyse")
    app.segmented_control(key="kind").set_value("communities")
    app.button[0].click()
    run(app)
    said = [str(each.value).replace("\\", "") for part in (app.info, app.warning) for each in part]
    assert any(re.fullmatch(r"(The data|These groups) .*: modularity -?\d\.\d\d, stability .*", each) for each in said)


def test_predictions_are_called_leads(filled: AppTest) -> None:
    app = at(filled, "analyse")
    app.segmented_control(key="kind").set_value("predict")
    app.selectbox(key="analysis-projection").set_value("all")
    app.button[0].click()
    run(app)
    assert app.warning[0].value == plain(ANALYSES["predict"].caution)
    assert any("Nothing is said" in str(each.value) for each in app.warning)


def test_a_finding_is_not_kept_for_another_viewer(filled: AppTest) -> None:
    app = at(filled, "analyse")
    app.button[0].click()
    run(app)
    assert app.dataframe
    app.selectbox(key="viewer-switch").set_value("noordkust")
    run(app)
    assert not app.dataframe


def test_a_finding_is_kept_reopened_computed_again_compared_and_dropped(filled: AppTest) -> None:
    app = at(filled, "analyse")
    app.segmented_control(key="kind").set_value("key-players")
    app.button[0].click()
    run(app)
    app.text_input(key="keep-as").set_value("players *of* March")
    next(each for each in app.button if each.label == "Keep").click()
    run(app)
    assert [plain("players *of* March") in each.value for each in app.success] == [True]
    rows = [each.value for each in app.dataframe if "Kept by" in each.value.columns]
    assert [list(each["Name"]) for each in rows] == [["players *of* March"]]
    (by,) = rows[0]["Kept by"]

    def done(what: str, since: str | None = None) -> AppTest:
        app.session_state["held"]["kept-done"] = (what, "players *of* March", by, since)
        return run(app)

    ranks = next(each.value for each in app.dataframe if "Rank" in each.value.columns)
    shown = [each.value for each in done("Reopen").dataframe if "Rank" in each.value.columns]
    assert [each.to_dict() for each in shown] == [ranks.to_dict()] * 2
    assert "the same, bit for bit" in done("Compute again").success[0].value
    assert "0 rows came, 0 rows went, 0 rows changed" in texts(done("Compare with now")).replace("\\", "")
    assert "no revision before 2020-01-01" in done("Compare since", "2020-01-01").error[0].value.replace("\\", "")
    assert "is dropped" in done("Drop").success[0].value
    assert not [each for each in run(app).dataframe if "Kept by" in each.value.columns]


def test_files_are_tried_then_loaded(empty: AppTest) -> None:
    app = at(empty, "load")
    app.file_uploader(key="load-files").set_value(("tips.jsonl", ENTITY, "application/json"))
    app.selectbox(key="load-adapter").set_value("ftm")
    app.selectbox(key="load-agency").set_value("NKP")
    app.button[0].click()
    run(app)
    assert "nothing was changed" in app.info[0].value
    assert list(app.dataframe[0].value["Accepted"]) == [1]
    assert not app.session_state["case"].view.revision
    app.button(key="load").click()
    run(app)
    assert app.success[0].value.startswith("Loaded as revision")
    assert not app.info, "the dry run is over"
    assert "SECRET" in banner(app), "the banner says what is there now"
    assert app.session_state["case"].view.search("Anna Kroon").total == 1


def test_a_load_that_cannot_be_says_what_to_do_on_the_page(empty: AppTest) -> None:
    app = at(empty, "load")
    app.file_uploader(key="load-files").set_value(("tips.jsonl", ENTITY, "application/json"))
    app.button[0].click()
    run(app)
    told = app.error[0].value
    assert told.startswith(plain("name the adapter, or give a manifest that does: one of csv, "))
    assert told.endswith(plain("(field Adapter)"))
    app.selectbox(key="load-adapter").set_value("csv")
    app.button[0].click()
    run(app)
    assert app.error[0].value.endswith(plain("give one (field Manifest)"))
    assert "--" not in app.error[0].value


def test_who_may_not_load_is_told_so_and_sees_his_quarantine(filled: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_VIEWER", "noordkust")
    app = at(filled, "load")
    assert app.info[0].value.startswith("You may not load for any agency")
    assert not app.button
    assert "Quarantine" in app.subheader[0].value


def test_one_is_offered_the_agencies_that_one_may_load_for(filled: AppTest) -> None:
    assert list(at(filled, "load").selectbox(key="load-agency").options) == ["NKP"]


def test_a_load_without_files_is_refused_with_what_to_do(filled: AppTest) -> None:
    app = at(filled, "load")
    app.button[0].click()
    run(app)
    assert app.error[0].value == "choose at least one file"


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
    lines = next(each.value for each in app.dataframe if "Weakest grade" in each.value.columns)
    assert "not a fact" in lines["Relationship"].iloc[-1]
    again = run(as_viewer(url, monkeypatch, "alpha"))
    assert len(offered(again)) == 1
    theirs = run(as_viewer(url, monkeypatch, "nkp"))
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
    assert not accepted_in(at(app, "explore"))
    app.toggle(key="filter-accepted").set_value(True)
    assert accepted_in(run(app)) == ["Accepted lead: an assessment, not a fact, by alpha: seen at the quay"]


def accepted_in(app: AppTest) -> list[str]:
    """The accepted leads in the table of what is on the chart."""
    lines = next(each.value for each in app.dataframe if "Weakest grade" in each.value.columns)
    return [each for each in lines["Relationship"] if each.startswith("Accepted")]


def test_the_dashboard_goes_on_where_the_store_was_put_back(
    filled: AppTest, case_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_VIEWER", "noordkust")
    backup = fresh_url(tmp_path, "backup")
    copy_store(case_url, backup)
    for name in ("before", "after"):  # nothing that this viewer sees
        with closing(open_store(case_url)) as store:
            load(store, "KFIU", [record("KFIU", "Person", name, marking="SECRET//REL KFIU", name=name)])
        app = run(filled)
        assert not app.error
        assert "CONFIDENTIAL" in banner(app)
        if name == "before":
            copy_store(backup, case_url)
