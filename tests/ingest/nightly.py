"""Batches of a night: what their tests write, and look at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

ANN = '{"id": "a", "schema": "Person", "properties": {"name": ["%s"]}}\n'
# Runs a batch of these tables: its exit code, its JSON, and what stderr says.
Batch = Callable[..., tuple[int, Any, str]]


def write(folder: Path, **files: str) -> None:
    """Write files into `in`, each with a person of this name; `_` in a name is a dot, and __ a dash."""
    (folder / "in").mkdir(exist_ok=True)
    for name, who in files.items():
        (folder / "in" / name.replace("__", "-").replace("_", ".")).write_text(ANN % who, "utf-8")


def outcomes(told: Any) -> list[str]:
    """How each load ended."""
    return [each["outcome"] for each in told["loads"]]
