"""Stores for the dashboard's tests: a small case of the tests, and the sample case as the demo builds it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
import streamlit as st
from playwright.sync_api import Browser

from tests.app.analyst import Analyst
from tests.app.browser import browsing, serving
from tests.app.case import fill
from tests.app.desks import called
from tests.app.opened import opened
from tests.app.proxy import LoggingProxy, logging_proxy
from tests.app.truth import Truth
from tests.demos import Make
from tests.stores import KIND, NEO4J, leased, viewers_in
from workbench import settings
from workbench.app.beginning import opening
from workbench.app.desk import Desk
from workbench.demo import read_demo
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the dashboard's store, which it would keep for the process: another test may use the same URL."""
    opened: list[GraphStore] = []

    def noted(url: str) -> GraphStore:
        opened.append(open_store(url))
        return opened[-1]

    monkeypatch.setattr(settings, "open_store", noted)
    yield
    st.cache_resource.clear()
    for each in opened:
        each.close()


@pytest.fixture
def case_url(tmp_path: Path) -> str:
    """A store of this test alone with the small case."""
    return fill(tmp_path)


@pytest.fixture
def store(case_url: str) -> Iterator[GraphStore]:
    """The small case's store, open."""
    found = open_store(case_url)
    yield found
    found.close()


@pytest.fixture
def view(store: GraphStore, case_url: str) -> View:
    """The small case as `joint` sees it."""
    return store.view(settings.viewer_for(store, case_url, "joint"))


@pytest.fixture
def desk(store: GraphStore, view: View, case_url: str) -> Desk:
    """The desk as a session begins it, on the small case's question; its chart is called "first"."""
    return called(opening(view, read_demo(store, case_url)), "first")


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files beside the sample case's store."""
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="session")
def sample_url(sample_folder: Path, make_demo: Make) -> Iterator[str]:
    """The sample case in a store, built once; tests that write build their own."""
    with leased(sample_folder, "saltmarsh") as url:
        with viewers_in(sample_folder):
            make_demo(url)
        yield url


def _of_server(fixture_name: str, config: pytest.Config) -> Literal["session", "module"]:
    """One server for a run; where its viewers are named by a variable, one while that is set."""
    return "module" if KIND == NEO4J else "session"


@pytest.fixture(scope=_of_server)
def host(sample_url: str, sample_folder: Path) -> Iterator[str]:
    """The dashboard of the sample case: its host and port."""
    with viewers_in(sample_folder), serving(sample_url) as found:
        yield found


@pytest.fixture(scope="module")
def proxy(host: str) -> Iterator[LoggingProxy]:
    """The proxy that logs all of the browser's requests."""
    with logging_proxy(host) as found:
        yield found


@pytest.fixture(scope="module")
def browser(proxy: LoggingProxy) -> Iterator[Browser]:
    """A real Chromium."""
    with browsing(proxy.port) as found:
        yield found


@pytest.fixture(scope="session")
def truth(sample_url: str) -> Iterator[Truth]:
    """The truth of the sample case."""
    found = Truth(sample_url)
    yield found
    found.close()


@pytest.fixture
def analyst(browser: Browser, host: str, request: pytest.FixtureRequest) -> Iterator[Analyst]:
    """Someone at the opening page who has done nothing yet."""
    with opened(browser, f"http://{host}/", request.node.name) as page:
        found = Analyst(page)
        found.settled()
        yield found
