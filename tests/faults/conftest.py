"""The server that these tests break, and the proxy before it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.proxy import Proxy, proxy_to
from tests.faults.server import Victim, started
from workbench.store.neo4j import probe

_NUMBER = 900  # among the servers of this process, far behind those of the pool


@pytest.fixture(scope="session")
def server() -> Iterator[Victim]:
    """A server of these tests alone."""
    with ExitStack() as stack:
        yield started(stack, _NUMBER)


@pytest.fixture(autouse=True)
def brief_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of this machine that says nothing will not say anything a second later."""
    monkeypatch.setattr(probe, "_SECONDS", 0.2)


@pytest.fixture
def proxy(server: Victim) -> Iterator[Proxy]:
    """A proxy before the server."""
    with proxy_to(*server.place) as found:
        yield found
