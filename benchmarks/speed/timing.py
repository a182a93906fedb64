"""Seconds of CPU of this process: others on the machine count for less than in seconds of the wall."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def timed(ask: Callable[[], T]) -> tuple[T, float]:
    """The answer, and the seconds of CPU that it took."""
    begun = time.process_time()
    answer = ask()
    return answer, time.process_time() - begun


def quickest(ask: Callable[[], T], times: int) -> tuple[T, float]:
    """The last answer, and the least seconds of CPU that it took."""
    tried = [timed(ask) for _ in range(times)]
    return tried[-1][0], min(seconds for _, seconds in tried)
