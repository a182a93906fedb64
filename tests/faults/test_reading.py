"""Views of a store whose server falls silent, breaks the connection, or was restored to an older state."""

import base64
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from neo4j import Bookmarks, GraphDatabase

from tests.faults.case import EVERYBODY, written
from tests.faults.proxy import Cut, Proxy, Stall, Way
from tests.faults.server import Victim
from workbench.errors import StoreError
from workbench.store.neo4j.connection import Database
from workbench.view.store import GraphStore, open_store

_LATER = bytes.fromhex("c97fff")  # 32767

pytestmark = pytest.mark.neo4j_only(reason="it breaks a server, and what lies between it and a view")


@pytest.fixture
def store(server: Victim, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphStore]:
    """The store behind the proxy, with a delivery in it, and little patience."""
    server.wipe()
    with closing(open_store(server.url)) as past_it:
        written(tmp_path)[0].load(past_it)
    monkeypatch.setattr(Database, "patience", 2.0)
    with closing(open_store(server.through(proxy.port))) as found:
        yield found


def test_a_read_from_a_silent_server_ends(store: GraphStore, proxy: Proxy) -> None:
    view = store.view(EVERYBODY)
    proxy.set(Stall())
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


def test_a_stale_bookmark_is_told_of_and_let_go(store: GraphStore, server: Victim) -> None:
    """The case of a restored database is in `make faults`."""
    before = store.view(EVERYBODY).digest()
    store.backend._database._bookmarks = GraphDatabase.bookmark_manager(of_the_future(server))
    with pytest.raises(StoreError, match="in an older state than before"):
        store.view(EVERYBODY)
    assert store.view(EVERYBODY).digest() == before


def of_the_future(server: Victim) -> Bookmarks:
    """A bookmark of the server's database: in PackStream its id, and the number of a transaction."""
    with server.driver.session() as session:
        session.run("RETURN 1").consume()
        kind, said = next(iter(session.last_bookmarks().raw_values)).split(":")
    data = base64.b64decode(said + "=" * (-len(said) % 4))
    id_, end = data[:19], data[-1:]
    later = base64.b64encode(id_ + _LATER + end).decode().rstrip("=")
    return Bookmarks.from_raw_values([f"{kind}:{later}"])
