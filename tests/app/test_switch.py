"""The switch of viewers is offered only for the demo's store, and only if no viewer was named."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from streamlit.testing.v1 import AppTest

from tests.app.browser import ARTEFACTS, FLAGS, chromium, serving
from tests.app.case import VIEWERS, id_of, load, record
from tests.app.test_pages import desk, panel, run
from tests.laws.page import _texts
from tests.stores import fresh_url, name_viewers
from workbench.app.context import looking
from workbench.app.filters import Filters
from workbench.commands.demo import build_demo
from workbench.errors import UsageError
from workbench.view.copies import copy_store
from workbench.view.store import open_store

PROJECT = Path(__file__).parents[2]
LAURA = id_of("KFIU", "laura")
CLERK = """
[chief]
agencies = ["NKP"]
level = "SECRET"
purposes = ["investigation"]

[clerk]
agencies = ["NKP"]
level = "OPEN"
purposes = ["investigation"]
"""


@pytest.fixture
def others(case_url: str, tmp_path: Path) -> str:
    """A store of others with a SECRET, which lies in the demo's folder."""
    url = fresh_url(tmp_path, "others")
    with closing(open_store(url)) as store:
        load(store, "NKP", [record("NKP", "Person", "boss", name="The Boss", marking="SECRET//REL NKP")])
    return url


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of a real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        yield page
        browser.close()


def app_of(url: str, monkeypatch: pytest.MonkeyPatch, **environment: str) -> AppTest:
    """The dashboard of a store, with the settings of this environment."""
    for name, value in {"STORE": url, **environment}.items():
        monkeypatch.setenv(f"WORKBENCH_{name}", value)
    return AppTest.from_file(PROJECT / "streamlit_app.py", default_timeout=60)


def switches(app: AppTest) -> list[str]:
    app.run()
    assert not app.exception
    return [name for each in app.selectbox if each.key == "viewer-switch" for name in each.options]


