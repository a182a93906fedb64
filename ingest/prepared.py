"""A process that has imported what readers need, and forks for each of them: so a reader starts in milliseconds.

It is started with the first reader of a process and ends with that process, however that ends. It reads no file
and holds nothing of a store, so a reader begins with what the code says, and nothing else. Where a process can't be
forked safely (all systems but Linux), each reader is an interpreter of its own.
"""

import atexit
import gc
import json
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection
from threading import Lock
from typing import NoReturn, Protocol

_FORKS = sys.platform == "linux"
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[2])
from {module} import {function}
{function}(int(sys.argv[1]))
"""
_CODE = struct.Struct("=i")  # how a process ended
_MOST = 1 << 20  # octets of a request


class Started(Protocol):
    """A process that was started."""

    def wait(self, seconds: float | None = None) -> int | None:
        """How it ended, as `subprocess` tells; None if nobody knows. TimeoutError if it goes on for so long."""

    def kill(self) -> None:
        """End it."""


def start(connection: Connection) -> Started:
    """A reader that answers on this connection. OSError or ValueError if there can be none."""
    return _SERVER.fork(connection) if _FORKS else _Interpreter(connection.fileno(), "ingest.behind", "serve")


class _Interpreter:
    """A function of a module, run by an interpreter of its own with the descriptor that it is given."""

    def __init__(self, number: int, module: str, function: str, environment: dict[str, str] | None = None) -> None:
        code, none = _PROGRAM.format(module=module, function=function), subprocess.DEVNULL
        command = [sys.executable, "-c", code, str(number), _path()]
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            command, pass_fds=(number,), env=environment, stdin=none, stdout=none, stderr=none
        )

    def wait(self, seconds: float | None = None) -> int | None:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as late:
            raise TimeoutError from late

    def kill(self) -> None:
        with suppress(OSError):
            self._process.kill()
        self._process.wait()

    def retire(self) -> None:
        """Let it end what it does; wait for that."""
        self._process.terminate()
        self._process.wait()


class _Fork:
    """A reader that the prepared process has forked. It is killed when nobody holds the leash."""

    def __init__(self, leash: socket.socket) -> None:
        self._leash, self._code, self._is_over = leash, None, False

    def wait(self, seconds: float | None = None) -> int | None:
        if not self._is_over:
            self._leash.settimeout(seconds)
            with suppress(ConnectionError):
                said = self._leash.recv(_CODE.size)
                self._code = _CODE.unpack(said)[0] if said else None
            self._is_over = True
            self._leash.close()
        return self._code

    def kill(self) -> None:
        self._leash.close()
        self._is_over = True


class _Server:
    """The prepared process of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: _Interpreter | None = None
        self._door: socket.socket | None = None

    def fork(self, connection: Connection) -> _Fork:
        """A fork that answers on this connection, from a prepared process that is started if none runs."""
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with its, _here() as folder, self._lock:
                given = [connection.fileno(), its.fileno(), folder]
                try:
                    self._ask(given)
                except ConnectionError:  # it was killed
                    self._end()
                    self._ask(given)
        except BaseException:
            mine.close()
            raise
        return _Fork(mine)

    def end(self) -> None:
        """End it and its forks; the next fork starts another."""
        with self._lock:
            self._end()

    def forget(self) -> None:
        """Leave it to the process that this one was forked from."""
        self._lock = Lock()
        if self._door is not None:
            self._door.close()
        self._process = self._door = None

    def _ask(self, given: list[int]) -> None:
        self._door = self._door or self._begin()
        socket.send_fds(self._door, [_path().encode()], given)

    def _begin(self) -> socket.socket:
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with its:  # a thread of numpy's would be lost in a fork
                alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
                self._process = _Interpreter(its.fileno(), __name__, "prepare", alone)
        except BaseException:
            mine.close()
            raise
        return mine

    def _end(self) -> None:
        if self._door is not None and self._process is not None:
            self._door.close()
            self._process.retire()
        self._process = self._door = None


_SERVER = _Server()
atexit.register(_SERVER.end)
if _FORKS:
    os.register_at_fork(after_in_child=_SERVER.forget)


def end() -> None:
    """End the prepared process, if there is one; the next reader starts another."""
    _SERVER.end()


def _path() -> str:
    return json.dumps([each for each in sys.path if isinstance(each, str)])


@contextmanager
def _here() -> Iterator[int]:
    """A descriptor of the working directory, which may have no path any more."""
    number = os.open(".", os.O_PATH | os.O_DIRECTORY)
    try:
        yield number
    finally:
        os.close(number)


# -- in the prepared process --------------------------------------------------------------


def prepare(number: int) -> None:
    """Fork a reader for each request on the socket with this descriptor, until the first process closes that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt from the keyboard is for the first process
    from ingest.behind import prepared  # imported here: the first process needs none of it

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
        connection, leash, folder = given
        with suppress(OSError):  # too many processes: who asked sees that both ends are closed
            process = os.fork()
            if process == 0:
                self._be_a_reader(said, connection, folder, leash)
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
                    leash.send(_CODE.pack(os.waitstatus_to_exitcode(status)))

    def _be_a_reader(self, said: bytes, connection: int, folder: int, leash: int) -> NoReturn:
        """What a fork does: nothing of the others is left in it."""
        from ingest.behind import serve

        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for each in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(each, signal.SIG_DFL)
            self.close()
            for other in self._leashes.values():
                other.close()
            os.close(leash)
            os.fchdir(folder)
            os.close(folder)
            sys.path[:] = json.loads(said)
            serve(connection)
            code = 0
        finally:
            os._exit(code)
