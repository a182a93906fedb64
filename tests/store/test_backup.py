"""A backup of a server's store, and what is restored from it."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.test_writing import load, person
from tests.servers import LINE, POOL, tool
from tests.stores import used
from workbench.access.viewer import Viewer
from workbench.view.store import open_store

pytestmark = [
    pytest.mark.neo4j_only(reason="stops and restores servers"),
    pytest.mark.night(reason="four starts of a server, of what its own tools do"),
]
EVERYBODY = Viewer(name="everybody", agencies=frozenset({"A"}), level="SECRET")


@pytest.fixture
def names() -> Iterator[list[str]]:
    """Of servers that the test may start: like those of the pool, so that what a killed run leaves is removed."""
    POOL.give_back(POOL.take())  # says why there is no server, if there is none
    found = [f"test-{os.getpid()}-{number}" for number in (9001, 9002)]
    yield found
    for name in found:
        tool("remove", "--name", name)


def start(name: str) -> str:
    done = tool("start", "--name", name, "--line", LINE, "--heap", "512m", "--page-cache", "32m", "--quick")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def stop(name: str) -> None:
    assert tool("stop", "--name", name).returncode == 0


def admin(name: str, *words: str) -> None:
    done = tool("admin", "--name", name, "--", *words)
    assert done.returncode == 0, done.stderr


def state(url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What is in a store, and its history."""
    used(url)
    with closing(open_store(url)) as store:
        view = store.view(EVERYBODY)
        return view.digest(), view.history()


def test_what_was_dumped_is_loaded_into_another_server(names: list[str], tmp_path: Path) -> None:
    source, target = names
    url = start(source)
    with closing(open_store(url)) as store:
        load(store, *(person(str(number)) for number in range(20)))
        load(store, person("1", name="Ada Lovelace"), delivered="2026-02-01")
    before = state(url)
    refused = tool("admin", "--name", source, "--", "database", "dump", "neo4j", f"--to-path={tmp_path}")
    assert (refused.returncode, refused.stderr) == (1, f"{source} is running: stop it first\n")
    stop(source)
    admin(source, "database", "dump", "neo4j", f"--to-path={tmp_path}")
    start(target)
    stop(target)
    admin(target, "database", "load", "neo4j", f"--from-path={tmp_path}", "--overwrite-destination=true")
    restored = start(target)
    assert state(restored) == before
    assert len(before[1]) == 2
    with closing(open_store(restored)) as store:  # and goes on from there
        load(store, person("99"), delivered="2026-03-01")
    assert state(restored)[0] != before[0]
