"""A real server to break: it is killed, restarted, starved, and has another password for a while."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from signal import SIGKILL
from tempfile import TemporaryDirectory
from typing import LiteralString
from urllib.parse import urlsplit

import neo4j

from tests.lacking import lacking
from tests.servers import LINE, POOL, Server, tool
from tests.stores import USES

_SMALL = ("--heap", "512m", "--page-cache", "32m", "--quick")
# A server that falls silent, or is older than what was read, is known in seconds rather than in minutes; wrong
# passwords bar nobody.
_SETTINGS = (
    "server.bolt.connection_keep_alive=2s",
    "db.transaction.bookmark_ready_timeout=1s",
    "dbms.security.auth_max_failed_attempts=0",
)
_MADE: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("SHOW CONSTRAINTS YIELD name RETURN name", "DROP CONSTRAINT $name"),
    ("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name", "DROP INDEX $name"),
)
_DATA: LiteralString = "SHOW SETTINGS YIELD name, value WHERE name = 'server.directories.data' RETURN value"
_OTHER_WORD: LiteralString = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"


class Victim(Server):
    """A server of these tests alone."""

    def start(self) -> None:
        """Start it, again with its data and on its port; RuntimeError with the tool's words if it can't be."""
        settings = [word for each in _SETTINGS for word in ("--set", each)]
        done = tool("start", "--name", self.name, "--line", LINE, *_SMALL, *settings)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        self.url = done.stdout.strip().replace("neo4j://", "bolt://")
        said = tool("status", "--name", self.name).stdout.split()
        self._process = int(said[said.index("pid") + 1])

    def kill(self) -> None:
        """End it as a power cut would, now."""
        with suppress(ProcessLookupError):
            os.kill(self._process, SIGKILL)
        tool("kill", "--name", self.name)  # which waits for its end

    def stop(self) -> None:
        """End it in an orderly way."""
        tool("stop", "--name", self.name)

    def strip(self) -> None:
        """Empty it, and take its constraints and indexes away: what a new server is like."""
        self.wipe()
        for names, drop in _MADE:
            for (name,) in self.driver.execute_query(names).records:
                self.driver.execute_query(drop, name=name)

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """It is put back in the end to what it is in the beginning, as from a backup."""
        ((data,),) = self.driver.execute_query(_DATA).records
        with TemporaryDirectory() as folder:
            self.stop()
            shutil.copytree(data, folder, dirs_exist_ok=True)
            self.start()
            yield
            self.kill()
            shutil.rmtree(data)
            shutil.copytree(folder, data)
            self.start()

    @contextmanager
    def another_password(self) -> Iterator[None]:
        """Its user has another password than the URL says."""
        passwords = (urlsplit(self.url).password or "", "another password")
        with self.driver.session(database="system") as session:
            session.run(_OTHER_WORD, old=passwords[0], new=passwords[1]).consume()
            try:
                yield
            finally:
                session.run(_OTHER_WORD, old=passwords[1], new=passwords[0]).consume()

    @property
    def place(self) -> tuple[str, int]:
        """Its host and port."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    def through(self, port: int) -> str:
        """Its URL on another port, of a proxy."""
        return self.url.replace(f":{self.place[1]}", f":{port}")


@contextmanager
def victim(number: int) -> Iterator[Victim]:
    """A running server, removed in the end; RuntimeError with the tool's words if there is none."""
    found = Victim(f"test-{os.getpid()}-{number}")  # a name that the next run knows as one of a run that was killed
    try:
        found.start()
        yield found
    finally:
        found.remove()


def started(stack: ExitStack, number: int) -> Victim:
    """A running server for tests, removed with the stack; they can't be run where there is none."""
    try:
        found = stack.enter_context(victim(number))
    except RuntimeError as error:
        lacking(f"no Neo4j to break: {error}")
    USES.of_neo4j = True
    POOL.version = POOL.version or found.version()
    return found


def hasty_driver(url: str) -> neo4j.Driver:
    """The bare driver of a URL, with little patience."""
    parts = urlsplit(url)
    return neo4j.GraphDatabase.driver(
        f"bolt://{parts.hostname}:{parts.port}",
        auth=(parts.username or "", parts.password or ""),
        connection_timeout=2,
        connection_acquisition_timeout=2,
        max_transaction_retry_time=2,
    )
