"""What a test needs and a machine may lack: a developer's test is skipped then, and CI's fails, for that has it all."""

import os
from typing import NoReturn

import pytest


def lacking(reason: str) -> NoReturn:
    """End a test that can't be run here; the reason says what is lacking, and how to get it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
