"""A chart is opened, clicked on, expanded, searched for and walked in without reading the whole view."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.case import id_of
from tests.app.desks import hide, pictured, seen
from tests.app.test_pages import desk as desk_of
from workbench.app.desk import Desk
from workbench.app.exported.facts import facts
from workbench.app.exported.page import html
from workbench.app.exported.sheets import as_csv, as_excel
from workbench.app.exported.svg import svg
from workbench.export import chart_html
from workbench.store.backend import Backend
from workbench.view.store import GraphStore
from workbench.view.view import View

PROJECT = Path(__file__).parents[2]
MO, PHONE = id_of("NKP", "mo"), id_of("RJP", "r")


class Read:
    """Counts how often the base columns of a store are asked for."""

    def __init__(self) -> None:
        self.times = 0

    def counting(self, base: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            self.times += 1
            return base(*args)

        return counted


@pytest.fixture
def read(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> Read:
    """How often the columns of stores of this kind were asked for."""
    found, kind = Read(), type(store.backend)
    monkeypatch.setattr(kind, "base", found.counting(kind.base))
    return found


@pytest.fixture
def app(case_url: str, read: Read, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard of the small case, which opens on a chart of a path."""
    monkeypatch.setenv("WORKBENCH_STORE", case_url)
    return AppTest.from_file(PROJECT / "streamlit_app.py", default_timeout=60)


def run(app: AppTest) -> Desk:
    app.run()
    assert not app.exception
    assert not app.error
    return desk_of(app)


def press(app: AppTest, key: str) -> Desk:
    app.button(key=key).click()
    return run(app)


def assert_in_parts(read: Read, view: View) -> None:
    """The whole view was not read, where the store has lookups; nor any columns, if it also has an index of kinds."""
    has_lookups = view._backend.lookups(view._scope()) is not None
    has_kinds = type(view._backend).kinds is not Backend.kinds
    assert (read.times == 0) == (has_lookups and has_kinds)
    assert ("identity" in view._access().made) != has_lookups


def test_the_page_explore_reads_no_whole_view(app: AppTest, read: Read) -> None:
    desk = run(app)
    assert len(desk.chart.entities) == 6
    desk.select([PHONE])
    run(app)
    drawn = len(press(app, "expand-selected").chart.entities)
    assert drawn > 6
    app.text_input(key="query").set_value("visser")
    app.button[0].click()
    run(app)
    assert MO in press(app, f"open-{MO}").chart.entities
    desk = press(app, "end-selected")
    assert (desk.chart.end, len(desk.chart.entities)) == (MO, drawn + 2), "with the vehicle on the way"
    assert not desk.unsaved
    assert_in_parts(read, app.session_state["case"].view)


def test_a_saved_chart_is_opened_and_exported_without_the_whole_view(app: AppTest, read: Read) -> None:
    hide(run(app), PHONE)
    saved = run(app).name
    app.segmented_control(key="rail-panel").set_value("Chart")
    run(app)
    press(app, "new-chart")
    app.selectbox(key="open-chart").select_index(0)
    desk, view = run(app), app.session_state["case"].view
    assert (desk.name, len(desk.chart.entities)) == (saved, 6)
    assert chart_html(view, desk.chart.shown, desk.chart.positions, desk.name, desk.behind(view))
    for form in (svg, html, as_csv, as_excel):
        assert form(pictured(desk, view), facts(desk, view, seen(desk, view)))
    assert_in_parts(read, view)


@pytest.mark.parametrize("page", ["analyse", "load"])
def test_the_other_pages_read_it_only_when_asked(app: AppTest, read: Read, page: str) -> None:
    run(app)
    app.switch_page(f"workbench/app/page_scripts/{page}.py")
    run(app)
    assert_in_parts(read, app.session_state["case"].view)


def test_what_is_asked_of_the_whole_view_reads_it(app: AppTest, read: Read) -> None:
    run(app)
    app.switch_page("workbench/app/page_scripts/analyse.py")
    run(app)
    app.button[0].click()
    run(app)
    assert read.times > 0
