"""Analyses: pure functions of a view and a question, each of which returns a finding.

The analyses in the table (`catalogue.py`) are functions of this package: `analytics.communities(view)`. Each is loaded
on first use, so that a command needs its own analysis and no other.
"""

from typing import TYPE_CHECKING

from workbench.analytics.catalogue import ANALYSES, Analysis
from workbench.on_use import loaded_on_use, named_before_modules

if TYPE_CHECKING:
    from workbench.analytics.finding import Finding, Row
    from workbench.analytics.graph import networkx_graph
    from workbench.analytics.projection import projection_names

_FUNCTIONS = frozenset(each.called for each in ANALYSES.values())
_WHERE = {
    "workbench.analytics.finding": ("Finding", "Row"),
    "workbench.analytics.graph": ("networkx_graph",),
    "workbench.analytics.projection": ("projection_names",),
    **{f"{__name__}.{name}": (name,) for name in _FUNCTIONS},
}

__all__ = ["ANALYSES", "Analysis", "Finding", "Row", "networkx_graph", "projection_names"]
__all__ += _FUNCTIONS
__all__.sort()

# Each analysis has a module of its name.
named_before_modules(__name__, _FUNCTIONS)
__getattr__, __dir__ = loaded_on_use(__name__, _WHERE)
