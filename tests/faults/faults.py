"""The faults. Each is injected at a point of a load, from 0 to 1, and returns how the load ended."""

import time
from contextlib import closing
from functools import partial
from signal import SIGKILL
from typing import NamedTuple

from tests.faults.bench import Bench, End, Happening, Loading, patience
from tests.faults.case import EVERYBODY
from tests.faults.proxy import Absent, Cut, Fault, HoldCommit, LoseCommits, Refuse, Stall, Way
from workbench.errors import StoreBusy, StoreError
from workbench.view.store import GraphStore, open_store

_SHORT = 0.7
_FAR = 10**9
_SOME_IN_QUARANTINE = 1  # the exit code of a load with a bad line


# -- between driver and server -------------------------------------------------------------


def _lasting(end: End, *, hit: bool) -> End:
    """How a load ended whose fault lasted longer than it: anything done by then was done before."""
    return end if hit and end is not End.DONE else End.MISSED


def for_long(fault: Fault, bench: Bench, share: float) -> End:
    """The proxy fails like this from a point on."""
    loading = Loading(bench)
    hit = loading.reached(share)
    bench.proxy.set(fault)
    return _lasting(loading.end(), hit=hit)


def for_a_moment(fault: Fault, bench: Bench, share: float) -> End:
    """The proxy fails like this from a point on, for less time than the driver's patience."""
    loading = Loading(bench, patience=20.0)
    hit = loading.reached(share)
    bench.proxy.set(fault)
    time.sleep(_SHORT)
    bench.proxy.set(None)
    end = loading.end()
    return end if hit else End.MISSED


def cut(way: Way, is_reset: bool, bench: Bench, share: float) -> End:
    """One connection breaks after a number of bytes."""
    bench.proxy.set(Cut(way, int(bench.length[way] * share), is_reset))
    end = Loading(bench).end()
    return end if bench.proxy.fired else End.MISSED


def commit_unanswered(bench: Bench, share: float) -> End:
    """The answer to one commit is lost."""
    number = 1 + int(bench.commits * share)
    bench.proxy.set(LoseCommits(number, number))
    end = Loading(bench).end()
    return end if bench.proxy.fired else End.MISSED


def commits_unanswered(bench: Bench, share: float) -> End:
    """The answers to all commits from one on are lost."""
    bench.proxy.set(LoseCommits(1 + int(bench.commits * share), _FAR))
    return _lasting(Loading(bench).end(), hit=bench.proxy.fired > 0)


def commit_late(bench: Bench, share: float) -> End:
    """A commit is delayed for longer than the load waits, and arrives during or after its cleanup."""
    bench.proxy.set(HoldCommit(1 + int(bench.commits * share)))
    loading = Loading(bench)
    while loading.is_alive() and not bench.proxy.fired:
        time.sleep(_SHORT)
    hit = bool(bench.proxy.fired)
    loading.join(4 + 4 * share)  # the driver gives up after four seconds of silence
    bench.proxy.set(None)
    end = loading.end()
    return end if hit else End.MISSED


# -- the server ------------------------------------------------------------------------------


def server_restarted(bench: Bench, share: float) -> End:
    """The server is killed and started again while the load still tries."""
    loading = Loading(bench, patience=90.0)
    hit = loading.reached(share)
    bench.server.kill()
    bench.server.start()
    end = loading.end()
    return end if hit else End.MISSED


def server_killed(bench: Bench, share: float) -> End:
    """The server is killed, and started again when the load has given up."""
    loading = Loading(bench, patience=1.0)
    hit = loading.reached(share)
    bench.server.kill()
    try:
        return _lasting(loading.end(), hit=hit)
    finally:
        bench.server.start()


def database_restored(bench: Bench, share: float) -> End:
    """The database is restored to an older state: readers get an error, then read that state and later loads.

    The loads that were lost had the same numbers.
    """
    large = bench.case.large
    with patience(2.0), closing(open_store(bench.url)) as store:
        with bench.server.put_back():
            with closing(open_store(bench.server.url)) as other:
                large._replace(files=large.files[: 1 + int(2 * share)]).load(other)
            store.view(EVERYBODY).digest()
        assert _told_that_it_is_older(store)
        assert store.view(EVERYBODY).digest() == bench.case.before.digest
        assert Loading(bench).end() is End.DONE
        assert store.view(EVERYBODY).digest() == bench.case.after.digest
    return End.DONE


def _told_that_it_is_older(store: GraphStore) -> bool:
    try:
        store.view(EVERYBODY)
    except StoreError as error:
        return "in an older state than before" in str(error)
    return False


