"""A process beside this one, which answers in order what it is asked. It ends with this one, however that ends."""

import logging
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Pipe
from time import monotonic

from ingest.asking import told
from ingest.messages import Asked, Piece, Question, Told
from ingest.prepared import start
from ingest.wire import Garbled, read

CRASHED = "reader crashed"
OUT_OF_MEMORY = 77  # the exit code of a process that met its limit
_MOST_OCTETS = 512 << 20  # of a message
_ENDS_S = 10
_LOG = logging.getLogger(__name__)


class Ended(Exception):
    """The process can't answer any more: the reason, and how that is told."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


class Process:
    """Starts at once, and nobody waits for it but who wants its first answer. OSError or ValueError if it can't."""

    def __init__(self) -> None:
        self.waiting = deque[Question]()  # what was asked and not answered to the end
        self.was_ready = False
        mine, its = Pipe()
        try:
            with its:
                self._process = start(its)
        except BaseException:
            mine.close()
            raise
        self._connection = mine

    def ask(self, asked: Question) -> None:
        """Ask for something, after what was asked before; pickle's errors if it can't be told."""
        said = told(asked)
        self.waiting.append(asked)
        with suppress(OSError):  # if it is gone, whoever takes the answer will see
            self._connection.send_bytes(said)

    def _get_ready(self) -> None:
        """Wait until it can answer; Ended if it never can."""
        try:
            self._connection.recv_bytes()
        except (EOFError, OSError) as error:
            _LOG.info("no process to read in: %s", type(error).__name__)
            raise Ended(CRASHED, "it never began") from error
        self.was_ready = True

    def has_answered(self, asked: Question) -> bool:
        """Whether the answer to this is the next, and begins already or will never."""
        try:
            if not self.was_ready and self._connection.poll():
                self._get_ready()
            return self.was_ready and self.waiting[0] == asked and self._connection.poll()
        except (OSError, Ended):
            return True

    def answer_to(self, asked: Question) -> Iterator[Told]:
        """The answer to something, to its end; Ended if there is none. What was asked before is passed over."""
        if not self.was_ready:
            self._get_ready()
        while self.waiting[0] != asked:
            for _ in self._answer():
                pass
        yield from self._answer()

    def _answer(self) -> Iterator[Told]:
        """The answer to what was asked first of all that waits."""
        asked = self.waiting[0]
        left = float(asked.limits.wall_s) if asked.limits else None
        while True:
            began = monotonic()
            said = self._told(asked, left)
            left = None if left is None else left - (monotonic() - began)
            if isinstance(said, Piece):
                yield said
                continue
            self.waiting.popleft()
            yield said
            return

    def _told(self, asked: Question, seconds: float | None) -> Told:
        """The next message of an answer, for which this process waits so long at most."""
        try:
            if seconds is not None and not self._connection.poll(max(seconds, 0)):
                raise Ended("too much time", "it took far longer than such a file does")
            said = self._connection.recv_bytes(_MOST_OCTETS)
            if not isinstance(asked, Asked):
                return read(said, asked.path, None)
            return read(said, asked.source.way.path, asked.manifest.source)
        except (EOFError, OSError) as error:
            raise self._ended() from error
        except Garbled as error:
            raise Ended(CRASHED, "what it told was no message") from error

    def _ended(self) -> Ended:
        """Why it ended, as the system tells."""
        try:
            code = self._process.wait(_ENDS_S)
        except TimeoutError:
            return Ended(CRASHED, "it stopped speaking")
        if code is None:
            return Ended(CRASHED, "it was lost")
        if code == OUT_OF_MEMORY:
            return Ended("too much memory", "it took more memory than a file may")
        if code == -signal.SIGXCPU:
            return Ended("too much time", "it took far longer than such a file does")
        return Ended(CRASHED, f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}")

    def close(self) -> None:
        """End it."""
        self.waiting.clear()
        self._connection.close()
        self._process.kill()
