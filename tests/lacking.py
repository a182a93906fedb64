"""Requirements that a machine may lack: the test is then skipped for developers, and fails in CI."""

import os
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """End a test that can't be run here; the reason says what is lacking, and how to get it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
