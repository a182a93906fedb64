"""The programs `workbench` and `ingest`, ready to run: documents call them a hundred times, and a start takes a second.

A process imports all that commands need, and forks for each call. What a shell starts by these names is a small client
that hands over its arguments, environment, folder and streams, and ends with the exit code.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from select import select
from shlex import quote
from typing import NoReturn

_MODULES = {"workbench": "workbench.commands.main", "ingest": "workbench.commands.ingest"}
# What commands import when they are called.
_SOON = ("ingest.pipeline", "workbench.analytics", "workbench.session", "workbench.store.sqlite.backend")
_MOST = 1 << 20  # bytes of a call
# A line #! can't have a space in the path of its program, so a shell starts it.
_CLIENT = """\
#!/bin/sh
exec {python} -SEI {code} {program} "$@"
"""
_CODE = """\
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as link:
    link.connect({address!r})
    call = json.dumps([sys.argv[1], sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(link, [call], [0, 1, 2])
    link.shutdown(socket.SHUT_WR)
    sys.exit(int(link.recv(8) or b"70"))
"""


@contextmanager
def programs() -> Iterator[Path]:
    """A folder for PATH in which the programs are, until the context ends."""
    with tempfile.TemporaryDirectory() as room:
        address, code = str(Path(room, "link")), Path(room, "client.py")
        code.write_text(_CODE.format(address=address), "utf-8")
        for program in _MODULES:
            client, python = Path(room, program), quote(sys.executable)
            client.write_text(_CLIENT.format(python=python, code=quote(str(code)), program=program), "utf-8")
            client.chmod(0o700)
        command = [sys.executable, "-m", __name__, address]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            assert server.stdout
            server.stdout.readline()
            yield Path(room)
            server.communicate()  # it ends when nobody holds the other end of its stdin


def serve(address: str) -> NoReturn:
    """Run what clients ask for, each in a process of its own, until stdin ends."""
    for name in (*_MODULES.values(), *_SOON):
        import_module(name)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        print("ready", flush=True)  # noqa: T201 - who started this waits for it
        while select([door, sys.stdin], [], [])[0] == [door]:
            link, _ = door.accept()
            if os.fork() == 0:
                _answer(link)
            link.close()
            os.wait()
    sys.exit()


def _answer(link: socket.socket) -> NoReturn:
    """Run one call in a child, and tell how it ended; nobody waits for this process itself."""
    if os.fork():
        os._exit(0)
    call, streams, _, _ = socket.recv_fds(link, _MOST, 3)
    while part := link.recv(_MOST):
        call += part
    child = os.fork()
    if child == 0:
        _run(*json.loads(call), streams)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    link.sendall(str(code if code >= 0 else 128 - code).encode())
    os._exit(0)


def _run(program: str, arguments: list[str], folder: str, environment: dict[str, str], streams: list[int]) -> NoReturn:
    """Be the program."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = arguments
    code = 0
    try:
        import_module(_MODULES[program]).main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - as Python itself ends then
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
