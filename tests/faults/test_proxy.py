"""The proxy itself, between the bare driver and a real server."""

import threading
import time
from collections.abc import Iterator

import neo4j
import pytest
from neo4j.exceptions import IncompleteCommit, ServiceUnavailable

from tests.faults.proxy import Absent, Cut, Fault, LoseCommits, Proxy, Refuse, Stall, Way
from tests.faults.server import Victim, hasty_driver

pytestmark = pytest.mark.neo4j_only(reason="it breaks what lies between a driver and its server")

ROWS = 2000
WAYS = pytest.mark.parametrize("way", Way)
ENDS = pytest.mark.parametrize("is_reset", [False, True])


@pytest.fixture
def driver(server: Victim, proxy: Proxy) -> Iterator[neo4j.Driver]:
    """The bare driver, through the proxy."""
    with hasty_driver(server.through(proxy.port)) as found:
        yield found


@pytest.fixture
def direct(server: Victim) -> Iterator[neo4j.Driver]:
    """The bare driver, with nothing between, and none of these tests' marks in the database."""
    with hasty_driver(server.url) as found:
        found.execute_query("MATCH (n:Mark) DETACH DELETE n")
        yield found
        found.execute_query("MATCH (n:Mark) DETACH DELETE n")


def count(driver: neo4j.Driver) -> int:
    return int(driver.execute_query("MATCH (n:Mark) RETURN count(n)").records[0][0])


def talk(driver: neo4j.Driver) -> None:
    """Something to say, with long messages both ways, in one attempt."""
    with driver.session() as session, session.begin_transaction() as tx:
        tx.run("UNWIND $rows AS row CREATE (:Mark {n: row})", rows=list(range(ROWS))).consume()
        assert tx.run("UNWIND range(1, $rows) AS row RETURN row, 'text'", rows=ROWS).values()[-1] == [ROWS, "text"]
        tx.commit()


def sizes(driver: neo4j.Driver, proxy: Proxy) -> dict[Way, int]:
    """How many bytes a talk has each way, on a connection that stands."""
    talk(driver)
    proxy.set(None)
    talk(driver)
    return dict(proxy.sent)


def test_it_passes_everything_on(driver: neo4j.Driver, direct: neo4j.Driver, proxy: Proxy) -> None:
    talk(driver)
    assert count(direct) == count(driver) == ROWS
    assert proxy.commits == 2  # the talk's, and the count's
    assert proxy.sent[Way.UP] > ROWS
    assert proxy.sent[Way.DOWN] > ROWS
    assert proxy.fired == 0


@pytest.mark.parametrize("fault", [Refuse(), Absent()])
def test_who_is_refused_comes_back_when_it_is_over(driver: neo4j.Driver, proxy: Proxy, fault: Fault) -> None:
    talk(driver)
    proxy.set(fault)
    for _ in range(2):
        with pytest.raises(ServiceUnavailable):
            driver.verify_connectivity()
    proxy.set(None)
    driver.verify_connectivity()


@WAYS
def test_what_is_stalled_arrives_late(driver: neo4j.Driver, direct: neo4j.Driver, proxy: Proxy, way: Way) -> None:
    driver.verify_connectivity()
    proxy.set(Stall(frozenset({way})))
    talking = threading.Thread(target=talk, args=[driver])
    talking.start()
    time.sleep(0.3)
    assert talking.is_alive()
    assert proxy.sent[way] == 0
    proxy.set(None)
    talking.join()
    assert count(direct) == ROWS


def test_nobody_is_greeted_during_a_stall(driver: neo4j.Driver, proxy: Proxy) -> None:
    proxy.set(Stall())
    with pytest.raises(ServiceUnavailable):
        driver.verify_connectivity()


@WAYS
@ENDS
@pytest.mark.parametrize("share", [0.0, 0.6])
def test_it_cuts_after_a_number_of_bytes(
    driver: neo4j.Driver, direct: neo4j.Driver, proxy: Proxy, way: Way, is_reset: bool, share: float
) -> None:
    at = int(share * sizes(driver, proxy)[way])
    before = count(direct)
    proxy.set(Cut(way, at, is_reset))
    with pytest.raises(ServiceUnavailable):
        talk(driver)
    assert proxy.fired == 1
    assert proxy.sent[way] == at
    talk(driver)  # it cuts once
    assert count(direct) in {before + ROWS, before + 2 * ROWS}
    assert proxy.fired == 1


def test_it_loses_the_answer_to_a_commit_alone(driver: neo4j.Driver, direct: neo4j.Driver, proxy: Proxy) -> None:
    proxy.set(LoseCommits(2, 3))
    talk(driver)
    for done in (2, 3):
        with pytest.raises(IncompleteCommit):
            talk(driver)
        assert count(direct) == done * ROWS  # it has happened, before the driver knows
    talk(driver)
    assert count(direct) == 4 * ROWS
    assert proxy.fired == 2


def test_a_retry_of_the_driver_would_do_it_twice(driver: neo4j.Driver, direct: neo4j.Driver, proxy: Proxy) -> None:
    """Why the store's writes are told to do nothing where it is done already."""
    proxy.set(LoseCommits(1, 1))
    with driver.session() as session:
        with pytest.raises(IncompleteCommit):
            session.execute_write(lambda tx: tx.run("CREATE (:Mark)").consume())
        session.execute_write(lambda tx: tx.run("CREATE (:Mark)").consume())
    assert count(direct) == 2


def test_it_follows_several_at_once(driver: neo4j.Driver, direct: neo4j.Driver, proxy: Proxy) -> None:
    talking = [threading.Thread(target=talk, args=[driver]) for _ in range(8)]
    for each in talking:
        each.start()
    for each in talking:
        each.join()
    assert proxy.commits == 8
    assert count(direct) == 8 * ROWS
