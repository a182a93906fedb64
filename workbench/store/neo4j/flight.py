"""One batch on its way to the server, while the next is prepared here."""

from collections.abc import Callable, Iterable, Set
from concurrent.futures import Future, ThreadPoolExecutor


class Flight:
    """Sends one piece of work at a time; whoever needs to know what became of it lets it land first."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "flight")
        self._flying: Future[None] | None = None
        self._carries: Set[int] = frozenset()

    def send(self, work: Callable[[], None], carries: Iterable[int]) -> None:
        """Begin some work, after what was sent before has landed; it touches what these numbers stand for."""
        self.land()
        self._carries = frozenset(carries)
        self._flying = self._executor.submit(work)

    def carries(self, numbers: Iterable[int]) -> bool:
        """Whether what is on its way touches one of these."""
        return self._flying is not None and not self._carries.isdisjoint(numbers)

    def land(self) -> None:
        """Wait for what is on its way; raises what it raised."""
        flying, self._flying = self._flying, None
        if flying is not None:
            flying.result()

    def end(self) -> None:
        """Wait for what is on its way, whatever becomes of it, and send nothing more."""
        self._executor.shutdown()