def password_changed(bench: Bench, share: float) -> End:
    """The password is changed, which takes the server longer than a load takes, and connections are made anew."""
    loading = Loading(bench)
    hit = loading.reached(share)
    bench.proxy.set(Stall())
    with bench.server.another_password():
        bench.proxy.set(Refuse())
        bench.proxy.set(None)
        return _lasting(loading.end(), hit=hit)


# -- the loading process ----------------------------------------------------------------------


def loader_killed(bench: Bench, share: float) -> End:
    """The loading process is killed."""
    process = bench.case.large.start(bench.url)
    hit = bench.reached(Way.UP, share, lambda: process.poll() is None)
    process.send_signal(SIGKILL)
    process.communicate()
    return End.UNSURE if hit else End.MISSED


def loader_vanished(bench: Bench, share: float) -> End:
    """The loading process is killed without the server noticing: the next writer is told who holds the lease."""
    process = bench.case.large.start(bench.url)
    hit = bench.reached(Way.UP, share, lambda: process.poll() is None)
    bench.proxy.set(Stall())
    process.send_signal(SIGKILL)
    process.communicate()
    told = ""
    with closing(open_store(bench.server.url)) as store:
        store.patience = _SHORT
        try:
            bench.case.large.load(store)
        except StoreBusy as busy:
            told = str(busy)
    assert not told or f"process {process.pid} on" in told
    return End.UNSURE if hit else End.MISSED


def two_loaders(bench: Bench, share: float) -> End:
    """Two processes load the same files, the second when the first has come so far."""
    first = bench.case.large.start(bench.url)
    bench.reached(Way.UP, share, lambda: first.poll() is None)
    second = bench.case.large.start(bench.url)
    told = [each.communicate()[1] for each in (first, second)]
    assert [each.returncode for each in (first, second)] == [_SOME_IN_QUARANTINE] * 2, told
    return End.DONE


class Kind(NamedTuple):
    """A fault by its name in the table, and the allowed endings of a load that it hits."""

    name: str
    happen: Happening
    ends: frozenset[End]
    restarts: int = 0  # of the server
    is_of_table: bool = False  # alone: the suite has its like, or no time for it


_ANY = frozenset({End.DONE, End.FAILED, End.UNSURE})
_ERROR = frozenset({End.FAILED, End.UNSURE})
_RETRY = frozenset({End.DONE})

KINDS = (
    Kind("refused for a moment", partial(for_a_moment, Refuse()), _RETRY),
    Kind("refused for long", partial(for_long, Refuse()), _ERROR),
    Kind("nobody listens for a moment", partial(for_a_moment, Absent()), _RETRY, is_of_table=True),
    Kind("nobody listens for long", partial(for_long, Absent()), _ERROR, is_of_table=True),
    Kind("stalled for a moment", partial(for_a_moment, Stall()), _RETRY),
    Kind("stalled for long", partial(for_long, Stall()), _ERROR),
    Kind("stalled to the server for long", partial(for_long, Stall(frozenset({Way.UP}))), _ERROR, is_of_table=True),
    Kind("stalled to the driver for long", partial(for_long, Stall(frozenset({Way.DOWN}))), _ERROR, is_of_table=True),
    Kind("cut to the server, FIN", partial(cut, Way.UP, False), _RETRY, is_of_table=True),
    Kind("cut to the server, RST", partial(cut, Way.UP, True), _RETRY),
    Kind("cut to the driver, FIN", partial(cut, Way.DOWN, False), _RETRY),
    Kind("cut to the driver, RST", partial(cut, Way.DOWN, True), _RETRY, is_of_table=True),
    Kind("reply to a COMMIT lost", commit_unanswered, _RETRY),
    Kind("replies to all COMMITs lost", commits_unanswered, _ERROR),
    Kind("COMMIT arrives late", commit_late, _ANY, is_of_table=True),
    Kind("server killed and restarted", server_restarted, _RETRY, restarts=1),
    Kind("server killed", server_killed, _ERROR, restarts=1, is_of_table=True),
    Kind("database put back, stale bookmark", database_restored, _RETRY, restarts=2, is_of_table=True),
    Kind("password changed", password_changed, _ERROR),
    Kind("loader killed", loader_killed, frozenset({End.UNSURE}), is_of_table=True),
    Kind("loader vanished", loader_vanished, frozenset({End.UNSURE})),
    Kind("two loaders of the same files", two_loaders, _RETRY),
)
