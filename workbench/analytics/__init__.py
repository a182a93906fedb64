"""Analyses: pure functions of a view and a question, each of which returns a finding.

The analyses in the table (`catalogue.py`) are functions of this package: `analytics.communities(view)`.
"""

from workbench.analytics.catalogue import ANALYSES, Analysis
from workbench.analytics.finding import Finding, Row
from workbench.analytics.graph import networkx_graph
from workbench.analytics.projection import projection_names

# Each function replaces its module of the same name as attribute of the package.
_FUNCTIONS = {each.called: each.function for each in ANALYSES.values()}
globals().update(_FUNCTIONS)

__all__ = ["ANALYSES", "Analysis", "Finding", "Row", "networkx_graph", "projection_names"]
__all__ += _FUNCTIONS
__all__.sort()
