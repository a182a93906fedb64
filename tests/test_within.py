"""Work with a limit of time runs in a process of its own, and its end is told."""

import sys
from types import ModuleType

import pytest

from tests.within import within


def test_work_that_ends_well_passes() -> None:
    within(20, len, "abc")


def test_work_that_fails_is_told() -> None:
    with pytest.raises(AssertionError, match="it failed"):
        within(20, int, "abc")


def test_work_that_takes_too_long_is_told() -> None:
    with pytest.raises(AssertionError, match="more than 1 s"):
        within(1, _work_without_end)


def test_a_page_that_was_tried_before_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ModuleType("__main__")  # as Streamlit's AppTest leaves it
    page.__file__ = __file__.replace("test_within", "no_such_page")
    monkeypatch.setitem(sys.modules, "__main__", page)

    within(20, len, "abc")


def _work_without_end() -> None:
    while True:
        pass
