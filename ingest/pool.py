"""Processes that read files at once, and whose answers are taken in the order in which they were asked for."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pickle import PicklingError

from ingest.messages import Asked, Failed, Look, Piece, Question, Sniff, Suggest, Told
from ingest.process import CRASHED, Ended, Process
from ingest.sources import named
from workbench.errors import FileRefused, StoreError

_LOG = logging.getLogger(__name__)
_UNTOLD = (PicklingError, AttributeError, TypeError)  # what pickle raises for what another process could not import


class Pool:
    """So many processes at most, which are started as they are needed."""

    def __init__(self, most: int) -> None:
        self.most, self._is_closed = most, False
        self._processes: list[Process] = []
        self._alone: Process | None = None  # one that is asked for nothing more, to see whose fault it is if it ends

    @property
    def runs(self) -> bool:
        """Whether any was started."""
        return bool(self._processes)

    def ask(self, asked: Question) -> Process | None:
        """The process that answers this, which is asked if none was yet; None if none can."""
        process = self._asked(asked)
        if process is not None:
            return process
        process = self._least_busy()
        try:
            if process is not None:
                process.ask(asked)
        except _UNTOLD as error:
            _LOG.info("no process to read this in: %s", type(error).__name__)
            return None
        return process

    def was_asked(self, asked: Question) -> bool:
        """Whether a process answers this, or has."""
        return self._asked(asked) is not None

    def has_answered(self, asked: Question) -> bool:
        """Whether nobody need wait for the answer to this, which was asked before."""
        process = self._asked(asked)
        return process is not None and process.has_answered(asked)

    def answers(self, asked: Question) -> Iterator[Told]:
        """What a process says to this, to its end, whether it was asked before or not.

        If none can be had: nothing for a file that this process may read too, StoreError for another. If one ends over
        it: StoreError and FileRefused.
        """
        try:
            process = self.ask(asked)
            taken = 0
            while process is not None:
                try:
                    for told in _after(taken, process.answer_to(asked)):
                        yield _placed(asked, told)
                        taken += len(told.units) if isinstance(told, Piece) else 0
                    return
                except Ended as ended:
                    process = self._after_end(process, asked, ended)
            if asked.limits is not None:
                raise StoreError(f"{_path(asked)} is read only in a process of its own, and none can be started")
        finally:
            self._alone = None
            left = self._asked(asked)
            if left is not None:
                self._drop(left)

    def begin_again(self) -> None:
        """Forget all that was asked."""
        for process in [*self._processes]:
            self._drop(process)

    def close(self) -> None:
        """End all processes; none is started after it."""
        self._is_closed = True
        self.begin_again()

    def _after_end(self, process: Process, asked: Question, ended: Ended) -> Process | None:
        """Another process for what was asked of one that has ended; raises the failure if nothing else was asked of it.

        What a process has read ahead is lost with it, and it may have ended over the next file. So a new one is asked,
        which has nothing else to do.
        """
        if process.was_ready and len(process.waiting) == 1:
            raise _failure(asked, ended) from ended
        self._drop(process)
        if not process.was_ready:
            self._is_closed = True
        self._alone = self._started()
        if self._alone is not None:
            self._alone.ask(asked)
        return self._alone

    def _asked(self, asked: Question) -> Process | None:
        """The process that was asked this already."""
        return next((process for process in self._processes if asked in process.waiting), None)

    def _least_busy(self) -> Process | None:
        """The process with the least to do, a new one while there may be more and all are busy."""
        processes = [process for process in self._processes if process is not self._alone]
        best = min(processes, key=lambda process: len(process.waiting), default=None)
        if best is not None and not best.waiting:
            return best
        return (self._started() if len(self._processes) < self.most else None) or best

    def _started(self) -> Process | None:
        """A new process; None where none can be had."""
        if self._is_closed:
            return None
        try:
            process = Process()
        except (OSError, ValueError) as error:
            _LOG.info("no process to read in: %s", type(error).__name__)
            self._is_closed = True
            return None
        self._processes.append(process)
        return process

    def _drop(self, process: Process) -> None:
        self._processes.remove(process)
        process.close()


def answer_of(asked: Look | Sniff | Suggest, pool: Pool | None = None) -> Told:
    """What a process says to this, by default one that ends then. FileRefused if it ends over it, StoreError if there
    is none."""
    if pool is None:
        with closing(Pool(1)) as own:
            return answer_of(asked, own)
    told = [*pool.answers(asked)]
    return told[-1] if told else Failed(CRASHED, f"{named(asked.path)} was not opened: try it again")


def _path(asked: Question) -> str:
    return asked.source.path if isinstance(asked, Asked) else named(asked.path)


def _after(taken: int, answer: Iterator[Told]) -> Iterator[Told]:
    """An answer without its first units."""
    for told in answer:
        if isinstance(told, Piece) and taken:
            left, taken = told.units[taken:], max(taken - len(told.units), 0)
            yield Piece(left)
        else:
            yield told


def _placed(asked: Question, told: Told) -> Told:
    """What was told, with the path that a crash is about."""
    if isinstance(told, Failed) and told.reason == CRASHED:
        return Failed(CRASHED, f"{_path(asked)} was not read: {told.message}: report this with the file")
    return told


def _failure(asked: Question, ended: Ended) -> FileRefused | StoreError:
    """What becomes of a file over which a process ended."""
    if asked.limits is not None:
        do = "load it again, and report it if that fails too" if ended.reason == CRASHED else "send it in smaller parts"
        return FileRefused(ended.reason, f"{_path(asked)} was not read to its end: {ended.message}: {do}")
    return StoreError(
        f"{_path(asked)}: the process that read it was ended from outside, so nothing was loaded: load it again"
    )
