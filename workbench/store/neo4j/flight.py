"""Sends batches to the server while the next one is prepared here."""

from collections import deque
from collections.abc import Callable, Iterable, Set
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import NamedTuple

_MOST = 2

_Work = Callable[[], None]


class _Sent(NamedTuple):
    futures: list[Future[None]]
    carries: Set[int]


class Flight:
    """Runs works in order in one thread, and the follow-up of each in a second thread, beside the next work.

    After a failure no more work starts, and every call raises that failure. At most two works are in flight; call
    `land` to be sure that they are done.
    """

    def __init__(self) -> None:
        self._works, self._afters = ThreadPoolExecutor(1, "flight"), ThreadPoolExecutor(1, "after")
        self._last: Future[None] = Future()
        self._last.set_result(None)
        self._flying = deque[_Sent]()
        self._failed: BaseException | None = None

    def send(self, work: _Work, carries: Iterable[int], after: _Work | None = None) -> None:
        """Start a work once all earlier ones are done, and then its follow-up `after`.

        `carries` are the numbers of what it touches. Raises the failure of an earlier work.
        """
        while len(self._flying) >= _MOST:
            self._landed(self._flying.popleft().futures)
        self._landed([])
        sent = [self._works.submit(_one_by_one, self._last.result, work)]
        self._last = sent[0]
        if after is not None:
            sent.append(self._afters.submit(_one_by_one, self._last.result, after))
        self._flying.append(_Sent(sent, frozenset(carries)))

    def carries(self, numbers: Iterable[int]) -> bool:
        """Whether a work in flight touches one of these numbers."""
        touched = set(numbers) if self._flying else set[int]()
        return not all(each.carries.isdisjoint(touched) for each in self._flying)

    def land(self) -> None:
        """Wait for all works in flight; raises the failure of any."""
        flying = [future for each in self._flying for future in each.futures]
        self._flying.clear()
        self._landed(flying)

    def end(self) -> None:
        """Wait for all works in flight, ignoring failures, and accept no more."""
        self._works.shutdown()
        self._afters.shutdown()

    def _landed(self, futures: list[Future[None]]) -> None:
        wait(futures)
        for each in futures:
            self._failed = self._failed or each.exception()
        if self._failed is not None:
            raise self._failed


def _one_by_one(*works: _Work) -> None:
    for work in works:
        work()
