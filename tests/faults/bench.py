"""The bench for faults: a store behind a proxy, and loads into it that are observed from outside."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import Enum

from tests.faults.case import Case
from tests.faults.proxy import Proxy, Way
from tests.faults.server import Victim
from workbench.errors import StoreError
from workbench.store.neo4j.connection import Database
from workbench.view.store import open_store

_MOMENT = 0.001
_UNSURE = "may or may not have happened"


class End(Enum):
    """How a load ended that a fault hit."""

    DONE = "done, with one effect"
    FAILED = "a clear error, and nothing of it"
    UNSURE = "a clear error or a dead process, and all or nothing of it"
    MISSED = "done before the fault came"


@dataclass(frozen=True, slots=True)
class Bench:
    """A server, a proxy before it, and what is loaded; `length` and `commits` are of an undisturbed load."""

    server: Victim
    proxy: Proxy
    case: Case
    length: dict[Way, int]
    commits: int

    @property
    def url(self) -> str:
        """The store's URL, through the proxy."""
        return self.server.through(self.proxy.port)

    def reached(self, way: Way, share: float, is_alive: Callable[[], bool]) -> bool:
        """Wait until a load has come so far; returns whether it was still running."""
        while is_alive() and self.proxy.sent[way] < self.length[way] * share:
            time.sleep(_MOMENT)
        return is_alive()


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """All stores try for so long."""
    usual, Database.patience = Database.patience, seconds
    try:
        yield
    finally:
        Database.patience = usual


class Loading(threading.Thread):
    """A load through the proxy, in a thread of its own, that tries for `patience` seconds."""

    def __init__(self, bench: Bench, patience: float = 1.0) -> None:
        super().__init__(name="loading")
        self._bench = bench
        self._patience = patience
        self._error: Exception | None = None
        self.start()

    def run(self) -> None:
        """Load."""
        try:
            with patience(self._patience), closing(open_store(self._bench.url)) as store:
                self._bench.case.large.load(store)
        except Exception as error:  # noqa: BLE001 - judged by the thread that waits for the end
            self._error = error

    def reached(self, share: float, way: Way = Way.UP) -> bool:
        """Wait until it has come so far; returns whether it was still running."""
        return self._bench.reached(way, share, self.is_alive)

    def end(self) -> End:
        """Wait for its end; what is no StoreError is raised."""
        self.join()
        if self._error is None:
            return End.DONE
        if not isinstance(self._error, StoreError):
            raise self._error
        return End.UNSURE if _UNSURE in str(self._error) else End.FAILED


def bench_of(server: Victim, proxy: Proxy, case: Case) -> Bench:
    """A bench, with an undisturbed load through its proxy measured."""
    case.prepare(server)
    proxy.set(None)
    bench = Bench(server, proxy, case, {}, 0)
    assert Loading(bench).end() is End.DONE
    return Bench(server, proxy, case, dict(proxy.sent), proxy.commits)


Happening = Callable[[Bench, float], End]


def run(bench: Bench, fault: Happening, share: float) -> End:
    """Inject a fault at a point of a load, then check the store; AssertionError if it did harm."""
    token = bench.case.prepare(bench.server)
    bench.proxy.set(None)
    end = fault(bench, share)
    bench.proxy.set(None)
    before, after = bench.case.before, bench.case.after
    allowed = {End.DONE: [after], End.MISSED: [after], End.FAILED: [before], End.UNSURE: [before, after]}
    bench.case.check(bench.server, token, allowed[end])
    return end
