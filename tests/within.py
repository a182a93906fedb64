"""Do work in a process that may take only so much time of the processor: what is far too slow ends there."""

import os
import resource
import sys
import traceback
from collections.abc import Callable


def within(seconds: int, work: Callable[[], object]) -> None:
    """Do it, and see that it ended well and in time."""
    process = os.fork()
    if not process:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - it is told, and the process ends
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code == 0, f"it took more than {seconds} s" if code < 0 else "it failed: see above"
