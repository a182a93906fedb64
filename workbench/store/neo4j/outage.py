"""Wait only once for a server that is away, however many calls need it."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import NamedTuple, TypeVar

from neo4j.exceptions import DriverError, Neo4jError

from workbench.store.neo4j.failures import may_pass

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 2.0

T = TypeVar("T")


class _Seen(NamedTuple):
    """The time until which the server is waited for, and the time at which it was last found to be away."""

    deadline: float
    last: float


class Outage:
    """The outage of a server, shared by all threads.

    An outage begins with the first failed attempt. It ends with the first success, or when nobody has asked for
    as long as the waiting time.
    """

    def __init__(self) -> None:
        self._seen: _Seen | None = None

    @property
    def is_given_up(self) -> bool:
        """Whether the waiting time has passed without success."""
        seen = self._seen
        return seen is not None and seen.last >= seen.deadline

    def outlast(self, attempt: Callable[[], T], patience: float, is_hopeless: Callable[[], bool]) -> T:
        """Retry until success, or `patience` seconds after this call or the outage began; then raise the last error."""
        deadline, pause = monotonic() + patience, _FIRST_PAUSE
        while True:
            begun = monotonic()
            try:
                done = attempt()
            except (Neo4jError, DriverError) as error:
                if not may_pass(error):
                    raise
                seen = self._failed(begun, patience)
                left = min(deadline, seen.deadline) - seen.last
                if left <= 0 or is_hopeless():
                    raise
            else:
                self._seen = None
                return done
            sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _failed(self, begun: float, patience: float) -> _Seen:
        before, deadline = self._seen, begun + patience
        if before is not None and begun - before.last <= patience:
            deadline = before.deadline
        self._seen = _Seen(deadline, monotonic())
        return self._seen
