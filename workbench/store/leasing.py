"""The writer's lease, for all kinds of stores. A thread that holds it can take it again without waiting."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Generic, TypeVar

from workbench.errors import StoreBusy

PATIENCE = 30.0  # seconds that a write waits for another to end


def busy(holder: str, store: str, since: float | None) -> StoreBusy:
    """The error for a lease that stays taken: who writes, and since when (in seconds since 1970)."""
    moment = f" (since {datetime.fromtimestamp(since, UTC):%Y-%m-%d %H:%M:%S} UTC)" if since else ""
    return StoreBusy(f"{holder or 'another process'} is writing to {store}{moment}: try again when it is done")


class Lease(ABC):
    """The right to write, for one writer at a time: held until it was given back as often as it was taken."""

    _times = 0

    def take(self, patience: float) -> None:
        """Take the lease, waiting up to `patience` seconds; StoreBusy, which names the holder, if it stays taken."""
        if not self._times:
            self._begin(patience)
        self._times += 1

    def give_back(self) -> None:
        """Undo one `take`; the last one lets the next writer in."""
        if self._times:
            self._times -= 1
            if not self._times:
                self._end()

    @abstractmethod
    def _begin(self, patience: float) -> None:
        """Acquire the store's lock."""

    @abstractmethod
    def _end(self) -> None:
        """Release the store's lock."""


L = TypeVar("L", bound=Lease)


class Leases(Generic[L]):
    """The leases of one store: at most one for each thread."""

    def __init__(self, make: Callable[[], L]) -> None:
        self._make = make
        self._mine = threading.local()

    def of_thread(self) -> L:
        """The lease that this thread holds, or a new one."""
        held: L | None = getattr(self._mine, "lease", None)
        return held or self._make()

    @contextmanager
    def held(self, patience: float) -> Iterator[L]:
        """Hold the lease; everything that this thread writes inside uses it."""
        before, lease = getattr(self._mine, "lease", None), self.of_thread()
        lease.take(patience)
        self._mine.lease = lease
        try:
            yield lease
        finally:
            self._mine.lease = before
            lease.give_back()
