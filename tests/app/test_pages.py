"""The pages run: on an empty store, on a filled one, and as another viewer."""

import re
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.case import id_of, load, record
from tests.app.desks import sent, ties_shown
from tests.stores import copy_store, fresh_url
from workbench.analytics import ANALYSES
from workbench.app.desk import Desk
from workbench.app.filters import Filters
from workbench.app.picture import Picture
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
    """The desk of who looks."""
    found: Desk = app.session_state["desks"][app.session_state["case"].view.viewer.name]
    return found


def canvas(app: AppTest) -> Picture:
    """What the canvas was sent."""
    return desk(app).wire._sent


def did(app: AppTest, what: str, **more: Any) -> AppTest:
    """Have the canvas send an event."""
    sent(desk(app), app.session_state["case"].view, what, **more)
    return run(app)


def panel(app: AppTest, name: str) -> AppTest:
    """Open a panel of the rail."""
    app.segmented_control(key="rail-panel").set_value(name)
    return run(app)


def part(app: AppTest, name: str) -> AppTest:
    """Open a part of the drawer."""
    app.button(key=f"part-{name}").click()
    return run(app)


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
    assert len({row["Record"] for row in canvas(app).top["path"]}) == 16


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
    assert canvas(app).top["undo"]
    did(app, "undo")
    assert mo not in desk(app).chart.entities
    assert mo not in canvas(app).things


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


def test_filters_are_signs_of_the_legend(filled: AppTest) -> None:
    app = panel(run(filled), "Show")
    did(app, "leave out", signs=["agency:RJP"])
    assert desk(app).chart.filters == Filters(without=frozenset({"agency:RJP"}))
    (entry,) = (e for s in canvas(app).top["legend"] for e in s["entries"] if e["sign"] == "agency:RJP")
    assert entry["out"]
    assert canvas(app).top["filtered"] == len(canvas(app).out) > 0
    app.button(key="clear-filters").click()
    run(app)
    assert not desk(app).chart.filters
    did(app, "undo")
    assert desk(app).chart.filters
    did(app, "undo")
    assert not canvas(app).top["filtered"]


def test_the_time_is_a_filter_of_the_chart(filled: AppTest) -> None:
    app = panel(run(filled), "Show")
    app.date_input(key="filter-since").set_value(date(2026, 2, 3))
    run(app)
    assert desk(app).chart.filters == Filters(since="2026-02-03")
    (calls,) = (tie for tie in ties_shown(canvas(app)) if tie["label"].startswith("Call"))
    assert (calls["label"], calls["n"], calls["all"]) == ("Call ×10", 10, 12)
    did(app, "undo")
    assert app.date_input(key="filter-since").value is None


def test_the_case_as_another_viewer_sees_it(filled: AppTest) -> None:
    app = run(filled)
    laura, nico = id_of("KFIU", "laura"), id_of("NKP", "nico")
    desk(app).open(app.session_state["case"].view, nico)
    run(app)
    app.selectbox(key="viewer-switch").set_value("noordkust")
    run(app)
    assert app.session_state["case"].view.viewer.name == "noordkust"
    assert laura in desk(app).chart.entities
    assert "No path" in app.warning[0].value
    assert nico not in texts(app)
    app.selectbox(key="viewer-switch").set_value("joint")
    run(app)
    part(app, "Path")
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
    assert "Nothing was changed yet" in app.info[0].value
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
    app.file_uploader(key="load-files").set_value(("tips.jsonl", b'{"a": 1}\n', "application/json"))
    app.button[0].click()
    run(app)
    told = app.error[0].value
    assert plain("tips.jsonl could be several things, so name the adapter: json: ") in told
    assert told.endswith(plain("(field Format)"))
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
    assert "quarantine" in app.subheader[0].value


def test_one_is_offered_the_agencies_that_one_may_load_for(filled: AppTest) -> None:
    assert list(at(filled, "load").selectbox(key="load-agency").options) == ["NKP"]


def test_a_load_without_files_is_refused_with_what_to_do(filled: AppTest) -> None:
    app = at(filled, "load")
    app.button[0].click()
    run(app)
    assert app.error[0].value == "choose at least one file"


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


def test_nothing_moves_once_a_large_chart_is_read(filled: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What moves on the page is made anew in the browser: the canvas too."""
    monkeypatch.setattr("workbench.app.seeing._MANY", 1)
    monkeypatch.setattr("workbench.app.seeing._AT_ONCE", 1)
    first = canvases(run(filled).main)
    assert first
    assert canvases(run(filled).main) == first


def canvases(block: Any, at: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Where the canvas is on the page: its place in each block that it lies in."""
    if block.type == "bidi_component":
        return [at]
    return [found for n, each in getattr(block, "children", {}).items() for found in canvases(each, (*at, n))]


def test_a_chart_that_can_not_be_deleted_now_stays(filled: AppTest, case_url: str) -> None:
    app = panel(run(filled), "Chart")
    app.text_input(key="chart-name").set_value("Mine")
    run(app)
    desk(app).open(app.session_state["case"].view, id_of("NKP", "mo"))
    run(app)
    with closing(open_store(case_url)) as store, store.lease():
        app.button(key="delete-chart").click()
        run(app)
    assert desk(app).name == "Mine"
    assert "try again when it is done" in desk(app).note
    app.button(key="delete-chart").click()
    run(app)
    assert desk(app).name != "Mine"
