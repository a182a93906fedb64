"""How long the store waits for a server that is away, with a fake clock."""

from collections.abc import Callable

import pytest
from neo4j.exceptions import ClientError, ServiceUnavailable

from workbench.store.neo4j import outage
from workbench.store.neo4j.outage import Outage

PATIENCE = 20.0


class Clock:
    """A clock that advances when somebody sleeps, and a log of attempts."""

    def __init__(self) -> None:
        self.now = 0.0
        self.tried = 0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def away(self, lasting: float = 0.0) -> Callable[[], None]:
        """An attempt that finds nobody, after some seconds."""

        def attempt() -> None:
            self.tried += 1
            self.now += lasting
            raise ServiceUnavailable

        return attempt


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(outage, "monotonic", lambda: found.now)
    monkeypatch.setattr(outage, "sleep", found.sleep)
    return found


def ask(of: Outage, attempt: Callable[[], None], *, is_hopeless: bool = False) -> None:
    of.outlast(attempt, PATIENCE, lambda: is_hopeless)


def test_a_server_is_tried_often_until_patience_ends(clock: Clock) -> None:
    with pytest.raises(ServiceUnavailable):
        ask(Outage(), clock.away())
    assert clock.now == pytest.approx(PATIENCE)
    assert 10 <= clock.tried <= 20


def test_who_asks_when_patience_has_ended_asks_once(clock: Clock) -> None:
    of = Outage()
    for _ in range(3):
        with pytest.raises(ServiceUnavailable):
            ask(of, clock.away())
        assert of.is_given_up
    assert clock.now == pytest.approx(PATIENCE)


def test_who_asks_later_waits_only_for_the_rest(clock: Clock) -> None:
    of = Outage()

    def other() -> None:
        with pytest.raises(ServiceUnavailable):
            ask(of, clock.away())
        raise ServiceUnavailable

    clock.now = 100.0
    with pytest.raises(ServiceUnavailable):
        ask(of, other)
    assert clock.now == pytest.approx(100 + PATIENCE)


@pytest.mark.parametrize("ends", ["an answer", "a long time"])
def test_the_next_outage_is_waited_for_anew(clock: Clock, ends: str) -> None:
    of = Outage()
    with pytest.raises(ServiceUnavailable):
        ask(of, clock.away())
    if ends == "an answer":
        ask(of, lambda: None)
        assert not of.is_given_up
    else:
        clock.now += PATIENCE + 1
    begun = clock.now
    with pytest.raises(ServiceUnavailable):
        ask(of, clock.away())
    assert clock.now - begun == pytest.approx(PATIENCE)


def test_a_silence_as_long_as_patience_is_enough(clock: Clock) -> None:
    of = Outage()
    with pytest.raises(ServiceUnavailable):
        ask(of, clock.away(lasting=120))
    assert clock.tried == 1
    assert of.is_given_up


def test_what_will_not_pass_is_not_waited_for(clock: Clock) -> None:
    def wrong() -> None:
        raise ClientError

    of = Outage()
    with pytest.raises(ClientError):
        ask(of, wrong)
    with pytest.raises(ServiceUnavailable):
        ask(of, clock.away(), is_hopeless=True)
    assert clock.now == 0
    assert not of.is_given_up
