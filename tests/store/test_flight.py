"""The order of batches: what holds while two are in flight, and what waits for them."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.store.neo4j.flight import Flight

_MOMENT = 0.001


class Broken(Exception):
    """What a work raises."""


class Log:
    """What begins and ends, in the order in which it does."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int, str]] = []

    def work(self, kind: str, n: int, fails: bool = False) -> Callable[[], None]:
        def work() -> None:
            self.lines.append((kind, n, "begun"))
            time.sleep(_MOMENT)
            if fails:
                raise Broken
            self.lines.append((kind, n, "ended"))

        return work

    def at(self, kind: str, n: int, state: str) -> int:
        return self.lines.index((kind, n, state))


@pytest.fixture
def flight() -> Iterator[Flight]:
    found = Flight()
    yield found
    found.end()


@given(st.lists(st.booleans(), max_size=6))
def test_works_follow_one_another_and_each_is_followed_by_what_waits_for_it(has_after: list[bool]) -> None:
    flight, log = Flight(), Log()
    for n, after in enumerate(has_after):
        flight.send(log.work("work", n), (), log.work("after", n) if after else None)
    flight.land()
    flight.end()
    works = [line for line in log.lines if line[0] == "work"]
    afters = [line for line in log.lines if line[0] == "after"]
    assert works == [("work", n, state) for n in range(len(has_after)) for state in ("begun", "ended")]
    assert afters == [("after", n, state) for n, after in enumerate(has_after) if after for state in ("begun", "ended")]
    for n, after in enumerate(has_after):
        assert not after or log.at("work", n, "ended") < log.at("after", n, "begun")


@given(st.integers(0, 5), st.sampled_from(["work", "after"]))
def test_after_a_work_that_failed_none_is_begun_and_somebody_is_told(broken: int, kind: str) -> None:
    flight, log = Flight(), Log()

    def send_all() -> None:
        for n in range(6):
            work, after = (log.work(each, n, n == broken and each == kind) for each in ("work", "after"))
            flight.send(work, (), after)
        flight.land()

    with pytest.raises(Broken):
        send_all()
    for again in (flight.land, partial(flight.send, log.work("work", 6), ())):
        with pytest.raises(Broken):
            again()
    flight.end()
    if kind == "work":
        assert ("work", broken, "begun") in log.lines
        assert not [line for line in log.lines if line[:2] == ("after", broken) or line[1] > broken]


def test_what_waits_for_a_work_goes_on_beside_the_next(flight: Flight) -> None:
    meet = threading.Barrier(2, timeout=10)
    flight.send(lambda: None, (), lambda: (meet.wait(), None)[1])
    flight.send(lambda: (meet.wait(), None)[1], ())
    flight.land()


def test_no_more_than_two_are_on_their_way(flight: Flight) -> None:
    go_on, sent = threading.Event(), threading.Event()

    def send_three() -> None:
        for _ in range(3):
            flight.send(lambda: (go_on.wait(10), None)[1], ())
        sent.set()

    sender = threading.Thread(target=send_three)
    sender.start()
    assert not sent.wait(0.2)
    go_on.set()
    sender.join()
    flight.land()


def test_it_tells_what_is_on_its_way_and_no_longer_when_it_has_landed(flight: Flight) -> None:
    go_on = threading.Event()
    flight.send(lambda: (go_on.wait(10), None)[1], {1, 2})
    flight.send(lambda: None, {3})
    assert [flight.carries([n]) for n in (1, 2, 3, 4)] == [True, True, True, False]
    go_on.set()
    flight.land()
    assert not any(flight.carries([n]) for n in (1, 2, 3, 4))
