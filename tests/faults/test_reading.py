"""Views of a store whose server falls silent, breaks off, or is put back to an older state."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.faults.case import EVERYBODY, Delivery, written
from tests.faults.proxy import Cut, Proxy, Stall, Way
from tests.faults.server import Victim
from workbench.errors import StoreError
from workbench.store.base import GraphStore, open_store
from workbench.store.neo4j.connection import Database

pytestmark = pytest.mark.neo4j_only(reason="it breaks a server, and what lies between it and a view")


@pytest.fixture
def deliveries(server: Victim, tmp_path_factory: pytest.TempPathFactory) -> tuple[Delivery, Delivery]:
    """Two deliveries, the first of them loaded."""
    server.wipe()
    found = written(tmp_path_factory.mktemp("reading"))
    load(server, found[0])
    return found


@pytest.fixture
def store(server: Victim, proxy: Proxy, deliveries: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphStore]:
    """The store behind the proxy, with little patience."""
    monkeypatch.setattr(Database, "patience", 2.0)
    with closing(open_store(server.through(proxy.port))) as found:
        yield found


def load(server: Victim, delivery: Delivery) -> str:
    """Load it past the proxy; the digest then."""
    with closing(open_store(server.url)) as store:
        delivery.load(store)
        return store.view(EVERYBODY).digest()


@pytest.mark.parametrize("way", Way)
def test_a_read_from_a_silent_server_ends(store: GraphStore, proxy: Proxy, way: Way) -> None:
    view = store.view(EVERYBODY)
    proxy.set(Stall(frozenset({way})))
    told: list[str] = []

    def read() -> None:
        try:
            view.search("Before")
        except StoreError as error:
            told.append(str(error))

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    reading.join(60)  # in any time at all: the driver's own limit is the server's word, here four seconds
    assert not reading.is_alive()
    assert "the server is away" in told[0]
    proxy.set(None)
    assert view.search("Before").total > 0


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("share", [0.0, 0.4, 0.8])
def test_a_read_that_breaks_off_is_read_again(store: GraphStore, proxy: Proxy, way: Way, share: float) -> None:
    expected = store.view(EVERYBODY).digest()
    proxy.set(None)
    assert store.view(EVERYBODY).digest() == expected
    proxy.set(Cut(way, int(proxy.sent[way] * share)))
    assert store.view(EVERYBODY).digest() == expected
    assert proxy.fired == 1


def test_a_database_that_was_put_back(server: Victim, store: GraphStore, deliveries: tuple[Delivery, Delivery]) -> None:
    """The bookmarks of who read it before are of its future; revisions of the same number come again."""
    large = deliveries[1]
    before = store.view(EVERYBODY).digest()
    with server.put_back():
        after = load(server, large)
        assert store.view(EVERYBODY).digest() == after
    with pytest.raises(StoreError, match="older than what was read"):
        store.view(EVERYBODY)
    assert store.view(EVERYBODY).digest() == before
    other = load(server, large._replace(files=large.files[:1]))
    assert other not in {before, after}
    assert store.view(EVERYBODY).digest() == other
