"""Fresh, empty stores for tests, of the kind under test.

`WORKBENCH_TEST_STORE` names the kind: `sqlite`, which is the default; `memory`, on which the first suite runs
(tests/conformance); or `neo4j`, on real servers (tests/servers.py) of the line that `WORKBENCH_TEST_NEO4J` names, `5`
by default, or `2026`. A new kind that needs no server takes a line in `_URLS`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import rmtree

from tests.selection import ALL, EVERYTHING, NEO4J
from tests.servers import LINE, LTS, POOL, Server
from tests.servers import copy as copy_graph
from workbench.store.schemes import forget, is_server
from workbench.view.store import open_store

SQLITE, MEMORY = "sqlite", "memory"
# Kinds whose stores are where the URL says, by the scheme of their URLs. What is kept in files has a suffix there, by
# which `_empty` finds it.
_URLS = {SQLITE: "sqlite:///{place}.db", MEMORY: "memory://{place}"}
KINDS = (*_URLS, NEO4J)
KIND = os.environ.get("WORKBENCH_TEST_STORE", SQLITE)
_PREFIX, _VIEWERS = "sqlite:///", "WORKBENCH_VIEWERS"
if KIND not in KINDS:
    raise ValueError(f"WORKBENCH_TEST_STORE is {KIND}: it is one of {', '.join(KINDS)}")


def examples(most: int, every: bool = ALL) -> int:
    """How many examples of a property are drawn: all where all tests run, and an eighth by day.

    On Neo4j, where each fills a store in a second, it is a fifth, and a fortieth by day; on the newest line, which is
    there to understand every statement, a sixtieth.
    """
    if KIND != NEO4J:
        return max(1, most // (1 if every else 8))
    if every:
        return max(1, most // 5)
    return max(1, most // (40 if LINE == LTS else 60))


def seeds(most: int) -> range:
    """Seeds of a test that has a case for each: as many as it has examples, and all in a part of the night."""
    return range(examples(most, EVERYTHING))


class Uses:
    """The stores that a test uses until it ends."""

    def __init__(self) -> None:
        self.servers: dict[tuple[Path, str], Server] = {}
        self.of_neo4j = False  # whether a real server was used
        self.viewers: list[str | None] = []  # what WORKBENCH_VIEWERS was before the test
        self.wider = 0  # fixtures being set up that outlive the test

    def end(self) -> None:
        """Reclaim the stores of a test when it is over."""
        while self.servers:
            POOL.give_back(self.servers.popitem()[1])
        while self.viewers:
            _set_viewers(self.viewers.pop())
        self.of_neo4j = False


USES = Uses()


def fresh_url(folder: Path, name: str = "store", kind: str = KIND) -> str:
    """The URL of an empty store until the test ends; asked again for the same place, the same one, emptied.

    On SQLite it is a file of that name in the folder. What outlives a test takes `leased`.
    """
    if USES.wider:
        raise RuntimeError("a fixture that outlives the test takes its store by `with leased(...)`")
    if kind in _URLS:
        return _empty(folder, name, kind)
    server = USES.servers.get((folder, name))
    if server is None:
        server = USES.servers[folder, name] = POOL.take()
    else:
        server.wipe()
    USES.of_neo4j = True
    return server.url


@contextmanager
def leased(folder: Path, name: str = "store", kind: str = KIND) -> Iterator[str]:
    """The URL of an empty store until the context ends."""
    if kind in _URLS:
        yield _empty(folder, name, kind)
        return
    server = POOL.take()
    USES.of_neo4j = True
    try:
        yield server.url
    finally:
        POOL.give_back(server)


def _empty(folder: Path, name: str, kind: str) -> str:
    """The URL of a store that does not exist any more."""
    url = _URLS[kind].format(place=folder / name)
    forget(url)
    for each in folder.glob(f"{name}.*"):
        rmtree(each) if each.is_dir() else each.unlink()
    return url


def used(url: str) -> None:
    """Note that this test uses a store that another one took."""
    USES.of_neo4j = USES.of_neo4j or is_server(url)


def copy_store(source: str, target: str) -> None:
    """Copy all that is in a store into a fresh one of the same kind, as it is."""
    if source.startswith(_PREFIX):
        paths = [source.removeprefix(_PREFIX), target.removeprefix(_PREFIX)]
        with closing(sqlite3.connect(paths[0])) as old, closing(sqlite3.connect(paths[1])) as new:
            old.backup(new)
        return
    open_store(target).close()  # makes constraints and indexes; what is copied says that they are there
    copy_graph(source, target)


# -- viewers ------------------------------------------------------------------------------


def write_viewers(folder: Path, text: str) -> None:
    """Write the viewers file of the store in a folder, until the test ends: no file lies beside a server."""
    (folder / "viewers.toml").write_text(text, "utf-8")
    name_viewers(folder)


def name_viewers(folder: Path) -> None:
    """The viewers file in this folder is the stores', until the test ends."""
    if KIND == NEO4J:
        USES.viewers.append(_set_viewers(str(folder / "viewers.toml")))


@contextmanager
def viewers_in(folder: Path) -> Iterator[None]:
    """The viewers file in this folder is the stores', until the context ends."""
    before = _set_viewers(str(folder / "viewers.toml")) if KIND == NEO4J else None
    try:
        yield
    finally:
        if KIND == NEO4J:
            _set_viewers(before)


def _set_viewers(path: str | None) -> str | None:
    before = os.environ.pop(_VIEWERS, None)
    if path is not None:
        os.environ[_VIEWERS] = path
    return before
