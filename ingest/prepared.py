"""Readers of files are forked from a process that has imported what they need: so each starts in milliseconds.

The prepared process (`ingest.forking`) is started with the first reader of a process and ends with that process,
however that ends. It reads no file and knows no store, so a reader begins with what the code says, and nothing else.
Where a process can't be forked safely (all systems but Linux), each reader is an interpreter of its own.
"""

import atexit
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from threading import Lock
from typing import Protocol

_FORKS = sys.platform == "linux"
# A thread of numpy's would be lost in a fork, and no reader multiplies matrices.
_PROGRAM = """
import json, os, sys
os.putenv("OPENBLAS_NUM_THREADS", "1")
sys.path[:] = json.loads(sys.argv[2])
from {module} import {function}
{function}(int(sys.argv[1]))
"""
CODE = struct.Struct("=i")  # how a process ended


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

    def __init__(self, number: int, module: str, function: str) -> None:
        code, none = _PROGRAM.format(module=module, function=function), subprocess.DEVNULL
        command = [sys.executable, "-P", "-c", code, str(number), _path()]  # -P: nothing from the working folder
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            command, pass_fds=(number,), stdin=none, stdout=none, stderr=none
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
                said = self._leash.recv(CODE.size)
                self._code = CODE.unpack(said)[0] if said else None
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
                given = [connection.fileno(), its.fileno(), *folder]
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
            with its:
                self._process = _Interpreter(its.fileno(), "ingest.forking", "prepare")
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
def _here() -> Iterator[list[int]]:
    """A descriptor of the working directory, which may have no path any more; none of one that may not be entered."""
    try:
        number = os.open(".", os.O_PATH | os.O_DIRECTORY)
    except PermissionError:
        yield []
        return
    try:
        yield [number]
    finally:
        os.close(number)
