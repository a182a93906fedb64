"""The command."""

import json
from typing import Any

import pytest

from tests.doctor.stores import Doctor
from workbench.commands.console import run
from workbench.commands.main import cli


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Run it; returns the exit code and the checks by name."""

    def ask(url: str, *more: str) -> tuple[int, dict[str, dict[str, str]]]:
        code = run(cli, ["doctor", "--store", url, "--json", *more])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert found["ok"] == (code == 0)
        return code, {each["name"]: each for each in found["checks"]}

    return ask
