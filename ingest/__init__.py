"""Adapters and the pipeline that brings files in.

Public names are loaded on first use: a process that only reads a file needs few of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.by_hand import DrawnByHand, draw_entity, draw_relationship
    from ingest.jobs import run_jobs
    from ingest.pipeline import dry_run, load
    from ingest.report import LoadReport
    from ingest.withdrawing import withdraw

_WHERE = {
    "ingest.by_hand": ("DrawnByHand", "draw_entity", "draw_relationship"),
    "ingest.jobs": ("run_jobs",),
    "ingest.pipeline": ("dry_run", "load"),
    "ingest.report": ("LoadReport",),
    "ingest.withdrawing": ("withdraw",),
}

__all__ = ["DrawnByHand", "LoadReport", "draw_entity", "draw_relationship", "dry_run", "load", "run_jobs", "withdraw"]


def __getattr__(name: str) -> Any:
    for module, names in _WHERE.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
