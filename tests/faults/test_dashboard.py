"""The dashboard stays up while its store is away, and says so."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.faults.case import written
from tests.faults.proxy import Absent, Cut, Fault, Proxy, Refuse, Stall, Way
from tests.faults.server import Victim
from workbench.store.neo4j.connection import Database
from workbench.view.store import open_store

pytestmark = pytest.mark.neo4j_only(reason="it takes a server away from the dashboard")

PROJECT = Path(__file__).parents[2]
PAGES = ("explore", "analyse", "load")
PERSON = "Before 33"


@pytest.fixture(scope="module")
def filled(server: Victim, tmp_path_factory: pytest.TempPathFactory) -> Victim:
    """The server with a store that holds something."""
    server.wipe()
    store = open_store(server.url)
    written(tmp_path_factory.mktemp("faults"))[0].load(store)
    store.close()
    return server


@pytest.fixture
def app(filled: Victim, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dashboard of a store behind the proxy."""
    monkeypatch.setenv("WORKBENCH_STORE", filled.through(proxy.port))
    monkeypatch.setattr(Database, "patience", 0.5)
    return AppTest.from_file(PROJECT / "streamlit_app.py", default_timeout=60)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def errors(app: AppTest) -> str:
    return "\n".join(each.value for each in run(app).error)


@pytest.mark.parametrize("fault", [Refuse(), Absent(), Stall()])
def test_a_store_that_is_away_from_the_first(app: AppTest, proxy: Proxy, fault: Fault) -> None:
    proxy.set(fault)
    assert "the server is away" in errors(app)
    proxy.set(None)
    assert errors(app) == ""


@pytest.mark.parametrize("page", PAGES)
def test_a_store_that_goes_away_and_comes_back(app: AppTest, proxy: Proxy, page: str) -> None:
    run(app).switch_page(f"workbench/app/page_scripts/{page}.py")
    assert errors(app) == ""
    proxy.set(Refuse())
    assert "the server is away" in errors(app)
    proxy.set(None)
    assert errors(app) == ""


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_store_that_goes_away_in_the_midst_of_a_page(app: AppTest, proxy: Proxy, share: float) -> None:
    app = searched(app, PERSON)
    proxy.set(None)
    run(app)
    proxy.set(Cut(Way.DOWN, int(proxy.sent[Way.DOWN] * share), then=Refuse()))
    assert "the server is away" in errors(app)
    proxy.set(None)
    assert errors(app) == ""


def searched(app: AppTest, text: str) -> AppTest:
    run(app).text_input(key="query").set_value(text)
    app.button[0].click()
    return run(app)


def test_what_is_clicked_while_the_store_is_away(app: AppTest, proxy: Proxy) -> None:
    app = searched(app, PERSON)
    opening = next(button for button in app.button if str(button.key).startswith("open-"))
    proxy.set(Refuse())
    opening.click()
    assert "the server is away" in errors(app)
    proxy.set(None)
    assert errors(app) == ""


def test_a_load_while_the_store_is_away(app: AppTest, proxy: Proxy) -> None:
    run(app).switch_page("workbench/app/page_scripts/load.py")
    run(app).file_uploader(key="load-files").upload("more.ftm.json", b'{"id": "x", "schema": "Person"}\n')
    proxy.set(Refuse())
    app.button[0].click()
    assert "the server is away" in errors(app)


def test_a_store_that_is_emptied_meanwhile(app: AppTest, filled: Victim) -> None:
    """The last test here, for what it does to the store."""
    assert errors(app) == ""
    filled.wipe()
    assert "was emptied" in errors(app)
