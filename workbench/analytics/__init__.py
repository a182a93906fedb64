"""Analyses: pure functions of a view and a question, each answering with a finding."""

from workbench.analytics.finding import Finding
from workbench.analytics.graph import networkx_graph
from workbench.analytics.key_players import key_players
from workbench.analytics.paths import paths
from workbench.analytics.projection import projection_names

__all__ = ["Finding", "key_players", "networkx_graph", "paths", "projection_names"]
