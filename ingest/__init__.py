"""Adapters and the pipeline that brings files in.

Public names are loaded on first use: a process that only reads a file needs few of them.
"""

from typing import TYPE_CHECKING

from workbench.on_use import loaded_on_use

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

__getattr__, __dir__ = loaded_on_use(__name__, _WHERE)
