"""Something that takes long, done beside the page, which shows that it goes on and can give it up."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

_WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="work")


@dataclass
class Work:
    """A computation that runs in a thread, and what to do with what it returns."""

    label: str
    compute: Callable[[], Any]
    then: Callable[[Any], None]
    _running: Future[Any] = field(init=False)

    def __post_init__(self) -> None:
        self._running = _WORKERS.submit(self.compute)

    @property
    def is_done(self) -> bool:
        """Whether it has ended."""
        return self._running.done()

    def finish(self) -> None:
        """Take its result, waiting for it if need be; raises what the computation raised."""
        self.then(self._running.result())

    def give_up(self) -> None:
        """Drop it: what it returns is not used."""
        self._running.cancel()
