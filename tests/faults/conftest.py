"""The server that these tests break, and the proxy before it."""

import os
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Proxy, proxy_to
from tests.faults.server import NAME, NoServer, Server, alone, is_running, started


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of these tests alone, one file of them at a time; skipped where a developer has not started it."""
    if not os.environ.get("CI") and not is_running():
        pytest.skip(f"no server to break: start one with `python3 tools/neo4j.py start --name {NAME}`")
    with alone():
        try:
            yield started()
        except NoServer as error:
            pytest.fail(str(error))


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """A proxy before the server."""
    with proxy_to(server.host, server.port) as found:
        yield found
