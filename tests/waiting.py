"""Work that waits for the writer's lease while somebody else writes."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest

from workbench.store.leasing import Lease
from workbench.view.store import GraphStore

T = TypeVar("T")
_LONG = 60.0


@contextmanager
def waiting(store: GraphStore, work: Callable[[], T]) -> Iterator[Future[T]]:
    """Start some work in a thread, and wait until it waits for the lease; this context's writes come before it.

    The work is done when the context ends; the future has its result or exception.
    """
    here, waits, take = threading.current_thread(), threading.Event(), Lease.take

    def noted(lease: Lease, patience: float) -> None:
        if threading.current_thread() is not here:
            waits.set()
        take(lease, patience)

    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patched:
        patched.setattr(Lease, "take", noted)
        with store.lease():
            future = pool.submit(work)
            assert waits.wait(_LONG), "it did not ask for the lease"
            yield future
        future.exception(_LONG)
