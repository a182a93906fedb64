"""Modules of this benchmark, each run in a process of its own, so that its memory is its own."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.scale.processes import Place, Ran

_ROOT = Path(__file__).resolve().parents[2]
_MOST = 12 * 3600.0  # seconds


def run_apart(module: str, *words: str | Path) -> Ran:
    """Run a module that prints JSON; NotMeasured if it fails."""
    with TemporaryDirectory() as home:
        return Place(Path(home), _MOST, _ROOT).run([sys.executable, "-m", f"benchmarks.resolution.{module}", *words])
