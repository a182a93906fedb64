"""Invented cross-border cases of any size, in four agencies' own formats, with their truth."""

from workbench.scenario.background.shape import Structure
from workbench.scenario.generate import Generated, generate

__all__ = ["Generated", "Structure", "generate"]
