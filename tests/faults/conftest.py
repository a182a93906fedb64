"""The server that these tests break, and the proxy before it."""

import os
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Proxy, proxy_to
from tests.faults.server import Victim, victim
from tests.servers import POOL
from tests.stores import USES

_NUMBER = 900  # among the servers of this process, far behind those of the pool


@pytest.fixture(scope="session")
def server() -> Iterator[Victim]:
    """A server of these tests alone; skipped where a developer has none."""
    try:
        with victim(_NUMBER) as found:
            USES.of_neo4j = True
            POOL.version = POOL.version or found.version()
            yield found
    except RuntimeError as error:
        reason = f"no Neo4j to break: {error}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@pytest.fixture
def proxy(server: Victim) -> Iterator[Proxy]:
    """A proxy before the server."""
    with proxy_to(*server.place) as found:
        yield found
