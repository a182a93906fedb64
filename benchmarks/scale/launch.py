"""Run one command and print what it took: seconds, seconds of CPU, peak memory in MB, exit code.

It runs as a script, and is small: the peak of a process counts from the memory of the process that started it.
Arguments: the most seconds that it may take, a file for its output, a file for its messages, the command.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

_GRACE = 20  # seconds between a request to end and the end


def main() -> None:
    """Run the command line's command."""
    most, output, messages, *command = sys.argv[1:]
    with open(output, "wb") as out, open(messages, "wb") as problems:  # noqa: PTH123 - pathlib is large
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=problems)  # noqa: S603 - ours
        _end_after(float(most), child.pid)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    told = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}
    sys.stdout.write(json.dumps({**told, "code": child.returncode}))


def _end_after(seconds: float, child: int) -> None:
    """Ask the child to end after some seconds, and end it if it does not."""
    signals = [signal.SIGKILL, signal.SIGTERM]

    def end(*_: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, signals.pop() if signals else signal.SIGKILL)

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds, _GRACE)


if __name__ == "__main__":
    main()
