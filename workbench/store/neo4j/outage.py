"""A server that is away is waited for once: by all that ask it meanwhile together, and by what they ask after that."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import NamedTuple, TypeVar

from neo4j.exceptions import DriverError, Neo4jError

from workbench.store.neo4j.failures import may_pass

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 2.0

T = TypeVar("T")


class _Seen(NamedTuple):
    """Until when the server is waited for, and when it was last seen to be away."""

    deadline: float
    last: float


class Outage:
    """What all threads know of a server that is away.

    An outage begins with the first attempt that fails. It ends when the server does what anybody asks, or when nobody
    asked for as long as it would be waited for.
    """

    def __init__(self) -> None:
        self._seen: _Seen | None = None

    @property
    def is_given_up(self) -> bool:
        """Whether the server was waited for as long as it is waited for, in vain."""
        seen = self._seen
        return seen is not None and seen.last >= seen.deadline

    def outlast(self, attempt: Callable[[], T], patience: float, is_hopeless: Callable[[], bool]) -> T:
        """Try until it is done, or `patience` seconds after this, or the outage, began; what it raised last then."""
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
