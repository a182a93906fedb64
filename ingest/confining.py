"""Limits of memory and time, for a process that reads what may be hostile."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.messages import Limits

_MEMORY = 512 << 20
_CPU_S = 60
# Far fewer than any reader reads: a limit is for what never ends.
_OCTETS_A_SECOND = 100_000
_PASSED_A_SECOND = 100 * _OCTETS_A_SECOND
# The machine may be busy.
_WALL_PER_CPU = 5


def allowed(octets: int, passed: int = 0) -> Limits:
    """The limits for a file of so many bytes, of which others must be passed to come to it."""
    cpu = _CPU_S + octets // _OCTETS_A_SECOND + passed // _PASSED_A_SECOND
    return Limits(_MEMORY, cpu, cpu * _WALL_PER_CPU)


@contextmanager
def confined(limits: Limits | None) -> Iterator[None]:
    """Take no more than this while inside: the process is killed for more time, and meets MemoryErrors for memory."""
    if limits is None:
        yield
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + limits.cpu_s)
    _limit(resource.RLIMIT_AS, _in_use() + limits.memory)
    try:
        yield
    finally:
        _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)


def leave_no_core() -> None:
    """Have no image of this process, with all that it read, written to disk when it crashes."""
    _limit(resource.RLIMIT_CORE, 0)


def _in_use() -> int:
    """The bytes of address space that this process has now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return pages * resource.getpagesize()


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    at_most = most if hard == resource.RLIM_INFINITY else hard if most == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # where the system has no such limit
        resource.setrlimit(what, (at_most, hard))
