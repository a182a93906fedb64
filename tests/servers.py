"""Real Neo4j servers for tests: one holds one store, so that a test which needs several gets several.

They are started when a test first needs them, by `tools/neo4j.py`, kept until the run ends, and
emptied before a test gets one.
"""

import atexit
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from tests.lacking import lacking

TOOL = Path(__file__).resolve().parent.parent / "tools" / "neo4j.py"
LTS = "5"
LINE = os.environ.get("WORKBENCH_TEST_NEO4J", LTS)
# A database that is emptied and filled at every test would have its queries planned anew every ten seconds.
_PLANNED_ONCE = ("--set", "dbms.cypher.min_replan_interval=1h")
_SMALL = ("--heap", "512m", "--page-cache", "32m", "--quick", *_PLANNED_ONCE)
_WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
_NODES = "MATCH (n) RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS properties"
_TIES = """
    MATCH (a)-[r]->(b) RETURN elementId(a) AS a, elementId(b) AS b, type(r) AS type, properties(r) AS properties
"""
_PUT_NODES = "UNWIND $rows AS row CREATE (n:$(row.labels)) SET n = row.properties RETURN elementId(n) AS id"
_PUT_TIES = """
    UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row.a MATCH (b) WHERE elementId(b) = row.b
    CREATE (a)-[r:$(row.type)]->(b) SET r = row.properties
"""


def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the tool."""
    return subprocess.run([sys.executable, TOOL, *arguments], capture_output=True, text=True, check=False)


class Server:
    """A running server of ours."""

    def __init__(self, name: str) -> None:
        self.name, self.url = name, ""
        self._driver: neo4j.Driver | None = None

    def start(self) -> None:
        """Start it, or find that it runs; RuntimeError with the tool's words if it can't be."""
        done = tool("start", "--name", self.name, "--line", LINE, *_SMALL)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        self.url = done.stdout.strip()

    @property
    def driver(self) -> neo4j.Driver:
        if self._driver is None:
            self._driver = driver(self.url)
        return self._driver

    def version(self) -> str:
        """What it says that it is."""
        return self.driver.get_server_info().agent.removeprefix("Neo4j/")

    def wipe(self) -> None:
        """Empty it; a server that can't be emptied is created again."""
        try:
            _wipe(self.driver)
        except (DriverError, Neo4jError):
            self.remove()
            self.start()
            _wipe(self.driver)

    def remove(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None
        tool("remove", "--name", self.name)


def driver(url: str) -> neo4j.Driver:
    """A driver of a URL with name and password."""
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    return neo4j.GraphDatabase.driver(
        where, auth=(parts.username or "", parts.password or ""), max_transaction_retry_time=5
    )


def _wipe(of: neo4j.Driver) -> None:
    with of.session() as session:
        session.run(_WIPE).consume()


def copy(source: str, target: str) -> None:
    """Make another server hold every node and tie of one, and nothing else."""
    with driver(source) as reading, driver(target) as writing:
        _wipe(writing)
        nodes = [row.data() for row in reading.execute_query(_NODES).records]
        made = [row["id"] for row in writing.execute_query(_PUT_NODES, rows=nodes).records]
        ids = dict(zip((row["id"] for row in nodes), made, strict=True))
        ties = [row.data() for row in reading.execute_query(_TIES).records]
        rows = [{**row, "a": ids[row["a"]], "b": ids[row["b"]]} for row in ties]
        writing.execute_query(_PUT_TIES, rows=rows)


class Pool:
    """The servers of this process."""

    def __init__(self) -> None:
        self._all: list[Server] = []
        self._free: list[Server] = []
        self._owner = os.getpid()
        self._missing = ""
        self.version = ""

    def take(self) -> Server:
        """An empty server; if there is none, the test is skipped, or fails in CI."""
        server = self._free.pop() if self._free else self._start()
        server.wipe()
        return server

    def give_back(self, server: Server) -> None:
        self._free.append(server)

    def _start(self) -> Server:
        if not self._all:
            atexit.register(self.close)
            _remove_orphans()
        server = Server(f"test-{self._owner}-{len(self._all)}")
        try:
            if not self._missing:
                server.start()
        except RuntimeError as error:
            self._missing = f"no Neo4j: {error}; try: python3 tools/neo4j.py start --line {LINE}"
        if self._missing:
            lacking(self._missing)
        self._all.append(server)
        self.version = self.version or server.version()
        return server

    def close(self) -> None:
        """Remove all servers; a process that was forked from this one leaves them alone."""
        if os.getpid() == self._owner:
            for each in self._all:
                each.remove()
            self._all, self._free = [], []


def _remove_orphans() -> None:
    """Remove servers left by killed runs, which are recognised by the process id in their names."""
    for name in tool("list").stdout.split():
        found = re.fullmatch(r"test-([0-9]+)-[0-9]+", name)
        if found and not _alive(int(found[1])):
            tool("remove", "--name", name)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


POOL = Pool()
