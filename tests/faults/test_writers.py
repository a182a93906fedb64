"""Loads whose server goes away, for any time, and leases that were never given back."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.case import AGENCY, EVERYBODY, Delivery, written
from tests.faults.proxy import Absent, Cut, Proxy, Way
from tests.faults.server import Victim
from workbench.errors import StoreBusy, StoreError
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.neo4j import outage
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.flight import Flight
from workbench.store.neo4j.lease import FIRST, SECOND
from workbench.view.store import GraphStore, open_store

pytestmark = pytest.mark.neo4j_only(reason="it takes a server away, or looks at its lease")

LANES = (FIRST, SECOND)
_HELD = "MATCH (l:Lease {name: $lane}) SET l.touched = 'on its way'"
_WRITING = "MATCH (s:Store) RETURN s.writing IS NOT NULL"
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
    """By the batches on their way, by what is read meanwhile, by what cleans up, and by the lease: together.

    One of them may be at its commit.
    """
    clock = Clock()
    monkeypatch.setattr(outage, "monotonic", lambda: clock.now)
    monkeypatch.setattr(outage, "sleep", clock.sleep)
    proxy.set(Cut(Way.UP, sent, then=Absent()))
    with pytest.raises(StoreError, match=r"the server is away|may or may not have happened"):
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


@pytest.mark.parametrize("lane", LANES)
def test_who_was_succeeded_writes_nothing_more(store: GraphStore, server: Victim, lane: str) -> None:
    writer = store.writer(agency=AGENCY, by="faults")
    server.driver.execute_query("MATCH (h:Heartbeat) SET h.expires = 0")
    successor = store.writer(agency=AGENCY, by="faults")
    for work in (lambda: writer._lease.step(lambda tx: tx.run("CREATE (:Record {rid: -1})"), lane), writer.abort):
        with pytest.raises(StoreError, match="another writer took over"):
            work()
    successor._lease.step(lambda tx: tx.run("MATCH (r:Record {rid: -1}) RETURN 1 / 0").consume(), lane)
    successor.abort()


@pytest.mark.parametrize("lane", LANES)
def test_what_is_on_its_way_in_either_lane_is_waited_for(store: GraphStore, server: Victim, lane: str) -> None:
    """By who writes next, and by who takes his own load back: else it came after all was put in order."""
    store.patience = 0.0
    with _held(server, lane), pytest.raises(StoreBusy):
        store.writer(agency=AGENCY, by="faults")
    writer = store.writer(agency=AGENCY, by="faults")
    taking_back = threading.Thread(target=writer.abort)
    with _held(server, lane):
        taking_back.start()
        taking_back.join(1.0)
        assert taking_back.is_alive()
        assert server.driver.execute_query(_WRITING).records == [[True]]
    taking_back.join(10.0)
    assert not taking_back.is_alive()


def test_what_alters_waits_for_what_is_on_its_way(
    store: GraphStore, server: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two transactions of one load could lock the same entities in other orders, and wait for one another."""
    landing, land = threading.Event(), Flight.land
    monkeypatch.setattr(Flight, "land", lambda flight: (landing.set(), land(flight)))
    writer = store.writer(agency=AGENCY, by="faults")
    file = writer.file("later", "0", "faults")
    called = _called("p0", "After")
    renaming = threading.Thread(target=writer.put, args=([called], file, "2026-02-01"))
    with _held(server, SECOND):
        writer.put([_called("new", "Somebody")], file, "2026-02-01")
        landing.clear()
        renaming.start()
        assert landing.wait(30.0)
        renaming.join(0.5)
        assert renaming.is_alive()
    renaming.join(10.0)
    assert not renaming.is_alive()
    writer.publish(dataset="case", adapter="faults", files=())
    assert store.view(EVERYBODY).record(called.key()).record == called


def _called(source_id: str, name: str) -> Record:
    properties = {"name": (Value(name, name),)}
    return Record("Person", Dataset(AGENCY, "case"), source_id, properties, parse_marking(f"SECRET//REL {AGENCY}"))


@contextmanager
def _held(server: Victim, lane: str) -> Iterator[None]:
    """A transaction holds a lane, and does nothing in the end."""
    with server.driver.session() as session, session.begin_transaction() as tx:
        tx.run(_HELD, lane=lane).consume()
        yield


def test_a_store_that_was_emptied_says_so(store: GraphStore, server: Victim) -> None:
    server.wipe()
    for asked in (lambda: store.view(EVERYBODY), lambda: store.writer(agency=AGENCY, by="faults")):
        with pytest.raises(StoreError, match="was emptied"):
            asked()
