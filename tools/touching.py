"""Which tests run which lines: a plugin of pytest, by coverage.py.

    WORKBENCH_TOUCHED=FILE python -m pytest -p tools.touching TESTS

It writes JSON: for each line of `workbench` and `ingest` the tests that ran it, as pytest takes them; and for each of
these its seconds. A line that ran while a test was set up has the whole module of that test, because a fixture
may serve several. What tests run in processes of their own is not seen.
"""

import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

_OUT = Path(os.environ["WORKBENCH_TOUCHED"])
_COVERAGE = Coverage(data_file=None, config_file=False, source=["workbench", "ingest"])
_COVERAGE.start()
_SECONDS: Counter[str] = Counter()


@contextmanager
def _named(test: str) -> Generator[None, Any, None]:
    """What runs meanwhile is run by this test."""
    _COVERAGE.switch_context(test)
    begun = time.perf_counter()
    try:
        yield
    finally:
        _SECONDS[test] += time.perf_counter() - begun
        _COVERAGE.switch_context("")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    with _named(item.nodeid.partition("::")[0]):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    with _named(item.nodeid.partition("[")[0]):
        return (yield)


@pytest.hookimpl
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was found."""
    _COVERAGE.stop()
    measured, lines = _COVERAGE.get_data(), defaultdict(dict)
    for file in measured.measured_files():
        name = str(Path(file).relative_to(session.config.rootpath))
        lines[name] = {line: sorted(filter(None, tests)) for line, tests in measured.contexts_by_lineno(file).items()}
    _OUT.write_text(json.dumps({"lines": lines, "seconds": _SECONDS}), "utf-8")
