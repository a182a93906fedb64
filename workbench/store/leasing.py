"""The writer's lease, whatever a store makes of it. What a thread holds it does not wait for again."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

PATIENCE = 30.0  # seconds for which a write waits for another


class Lease(ABC):
    """The right to write, of one writer at a time: held until it is given back as often as it was taken."""

    _times = 0

    def take(self, patience: float) -> None:
        """Wait up to `patience` seconds for the lease, unless it is held; StoreBusy says who holds it."""
        if not self._times:
            self._begin(patience)
        self._times += 1

    def give_back(self) -> None:
        """Let the next writer in, with the last of those that took it."""
        if self._times:
            self._times -= 1
            if not self._times:
                self._end()

    @abstractmethod
    def _begin(self, patience: float) -> None:
        """Wait for the lease of the store."""

    @abstractmethod
    def _end(self) -> None:
        """Let the next writer in."""


L = TypeVar("L", bound=Lease)


class Leases(Generic[L]):
    """The leases of a store, of each thread that holds one."""

    def __init__(self, make: Callable[[], L]) -> None:
        self._make = make
        self._mine = threading.local()

    def of_thread(self) -> L:
        """The lease that this thread holds, or a new one."""
        held: L | None = getattr(self._mine, "lease", None)
        return held or self._make()

    @contextmanager
    def held(self, patience: float) -> Iterator[L]:
        """Hold the lease; whatever this thread writes meanwhile is under it."""
        before, lease = getattr(self._mine, "lease", None), self.of_thread()
        lease.take(patience)
        self._mine.lease = lease
        try:
            yield lease
        finally:
            self._mine.lease = before
            lease.give_back()
