"""Loads on the command line, also for fixtures that outlive a test."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from workbench.commands.console import run
from workbench.commands.ingest import cli

# What can become of a unit. The four of the design, and: `late`, a newer delivery has spoken about the same before;
# `left`, the manifest or the format makes nothing of it on purpose, such as an older statement of a history.
OUTCOMES = ("accepted", "unchanged", "late", "left", "quarantined", "refused")


def load(url: str, *said: str | Path) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of `ingest load`, whose outcomes add up."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as environment, redirect_stdout(out), redirect_stderr(err):
        environment.delenv("WORKBENCH_VIEWERS", raising=False)
        code = run(cli, ["load", *map(str, said), "--store", url, "--json"])
    assert code in (0, 1), err.getvalue()
    report: dict[str, Any] = json.loads(out.getvalue())
    for each in report["files"]:
        assert each["read"] == sum(each[name] for name in OUTCOMES), each
    return code, report


def totals(report: dict[str, Any]) -> dict[str, int]:
    """The sums of a load's counts that are not 0."""
    found = {name: sum(each[name] for each in report["files"]) for name in ("read", *OUTCOMES)}
    return {name: n for name, n in found.items() if n}


def reasons(report: dict[str, Any]) -> dict[str, int]:
    """All reasons of a load with how often they were."""
    found: dict[str, int] = {}
    for each in report["files"]:
        for reason, n in each["reasons"].items():
            found[reason] = found.get(reason, 0) + n
    return found
