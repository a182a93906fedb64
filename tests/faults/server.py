"""A Neo4j server of these tests alone, which they kill."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import NamedTuple
from urllib.parse import urlsplit

import neo4j

NAME = "faults"
_TOOL = Path(__file__).parents[2] / "tools" / "neo4j.py"


class NoServer(Exception):
    """There is no server, and why."""


class Server(NamedTuple):
    """A running server: its name, and where it is."""

    name: str
    host: str
    port: int
    user: str
    password: str
    environment: dict[str, str]

    def url(self, port: int | None = None) -> str:
        """Its address as a store's URL, which does not ask it for another; through a proxy on another port."""
        return f"bolt://{self.user}:{self.password}@{self.host}:{port or self.port}"

    def driver(self, port: int | None = None) -> neo4j.Driver:
        """The bare driver, with little patience; through a proxy on another port."""
        return neo4j.GraphDatabase.driver(
            f"bolt://{self.host}:{port or self.port}",
            auth=(self.user, self.password),
            connection_timeout=2,
            connection_acquisition_timeout=2,
            max_transaction_retry_time=2,
        )

    def kill(self) -> None:
        """End it as a power cut would."""
        _tool("kill", self.name, self.environment)

    def start(self) -> None:
        """Start it again, with its data, on its port."""
        _tool("start", self.name, self.environment)

    def stop(self) -> None:
        """End it in an orderly way."""
        _tool("stop", self.name, self.environment)

    def remove(self) -> None:
        """End it, and delete its data."""
        _tool("remove", self.name, self.environment)


def started(name: str = NAME, environment: dict[str, str] | None = None) -> Server:
    """The server of a name, started if it is not running; NoServer says why there is none."""
    found = urlsplit(_tool("start", name, environment or {}))
    return Server(
        name, found.hostname or "", found.port or 0, found.username or "", found.password or "", environment or {}
    )


def is_running(name: str = NAME) -> bool:
    """Whether the server of a name is running."""
    try:
        _tool("status", name, {})
    except NoServer:
        return False
    return True


@contextmanager
def alone(name: str = NAME) -> Iterator[None]:
    """Be the only tests on this machine that use, and kill, the server of a name."""
    with Path(gettempdir(), f"joint-workbench-{os.getuid()}-{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _tool(command: str, name: str, environment: dict[str, str]) -> str:
    heap = ("--heap", "512m") if command == "start" else ()
    done = subprocess.run(
        [sys.executable, _TOOL, command, "--name", name, *heap],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NoServer(done.stderr.strip())
    return done.stdout.strip()
