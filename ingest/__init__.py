"""Adapters and the pipeline that brings files in."""

from ingest.by_hand import DrawnByHand, draw_entity, draw_relationship
from ingest.jobs import run_jobs
from ingest.pipeline import dry_run, load
from ingest.report import LoadReport
from ingest.withdraw import withdraw

__all__ = ["DrawnByHand", "LoadReport", "draw_entity", "draw_relationship", "dry_run", "load", "run_jobs", "withdraw"]
