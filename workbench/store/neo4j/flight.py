"""Batches on their way to the server, while the next is prepared here."""

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
    """Does one piece of work after another, and what is to be done after each beside the next.

    After a work that failed none is begun, and what failed is raised again whatever is asked. At most two are on
    their way; whoever needs to know what became of them lets them land first.
    """

    def __init__(self) -> None:
        self._works, self._afters = ThreadPoolExecutor(1, "flight"), ThreadPoolExecutor(1, "after")
        self._last: Future[None] = Future()
        self._last.set_result(None)
        self._flying = deque[_Sent]()
        self._failed: BaseException | None = None

    def send(self, work: _Work, carries: Iterable[int], after: _Work | None = None) -> None:
        """Begin some work when all before is done, and then what is to be done after it.

        It touches what these numbers stand for. Raises what became of an earlier one.
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
        """Whether what is on its way touches one of these."""
        touched = set(numbers) if self._flying else set[int]()
        return not all(each.carries.isdisjoint(touched) for each in self._flying)

    def land(self) -> None:
        """Wait for what is on its way; raises what it raised."""
        flying = [future for each in self._flying for future in each.futures]
        self._flying.clear()
        self._landed(flying)

    def end(self) -> None:
        """Wait for what is on its way, whatever becomes of it, and send nothing more."""
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
