"""Loads that a server leaves, for as long as it takes; and leases that nobody gave back."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.case import AGENCY, EVERYBODY, Delivery, written
from tests.faults.proxy import Absent, Cut, Proxy, Way
from tests.faults.server import Victim
from workbench.errors import StoreBusy, StoreError
from workbench.store.base import GraphStore, open_store
from workbench.store.neo4j import outage
from workbench.store.neo4j.connection import Database

pytestmark = pytest.mark.neo4j_only(reason="it takes a server away, or looks at its lease")

_ELSEWHERE = """
MATCH (l:Lease {name: 'writer'}), (h:Heartbeat {name: 'writer'})
SET l.token = 'of another', l.holder = '7 elsewhere its-machine', h.token = 'of another'
SET h.expires = timestamp() + $left
"""


@pytest.fixture
def large(server: Victim, tmp_path: Path) -> Delivery:
    """A delivery, after another one that is loaded."""
    server.wipe()
    small, found = written(tmp_path)
    with closing(open_store(server.url)) as store:
        small.load(store)
    return found


@pytest.fixture
def store(server: Victim, proxy: Proxy, large: Delivery) -> Iterator[GraphStore]:
    """The store behind the proxy."""
    with closing(open_store(server.through(proxy.port))) as found:
        yield found


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


@pytest.mark.parametrize("sent", [30_000, 70_000])  # of 100,000 bytes
def test_a_server_that_stays_away_is_waited_for_once(
    store: GraphStore, proxy: Proxy, large: Delivery, monkeypatch: pytest.MonkeyPatch, sent: int
) -> None:
    """By the batch on its way, by what is read meanwhile, by what cleans up, and by the lease: together."""
    clock = Clock()
    monkeypatch.setattr(outage, "monotonic", lambda: clock.now)
    monkeypatch.setattr(outage, "sleep", clock.sleep)
    proxy.set(Cut(Way.UP, sent, then=Absent()))
    with pytest.raises(StoreError, match="the server is away"):
        large.load(store)
    assert Database.patience <= clock.now <= Database.patience + 2 * outage._LONGEST_PAUSE


def test_who_could_not_give_back_the_lease_gets_it_again(
    store: GraphStore, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.patience = 0.0
    writer = store.writer(agency=AGENCY, by="faults")
    monkeypatch.setattr(Database, "patience", 0.0)
    proxy.set(Absent())
    with pytest.raises(StoreError, match="the server is away"):
        writer.abort()
    proxy.set(None)
    store.writer(agency=AGENCY, by="faults").abort()


def test_who_writes_elsewhere_is_told_of_while_his_heart_beats(store: GraphStore, server: Victim) -> None:
    server.driver.execute_query(_ELSEWHERE, left=60_000)
    store.patience = 0.0
    with pytest.raises(StoreBusy, match="process 7 on elsewhere is writing"):
        store.writer(agency=AGENCY, by="faults")


def test_whose_heart_stopped_is_succeeded(store: GraphStore, server: Victim, large: Delivery) -> None:
    server.driver.execute_query(_ELSEWHERE, left=-1)
    store.patience = 0.0
    large.load(store)


def test_a_store_that_was_emptied_says_so(store: GraphStore, server: Victim) -> None:
    server.wipe()
    for asked in (lambda: store.view(EVERYBODY), lambda: store.writer(agency=AGENCY, by="faults")):
        with pytest.raises(StoreError, match="was emptied"):
            asked()
