"""Scores: which entities may be one by what their records say, and publishing that."""

from workbench.resolve.scoring.publishing import Scoring, WithLoad, score

__all__ = ["Scoring", "WithLoad", "score"]
