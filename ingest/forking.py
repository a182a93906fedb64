"""The process that readers are forked from; `ingest.prepared` starts it. It reads no file and knows no store."""

import gc
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from typing import NoReturn

from ingest.behind import prepared, serve
from ingest.prepared import CODE

_MOST = 1 << 20  # octets of a request


def prepare(number: int) -> None:
    """Fork a reader for each request on the socket with this descriptor, until the first process closes that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt from the keyboard is for the first process
    prepared()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # from now on it is the door that tells of the end
    gc.collect()
    gc.freeze()
    with _Forks(socket.socket(fileno=number)) as forks:
        forks.serve()


class _Forks(ExitStack):
    """The forks of the prepared process; all are killed at its end."""

    def __init__(self, door: socket.socket) -> None:
        super().__init__()
        self._door = self.enter_context(door)
        self._bell, self._ended = (self.enter_context(each) for each in socket.socketpair())
        self._ended.setblocking(False)
        self._leashes = dict[int, socket.socket]()  # by process
        self._selector = self.enter_context(selectors.DefaultSelector())

    def serve(self) -> None:
        """Fork, kill and tell of ends, until the door is closed."""
        signal.set_wakeup_fd(self._ended.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for each in (self._door, self._bell):
            self._selector.register(each, selectors.EVENT_READ)
        is_open = True
        while is_open:
            for key, _ in self._selector.select():
                if key.fileobj is self._door:
                    is_open = self._fork()
                elif key.fileobj is self._bell:
                    self._bell.recv(_MOST)
                    self._reap()
                elif key.data in self._leashes:
                    self._selector.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGKILL)  # it is not reaped yet, so nobody else has its number
        for process in self._leashes:
            os.kill(process, signal.SIGKILL)

    def _fork(self) -> bool:
        """Fork what is asked for at the door; False if it is closed."""
        said, given, _, _ = socket.recv_fds(self._door, _MOST, 3)
        if not said:
            return False
        connection, leash, *folder = given
        with suppress(OSError):  # too many processes: who asked sees that both ends are closed
            process = os.fork()
            if process == 0:
                self._be_a_reader(said, connection, leash, folder)
            self._leashes[process] = socket.socket(fileno=os.dup(leash))
            self._selector.register(self._leashes[process], selectors.EVENT_READ, process)
        for each in given:
            os.close(each)
        return True

    def _reap(self) -> None:
        for process in [*self._leashes]:
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                leash = self._leashes.pop(process)
                with suppress(KeyError):
                    self._selector.unregister(leash)
                with leash, suppress(OSError):
                    leash.send(CODE.pack(os.waitstatus_to_exitcode(status)))

    def _be_a_reader(self, said: bytes, connection: int, leash: int, folder: list[int]) -> NoReturn:
        """What a fork does: nothing of the others is left in it."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for each in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(each, signal.SIG_DFL)
            self.close()
            for other in self._leashes.values():
                other.close()
            os.close(leash)
            for number in folder:  # none: it stays where the prepared process was started
                os.fchdir(number)
                os.close(number)
            sys.path[:] = json.loads(said)
            serve(connection)
            code = 0
        finally:
            os._exit(code)
