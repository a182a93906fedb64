"""Which tests run on this run's kind of store, how many of them ran against a real server, and what they cost."""

import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.selection import (
    EVERYTHING,
    PART,
    SECONDS,
    depends_on_store,
    has_more_at_night,
    is_of_every_kind,
    is_of_part,
    may_run_by_day,
    turn,
    waits,
)
from tests.servers import POOL
from tests.stores import KIND, NEO4J, SQLITE, USES

_REASONED = ("sqlite_only", "neo4j_only", "each_store", "night", "fewer_cases")
# Files that take long are begun first: none is left at the end for one worker while the other has nothing to do.
_LONG = (
    *("tests/laws/", "tests/test_docs.py", "tests/crash/", "tests/app/test_browser.py", "tests/faults/"),
    *("tests/conformance/", "tests/store/", "tests/test_neo4j_tool.py", "tests/ingest/"),
)
_OUTLIVES = ("session", "package", "module", "class")


def _runs_here(item: pytest.Item) -> bool:
    """Whether a test is of this run: of the day, of the whole night, or of a part of what is left for the night."""
    if PART:
        is_left = not _runs_by_day(item) or has_more_at_night(item)
        is_here = KIND != NEO4J or depends_on_store(item)
        return is_left and is_here and _runs_at_night(item) and is_of_part(item)
    return _runs_at_night(item) if EVERYTHING else _runs_by_day(item)


def _runs_by_day(item: pytest.Item) -> bool:
    """Whether a test runs by day on this run's kind of store.

    On SQLite all do that don't wait, on Neo4j those that depend on the kind, on any other those that every kind must
    pass.
    """
    if not _runs_at_night(item) or waits(item, KIND):
        return False
    return depends_on_store(item) if KIND == NEO4J else True


def _runs_at_night(item: pytest.Item) -> bool:
    """Whether a test runs at night on this run's kind of store: on SQLite and on Neo4j all do."""
    if any(item.get_closest_marker(f"{kind}_only") for kind in (SQLITE, NEO4J) if kind != KIND):
        return False
    return KIND in (SQLITE, NEO4J) or is_of_every_kind(item)


class StoreRun:
    """A plugin of pytest; under xdist there is one in each worker, and one that sums up."""

    def __init__(self) -> None:
        self.tests: set[str] = set()  # that used a real server
        self.holding: set[str] = set()  # fixtures that hold one, by name
        self.version = ""
        self.begun = time.monotonic()
        self.seconds: Counter[str] = Counter()  # of each folder
        self.numbers: Counter[str] = Counter()  # of its tests

    @pytest.hookimpl
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Import no file by day that has no tests for this kind of store: reading all takes a while."""
        is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
        return True if is_test and not EVERYTHING and not may_run_by_day(collection_path, KIND) else None

    @pytest.hookimpl
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Deselect tests for other kinds of stores only, and run slow ones first."""
        for item in items:
            for name in _REASONED:
                marker = item.get_closest_marker(name)
                if marker is not None and not marker.kwargs.get("reason"):
                    raise pytest.UsageError(f"{item.nodeid}: {name} needs a reason")
        others = [item for item in items if not _runs_here(item)]
        if others:
            config.hook.pytest_deselected(items=others)
            items[:] = [item for item in items if item not in set(others)]
        items.sort(key=turn if PART else lambda item: not item.nodeid.startswith(_LONG))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Begin no test of a part of the night when its time is over."""
        if time.monotonic() - self.begun > SECONDS:
            pytest.skip("the time for this part of the night is over")

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what the tests of a folder take, with what is set up for them."""
        folder = "/".join(report.nodeid.partition("::")[0].split("/")[:2])
        self.seconds[folder] += report.duration
        self.numbers[folder] += report.when == "call"

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Note which fixtures hold a server, and keep those that outlive a test from what ends with it."""
        before, USES.of_neo4j = USES.of_neo4j, False
        USES.wider += fixturedef.scope in _OUTLIVES
        try:
            return (yield)
        finally:
            USES.wider -= fixturedef.scope in _OUTLIVES
            if USES.of_neo4j:
                self.holding.add(fixturedef.argname)
            USES.of_neo4j = USES.of_neo4j or before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Count a test that uses a server."""
        try:
            return (yield)
        finally:
            if USES.of_neo4j or self.holding & set(getattr(item, "fixturenames", ())):
                self.tests.add(item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Reclaim the stores of a test when all its fixtures are torn down."""
        try:
            return (yield)
        finally:
            USES.end()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End this process's servers, and tell the process that sums up, before xdist sends that off."""
        self.version = self.version or POOL.version
        POOL.close()
        told = getattr(session.config, "workeroutput", None)
        if told is not None:
            told["store_run"] = (sorted(self.tests), self.version)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """What a worker of xdist did."""
        tests, version = getattr(node, "workeroutput", {}).get("store_run", ([], ""))
        self.tests.update(tests)
        self.version = version or self.version

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what the tests cost, by folder, and how many ran against a real server."""
        terminalreporter.write_sep("=", f"what it costs on {KIND}: seconds of one worker")
        for folder, seconds in self.seconds.most_common():
            if seconds >= 1:
                terminalreporter.write_line(f"{seconds:8.0f} s {self.numbers[folder]:6} tests  {folder}")
        if KIND == NEO4J:
            version = self.version or "server: none was started"
            terminalreporter.write_line(f"{len(self.tests)} tests ran against a real Neo4j {version}")
