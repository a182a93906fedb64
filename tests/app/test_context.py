"""What a browser session caches, and what the threads of its pages leave behind."""

import threading

import pytest

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
