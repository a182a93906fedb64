"""What a browser session caches, and what the threads of its pages leave behind."""

import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workbench.access.viewer import Viewer
from workbench.view.store import GraphStore


@pytest.mark.sqlite_only(reason="about connections to a file")
def test_threads_that_ended_leave_no_connection_open(store: GraphStore) -> None:
    viewer = Viewer(name="joint", agencies=frozenset({"NKP"}), level="SECRET")
    for _ in range(20):
        thread = threading.Thread(target=lambda: store.view(viewer).stats())
        thread.start()
        thread.join()
    assert len(store.backend._connections._all) <= 2


def loads_shown() -> None:
    """A page that tells for which agencies its visitor may load."""
    import streamlit as st

    from workbench.app.context import current

    st.text(sorted(current().case.viewer.loads))


@pytest.mark.sqlite_only(reason="the same on every kind of store")
def test_a_right_that_was_taken_away_is_gone_at_the_next_run(
    case_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewers, rights = tmp_path / "viewers.toml", '[anna]\nagencies = ["NKP"]\nlevel = "SECRET"\n'
    for name, value in (("STORE", case_url), ("VIEWERS", str(viewers)), ("VIEWER", "anna")):
        monkeypatch.setenv(f"WORKBENCH_{name}", value)
    app = AppTest.from_function(loads_shown, default_timeout=60)
    viewers.write_text(f'{rights}loads = ["NKP"]\n', "utf-8")
    assert app.run().text[0].value == "['NKP']"
    viewers.write_text(rights, "utf-8")
    assert app.run().text[0].value == "[]"
