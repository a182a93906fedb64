"""Do work in a process that may take only so much time of the processor: what is far too slow ends there."""

import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context

import pytest

_FRESH = get_context("spawn")  # nothing is in it of what tests before this one left behind
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)  # at the soft limit, and at the hard one


def within(seconds: int, work: Callable[..., object], *given: object) -> None:
    """Do it, and see that it ended well and in time; the work and what it is given cross by pickle."""
    process = _FRESH.Process(target=_limited, args=(seconds, work, given))
    # A new process runs what is the main module here; after a page was tried, that is the page's script.
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, "__main__", sys.modules[__name__])
        process.start()
    process.join()
    code = process.exitcode
    assert code is not None
    assert code not in _OUT_OF_TIME, f"it took more than {seconds} s"
    assert code >= 0, f"it ended by {signal.Signals(-code).name}"
    assert code == 0, "it failed: see above"


def _limited(seconds: int, work: Callable[..., object], given: tuple[object, ...]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    work(*given)