def test_the_demos_store_has_it(case_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert switches(app_of(case_url, monkeypatch)) == ["See the case as joint", "See the case as noordkust"]


def test_nothing_of_a_chart_crosses_it(case_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(app_of(case_url, monkeypatch))
    mine, view = desk(app), app.session_state["case"].view
    mine.rename("Laura and Rachid, by KFIU", ())
    mine.show(view, [id_of("KFIU", "laura"), id_of("KFIU", "acme")])
    secret = mine.chart.grouping("Secret group", mine.selected).noting(LAURA, "a secret note").marking([LAURA], "red")
    mine.did(replace(secret, text="a secret text", filters=Filters(without=frozenset({"tie:Directorship"}))), "a note")
    mine.lay_out(view)
    run(app)
    panel(app, "Chart")
    app.text_area(key="chart-text").set_value("a secret text indeed")
    run(app)
    app.selectbox(key="viewer-switch").set_value("noordkust")
    run(app)
    theirs = desk(app)
    assert theirs is not mine
    assert theirs.wire.token != mine.wire.token
    for told in (repr(theirs), repr(theirs.wire), page_of(panel(app, "Chart")), page_of(panel(app, "Find"))):
        assert not [each for each in ("ecret", "by KFIU", "Directorship") if each in told]
    app.selectbox(key="viewer-switch").set_value("joint")
    run(app)
    assert desk(app) is mine, "and one's own is as it was"
    assert mine.chart.text == "a secret text indeed"


def test_nothing_of_a_search_or_a_comparison_crosses_it(case_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(app_of(case_url, monkeypatch))
    view = app.session_state["case"].view
    desk(app).rename("Laura, by KFIU", ())
    desk(app).show(view, [LAURA])
    panel(app, "Chart").button(key="new-chart").click()
    run(app)
    chosen = app.selectbox(key="compare-with")
    chosen.select_index(0)
    run(app)
    assert "Laura Georgiou" in page_of(app)
    app.selectbox(key="viewer-switch").set_value("noordkust")
    assert "by KFIU" not in page_of(run(app))
    assert "Only there" not in page_of(app)
    app.selectbox(key="viewer-switch").set_value("joint")
    with closing(open_store(case_url)) as store:
        load(store, "KFIU", [record("KFIU", "Vessel", "v", name="Visser's secret", marking="SECRET//REL KFIU")])
    panel(run(app), "Find").text_input(key="query").set_value("visser")
    app.button[0].click()
    run(app)
    app.button_group(key="types of visser").set_value(["Vessel"])
    assert "Vessel 1" in page_of(run(app))
    app.selectbox(key="viewer-switch").set_value("noordkust")
    assert "visser" not in page_of(run(app)).lower(), "nor what he typed"
    assert "Vessel" not in page_of(app)


def page_of(app: AppTest) -> str:
    """All that the page sends to the browser."""
    return "\n".join(_texts(app._tree))


def test_who_is_named_stays_who_he_is(case_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(case_url, monkeypatch, VIEWER="noordkust")
    app.session_state["viewer"] = "joint"
    assert switches(app) == []
    assert "noordkust" in [each.value.partition(",")[0] for each in app.caption]


def test_viewers_of_ones_own_are_not_offered(case_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "viewers.toml").write_text(VIEWERS + CLERK)
    app = app_of(case_url, monkeypatch)
    assert switches(app) == []
    told = app.error[0].value.replace("\\", "")
    assert told == "name the viewer: one of chief, clerk, joint, noordkust (setting WORKBENCH_VIEWER)"
    monkeypatch.setenv("WORKBENCH_VIEWER", "clerk")
    assert switches(app) == []


def test_viewers_that_a_setting_names_are_not_offered(
    case_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text(CLERK)
    shutil.copy(tmp_path / "demo.json", tmp_path / "mine.json")
    assert switches(app_of(case_url, monkeypatch, VIEWERS=str(tmp_path / "mine.toml"))) == []


def test_a_store_in_the_demos_folder_is_not_the_demos(others: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(others, monkeypatch, VIEWER="joint")
    assert switches(app) == []
    assert not app.info


def test_a_copy_of_the_demos_store_is_not_the_demos(case_url: str, tmp_path: Path) -> None:
    url = fresh_url(tmp_path, "copy")
    with closing(open_store(case_url)) as source, closing(open_store(url)) as target:
        copy_store(source, target, lambda part, done, of: None)
        assert looking(source, case_url, None).offered
        assert looking(target, url, "joint").demo is None


def test_what_the_demo_began_is_no_place_for_a_copy(case_url: str, tmp_path: Path) -> None:
    url = fresh_url(tmp_path, "begun")
    with closing(open_store(case_url)) as source, closing(open_store(url)) as target:
        target.mark_as_demo("begun")
        with pytest.raises(UsageError, match="empty"):
            copy_store(source, target, lambda part, done, of: None)


def test_the_demo_takes_no_store_of_others(tmp_path: Path) -> None:
    url = fresh_url(tmp_path, "others")
    name_viewers(tmp_path)
    with closing(open_store(url)) as store:
        load(store, "NKP", [record("NKP", "Person", "boss", name="The Boss", marking="SECRET//REL NKP")])
        with pytest.raises(UsageError, match="was filled by others"):
            build_demo(url)
        assert store.demo_mark() == ""
    assert not list(tmp_path.glob("*.toml"))
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.browser
def test_a_clerk_beside_a_demos_question_stays_a_clerk(page: Page, others: str, tmp_path: Path) -> None:
    (tmp_path / "viewers.toml").write_text(CLERK)
    with serving(others, "--as", "clerk") as host:
        page.goto(f"http://{host}/")
        expect(page.get_by_text("clerk, for investigation")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("This view is empty")).to_be_visible()
        page.screenshot(path=ARTEFACTS / "clerk.png")
        assert page.get_by_text("See the case as").count() == 0
        assert page.get_by_text("chief").count() == 0
        assert page.get_by_text("SECRET").count() == 0


@pytest.mark.browser
def test_a_store_beside_the_demos_opens_as_what_it_is(page: Page, others: str, tmp_path: Path) -> None:
    with serving(others, "--as", "noordkust") as host:
        page.goto(f"http://{host}/")
        expect(page.get_by_text("SECRET//REL NKP").first).to_be_visible(timeout=60_000)
        page.screenshot(path=ARTEFACTS / "beside.png")
        assert page.get_by_text("Who ties Rachid and Laura?").count() == 0
        assert page.get_by_text("See the case as").count() == 0
